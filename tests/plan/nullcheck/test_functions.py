"""The Lambda functions: which there are, how they run, where their code comes from, what they are told."""

from __future__ import annotations

import pytest

from cdktf_app import packages
from tests.plan.nullcheck.conftest import CHOSEN, MEMORY, SECRET
from tests.plan.nullcheck.functions import FUNCTIONS, GROUPS, arn, function, functions, suffix
from tests.support.plans import Plan

OF_ALL = {"AWS_NODEJS_CONNECTION_REUSE_ENABLED", "ORIGIN"}
# Beside what all have.
ENVIRONMENT = {
    "createEpisode": {"TABLE_NAME"},
    "getEpisode": {"TABLE_NAME"},
    "listEpisodes": {"TABLE_NAME", "ENCRYPTION_KEY"},
    "updateEpisode": {"TABLE_NAME"},
    "createUploadUrl": {"TABLE_NAME", "BUCKET_NAME"},
    "onUploadCompleted": {"TABLE_NAME", "BUCKET_NAME", "EVENT_SOURCE"},
    "onMediaConvertJobChange": {"TABLE_NAME", "BUCKET_NAME", "EVENT_SOURCE"},
    "cleanupEpisode": {"TABLE_NAME", "BUCKET_NAME", "EVENT_SOURCE"},
    "analyzeTranscript": {"BUCKET_NAME", "MEMORY_ID", "MODEL_ID"},
    "startChunking": {"BUCKET_NAME", "MEDIACONVERT_ROLE_ARN", "MEDIACONVERT_QUEUE_ARN", "CHUNK_SECONDS"},
}
# What a variable of the environment is made from, where it has no value in the plan.
MADE_FROM = {
    "AWS_NODEJS_CONNECTION_REUSE_ENABLED": set(),
    "ORIGIN": {"var.cors_origin"},
    "TABLE_NAME": {"aws_dynamodb_table.table", "aws_dynamodb_table.table.name"},
    "BUCKET_NAME": {"aws_s3_bucket.transcripts", "aws_s3_bucket.transcripts.bucket"},
    "EVENT_SOURCE": {"var.event_source"},
    "ENCRYPTION_KEY": {"var.encryption_key"},
    "MEMORY_ID": {"var.memory_id", "aws_cloudformation_stack.memory"},
    "MODEL_ID": {"var.model_id"},
    "MEDIACONVERT_ROLE_ARN": {"var.account_id", "var.name_suffix"},
    "MEDIACONVERT_QUEUE_ARN": {"var.region", "var.account_id", "var.name_suffix"},
    "CHUNK_SECONDS": {"var.chunk_seconds"},
}

each_function = pytest.mark.parametrize("name", FUNCTIONS)


def environment(plan: Plan, name: str) -> dict[str, str]:
    (block,) = function(plan, name)["environment"]
    variables: dict[str, str] = block["variables"]
    return variables


@pytest.mark.requirement("NC-FN-01")
def test_functions_run_on_node_22(every: Plan, minimal: Plan) -> None:
    assert minimal.variables["lambda_runtime"]["default"] == "nodejs22.x"
    for plan in (every, minimal):
        assert [each["runtime"] for each in functions(plan)] == ["nodejs22.x"] * len(FUNCTIONS)


