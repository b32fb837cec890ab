"""Who a REST API lets in, what it may write into logs, and what stands before it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.api_account import ApiAccount
from cdktf_app.constructs.api_authorizer import Authorization, OptionalAuthorizer, UserPoolAuthorizer
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.rest_api import RestApi
from cdktf_app.constructs.service_key import ServiceKey, ServiceKeyProps
from cdktf_app.constructs.web_acl import WebAcl, WebAclProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]


@pytest.mark.usefixtures("account")
def test_the_accounts_setting_is_looked_after_by_one_module_only(synthesize: Synthesize) -> None:
    module = synthesize()

    settings = module.the("aws_api_gateway_account")
    assert settings["count"] == "${var.managed ? 1 : 0}"
    assert settings["cloudwatch_role_arn"] == "${one(aws_iam_role.account_role[*].arn)}"
    # API Gateway tries the role at once.
    assert settings["depends_on"] == ["aws_iam_role_policy.account_role_policy"]
    assert module.the("aws_iam_role")["count"] == "${var.managed ? 1 : 0}"


def test_execution_logs_are_all_that_the_gateway_may_write(account: ApiAccount, synthesize: Synthesize) -> None:
    statements = synthesize().statements(f"{account.node.id}_role_permissions")

    assert statements.keys() == {"WriteExecutionLogs", "FindLogGroups"}
    assert statements["WriteExecutionLogs"]["resources"] == [
        "arn:aws:logs:${var.region}:${var.account_id}:log-group:API-Gateway-Execution-Logs_*"
    ]
    assert statements["FindLogGroups"]["actions"] == ["logs:DescribeLogGroups"]


def test_a_token_of_the_user_pool_lets_in(part: Construct, deployment: Deployment, synthesize: Synthesize) -> None:
    made = UserPoolAuthorizer(deployment=deployment, user_pool_arn="arn:pool").attach(part, "api-id")

    authorizer = synthesize().the("aws_api_gateway_authorizer")
    assert authorizer["type"] == "COGNITO_USER_POOLS"
    assert authorizer["provider_arns"] == ["arn:pool"]
    assert authorizer["identity_source"] == "method.request.header.Authorization"
    assert authorizer["rest_api_id"] == "api-id"
    assert made.type == "COGNITO_USER_POOLS"
    assert made.authorizer_id == "${aws_api_gateway_authorizer.users.id}"


def test_an_optional_authorizer_is_the_pool_or_the_function_or_none(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    chosen = OptionalAuthorizer(deployment=deployment, user_pool_arn=Input("pool"), function_arn=Input("function"))
    made = chosen.attach(part, "api-id")

    authorizer = synthesize().the("aws_api_gateway_authorizer")
    assert authorizer["count"] == '${var.pool != "" || var.function != "" ? 1 : 0}'
    assert authorizer["type"] == '${var.pool != "" ? "COGNITO_USER_POOLS" : "TOKEN"}'
    assert authorizer["provider_arns"] == '${var.pool != "" ? [var.pool] : null}'
    assert authorizer["authorizer_uri"] == (
        '${var.pool != "" ? null : "arn:aws:apigateway:${var.region}:lambda:path/2015-03-31/functions'
        '/${var.function}/invocations"}'
    )
    assert made.type == '${var.pool != "" ? "COGNITO_USER_POOLS" : var.function != "" ? "CUSTOM" : "NONE"}'
    assert made.authorizer_id == "${one(aws_api_gateway_authorizer.callers[*].id)}"


def test_without_an_authorizer_everybody_is_let_in() -> None:
    nobody = Authorization.nobody()

    assert (nobody.type, nobody.authorizer_id, list(nobody.resources)) == ("NONE", None, [])


@pytest.fixture
def firewall(part: Construct, deployment: Deployment) -> WebAcl:
    key = ServiceKey(part, "log_key", props=ServiceKeyProps(deployment=deployment, name="k", description="K"))
    logs = LogSettings(retention_days=30, kms_key=key)
    return WebAcl(part, "firewall", props=WebAclProps(deployment=deployment, name="api", rate_limit=2000, logs=logs))


@pytest.mark.usefixtures("firewall")
def test_too_many_requests_of_one_address_are_blocked_before_any_rule_of_aws(synthesize: Synthesize) -> None:
    rate, *managed = sorted(synthesize().the("aws_wafv2_web_acl")["rule"], key=lambda rule: rule["priority"])

    assert rate["action"] == {"block": {}}
    (limit,) = rate["statement"]["rate_based_statement"]
    assert limit == {"limit": 2000, "aggregate_key_type": "IP", "evaluation_window_sec": 300}
    assert {rule["name"] for rule in managed} == {
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesAmazonIpReputationList",
    }
    # Not counted only: AWS's own actions hold.
    assert [rule["override_action"] for rule in managed] == [{"none": {}}] * 3
    assert len({rule["priority"] for rule in managed}) == 3


@pytest.mark.usefixtures("firewall")
def test_what_was_blocked_is_logged_without_tokens(synthesize: Synthesize) -> None:
    module = synthesize()

    group = module.the("aws_cloudwatch_log_group")
    # WAF writes to no group of another name.
    assert group["name"] == "aws-waf-logs-app-${var.environment}-api"
    assert group["kms_key_id"] == "${aws_kms_key.log_key.arn}"
    logging = module.the("aws_wafv2_web_acl_logging_configuration")
    assert logging["redacted_fields"] == [{"single_header": {"name": "authorization"}}]
    assert logging["log_destination_configs"] == ["${aws_cloudwatch_log_group.firewall_logs.arn}"]


def test_a_web_acl_is_put_before_a_stage(firewall: WebAcl, rest: RestApi, synthesize: Synthesize) -> None:
    firewall.protect("api", rest.stage.arn)

    association = synthesize().the("aws_wafv2_web_acl_association")
    assert association["resource_arn"] == "${aws_api_gateway_stage.rest_stage.arn}"
    assert association["web_acl_arn"] == "${aws_wafv2_web_acl.firewall.arn}"
