"""The three functions, in each region: how they run, what they are told, and how they are kept warm."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from cdktf_app import packages
from tests.plan.rewind.conftest import REQUIRED
from tests.plan.rewind.parts import AWAY, FUNCTIONS, HOME, Side, away, bucket, domain_name, home, sides, suffix
from tests.support.plans import Plan, Resource

ALIAS = "aws_lambda_alias"
WARM = "aws_lambda_provisioned_concurrency_config"

each_function = pytest.mark.parametrize("name", FUNCTIONS)


def environment(function: Resource) -> dict[str, str]:
    (block,) = function["environment"]
    variables: dict[str, str] = block["variables"]
    return variables


@pytest.mark.requirement("RW-FN-01")
def test_functions_run_on_a_node_that_aws_still_creates(every: Plan) -> None:
    for side in sides(every):
        assert [each["runtime"] for each in side.functions()] == ["nodejs22.x"] * 3


@pytest.mark.requirement("RW-FN-01")
def test_module_itself_takes_the_documents_runtime(minimal: Plan, chosen: Plan) -> None:
    assert minimal.variables["lambda_runtime"]["default"] == "nodejs18.x"
    for plan, runtime in ((minimal, "nodejs18.x"), (chosen, "nodejs20.x")):
        for side in sides(plan):
            assert {each["runtime"] for each in side.functions()} == {runtime}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("podcastHandler", marks=pytest.mark.requirement("RW-FN-02")),
        pytest.param("recommendationHandler", marks=pytest.mark.requirement("RW-FN-03")),
        pytest.param("shareHandler", marks=pytest.mark.requirement("RW-FN-04")),
    ],
)
def test_function_has_the_documents_name(prod: Plan, dev: Plan, name: str) -> None:
    found = [
        (plan.provider(each), each["function_name"])
        for plan in (prod, dev)
        for each in plan.all("aws_lambda_function")
        if each["function_name"].startswith(name)
    ]

    assert found == [("aws", name), (AWAY, f"{name}-us-west-2"), ("aws", f"{name}-dev")]


def test_there_are_no_other_functions(everywhere: Plan) -> None:
    for side in sides(everywhere):
        assert len(side.functions()) == 3


@each_function
def test_function_has_the_package_that_was_built_for_it(every: Plan, name: str) -> None:
    built = packages.build("rewind")[name]
    for side, stored in zip(sides(every), ("artifacts_bucket", "failover_artifacts_bucket"), strict=False):
        function = side.function(name)
        assert function["filename"] is None
        assert (function["s3_bucket"], function["s3_key"]) == (every.input(stored), built.key)
        assert function["source_code_hash"] == built.base64sha256
        assert (function["handler"], function["package_type"]) == ("index.handler", "Zip")


@pytest.mark.requirement("RW-FN-05")
def test_function_takes_a_package_of_the_callers(chosen: Plan, own_zip: Path) -> None:
    content = hashlib.sha256(own_zip.read_bytes()).digest()

    for side, stored in zip(sides(chosen), ("artifacts_bucket", "failover_artifacts_bucket"), strict=True):
        own, other, shares = (side.function(name) for name in FUNCTIONS)
        assert own["filename"] == str(own_zip)
        assert own["source_code_hash"] == base64.b64encode(content).decode()
        assert (own["s3_bucket"], own["s3_key"]) == (None, None)
        assert other["s3_bucket"] == REQUIRED[stored]
        # Lambda takes packages from its own region only.
        assert shares["s3_bucket"] == ("own-bucket" if side.provider == HOME else REQUIRED[stored])
        assert shares["s3_key"] == "shares.zip"
        assert shares["source_code_hash"] == "b3du"


@pytest.mark.requirement("RW-FN-06")
@each_function
def test_function_knows_the_table(everywhere: Plan, name: str) -> None:
    for side in sides(everywhere):
        # The same name in both regions: it is a replica.
        assert environment(side.function(name))["DYNAMODB_TABLE_NAME"] == f"RewindDataTable{suffix(everywhere)}"


@pytest.mark.requirement("RW-FN-07")
@each_function
def test_function_knows_the_campaign(everywhere: Plan, name: str) -> None:
    # Personalize is in the first region only.
    arn = home(everywhere).arn("personalize", f"campaign/rewind-similar-podcasts{suffix(everywhere)}")

    for side in sides(everywhere):
        assert environment(side.function(name))["PERSONALIZE_CAMPAIGN_ARN"] == arn
    assert everywhere.outputs["campaign_arn"] == arn


@pytest.mark.requirement("RW-FN-06", "RW-FN-07")
@each_function
def test_function_is_told_nothing_else(everywhere: Plan, name: str) -> None:
    of_all = {"ALLOWED_ORIGIN", "DYNAMODB_TABLE_NAME", "PERSONALIZE_CAMPAIGN_ARN"}
    origin = everywhere.input("cors_origin") or f"https://{domain_name(everywhere)}"
    for side in sides(everywhere):
        told = environment(side.function(name))
        assert told["ALLOWED_ORIGIN"] == origin
        if name != "recommendationHandler":
            assert told.keys() == of_all
            continue
        parameter = side.one("aws_ssm_parameter")
        assert told["CAMPAIGN_PARAMETER"] == parameter["name"] == f"/rewind-campaign{side.suffix}"
        if side.provider == AWAY:
            assert told.keys() == of_all | {"CAMPAIGN_PARAMETER"}
        else:
            assert told.keys() == of_all | {"CAMPAIGN_PARAMETER", "EXPORT_BUCKET"}
            assert told["EXPORT_BUCKET"] == bucket(everywhere, "personalize-export")["bucket"]


@pytest.mark.requirement("RW-FN-08", "RW-COST-01")
def test_functions_end_after_10_seconds(every: Plan, minimal: Plan) -> None:
    assert minimal.variables["lambda_timeout_seconds"]["default"] == 10
    for plan in (every, minimal):
        for side in sides(plan):
            assert [each["timeout"] for each in side.functions()] == [10] * 3


@pytest.mark.requirement("RW-FN-09", "RW-COST-01")
def test_functions_have_256_MB(every: Plan, minimal: Plan) -> None:
    assert minimal.variables["lambda_memory_mb"]["default"] == 256
    for plan in (every, minimal):
        for side in sides(plan):
            assert [each["memory_size"] for each in side.functions()] == [256] * 3


@pytest.mark.requirement("RW-FN-08", "RW-FN-09")
def test_a_caller_sizes_all_functions_or_one(chosen: Plan) -> None:
    for side in sides(chosen):
        sizes = [(each["memory_size"], each["timeout"]) for each in map(side.function, FUNCTIONS)]
        assert sizes == [(1024, 25), (512, 5), (512, 5)]


@pytest.mark.requirement("RW-COST-01")
def test_functions_run_on_the_cheaper_processor_and_are_traced(everywhere: Plan) -> None:
    for side in sides(everywhere):
        assert [each["architectures"] for each in side.functions()] == [["arm64"]] * 3
        assert [each["tracing_config"] for each in side.functions()] == [[{"mode": "Active"}]] * 3


@pytest.mark.requirement("RW-COST-02")
def test_one_instance_of_each_function_is_warm_in_prod(prod: Plan, chosen: Plan, minimal: Plan) -> None:
    assert minimal.variables["provisioned_concurrency"]["default"] == 1
    for plan, count in ((prod, 1), (chosen, 2)):
        for side in sides(plan):
            warm = side.all(WARM)
            assert [each["provisioned_concurrent_executions"] for each in warm] == [count] * 3
            assert_of_each_alias(side, warm)


def assert_of_each_alias(side: Side, warm: list[Resource]) -> None:
    plan = side.plan
    functions = sorted(each.address for each in side.functions())
    assert sorted(plan.referred(each, "function_name", "aws_lambda_function").address for each in warm) == functions
    for each in warm:
        alias = plan.referred(each, "qualifier", ALIAS)
        function = plan.referred(each, "function_name", "aws_lambda_function")
        assert (each["function_name"], each["qualifier"]) == (function["function_name"], "live")
        assert plan.referred(alias, "function_name", "aws_lambda_function") == function


@pytest.mark.requirement("RW-COST-02")
def test_nothing_is_warm_in_development(development: Plan) -> None:
    assert not development.all(WARM)


@pytest.mark.requirement("RW-COST-02")
@each_function
def test_api_calls_a_published_version(everywhere: Plan, name: str) -> None:
    for side in sides(everywhere):
        function = side.function(name)
        (alias,) = [each for each in side.all(ALIAS) if everywhere.references(each, "function_name") & {function.block}]
        assert function["publish"] is True
        assert alias["name"] == "live"
        assert f"{function.address}.version" in everywhere.references(alias, "function_version")
        assert alias["routing_config"] == []


def test_second_region_has_functions_where_there_is_one(doubled: Plan, dev: Plan) -> None:
    assert len(away(doubled).functions()) == 3
    assert not away(dev).all("aws_lambda_function")