@pytest.mark.requirement("NC-FN-02")
def test_functions_run_on_arm64(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        assert [each["architectures"] for each in functions(plan)] == [["arm64"]] * len(FUNCTIONS)


@pytest.mark.requirement("NC-FN-03")
def test_functions_have_1024_MB(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        assert [each["memory_size"] for each in functions(plan)] == [1024] * len(FUNCTIONS)


@pytest.mark.requirement("NC-FN-04")
def test_functions_end_after_25_seconds(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        assert [each["timeout"] for each in functions(plan)] == [25] * len(FUNCTIONS)


@pytest.mark.requirement("NC-FN-01", "NC-FN-02", "NC-FN-03", "NC-FN-04")
def test_a_caller_sizes_all_functions_or_one(chosen: Plan) -> None:
    sizes = {name: (found["memory_size"], found["timeout"]) for name in FUNCTIONS for found in [function(chosen, name)]}

    assert sizes.pop("analyzeTranscript") == (2048, 300)
    assert set(sizes.values()) == {(512, 20)}
    assert {each["runtime"] for each in functions(chosen)} == {"nodejs20.x"}
    assert [each["architectures"] for each in functions(chosen)] == [["x86_64"]] * len(FUNCTIONS)


@pytest.mark.requirement("NC-FN-05")
def test_functions_and_the_api_are_traced(every: Plan) -> None:
    assert [each["tracing_config"] for each in functions(every)] == [[{"mode": "Active"}]] * len(FUNCTIONS)
    assert every.one("aws_api_gateway_stage")["xray_tracing_enabled"] is True


@pytest.mark.requirement("NC-FN-08")
def test_there_are_four_groups_of_functions(every: Plan) -> None:
    tagged = {each["function_name"]: each["tags_all"]["function-group"] for each in functions(every)}

    assert tagged == {name + suffix(every): group for group, names in GROUPS.items() for name in names}


@pytest.mark.requirement(
    "NC-ENV-01", "NC-ENV-02", "NC-ENV-03", "NC-ENV-04", "NC-ENV-05", "NC-ENV-06", "NC-ENV-07", "NC-FN-06", "NC-FN-07",
    "NC-MC-02", "NC-MC-03",
)  # fmt: skip
@each_function
def test_function_gets_what_it_needs_and_nothing_else(named: Plan, chosen: Plan, name: str) -> None:
    for plan, origin, source, seconds, model in (
        (named, "*", "nullcheck", "120", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        (chosen, "https://app.example.com", "nullcheck.app", "60", "eu.example.model-v1:0"),
    ):
        value = {
            "AWS_NODEJS_CONNECTION_REUSE_ENABLED": "1",
            "ORIGIN": origin,
            "TABLE_NAME": "NullCheckTable" + suffix(plan),
            "BUCKET_NAME": plan.one("aws_s3_bucket")["bucket"],
            "EVENT_SOURCE": source,
            "ENCRYPTION_KEY": SECRET,
            "MEMORY_ID": MEMORY,
            "MODEL_ID": model,
            "MEDIACONVERT_ROLE_ARN": f"arn:aws:iam::111122223333:role/MediaConvertRole{suffix(plan)}",
            "MEDIACONVERT_QUEUE_ARN": arn(plan, "mediaconvert", f"queues/nullcheck-chunking{suffix(plan)}"),
            "CHUNK_SECONDS": seconds,
        }

        assert environment(plan, name) == {key: value[key] for key in OF_ALL | ENVIRONMENT[name]}


@pytest.mark.requirement(
    "NC-ENV-01", "NC-ENV-02", "NC-ENV-03", "NC-ENV-04", "NC-ENV-05", "NC-ENV-06", "NC-ENV-07", "NC-FN-07"
)
@each_function
def test_function_of_a_stack_is_told_of_its_own_table_bucket_and_memory(every: Plan, name: str) -> None:
    references = every.references(function(every, name), "environment")

    assert references == set().union(*(MADE_FROM[key] for key in OF_ALL | ENVIRONMENT[name]))


@pytest.mark.requirement("NC-ENV-01", "NC-ENV-05", "NC-FN-06", "NC-FN-07")
@pytest.mark.parametrize("name", [name for name, keys in ENVIRONMENT.items() if "BUCKET_NAME" not in keys and keys])
def test_function_without_a_bucket_shows_its_environment_in_every_stack(every: Plan, name: str) -> None:
    """One value that the plan does not know hides the whole environment; these know all of theirs."""
    value = {
        "AWS_NODEJS_CONNECTION_REUSE_ENABLED": "1",
        "ORIGIN": every.input("cors_origin"),
        "TABLE_NAME": every.one("aws_dynamodb_table")["name"],
        "ENCRYPTION_KEY": every.input("encryption_key"),
    }

    assert environment(every, name) == {key: value[key] for key in OF_ALL | ENVIRONMENT[name]}


@pytest.mark.requirement("NC-MC-02")
def test_code_is_what_was_built_from_the_sources(every: Plan) -> None:
    built = packages.build("nullcheck")

    assert sorted(built) == sorted(FUNCTIONS)
    for name in FUNCTIONS:
        deployed = function(every, name)
        assert deployed["s3_bucket"] == every.input("artifacts_bucket")
        assert deployed["s3_key"] == built[name].key
        assert deployed["source_code_hash"] == built[name].base64sha256
        assert deployed["handler"] == "index.handler"


@pytest.mark.requirement("NC-SCL-01")
def test_functions_scale_up_to_the_account_limits(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        assert [each["reserved_concurrent_executions"] for each in functions(plan)] == [-1] * len(FUNCTIONS)


@pytest.mark.requirement("NC-SCL-01")
def test_a_caller_may_limit_them(chosen: Plan) -> None:
    assert {each["reserved_concurrent_executions"] for each in functions(chosen)} == {CHOSEN["reserved_concurrency"]}


@pytest.mark.requirement("NC-SEC-01")
def test_functions_are_in_no_network_of_ours(every: Plan) -> None:
    assert [each["vpc_config"] for each in functions(every)] == [[]] * len(FUNCTIONS)
    assert not {kind for kind in every.types() if kind.startswith(("aws_vpc", "aws_subnet", "aws_security_group"))}


@pytest.mark.requirement("NC-DR-03")
def test_functions_keep_nothing(every: Plan) -> None:
    assert [each["file_system_config"] for each in functions(every)] == [[]] * len(FUNCTIONS)


@pytest.mark.requirement("NC-COST-01")
def test_nothing_is_paid_for_while_idle(every: Plan) -> None:
    paid_by_the_hour = (
        "aws_instance",
        "aws_ecs_",
        "aws_db_",
        "aws_eip",
        "aws_elasticache_",
        "aws_lambda_provisioned_concurrency_config",
        "aws_lb",
        "aws_nat_gateway",
    )

    assert not [kind for kind in every.types() if kind.startswith(paid_by_the_hour)]
    assert every.one("aws_media_convert_queue")["pricing_plan"] == "ON_DEMAND"
    assert every.one("aws_dynamodb_table")["billing_mode"] == "PAY_PER_REQUEST"
