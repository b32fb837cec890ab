"""One run of checkov over one plan.

checkov counts a check that raised as "unknown" and drops it, so a broken check passes
everything. Its checks, registries and caches belong to the process. Hence the registries
here: they tell a crash from an abstention, and nothing of one run is left to the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from checkov.common.checks.base_check_registry import BaseCheckRegistry
from checkov.common.models.enums import CheckResult
from checkov.common.output.report import Report
from checkov.runner_filter import RunnerFilter
from checkov.terraform.checks.data.base_registry import Registry as DataRegistry
from checkov.terraform.checks.data.registry import data_registry
from checkov.terraform.checks.provider.base_registry import Registry as ProviderRegistry
from checkov.terraform.checks.provider.registry import provider_registry
from checkov.terraform.checks.resource.base_registry import Registry as ResourceRegistry
from checkov.terraform.checks.resource.registry import resource_registry
from checkov.terraform.checks.utils.base_cloudsplaining_iam_scanner import BaseTerraformCloudsplainingIAMScanner
from checkov.terraform.context_parsers.registry import parser_registry
from checkov.terraform.plan_parser import _get_providers, _prepare_resource_block
from checkov.terraform.plan_runner import TF_LIFECYCLE_CHECK_IDS, Runner
from checkov.version import version as checkov_version

from tooling.gate.engine.check import SUBJECT, PlanCheck, Subject, Violation
from tooling.gate.engine.connections import use_indexes
from tooling.gate.engine.graph import PlanGraph, places
from tooling.gate.engine.own import OwnCheck
from tooling.gate.planned import PlanView

__all__ = ["Outcome", "Scan", "builtin_ids", "checkov_version", "scan"]

_ADDRESS = "__address__"

#: Where checkov believes the plan to be. There is no such file.
_PATH = "/plan.json"


@dataclass(frozen=True)
class Outcome:
    """A check that did not pass.

    Attributes:
        check_id: Its id.
        name: Its name.
        address: The resource's address; ``checkov.graph`` when a check over the whole plan crashed.
        source: Module of the check.
        keys: Paths of the attributes it looked at, as checkov gives them.
        violations: What an own check said.
        crash: The exception of a check that raised; None when it only failed.
        unanalysed: checkov could not read the policy it was to judge.
    """

    check_id: str
    name: str
    address: str
    source: str
    keys: tuple[str, ...] = ()
    violations: tuple[Violation, ...] = ()
    crash: str | None = None
    unanalysed: bool = False


@dataclass
class Scan:
    """What a run saw.

    Attributes:
        outcomes: Every check that did not pass.
        passed: Pairs of check id and address that did.
        seen: Addresses of the resources and data sources that checkov took in.
        looked: Pairs of check id and address of every check of ours that came to a verdict.
        examined: What checkov's checks that found nothing wrong looked at, by check id and address: paths of
            attributes as checkov gives them, and names of those that were asked for.
        abstained: What checkov's checks that came to no verdict looked at.
        names: Name and module of checkov's checks that ran, by id.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    passed: set[tuple[str, str]] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    looked: set[tuple[str, str]] = field(default_factory=set)
    examined: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    abstained: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)


def builtin_ids() -> frozenset[str]:
    """Ids of all of checkov's checks that can apply to a Terraform plan."""
    use_indexes()
    runner = Runner()
    runner.graph_registry.load_checks()
    ids = {check.id for check in runner.graph_registry.checks}
    for registry in (resource_registry, data_registry, provider_registry):
        ids |= {check.id for _, check in registry.all_checks()}
    return frozenset(ids)


def scan(plan: Mapping[str, Any], view: PlanView, own: Sequence[OwnCheck]) -> Scan:
    """Evaluate a plan with checkov's checks and our own.

    Only the plan is read: no Terraform file beside it, no configuration of checkov, no
    network. It never gets to a disk: checkov would read it from a file as YAML, with the
    line of each value, which takes longer than all the rest.

    Args:
        plan: As ``prepare.for_checkov`` gives it, without secrets.
        view: The same plan, for our own checks.
        own: The checks of ``policies/``.
    """
    found = Scan()
    runner = _Runner(found, view, own)
    BaseTerraformCloudsplainingIAMScanner.policy_document_cache.clear()
    try:
        runner.take_in(plan)
        runner.run(
            files=[_PATH],
            runner_filter=_OneFile(
                framework=["terraform_plan"],
                download_external_modules=False,
                show_progress_bar=False,
                run_image_referencer=False,
            ),
        )
    finally:
        BaseTerraformCloudsplainingIAMScanner.policy_document_cache.clear()
    return found


