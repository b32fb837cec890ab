"""One answer of a live check: what was seen, what it means, and what to do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tooling.errors import ToolError

OK, FAILED, WARNED, SKIPPED, MANUAL = "ok", "failed", "warned", "skipped", "manual"


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        name: What was looked at, in lower case, as ``the table's backups``.
        status: ``ok``, ``failed``, ``warned`` (works, and will not for long), ``skipped`` (nothing to look at) or
            ``manual`` (only a person can tell).
        saw: What was there, with its value.
        means: What follows from it; empty where that is plain.
        next: The next command or step; empty when there is none.
        address: The resource that it is about; empty for several.
        rows: Rows of the requirements that ask for it.
    """

    name: str
    status: str
    saw: str
    means: str = ""
    next: str = ""
    address: str = ""
    rows: tuple[str, ...] = ()

    @property
    def bad(self) -> bool:
        return self.status == FAILED


def ok(name: str, saw: str, *, address: str = "", rows: tuple[str, ...] = ()) -> Finding:
    return Finding(name, OK, saw, address=address, rows=rows)


def failed(
    name: str, saw: str, *, means: str = "", next: str = "", address: str = "", rows: tuple[str, ...] = ()
) -> Finding:
    return Finding(name, FAILED, saw, means, next, address, rows)


def warned(
    name: str, saw: str, *, means: str = "", next: str = "", address: str = "", rows: tuple[str, ...] = ()
) -> Finding:
    return Finding(name, WARNED, saw, means, next, address, rows)


def skipped(name: str, saw: str, *, rows: tuple[str, ...] = ()) -> Finding:
    return Finding(name, SKIPPED, saw, rows=rows)


def manual(name: str, saw: str, *, next: str = "", rows: tuple[str, ...] = ()) -> Finding:
    return Finding(name, MANUAL, saw, next=next, rows=rows)


def look(name: str, check: Callable[[], Finding | str]) -> Finding:
    """Run one check; what it cannot do is an answer as well.

    Args:
        name: Of the check.
        check: Gives the finding, or what was seen when all is well.
    """
    try:
        found = check()
    except ToolError as error:
        return failed(name, str(error), next=error.hint or "")
    return found if isinstance(found, Finding) else ok(name, found)
