"""Judge the plan of one stack."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cdktf_app.hcl.schema import BlockSchema
from tooling import digest
from tooling.gate import canary
from tooling.gate.addresses import without_keys
from tooling.gate.baseline import adopt, load_baseline
from tooling.gate.engine.quiet import IMPORTED, quiet, without_numpy
from tooling.gate.glass import excuse
from tooling.gate.model import Finding, GateConfig
from tooling.gate.planned import Planned, PlanView, view_of
from tooling.gate.policies_folder import DEFAULT, Policies, read_policies, signature
from tooling.gate.prepare import for_checkov
from tooling.gate.result import GateResult
from tooling.gate.rules import RULES, WAIVABLE
from tooling.gate.supply import look_at_suppliers
from tooling.gate.undecided import awaited, unsettled
from tooling.gate.unused import Looked, look_at_waivers
from tooling.gate.vouching import must_be_a_plan, must_be_whole, must_have_looked
from tooling.gate.waivers import expiring, judge, ledger_ids, load_waivers
from tooling.plan.masking import masked

if TYPE_CHECKING:
    from tooling.gate.changes import Changes
    from tooling.gate.engine.scan import Outcome, Scan

#: checkov's checks, registries and caches belong to the process: one evaluation at a time.
_LOCK = threading.RLock()

#: A plan is some hundred thousand objects, of which none is garbage while it is judged.
_COLLECTED = (50_000, 20, 20)

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


def evaluate(
    plan: Mapping[str, Any],
    *,
    stack: str,
    config: GateConfig,
    declared: Mapping[str, str] = MappingProxyType({}),
    further: Sequence[Finding] | None = None,
) -> GateResult:
    """Hold a plan against checkov's checks, our own, the limits on changes, and the waivers.

    Args:
        plan: The JSON of ``terraform show -json``, with its secrets: they are masked
            here before any check sees them, and nothing of the rest is kept.
        stack: ``<env>/<architecture>``.
        config: What to hold it to.
        declared: ``file:line`` by address without instance keys, as ``tooling.plan.sources`` reads it.
        further: Findings of others on this plan (its cost), to be judged like the rest. None: nobody looked.

    Raises:
        ToolError: A waiver, baseline or policy file is malformed (exit code 2, with file and line);
            the gate cannot vouch for its own verdict (exit code 4); ``plan`` is no plan,
            or one that ended in an error (exit code 1).
    """
    must_be_a_plan(plan, stack)
    with _LOCK, quiet():
        policies, proved = _ready(config.policies)
        from tooling.gate.engine.scan import checkov_version, scan

        checks = {*policies.ids, *policies.builtin}
        waivers = load_waivers(
            config.waivers, requirements=ledger_ids(config.ledger), checks={*checks, *WAIVABLE}, root=config.root
        )
        known = load_baseline(config.baseline, checks=checks, root=config.root) if config.baseline is not None else ()
        clean = masked(plan if config.limits is not None else _relevant(plan))
        view = view_of(clean, today=config.today)
        must_be_whole(clean, view, stack)
        found = scan(for_checkov(clean, view), view, policies.own)
    must_have_looked(found, view, policies, stack)
    changes = _changes(clean, view, config)
    findings = {
        *(_finding(outcome, view, policies) for outcome in found.outcomes),
        *(
            replace(finding, severity=policies.severity_of(finding.check_id))
            for finding in (*look_at_suppliers(clean), *(changes.findings if changes else ()), *(further or ()))
        ),
    }
    judged = judge(sorted(findings, key=_worst_first), waivers, stack=stack, today=config.today)
    opened, excused = excuse(judged.open, config.glass)
    undecided = _undecided_passes(found, view, policies)
    open_pairs = {(finding.check_id, finding.address) for finding in undecided}
    looked = Looked(
        view=view,
        modules=_modules(clean),
        passed=found.passed,
        undecided=open_pairs,
        skipped=_not_looked_at(changes is not None, further is not None),
    )
    stale = [
        replace(finding, severity=policies.severity_of(finding.check_id))
        for finding in look_at_waivers(judged.unused, looked)
    ]
    adopted = adopt(sorted([*opened, *stale], key=_worst_first), known, stack=stack)

    def placed(group: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(_placed(finding, declared) for finding in group)

    return GateResult(
        stack=stack,
        passed=not any(finding.severity >= config.fail_on for finding in adopted.open),
        fail_on=config.fail_on,
        evaluated_on=config.today,
        findings=placed(adopted.open),
        waived=placed(judged.waived),
        unused_waivers=judged.unused,
        resources_evaluated=len(view.resources),
        checks_evaluated=len(found.passed - open_pairs) + len(found.outcomes),
        checks_failed=len(found.outcomes),
        own_checks=policies.ids,
        canary=proved,
        checkov_version=checkov_version,
        baselined=placed(adopted.baselined),
        mended=adopted.mended,
        excused=placed(excused),
        expiring=expiring(judged.used, today=config.today, days=config.warn_expiring_days),
        changes=changes,
        undecided_passes=placed(undecided),
    )


def _changes(plan: Mapping[str, Any], view: PlanView, config: GateConfig) -> Changes | None:
    if config.limits is None:
        return None
    from tooling.gate.changes import look_at

    return look_at(plan, view, config.limits, glass=config.glass)


def _worst_first(finding: Finding) -> tuple[int, str, str, str]:
    return -finding.severity, finding.check_id, finding.address, finding.message


def _placed(finding: Finding, declared: Mapping[str, str]) -> Finding:
    """With the place in the configuration that it is about, if that is known."""
    where = finding.declared_at or declared.get(without_keys(finding.address), "")
    return replace(finding, declared_at=where) if where else finding


def _modules(plan: Mapping[str, Any]) -> frozenset[str]:
    root = (plan.get("configuration") or {}).get("root_module") or {}
    return frozenset(root.get("module_calls") or ())


def _not_looked_at(changes: bool, costs: bool) -> frozenset[str]:
    """Rules that were no part of this run."""
    return frozenset(
        check_id
        for check_id in RULES
        if (check_id.startswith("GP_EXPOSURE_") and not changes) or (check_id.startswith("GP_COST_") and not costs)
    )


def _ready(folder: Path) -> tuple[Policies, tuple[str, ...]]:
    """The folder, read and proved; again only when a file of it has changed."""
    key, state = folder.resolve(), signature(folder)
    known = _READ.get(key)
    if known is None or known[0] != state:
        with _imported_lightly():
            policies = read_policies(folder)
            BlockSchema.load()
            known = _READ[key] = (state, policies, canary.prove(policies))
    return known[1], known[2]


@contextmanager
def _imported_lightly() -> Iterator[None]:
    """What is made while checkov is imported stays as long as the process: the collector does not go through it.

    It would do so a dozen times while a plan is judged, which is a quarter of the time that takes.
    """
    if IMPORTED in sys.modules or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        with without_numpy():
            yield
        gc.freeze()
        gc.set_threshold(*_COLLECTED)
    finally:
        gc.enable()


def _finding(outcome: Outcome, view: PlanView, policies: Policies) -> Finding:
    item = view.resources.get(outcome.address)
    argument = awaited(item, outcome.keys) if item is not None else None
    undecided = argument is not None
    if outcome.crash is not None:
        message = f"the check itself failed: {outcome.crash}"
    elif outcome.unanalysed:
        message = f"{outcome.name}: the policy could not be analysed"
    elif outcome.violations:
        message = "; ".join(violation.message for violation in outcome.violations)
        undecided = all(violation.undecided for violation in outcome.violations)
    else:
        message = outcome.name + (f": {argument} is known only after apply" if argument else "")
    return Finding(
        check_id=outcome.check_id,
        name=outcome.name,
        severity=policies.severity_of(outcome.check_id),
        address=outcome.address,
        message=message,
        source=policies.file_of(outcome.check_id) or outcome.source,
        undecided=undecided,
        crashed=outcome.crash is not None or outcome.unanalysed,
        seen=_seen(item, outcome.keys) if item is not None else "",
    )


def _undecided_passes(found: Scan, view: PlanView, policies: Policies) -> tuple[Finding, ...]:
    """Checks of checkov that found nothing wrong on a value that is not known yet, or came to no verdict because of it.

    Our own say by themselves what they do not know.
    """
    undecided = []
    for (check_id, address), keys in (*found.examined.items(), *found.abstained.items()):
        item = view.resources.get(address)
        argument = unsettled(item, keys, view) if item is not None else None
        if argument is not None:
            name, source = found.names[check_id]
            undecided.append(
                Finding(
                    check_id=check_id,
                    name=name,
                    severity=policies.severity_of(check_id),
                    address=address,
                    message=f"{name}: {argument} is known only after apply",
                    source=source,
                    undecided=True,
                )
            )
    return tuple(sorted(undecided, key=_worst_first))


def _seen(item: Planned, keys: Sequence[str]) -> str:
    """The values that a check looked at, without their secrets, as a digest."""
    looked_at = sorted({key.partition("/")[0] for key in keys})
    return digest.of_value({name: item.values.get(name) for name in looked_at}) if looked_at else ""


def _relevant(plan: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a plan that a verdict on what it leaves behind rests on.

    Masking is what takes time. The values of a change stand in planned_values once more.
    """
    changes = [
        {
            **{key: value for key, value in entry.items() if key != "change"},
            "change": {key: entry.get("change", {}).get(key) for key in ("actions", "after_unknown")},
        }
        for entry in plan.get("resource_changes") or ()
    ]
    kept = ("planned_values", "prior_state", "configuration", "variables")
    return {**{key: plan[key] for key in kept if key in plan}, "resource_changes": changes}
