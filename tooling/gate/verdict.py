"""Judge the plan of one stack."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling.errors import Exit, ToolError
from tooling.gate import canary
from tooling.gate.engine.quiet import quiet
from tooling.gate.model import Finding, GateConfig, GateResult
from tooling.gate.planned import Planned, PlanView, view_of
from tooling.gate.policies_folder import DEFAULT, Policies, read_policies, signature
from tooling.gate.prepare import for_checkov
from tooling.gate.waivers import judge, ledger_ids, load_waivers
from tooling.plan.masking import masked

if TYPE_CHECKING:
    from tooling.gate.engine.scan import Outcome, Scan

#: checkov's checks, registries and caches belong to the process: one evaluation at a time.
_LOCK = threading.RLock()

_READ: dict[Path, tuple[object, Policies, tuple[str, ...]]] = {}


def warm_up(policies: Path | None = None) -> None:
    """Import checkov, load the checks and prove them, so that ``evaluate`` need not.

    Takes one to two seconds the first time (more when Python has yet to compile checkov)
    and nothing afterwards. Made to be called in a thread while Terraform plans.

    Args:
        policies: Default: the project's ``policies`` folder.

    Raises:
        ToolError: As ``evaluate`` would, for the same reasons.
    """
    with _LOCK, quiet():
        _ready(policies or DEFAULT)


def evaluate(plan: Mapping[str, Any], *, stack: str, config: GateConfig) -> GateResult:
    """Hold a plan against checkov's checks, our own, and the waivers.

    Args:
        plan: The JSON of ``terraform show -json``, with its secrets: they are masked
            here before any check sees them, and nothing of the rest is kept.
        stack: ``<env>/<architecture>``.
        config: What to hold it to.

    Raises:
        ToolError: A waiver or policy file is malformed (exit code 2, with file and line);
            the gate cannot vouch for its own verdict (exit code 4); ``plan`` is no plan,
            or one that ended in an error (exit code 1).
    """
    _must_be_a_plan(plan, stack)
    with _LOCK, quiet():
        policies, proved = _ready(config.policies)
        from tooling.gate.engine.scan import checkov_version, scan

        waivers = load_waivers(
            config.waivers,
            requirements=ledger_ids(config.ledger),
            checks={*policies.ids, *policies.builtin},
        )
        clean = masked(_relevant(plan))
        view = view_of(clean, today=config.today)
        _must_be_whole(clean, view, stack)
        found = scan(for_checkov(clean, view), view, policies.own)
    _must_have_looked(found, view, policies, stack)
    findings = sorted(
        {_finding(outcome, view, policies) for outcome in found.outcomes},
        key=lambda finding: (-finding.severity, finding.check_id, finding.address),
    )
    judged = judge(findings, waivers, stack=stack, today=config.today)
    return GateResult(
        stack=stack,
        passed=not any(finding.severity >= config.fail_on for finding in judged.open),
        fail_on=config.fail_on,
        evaluated_on=config.today,
        findings=judged.open,
        waived=judged.waived,
        unused_waivers=judged.unused,
        resources_evaluated=len(view.resources),
        checks_evaluated=len(found.passed) + len(found.outcomes),
        own_checks=policies.ids,
        canary=proved,
        checkov_version=checkov_version,
    )


def _ready(folder: Path) -> tuple[Policies, tuple[str, ...]]:
    """The folder, read and proved; again only when a file of it has changed."""
    key, state = folder.resolve(), signature(folder)
    known = _READ.get(key)
    if known is None or known[0] != state:
        policies = read_policies(folder)
        known = _READ[key] = (state, policies, canary.prove(policies))
    return known[1], known[2]


def _finding(outcome: Outcome, view: PlanView, policies: Policies) -> Finding:
    item = view.resources.get(outcome.address)
    awaited = _awaited(item, outcome.keys) if item is not None else None
    undecided = awaited is not None
    if outcome.crash is not None:
        message = f"the check itself failed: {outcome.crash}"
    elif outcome.unanalysed:
        message = f"{outcome.name}: the policy could not be analysed"
    elif outcome.violations:
        message = "; ".join(violation.message for violation in outcome.violations)
        undecided = all(violation.undecided for violation in outcome.violations)
    else:
        message = outcome.name + (f": {awaited} is known only after apply" if awaited else "")
    return Finding(
        check_id=outcome.check_id,
        name=outcome.name,
        severity=policies.severity_of(outcome.check_id),
        address=outcome.address,
        message=message,
        source=policies.file_of(outcome.check_id) or outcome.source,
        undecided=undecided,
        crashed=outcome.crash is not None or outcome.unanalysed,
    )


def _awaited(item: Planned, keys: Sequence[str]) -> str | None:
    """The argument that a failed check asked for, when it is given but not known yet.

    An attribute that nobody set is unknown too (the provider fills it in), but there the
    check is right to fail.
    """
    for key in keys:
        if _is_awaited(item.unknown, item.expressions, key.split("/")):
            return key.partition("/")[0]
    return None


def _is_awaited(unknown: Any, given: Any, path: Sequence[str]) -> bool:
    """Whether the value at a path of checkov's is unknown although the configuration has an expression for it."""
    if unknown is True or not path:
        return unknown is True and given is not None
    step, rest = path[0], path[1:]
    if isinstance(unknown, list):
        index = step.strip("[]") if step != "*" else "0"
        if not index.isdigit() or int(index) >= len(unknown):
            return False
        inner = given[int(index)] if isinstance(given, list) and int(index) < len(given) else None
        return _is_awaited(unknown[int(index)], inner, rest)
    if not isinstance(unknown, Mapping):
        return False
    if step == "[0]" and step not in unknown:  # checkov wraps maps in a list
        return _is_awaited(unknown, given, rest)
    if isinstance(given, Mapping) and "references" in given:  # a map as one expression
        return _is_awaited(unknown.get(step), given, rest)
    return _is_awaited(unknown.get(step), given.get(step) if isinstance(given, Mapping) else None, rest)