def _keys(result: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(key) for key in result.get("evaluated_keys") or ())


class _OneFile(RunnerFilter):  # type: ignore[misc]
    """What checkov is told to run. It asks for each check and resource, and the answer differs by check alone."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._known: dict[str, bool] = {}

    def should_run_check(self, check: Any = None, *args: Any, **kwargs: Any) -> bool:
        if check.id not in self._known:
            self._known[check.id] = super().should_run_check(check, *args, **kwargs)
        return self._known[check.id]


class _Asked(dict[str, Any]):
    """A resource as checkov's checks read it, that notes which attributes they ask for.

    Many checks do not say which ones, least of all when they found nothing.
    """

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        super().__init__(configuration)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        if name == "dynamic":  # What checkov asks last when it looks through all of a resource before the check does.
            self.names.clear()
        self.names.add(name)
        return super().get(name, default)


class _Runner(Runner):  # type: ignore[misc]
    """checkov's plan runner over registries of its own."""

    def __init__(self, found: Scan, view: PlanView, own: Sequence[OwnCheck]) -> None:
        use_indexes()
        super().__init__()
        self.found = found
        self.said: dict[tuple[str, str], tuple[Violation, ...]] = {}
        self.asked: dict[tuple[str, str], tuple[str, ...]] = {}
        self.block_type_registries = {
            block: kind(source, self, view, [check for check in own if check.block == block])
            for block, kind, source in (
                ("resource", _Resources, resource_registry),
                ("data", _Data, data_registry),
                ("provider", _Providers, provider_registry),
            )
        }

    def take_in(self, plan: Mapping[str, Any]) -> None:
        """What checkov's own ``run`` does with a plan file, from memory."""
        definition: dict[str, list[Any]] = {"provider": _get_providers(plan), "resource": [], "data": []}
        for resource in plan["resources"]:
            values = {**resource["values"], "start_line": 0, "end_line": 0}
            block, kind, prepared = _prepare_resource_block({**resource, "values": values}, resource, {})
            if prepared:
                definition[kind].append(block)
        self.definitions = {_PATH: definition}
        self.context = places(_PATH, definition)
        module, _ = self.graph_manager.parser.parse_hcl_module_from_tf_definitions(
            self.definitions, "", self.graph_manager.source
        )
        graph = PlanGraph(module)
        graph.build_graph(render_variables=False)
        self.graph_manager.save_graph(graph)
        self.found.seen |= {
            str(vertex.attributes.get(_ADDRESS)) for vertex in graph.vertices if vertex.block_type == "resource"
        }

    def run_block(self, entities: list[dict[str, Any]], *given: Any) -> None:
        """What checkov's own does, without the record of each result: with a copy of the resource, and its lines."""
        _, full_file_path, _, _, scanned_file, block_type, runner_filter = given
        registry = self.block_type_registries[block_type]
        self._assign_graph_to_registry(registry)
        paths = parser_registry.context_parsers[block_type]
        for entity in entities:
            address = self.get_entity_context(paths.get_entity_context_path(entity), full_file_path, entity)["address"]
            results = registry.scan(scanned_file, entity, [], runner_filter, report_type=self.check_type)
            for check, result in results.items():
                if check.id not in TF_LIFECYCLE_CHECK_IDS:
                    self._note(check, result, address)

    def get_graph_checks_report(self, _: str | None, runner_filter: RunnerFilter) -> Report:
        """As above: what the graph's checks say is noted, and the report stays empty."""
        for check, results in self.run_graph_checks_results(runner_filter, self.check_type).items():
            for result in results:
                if place := self.get_entity_context_and_evaluations(result["entity"]):
                    self._note(check, result, place["address"])
        return Report(self.check_type)

    def _note(self, check: Any, result: Mapping[str, Any], address: str) -> None:
        pair, source = (check.id, address), type(check).__module__
        if result["result"] is CheckResult.PASSED:
            self.found.passed.add(pair)
            self.found.names[check.id] = (check.name, source)
            self.found.examined[pair] = (*_keys(result), *self.asked.get(pair, ()))
        elif result["result"] is CheckResult.FAILED:
            said = self.said.get(pair, ())
            outcome = Outcome(check.id, check.name, address, source, keys=_keys(result), violations=said)
            self.found.outcomes.append(outcome)

    @staticmethod
    def _update_check_correct_connected_node(filtered_result: Any) -> None:
        """Copies each resource to show it beside the one that it is connected with: nobody looks at that here."""

    def run_graph_checks_results(self, runner_filter: RunnerFilter, report_type: str) -> dict[Any, Any]:
        """checkov gives each check a thread, though one calculates at a time, and loses what one raises."""
        results: dict[Any, Any] = {}
        graph = self.graph_manager.get_reader_endpoint()
        self.graph_registry.load_checks()
        for check in self.graph_registry.checks:
            if not runner_filter.should_run_check(check, report_type=report_type):
                continue
            try:
                self.graph_registry.run_check_parallel(check, results, graph)
            except Exception as error:  # noqa: BLE001 - any failure of a check is a finding, not a pass
                text = f"{type(error).__name__}: {error}"
                self.found.outcomes.append(Outcome(check.id, check.name, "checkov.graph", "checkov", crash=text))
        return results


