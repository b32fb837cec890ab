"""Plans with drift by hand, as ``terraform show -json`` prints them."""

from __future__ import annotations

from typing import Any

from tooling.drift.history import History
from tooling.drift.model import Applied, CodeMove, StateMove

Json = dict[str, Any]
APPLIED = Applied("20260101T000000Z-aaaaaa", "arn:aws:iam::1:user/ada", "2026-01-01T00:00:00+00:00", "c0ffee")
AS_APPLIED = History(applied=APPLIED, last=APPLIED, code_known=True)
CODE_MOVED = History(applied=APPLIED, last=APPLIED, code=CodeMove(("the module",)), code_known=True)
STATE_MOVED = History(applied=APPLIED, last=APPLIED, code_known=True, state=StateMove(False, 3, 5))


def three(
    state: Json | None,
    there: Json | None,
    wanted: Json | None,
    *,
    address: str = "module.tiny.aws_sqs_queue.jobs",
    unknown: Json | None = None,
    secret: Json | None = None,
    reason: str = "",
    written: tuple[str, ...] = (),
) -> Json:
    """A plan of one resource, as it is in the state, in the account and in the code; None: it is not there."""
    kind, name = address.split(".")[-2:]
    about = {"address": address, "mode": "managed", "type": kind, "name": name, "module_address": "module.tiny"}
    marks = {"before_sensitive": secret or {}, "after_sensitive": secret or {}}
    drift = []
    if state is not None and state != there:
        actions = ["update"] if there is not None else ["delete"]
        drift = [{**about, "change": {"actions": actions, "before": state, "after": there, **marks}}]
    change = {
        "actions": _actions(there, wanted, unknown),
        "before": there,
        "after": wanted,
        "after_unknown": unknown or {},
        **marks,
    }
    expressions = {key: {"constant_value": value} for key, value in (wanted or {}).items()}
    expressions |= {key: {"references": ["aws_kms_key.key.arn", "aws_kms_key.key"]} for key in written}
    resource = {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name, "expressions": expressions}
    module = {"source": "./tiny", "module": {"resources": [resource] if wanted is not None else []}}
    changes = [{**about, "change": change, **({"action_reason": reason} if reason else {})}]
    return {
        "format_version": "1.2",
        "resource_drift": drift,
        "resource_changes": changes if there is not None or wanted is not None else [],
        "configuration": {"root_module": {"module_calls": {"tiny": module}}},
    }


def _actions(there: Json | None, wanted: Json | None, unknown: Json | None) -> list[str]:
    if there is None:
        return ["create"]
    if wanted is None:
        return ["delete"]
    return ["no-op"] if there == wanted and not unknown else ["update"]