def _relevant(plan: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a plan that a verdict rests on. The values of a change stand in planned_values once more."""
    changes = [
        {
            **{key: value for key, value in entry.items() if key != "change"},
            "change": {key: entry.get("change", {}).get(key) for key in ("actions", "after_unknown")},
        }
        for entry in plan.get("resource_changes") or ()
    ]
    kept = ("planned_values", "prior_state", "configuration", "variables")
    return {**{key: plan[key] for key in kept if key in plan}, "resource_changes": changes}


def _must_be_a_plan(plan: Mapping[str, Any], stack: str) -> None:
    if "planned_values" not in plan or "format_version" not in plan:
        raise ToolError("this is not the JSON of a plan: it has no planned_values", where=stack)
    if plan.get("errored"):
        raise ToolError("the plan ended in an error, so it is not whole", where=stack, hint="plan again")


def _must_be_whole(plan: Mapping[str, Any], view: PlanView, stack: str) -> None:
    """Every change that leaves something behind must be among the values that are judged."""
    for change in plan.get("resource_changes") or ():
        actions = change.get("change", {}).get("actions")
        gone = actions in (["delete"], ["forget"])
        if not gone and not change.get("deposed") and change["address"] not in view.resources:
            what = f"the plan changes {change['address']} but has no value of it to judge"
            raise ToolError(what, where=stack, exit_code=Exit.REFUSED)


def _must_have_looked(found: Scan, view: PlanView, policies: Policies, stack: str) -> None:
    """checkov took in every resource, and every own check every resource of its types."""
    missed = [item.address for item in view.resources.values() if not item.is_data and item.address not in found.seen]
    crashed = {(outcome.check_id, outcome.address) for outcome in found.outcomes if outcome.crash}
    skipped = [
        f"{own.id} on {item.address}"
        for own in policies.own
        for item in view.resources.values()
        if own.judges_plans
        and fnmatchcase(item.type, own.entity)
        and (own.block == "data") == item.is_data
        and (own.id, item.address) not in found.looked | crashed
    ]
    if missed or skipped:
        what = f"the gate is off: not evaluated were {', '.join([*missed, *skipped][:5])}"
        raise ToolError(what, where=stack, exit_code=Exit.REFUSED)
    if view.resources and not found.seen:
        raise ToolError("the gate is off: checkov took nothing in", where=stack, exit_code=Exit.REFUSED)
