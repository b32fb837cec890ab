"""Reading a journal, also one whose last line was cut short."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tooling.errors import Exit, ToolError
from tooling.journal.model import CREATE, DONE, FAILED, REFUSED, UNFINISHED, Ending, Header, Journal, Step
from tooling.process import ProcessId

_ACTIONS = frozenset({"create", "update", "delete"})
_ENDS = {"apply_start": UNFINISHED, "apply_complete": DONE, "apply_errored": FAILED}
# What an SDK says of an answer of 4xx, other than being throttled or timed out: AWS did nothing.
_REFUSED = re.compile(r"status ?code: 4(?!08|29)\d\d\b", re.IGNORECASE)
# But for this: the answer of a first try may have been lost, and the second met what the first had made.
_THERE = re.compile(r"(?<!Bucket)Already|AlreadyOwnedByYou|Duplicate|InUse|Conflict")


def read_journal(data: bytes, where: str) -> Journal:
    """What a journal says. Lines that are no JSON, as one that a full disk cut short, are passed over.

    Args:
        data: The file, or its copy in the bucket.
        where: How it is named to the user.

    Raises:
        ToolError: Exit 2: its first line is no header, so nobody can tell whose it is.
    """
    lines = _objects(data)
    try:
        first = next(lines)
        header = Header.from_json(first)
    except (StopIteration, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ToolError(
            f"is no journal of a run: {error or 'it is empty'}",
            where=where,
            hint="the state bucket holds a copy: below <env>/journals/",
            exit_code=Exit.USAGE,
        ) from error
    return _journal(header, list(lines), data)


def refusal(event: Mapping[str, Any]) -> tuple[str, bool] | None:
    """The resource that AWS refused to act on, if a diagnostic says so, and whether it did since one is there."""
    found = event.get("diagnostic")
    if not isinstance(found, dict) or found.get("severity") != "error" or not isinstance(found.get("address"), str):
        return None
    text = f"{found.get('summary')} {found.get('detail')}"
    return (str(found["address"]), bool(_THERE.search(text))) if _REFUSED.search(text) else None


def compact(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """What of one of Terraform's events has to be known to find everything again, without anything secret."""
    kind = event.get("type")
    if kind in _ENDS and isinstance(hook := event.get("hook"), dict) and isinstance(hook.get("resource"), dict):
        kept = {key: hook[key] for key in ("action", "id_key", "id_value", "elapsed_seconds") if key in hook}
        trimmed = {"resource": {"addr": hook["resource"].get("addr")}, **kept}
        return {"type": kind, "@timestamp": event.get("@timestamp", ""), "hook": trimmed}
    if kind == "change_summary":
        return {"type": kind, "changes": event.get("changes")}
    if (refused := refusal(event)) is not None:
        detail = "StatusCode: 409, Already" if refused[1] else "StatusCode: 400"
        told = {"severity": "error", "address": refused[0], "summary": "refused", "detail": detail}
        return {"type": "diagnostic", "diagnostic": told}
    return None


def _journal(header: Header, events: Iterable[Mapping[str, Any]], data: bytes) -> Journal:
    steps: dict[tuple[str, str], Step] = {}
    terraform, ending, whole = None, None, False
    for event in events:
        match event.get("groundplan"):
            case "terraform":
                terraform = _process(event) or terraform
            case "ended":
                ending = Ending(str(event.get("error", "")), str(event.get("ended", "")))
        changes = event.get("changes")
        if event.get("type") == "change_summary" and isinstance(changes, dict):
            whole = changes.get("operation") in ("apply", "destroy")
        _take(steps, event)
    return Journal(header, tuple(steps.values()), terraform, ending, whole, _dumped_state(data))


def _take(steps: dict[tuple[str, str], Step], event: Mapping[str, Any]) -> None:
    if (refused := refusal(event)) is not None:
        address, there = refused
        for action in _ACTIONS:
            step = steps.get((address, action))
            if step is not None and step.result == FAILED and not (there and action == CREATE):
                steps[address, action] = replace(step, result=REFUSED)
        return
    result, hook = _ENDS.get(str(event.get("type"))), event.get("hook")
    if result is None or not isinstance(hook, dict) or not isinstance(hook.get("resource"), dict):
        return
    address, action = hook["resource"].get("addr"), str(hook.get("action"))
    if not isinstance(address, str) or action not in _ACTIONS:
        return
    when, before = str(event.get("@timestamp", "")), steps.get((address, action))
    # Few types have no id; Terraform names those by another attribute.
    identifier = str(hook.get("id_value") or "") if hook.get("id_key", "id") == "id" else ""
    seconds = hook.get("elapsed_seconds")
    steps[address, action] = Step(
        address,
        action,
        result,
        # A deletion's end does not name what its beginning named.
        identifier or (before.id if before else ""),
        began=when if result == UNFINISHED or before is None else before.began,
        ended="" if result == UNFINISHED else when,
        seconds=float(seconds) if isinstance(seconds, int | float) else 0.0,
    )


def _process(event: Mapping[str, Any]) -> ProcessId | None:
    pid, birth, host = event.get("pid"), event.get("birth"), event.get("host")
    known = type(pid) is int and isinstance(birth, str) and isinstance(host, str)
    return ProcessId(host, pid, birth) if known else None  # type: ignore[arg-type]


def _objects(data: bytes) -> Iterator[Mapping[str, Any]]:
    for line in data.split(b"\n"):
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            yield found


def _dumped_state(data: bytes) -> Mapping[str, Any] | None:
    """A state between the events: what Terraform prints as a last resort, over many lines."""
    text = data.decode("utf-8", errors="replace")
    for found in re.finditer(r"^\{\s*\n\s*\"version\": 4,", text, re.MULTILINE):
        try:
            state, _ = json.JSONDecoder().raw_decode(text, found.start())
        except (ValueError, RecursionError):
            continue
        if isinstance(state, dict) and {"lineage", "serial", "resources"} <= state.keys():
            return state
    return None
