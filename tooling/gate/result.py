"""The verdict on one plan: plain values, which ``gate.json`` keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tooling.gate.changes.model import Changes
from tooling.gate.model import Finding, Severity, Waiver


@dataclass(frozen=True, kw_only=True)
class GateResult:
    """The verdict on one stack's plan.

    Attributes:
        stack: ``<env>/<architecture>``.
        passed: No finding of ``fail_on`` or above is left without a waiver.
        fail_on: The threshold it was held to.
        evaluated_on: The day it was measured against.
        findings: Those that no waiver holds for, worst first, of every severity.
        waived: Those that a waiver holds for.
        unused_waivers: Waivers for this stack that matched nothing in its plan; each is a finding as well.
        resources_evaluated: Resources and data sources that were looked at.
        checks_evaluated: Verdicts reached: one for each check on each resource. Not those that only an apply could
            settle.
        own_checks: Ids of the checks of ``policies/`` that ran.
        canary: Ids that the planted plan made fail, before this plan was looked at.
        checkov_version: Version of checkov.
        undecided_passes: Checks that found nothing wrong, but on a value that is known only after the apply.
        baselined: Findings that were there when the environment was taken over.
        mended: Entries of the baseline that match nothing any more, as ``file:line``.
        excused: Findings that a broken glass excuses in this changeset.
        expiring: Waivers in use that end soon.
        changes: What the plan takes away, opens and grants; None when that was not looked at.
        checks_failed: Verdicts among those that were reached that found something wrong, whoever answers for it.
    """

    stack: str
    passed: bool
    fail_on: Severity
    evaluated_on: date
    findings: tuple[Finding, ...]
    waived: tuple[Finding, ...]
    unused_waivers: tuple[Waiver, ...]
    resources_evaluated: int
    checks_evaluated: int
    own_checks: tuple[str, ...]
    canary: tuple[str, ...]
    checkov_version: str
    undecided_passes: tuple[Finding, ...] = ()
    baselined: tuple[Finding, ...] = ()
    mended: tuple[str, ...] = ()
    excused: tuple[Finding, ...] = ()
    expiring: tuple[Waiver, ...] = ()
    changes: Changes | None = None
    checks_failed: int = 0

    @property
    def refused(self) -> tuple[Finding, ...]:
        """The findings that refuse this plan."""
        return tuple(finding for finding in self.findings if finding.severity >= self.fail_on)

    @property
    def reported(self) -> tuple[Finding, ...]:
        """The findings below the threshold."""
        return tuple(finding for finding in self.findings if finding.severity < self.fail_on)

    @property
    def undecided(self) -> tuple[Finding, ...]:
        """What only an apply could settle: findings, and checks that found nothing wrong."""
        judged = (*self.findings, *self.waived, *self.baselined, *self.excused)
        return (*(finding for finding in judged if finding.undecided), *self.undecided_passes)

    @property
    def checks_passed(self) -> int:
        """Verdicts that found nothing wrong."""
        return self.checks_evaluated - self.checks_failed

    @property
    def nothing_to_check(self) -> bool:
        """True when the plan leaves no resource behind: a destroy, or an empty stack."""
        return self.resources_evaluated == 0