class _Watched(BaseCheckRegistry):  # type: ignore[misc]
    """A registry of checkov's checks and ours that runs them so that nothing is lost."""

    def __init__(self, source: Any, runner: _Runner, view: PlanView, own: Sequence[OwnCheck]) -> None:
        super().__init__(source.report_type)
        for mine, theirs in ((self.checks, source.checks), (self.wildcard_checks, source.wildcard_checks)):
            mine.update({entity: list(checks) for entity, checks in theirs.items()})
        for item in own:
            wild = self.wildcard_checks if self._is_wildcard(item.entity) else self.checks
            wild[item.entity].append(item.check)
        self.runner, self.view = runner, view

    def run_check(
        self,
        check: Any,
        entity_configuration: dict[str, Any],
        entity_name: str,
        entity_type: str,
        scanned_file: str,
        skip_info: Any,
    ) -> Any:
        address = str(entity_configuration.get(_ADDRESS))
        found: Scan = self.runner.found
        found.seen.add(address)
        asked = _Asked(entity_configuration)
        configuration: dict[str, Any] = asked
        if isinstance(check, PlanCheck):
            configuration = {SUBJECT: Subject(self.view.resources[address], self.view)}
        check.graph = self.graph
        try:
            result = check.run(
                # checkov keeps analysed policies by file, type and name: two instances of
                # one resource would be judged by the policy of the first.
                scanned_file=f"{scanned_file}#{address}",
                entity_configuration=configuration,
                entity_name=entity_name,
                entity_type=entity_type,
                skip_info=skip_info,
            )
        except Exception as error:  # noqa: BLE001 - any failure of a check is a finding, not a pass
            text = f"{type(error).__name__}: {error}"
            found.outcomes.append(Outcome(check.id, check.name, address, type(check).__module__, crash=text))
            return {"result": CheckResult.UNKNOWN, "evaluated_keys": []}
        if isinstance(check, PlanCheck):
            self.runner.said[check.id, address] = check.found
            found.looked.add((check.id, address))
        if result["result"] is CheckResult.UNKNOWN and isinstance(check, BaseTerraformCloudsplainingIAMScanner):
            outcome = Outcome(check.id, check.name, address, type(check).__module__, unanalysed=True)
            found.outcomes.append(outcome)
        elif result["result"] is CheckResult.UNKNOWN:
            found.names[check.id] = (check.name, type(check).__module__)
            found.abstained[check.id, address] = (*_keys(result), *sorted(asked.names))
        self.runner.asked[check.id, address] = tuple(sorted(asked.names))
        return result


class _Resources(_Watched, ResourceRegistry):  # type: ignore[misc]
    pass


class _Data(_Watched, DataRegistry):  # type: ignore[misc]
    pass


class _Providers(_Watched, ProviderRegistry):  # type: ignore[misc]
    pass
