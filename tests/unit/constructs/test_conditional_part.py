from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app import expressions
from cdktf_app.bindings.cloudwatch import CloudwatchLogGroup
from cdktf_app.bindings.core import Construct
from cdktf_app.conditional_part import ConditionalPart
from cdktf_app.constructs.lambda_function import FunctionSettings, LambdaFunction, LambdaFunctionProps
from cdktf_app.module_stack import ModuleStack
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]
LOGS = "aws_cloudwatch_log_group"


@pytest.fixture
def away(stack: ModuleStack) -> ConditionalPart:
    return ConditionalPart(stack, "away", condition="var.wanted", alias="failover")


def test_what_is_below_exists_under_the_condition_and_in_the_other_region(
    away: ConditionalPart, part: Construct, synthesize: Synthesize
) -> None:
    CloudwatchLogGroup(away, "there", name="there")
    CloudwatchLogGroup(part, "here", name="here")

    module = synthesize()
    there = module.resource(LOGS, "there")
    assert there["count"] == "${var.wanted ? 1 : 0}"
    assert there["provider"] == "aws.failover"
    assert not {"count", "provider"} & set(module.resource(LOGS, "here"))
    aws = module.module["terraform"]["required_providers"]["aws"]
    assert aws["configuration_aliases"] == ["aws.failover"]


def test_without_an_alias_the_modules_own_provider_makes_it(stack: ModuleStack, synthesize: Synthesize) -> None:
    part = ConditionalPart(stack, "some", condition="var.wanted")
    CloudwatchLogGroup(part, "g", name="g")

    module = synthesize()
    assert "provider" not in module.resource(LOGS, "g")
    assert "configuration_aliases" not in module.module["terraform"]["required_providers"]["aws"]


def test_a_count_is_narrowed(away: ConditionalPart, synthesize: Synthesize) -> None:
    CloudwatchLogGroup(away, "g", name="g", count=expressions.count_if("var.a || var.b"))

    assert synthesize().resource(LOGS, "g")["count"] == "${var.wanted && (var.a || var.b) ? 1 : 0}"


def test_a_for_each_is_narrowed(away: ConditionalPart, synthesize: Synthesize) -> None:
    CloudwatchLogGroup(away, "g", name="g", for_each=expressions.each_of("var.names"))

    made = synthesize().resource(LOGS, "g")
    assert made["for_each"] == "${{ for key, each in var.names : key => each if var.wanted }}"
    assert "count" not in made


def test_refuses_a_count_that_is_no_condition(away: ConditionalPart, synthesize: Synthesize) -> None:
    CloudwatchLogGroup(away, "g", name="g", count=2)

    with pytest.raises(ValueError, match=r"count is .*2.*: only a condition \? 1 : 0 can be narrowed"):
        synthesize()


def test_references_to_what_is_below_get_an_index_there_and_only_there(
    away: ConditionalPart, part: Construct, synthesize: Synthesize
) -> None:
    key = CloudwatchLogGroup(away, "key", name="key")
    longer = CloudwatchLogGroup(away, "key_more", name="key_more")
    outside = CloudwatchLogGroup(part, "outside", name="outside")
    counted = CloudwatchLogGroup(away, "counted", name="counted", count=expressions.count_if("var.a"))
    CloudwatchLogGroup(
        away, "asks", name=f"{key.arn}-{longer.arn}-{outside.arn}", tags={"own": "aws_cloudwatch_log_group.key.arn"}
    )
    CloudwatchLogGroup(away, "asks_all", name=expressions.string(expressions.only(key, "arn")))
    CloudwatchLogGroup(away, "asks_one", name=expressions.string(expressions.only(counted, "arn")))
    CloudwatchLogGroup(part, "asks_outside", name=expressions.string(expressions.only(key, "arn")))

    module = synthesize()
    asks = module.resource(LOGS, "asks")
    assert asks["name"] == f"${{{LOGS}.key[0].arn}}-${{{LOGS}.key_more[0].arn}}-${{{LOGS}.outside.arn}}"
    assert asks["tags"] == {"own": "aws_cloudwatch_log_group.key.arn"}, "a text is no reference"
    assert module.resource(LOGS, "asks_all")["name"] == f"${{one({LOGS}.key[*].arn)}}", "it has an index already"
    assert module.resource(LOGS, "asks_one")["name"] == f"${{one({LOGS}.counted[*].arn)}}"
    assert module.resource(LOGS, "asks_outside")["name"] == f"${{one({LOGS}.key[*].arn)}}"


def test_parts_under_one_condition_refer_to_each_other_as_if_there_were_none(
    away: ConditionalPart, stack: ModuleStack, synthesize: Synthesize
) -> None:
    same = ConditionalPart(stack, "same", condition="var.wanted")
    other = ConditionalPart(stack, "other", condition="var.other")
    key = CloudwatchLogGroup(away, "key", name="key")
    CloudwatchLogGroup(same, "asks", name=key.arn)
    CloudwatchLogGroup(other, "asks_too", name=expressions.string(expressions.only(key, "arn")))

    module = synthesize()
    assert module.resource(LOGS, "asks")["name"] == f"${{{LOGS}.key[0].arn}}"
    assert module.resource(LOGS, "asks_too")["name"] == f"${{one({LOGS}.key[*].arn)}}"


def test_a_construct_in_it_knows_nothing_of_it(
    away: ConditionalPart, settings: FunctionSettings, synthesize: Synthesize
) -> None:
    LambdaFunction(away, "job", props=LambdaFunctionProps(name="job", description="Works.", settings=settings))

    module = synthesize()
    made = module.resource("aws_lambda_function", "job")
    assert made["role"] == "${aws_iam_role.job_role[0].arn}"
    # Terraform wants whole resources here.
    assert made["depends_on"] == ["aws_iam_role_policy.job_role_policy"]
    assert module.document("job_role_permissions")["count"] == "${var.wanted ? 1 : 0}"
    policy = module.resource("aws_iam_role_policy", "job_role_policy")
    assert policy["policy"] == "${data.aws_iam_policy_document.job_role_permissions[0].json}"
