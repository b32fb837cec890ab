"""Functions: ready to be called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.promises.promise import Answer, Promise, broken, kept, waiting

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack


def ready(live: LiveStack, function: LiveResource) -> Answer:
    client = live.client("lambda", function.region)
    found = client.get_function_configuration(FunctionName=function["function_name"])
    state, update = found.get("State", "Active"), found.get("LastUpdateStatus", "Successful")
    if state in ("Active", "Inactive") and update == "Successful":
        # One that is a container image has no runtime.
        return kept(f"{found.get('Runtime') or found.get('PackageType', '')}, {state.lower()}")
    if "Failed" in (state, update):
        why = found.get("LastUpdateStatusReason") or found.get("StateReason") or "no reason given"
        return broken(why, means="calls fail, or the version before answers them")
    return waiting(f"{state.lower()}, update {update.lower()}", next="wait, then ask again")


PROMISES = (Promise("function-ready", "functions are ready", ("aws_lambda_function",), ready),)
