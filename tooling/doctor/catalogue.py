"""All diagnoses, and running those that fit a stack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tooling.doctor import (
    alarms,
    database,
    dns,
    functions,
    health_check,
    high_load,
    latency,
    mail,
    network,
    permissions,
    quotas,
    task_start,
)
from tooling.doctor.examination import looked
from tooling.errors import Exit, ToolError
from tooling.live import skipped

if TYPE_CHECKING:
    from tooling.doctor.examination import Diagnosis, Examination
    from tooling.live import Finding

DIAGNOSES: tuple[Diagnosis, ...] = (
    task_start.DIAGNOSIS,
    database.DIAGNOSIS,
    health_check.DIAGNOSIS,
    high_load.DIAGNOSIS,
    functions.DIAGNOSIS,
    permissions.DIAGNOSIS,
    network.DIAGNOSIS,
    dns.DIAGNOSIS,
    mail.DIAGNOSIS,
    quotas.DIAGNOSIS,
    latency.DIAGNOSIS,
    alarms.DIAGNOSIS,
)
NAMES: tuple[str, ...] = tuple(one.name for one in DIAGNOSES)


@dataclass(frozen=True)
class Examined:
    """What one diagnosis found in one stack."""

    stack: str
    check: str
    asks: str
    findings: tuple[Finding, ...]


def chosen(names: Sequence[str]) -> tuple[Diagnosis, ...]:
    """The diagnoses of these names, in their own order; all when none is given.

    Raises:
        ToolError: Exit 2: there is none of a name.
    """
    for name in names:
        if name not in NAMES:
            raise ToolError(f"there is no check '{name}'", hint=f"there are: {', '.join(NAMES)}", exit_code=Exit.USAGE)
    return tuple(one for one in DIAGNOSES if not names or one.name in names)


def examine(examination: Examination, diagnoses: Iterable[Diagnosis], *, named: bool) -> tuple[Examined, ...]:
    """Run the diagnoses that fit.

    Args:
        examination: The stack.
        diagnoses: Which.
        named: Whether they were asked for by name; then one that does not fit says so, else it is left out.
    """
    found = []
    for one in diagnoses:
        if not one.fits(examination.types):
            findings = [skipped(one.name, "the stack holds nothing that this is about")] if named else []
        elif not examination.applied and not one.before_apply:
            findings = [skipped(one.name, "nothing is applied yet")] if named else []
        else:
            findings = [finding for part in one.parts for finding in looked(part.name, part.look(examination))]
        if findings:
            found.append(Examined(examination.live.stack.name, one.name, one.asks, tuple(findings)))
    return tuple(found)
