"""The lock of a state as Terraform writes it: a JSON object beside the state that says who works on it.

Format: ``LockInfo`` of Terraform's state manager, as its S3 backend stores it with ``use_lockfile``.
https://developer.hashicorp.com/terraform/language/v1.11.x/backend/s3#state-locking
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tooling.errors import Exit, ToolError
from tooling.process import ProcessId, parse_process

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack

#: Terraform's own names of what a lock is taken for.
PLAN, APPLY, PUSH = "OperationTypePlan", "OperationTypeApply", "state-push"

#: Whether the owner of a lock still runs: another machine's cannot be known, and Terraform's own name no process.
RUNS, DEAD, ELSEWHERE, UNKNOWN = "runs", "dead", "elsewhere", "unknown"

_FIELDS = ("ID", "Operation", "Info", "Who", "Version", "Created", "Path")
_RUN = re.compile(r", run ([\w-]+), process ")
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h))+|0")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class LockInfo:
    """Who holds a state.

    Attributes:
        id: The lock's own; empty for an object that is no lock.
        operation: What it is held for, in Terraform's words.
        info: A line for people. Ours names command, run and process; Terraform leaves it empty.
        who: ``user@host``.
        version: Terraform's.
        created: Since when; RFC 3339.
        path: ``bucket/key`` of the state.
    """

    id: str
    operation: str
    info: str
    who: str
    version: str
    created: str
    path: str

    @property
    def owner(self) -> ProcessId | None:
        """The process that took it; None for a lock that groundplan did not take."""
        return parse_process(self.info)

    @property
    def run(self) -> str:
        """The run of ``apply`` or ``destroy`` that took it; empty for any other."""
        found = _RUN.search(self.info)
        return found[1] if found else ""

    @property
    def since(self) -> str:
        """``created`` to the second, for people."""
        return self.created[:19].replace("T", " ") + " UTC" if self.created[19:].endswith("Z") else self.created

    @property
    def holder(self) -> str:
        """``ada@build-7 since 2026-01-02 03:04:05 UTC (OperationTypeApply)``."""
        if not self.id:
            return "an object that is no lock"
        return f"{self.who or 'somebody'} since {self.since or 'unknown'} ({self.operation or 'unknown operation'})"

    @property
    def standing(self) -> str:
        """Whether the owner still runs, as far as can be known here."""
        if self.owner is None:
            return UNKNOWN
        lives = self.owner.lives()
        return ELSEWHERE if lives is None else RUNS if lives else DEAD

    def to_bytes(self) -> bytes:
        """The object, word for word as Terraform's own would be."""
        values = (self.id, self.operation, self.info, self.who, self.version, self.created, self.path)
        return json.dumps(dict(zip(_FIELDS, values, strict=True)), separators=(",", ":")).encode()


def parse_lock(data: bytes) -> LockInfo:
    """The lock in an object; one without id when the object is damaged or something else."""
    try:
        content = json.loads(data)
        values = [content.get(field) or "" for field in _FIELDS]
    except (ValueError, AttributeError, RecursionError):
        values = [""]
    if not values[0] or not all(isinstance(value, str) for value in values):
        values = [""] * len(_FIELDS)
    return LockInfo(*values)


_STANDINGS = {
    RUNS: "which still runs",
    DEAD: "which is dead",
    ELSEWHERE: "of which this machine cannot know whether it still runs",
}


def locked_by(stack: Stack, lock: LockInfo) -> ToolError:
    """Why nothing can be done to a stack, and what its user can do about it."""
    standing = lock.standing
    details = f": {lock.info}, {_STANDINGS[standing]}" if standing in _STANDINGS else ""
    return ToolError(f"the state is locked by {lock.holder}{details}", where=stack.name, hint=_way_out(stack, lock))


def _way_out(stack: Stack, lock: LockInfo) -> str:
    options = f"--env {stack.env} --stack {stack.architecture}"
    unlock = f"groundplan state unlock {options} {lock.id}".strip()
    if not lock.id:
        return f"look at it, then: {unlock} --force"
    wait = "wait for it, or use --lock-timeout 5m"
    if lock.standing == DEAD:
        resume = f"finish what that run began: groundplan resume {options}"
        return resume if lock.run else f"nothing holds it any more: {unlock}"
    return wait if lock.standing == RUNS else f"{wait}; if that run is dead for certain: {unlock}"


def seconds_of(duration: str) -> float:
    """How long ``30s``, ``5m`` or ``1h30m`` is (Go's notation, as Terraform takes it).

    Raises:
        ToolError: Exit 2: it is no duration.
    """
    text = duration.strip()
    if not _DURATION.fullmatch(text):
        raise ToolError(
            f"'{duration}' is no duration", where="--lock-timeout", hint="write 30s or 5m", exit_code=Exit.USAGE
        )
    return sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
