from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.lambda_function import (
    RESERVED_KEYS,
    FunctionSettings,
    LambdaFunction,
    LambdaFunctionProps,
)
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]


@pytest.mark.usefixtures("function")
def test_a_function_has_a_role_and_a_log_group_of_its_own(synthesize: Synthesize) -> None:
    module = synthesize()

    made = module.resource("aws_lambda_function", "job")
    assert made["role"] == "${aws_iam_role.job_role.arn}"
    assert made["function_name"] == "app-${var.environment}-job"
    assert made["logging_config"] == {"log_format": "JSON", "log_group": "${aws_cloudwatch_log_group.job_logs.name}"}
    assert module.resource("aws_cloudwatch_log_group", "job_logs")["name"] == "/aws/lambda/app-${var.environment}-job"


@pytest.mark.usefixtures("function")
def test_a_function_runs_on_arm64_and_cannot_run_before_it_may_log(synthesize: Synthesize) -> None:
    made = synthesize().resource("aws_lambda_function", "job")

    assert made["architectures"] == ["arm64"]
    assert made["depends_on"] == ["aws_iam_role_policy.job_role_policy"]


@pytest.mark.usefixtures("function")
def test_a_function_may_at_first_write_its_own_logs_only(synthesize: Synthesize) -> None:
    statements = synthesize().statements("job_role_permissions")

    assert statements.keys() == {"WriteOwnLogs"}
    assert statements["WriteOwnLogs"]["actions"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert statements["WriteOwnLogs"]["resources"] == [
        "arn:aws:logs:${var.region}:${var.account_id}:log-group:/aws/lambda/app-${var.environment}-job:*"
    ]


@pytest.mark.usefixtures("function")
def test_only_lambda_may_assume_the_role(synthesize: Synthesize) -> None:
    (trust,) = synthesize().statements("job_role_trust").values()

    assert trust["principals"] == [{"identifiers": ["lambda.amazonaws.com"], "type": "Service"}]
    assert trust["actions"] == ["sts:AssumeRole"]


def test_an_allowed_statement_reaches_the_functions_own_policy(
    function: LambdaFunction, synthesize: Synthesize
) -> None:
    function.allow(Statement(sid="More", actions=["s3:GetObject"], resources=["arn:aws:s3:::b/*"]))

    assert synthesize().statements("job_role_permissions")["More"]["resources"] == ["arn:aws:s3:::b/*"]


def test_traces_are_sent_only_if_asked_for(part: Construct, settings: FunctionSettings, synthesize: Synthesize) -> None:
    props = LambdaFunctionProps(name="job", description="Works.", settings=replace(settings, tracing=True))
    LambdaFunction(part, "job", props=props)

    module = synthesize()
    assert module.resource("aws_lambda_function", "job")["tracing_config"] == {"mode": "Active"}
    assert "xray:PutTraceSegments" in module.statements("job_role_permissions")["WriteTraces"]["actions"]


@pytest.mark.requirement("KF-ENV-06")
@pytest.mark.parametrize("key", sorted(RESERVED_KEYS))
def test_refuses_an_environment_key_that_lambda_reserves(key: str, part: Construct, settings: FunctionSettings) -> None:
    props = LambdaFunctionProps(
        name="job", description="Works.", settings=replace(settings, environment={key: "x", "FINE": "y"})
    )

    with pytest.raises(ValueError, match=f"job: Lambda sets {key} itself"):
        LambdaFunction(part, "job", props=props)


def test_refuses_a_function_without_a_package(part: Construct, settings: FunctionSettings) -> None:
    props = LambdaFunctionProps(name="jbo", description="Works.", settings=settings)

    with pytest.raises(ValueError, match="no package of a function 'jbo': there are job"):
        LambdaFunction(part, "job", props=props)


@pytest.mark.usefixtures("function")
def test_the_code_is_taken_from_the_settled_package(synthesize: Synthesize) -> None:
    module = synthesize()

    made = module.resource("aws_lambda_function", "job")
    for argument in ("filename", "s3_bucket", "s3_key", "source_code_hash"):
        assert made[argument] == f'${{local.packages["job"].{argument}}}'
    assert module.module["locals"]["built_packages"] == {
        "job": {"s3_key": "app/job/00ff.zip", "source_code_hash": "AP8="}
    }


@pytest.fixture
def published(part: Construct, settings: FunctionSettings) -> LambdaFunction:
    return LambdaFunction(
        part, "live_job", props=LambdaFunctionProps(name="job", description="W.", settings=settings, published=True)
    )


def test_an_alias_is_what_apis_call_and_can_be_kept_warm(published: LambdaFunction, synthesize: Synthesize) -> None:
    before = published.invoke_arn
    published.add_alias("live", provisioned=Input("warm"))

    module = synthesize()
    assert module.the("aws_lambda_function")["publish"] is True
    assert module.the("aws_lambda_alias")["function_version"] == "${aws_lambda_function.live_job.version}"
    assert before == "${aws_lambda_function.live_job.invoke_arn}"
    assert published.invoke_arn == "${aws_lambda_alias.live_job_live.invoke_arn}"
    warm = module.the("aws_lambda_provisioned_concurrency_config")
    assert warm["count"] == "${var.warm > 0 ? 1 : 0}"
    assert warm["provisioned_concurrent_executions"] == "${var.warm}"
    assert warm["qualifier"] == "${aws_lambda_alias.live_job_live.name}"


def test_refuses_an_alias_of_a_function_that_makes_no_versions(function: LambdaFunction) -> None:
    with pytest.raises(ValueError, match="job: an alias needs versions, and the function publishes none"):
        function.add_alias("live", provisioned=Input("warm"))


@pytest.mark.parametrize("by_alias", [True, False])
def test_leave_to_invoke_is_for_the_alias_only_if_asked_for(
    published: LambdaFunction, synthesize: Synthesize, by_alias: bool
) -> None:
    published.add_alias("live", provisioned=Input("warm"))
    published.allow_invocation("api", service="s.amazonaws.com", source_arn="arn:x", by_alias=by_alias)

    permission = synthesize().the("aws_lambda_permission")
    assert permission.get("qualifier") == ("${aws_lambda_alias.live_job_live.name}" if by_alias else None)
    assert (permission["principal"], permission["source_arn"]) == ("s.amazonaws.com", "arn:x")


def test_what_functions_share_can_be_other_than_the_defaults(
    part: Construct, settings: FunctionSettings, synthesize: Synthesize
) -> None:
    changed = replace(settings, architecture="x86_64", generated_role_names=True, reserved_concurrency=5)
    props = LambdaFunctionProps(
        name="job",
        description="W.",
        settings=changed,
        environment={"OWN": "1", "TABLE_NAME": "other"},
        memory_mb=1024,
        timeout_seconds=60,
        tags={"Group": "x"},
    )
    LambdaFunction(part, "job", props=props)

    module = synthesize()
    made = module.the("aws_lambda_function")
    assert made["architectures"] == ["x86_64"]
    assert made["reserved_concurrent_executions"] == 5
    assert (made["memory_size"], made["timeout"]) == (1024, 60)
    assert made["environment"] == {"variables": {"OWN": "1", "TABLE_NAME": "other"}}
    assert made["tags"] == '${merge({ Owner = "me" }, { Group = "x" })}'
    role = module.the("aws_iam_role")
    assert "name" not in role
    # AWS appends 26 characters, and takes 64.
    assert role["name_prefix"] == '${substr("app-${var.environment}-job", 0, 37)}-'
