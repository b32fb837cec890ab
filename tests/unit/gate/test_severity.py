from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.gate.conftest import ROOT
from tooling.errors import Exit, ToolError
from tooling.gate import Severity
from tooling.gate.policies_folder import DEFAULT, read_policies
from tooling.gate.rules import RULES
from tooling.gate.severity import UNRATED, load_severities


def test_every_check_that_can_apply_to_an_aws_resource_is_rated() -> None:
    # GIVEN
    policies = read_policies(DEFAULT)

    # WHEN
    aws = {check_id for check_id in policies.builtin if "_AWS_" in check_id}
    unrated = sorted({*aws, *policies.ids} - set(policies.severities))

    # THEN
    assert len(aws) > 400
    assert unrated == [], "rate them in policies/severity.yaml"


def test_every_check_that_the_five_architectures_can_meet_is_rated() -> None:
    # GIVEN every type that a module has a block of
    blocks = [
        block
        for file in (ROOT / "modules").glob("**/*.tf")
        for block in re.findall(r'^(resource|data) "([^"]+)"', file.read_text(), re.MULTILINE)
    ]
    types = {kind: {name for block, name in blocks if block == kind} for kind in ("resource", "data")}
    assert len(types["resource"]) > 100
    assert "aws_iam_policy_document" in types["data"]

    # WHEN checkov is asked which of its checks look at them
    met = checks_for(types["resource"], types["data"])

    # THEN
    policies = read_policies(DEFAULT)
    assert len(met) > 150
    assert sorted(met - set(policies.severities)) == [], "rate them in policies/severity.yaml"


def checks_for(resources: set[str], data: set[str]) -> set[str]:
    """Ids of checkov's checks on types, on the provider, and over the graph."""
    from checkov.terraform.checks.data.registry import data_registry
    from checkov.terraform.checks.provider.registry import provider_registry
    from checkov.terraform.checks.resource.registry import resource_registry
    from checkov.terraform.plan_runner import Runner

    runner = Runner()
    runner.graph_registry.load_checks()
    graph = [
        check
        for check in runner.graph_registry.checks
        if not {*(check.resource_types or resources)}.isdisjoint(resources)
    ]
    by_type = [check for name in resources for check in resource_registry.get_checks(name)]
    by_data = [check for name in data for check in data_registry.get_checks(name)]
    return {check.id for check in (*graph, *by_type, *by_data, *provider_registry.get_checks("aws"))}


def test_every_rule_of_the_gate_itself_is_rated() -> None:
    assert sorted(set(RULES) - set(read_policies(DEFAULT).severities)) == []


def test_a_check_that_nobody_has_rated_counts_as_high() -> None:
    assert UNRATED is Severity.HIGH
    assert read_policies(DEFAULT).severity_of("CKV_AWS_99999") is Severity.HIGH


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("CKV_AWS_1: HIGH\nCKV_AWS_2: WORSE\n", 2, "CKV_AWS_2: severity is 'WORSE', known are INFO, LOW"),
        ("CKV_AWS_1: HIGH\nCKV_AWS_1: LOW\n", 2, "'CKV_AWS_1' is given twice, first at"),
        ("CKV_AWS_1: HIGH\nCKV_AWS_9999: LOW\n", 2, "there is no check 'CKV_AWS_9999'"),
        ("- CKV_AWS_1\n", 1, "expected 'key: value' lines, found a sequence"),
        ("CKV_AWS_1: HIGH\nCKV_AWS_2: [LOW]\n", 2, "expected a single value, found a sequence"),
        ("CKV_AWS_1: HIGH\n  CKV_AWS_2: : LOW\n", 2, "is not YAML"),
    ],
)
def test_rejects_a_malformed_file_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    # GIVEN
    file = tmp_path / "severity.yaml"
    file.write_text(text)

    # WHEN
    with pytest.raises(ToolError) as caught:
        load_severities(file, checks={"CKV_AWS_1", "CKV_AWS_2"})

    # THEN
    assert caught.value.where == f"{file}:{line}"
    assert message in caught.value.what
    assert caught.value.exit_code is Exit.USAGE


def test_rejects_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="cannot be read"):
        load_severities(tmp_path / "severity.yaml", checks=())
