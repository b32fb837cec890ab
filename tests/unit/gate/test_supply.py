from __future__ import annotations

from typing import Any

import pytest

from tests.unit.gate.conftest import Judge, failed, planted
from tests.unit.gate.test_waivers import waiver
from tooling.gate.supply import look_at_suppliers

Json = dict[str, Any]
FOREIGN = "registry.terraform.io/hashicorp/external"


def plan_of(resources: list[Json], *, nested: bool = False, providers: dict[str, str] | None = None) -> Json:
    """A plan with these in its configuration, in the root or in a module of a module."""
    module: Json = {"resources": resources}
    if nested:
        module = {"module_calls": {"a": {"module": {"module_calls": {"b": {"module": module}}}}}}
    full_names = {"aws": "registry.terraform.io/hashicorp/aws", **(providers or {})}
    return {
        **planted({}),
        "configuration": {
            "provider_config": {key: {"name": key, "full_name": name} for key, name in full_names.items()},
            "root_module": module,
        },
    }


def resource(address: str, *, provider: str = "aws", **more: Any) -> Json:
    return {"address": address, "provider_config_key": provider, **more}


def found(plan: Json) -> set[tuple[str, str]]:
    return {(finding.check_id, finding.address) for finding in look_at_suppliers(plan)}


@pytest.mark.parametrize("kind", ["local-exec", "remote-exec", "file"])
@pytest.mark.parametrize(("nested", "prefix"), [(False, ""), (True, "module.a.module.b.")])
def test_a_provisioner_is_refused_in_any_module(kind: str, nested: bool, prefix: str) -> None:
    # GIVEN
    plan = plan_of([resource("aws_instance.a", provisioners=[{"type": kind}])], nested=nested)

    # THEN
    assert found(plan) == {("GP_SUPPLY_1", f"{prefix}aws_instance.a")}


def test_terraform_data_is_fine_as_long_as_it_runs_nothing() -> None:
    # GIVEN
    builtin = {"terraform": "terraform.io/builtin/terraform"}
    runs = resource("terraform_data.b", provider="terraform", provisioners=[{"type": "local-exec"}])
    plan = plan_of([resource("terraform_data.a", provider="terraform"), runs], providers=builtin)

    # THEN
    assert found(plan) == {("GP_SUPPLY_1", "terraform_data.b")}


@pytest.mark.parametrize(
    ("address", "provider"),
    [
        ("data.external.a", FOREIGN),
        ("null_resource.a", "registry.terraform.io/hashicorp/null"),
        # Somebody else's that is called the same.
        ("aws_instance.a", "registry.terraform.io/evil/aws"),
        ("aws_instance.a", "registry.example.com/hashicorp/aws"),
    ],
)
@pytest.mark.parametrize(("nested", "prefix"), [(False, ""), (True, "module.a.module.b.")])
def test_a_foreign_provider_is_refused_in_any_module(address: str, provider: str, nested: bool, prefix: str) -> None:
    # GIVEN
    plan = plan_of([resource(address, provider="foreign")], nested=nested, providers={"foreign": provider})

    # THEN
    assert found(plan) == {("GP_SUPPLY_2", f"{prefix}{address}")}


def test_a_resource_whose_provider_cannot_be_told_is_refused() -> None:
    assert found(plan_of([resource("aws_instance.a", provider="aws.other")])) == {("GP_SUPPLY_2", "aws_instance.a")}


def test_a_provider_that_is_asked_for_and_not_used_would_be_installed_all_the_same() -> None:
    # GIVEN
    plan = plan_of([], providers={"external": FOREIGN, "module.a:null": "registry.terraform.io/hashicorp/null"})

    # THEN
    assert found(plan) == {("GP_SUPPLY_2", "provider.external"), ("GP_SUPPLY_2", "module.a.provider.null")}


def test_what_only_the_state_has_is_refused_as_well() -> None:
    # GIVEN a resource that is deleted, by the provider that made it
    plan = plan_of([])
    gone = {"address": "module.a[0].null_resource.a[1]", "provider_name": FOREIGN, "change": {"actions": ["delete"]}}
    plan["resource_changes"] = [gone]

    # THEN
    assert found(plan) == {("GP_SUPPLY_2", "module.a.null_resource.a")}


def test_the_gate_refuses_a_provisioner_unless_a_waiver_says_why(judge: Judge) -> None:
    # GIVEN
    plan = planted({"aws_sns_topic.t": {"name": "t"}})
    plan["configuration"]["root_module"]["resources"][0]["provisioners"] = [{"type": "local-exec"}]

    # WHEN
    refused = judge(plan)
    waived = judge(plan, waivers=waiver(check="GP_SUPPLY_1", address="aws_sns_topic.t"))

    # THEN
    assert ("GP_SUPPLY_1", "aws_sns_topic.t") in failed(refused)
    assert not refused.passed
    assert ("GP_SUPPLY_1", "aws_sns_topic.t") not in failed(waived)
    assert [finding.check_id for finding in waived.waived] == ["GP_SUPPLY_1"]
