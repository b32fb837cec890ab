"""Lines go along the data, say what goes along them, and end at cards that are there."""

from __future__ import annotations

import json

import pytest

from tests.support.drawing import Drawing, read_drawing
from tests.support.small_plans import Json, Made, small_plan
from tooling.diagram import draw
from tooling.diagram.permissions import word_of


def drawn(*made: Made) -> Drawing:
    return read_drawing(draw(small_plan(*made), title="any"))


@pytest.mark.parametrize(
    ("user", "argument", "used", "expected", "words"),
    [
        ("aws_lambda_function", "tracing", "aws_sqs_queue", "user to used", ""),
        ("aws_cloudwatch_event_rule", "event_pattern", "aws_s3_bucket", "used to user", "events"),
        ("aws_cloudfront_distribution", "origin", "aws_s3_bucket", "user to used", "origin"),
        ("aws_cloudfront_distribution", "web_acl_id", "aws_wafv2_web_acl", "used to user", "guards"),
        ("aws_db_instance", "replicate_source_db", "aws_rds_cluster", "used to user", "replicates"),
    ],
)
def test_a_reference_is_a_line_along_the_data(user: str, argument: str, used: str, expected: str, words: str) -> None:
    drawing = drawn(Made(f"{user}.one", uses={argument: [f"{used}.two.arn"]}), Made(f"{used}.two"))

    ends = (f"{user}.one", f"{used}.two")
    (line,) = [line for line in drawing.lines if line[0] != "internet"]
    assert line == (ends if expected == "user to used" else ends[::-1])
    assert drawing.lines[line].endswith(f": {words}" if words else " two")


def test_what_an_attachment_names_is_a_line_of_its_card() -> None:
    """As an API calls functions: by an integration of the one, and a permission of the other."""
    drawing = drawn(
        Made("aws_apigatewayv2_api.api"),
        Made(
            "aws_apigatewayv2_integration.i",
            uses={"api_id": ["aws_apigatewayv2_api.api.id"], "integration_uri": ["aws_lambda_function.f.invoke_arn"]},
        ),
        Made("aws_lambda_function.f"),
        Made(
            "aws_lambda_permission.p",
            uses={
                "function_name": ["aws_lambda_function.f.function_name"],
                "source_arn": ["aws_apigatewayv2_api.api.execution_arn"],
            },
        ),
    )

    assert drawing.lines == {
        ("aws_apigatewayv2_api.api", "aws_lambda_function.f"): "API Gateway API api → Lambda function f: invoke",
        ("internet", "aws_apigatewayv2_api.api"): "Everybody Internet → API Gateway API api: https",
    }


def policy(actions: list[str], resources: list[str]) -> str:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resources}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def permitted(document: str | None, *further: Made, uses: Json | None = None) -> Drawing:
    """A function whose role has a policy."""
    return drawn(
        Made("aws_lambda_function.f", uses={"role": ["aws_iam_role.r.arn"]}),
        Made("aws_iam_role.r"),
        Made(
            "aws_iam_role_policy.p",
            {"policy": document} if document else {},
            {"role": ["aws_iam_role.r.name"], **(uses or {})},
        ),
        Made("aws_dynamodb_table.t", {"name": "orders"}),
        *further,
    )


@pytest.mark.parametrize(
    ("actions", "resource", "words"),
    [
        (["dynamodb:GetItem", "dynamodb:Query"], "table/orders", "read"),
        (["dynamodb:PutItem"], "table/orders", "write"),
        (["dynamodb:GetItem", "dynamodb:UpdateItem"], "table/orders", "read, write"),
        (["dynamodb:Query"], "table/orders/index/GSI1", "read"),
        (["dynamodb:*"], "table/orders", "all"),
    ],
)
def test_a_permission_is_a_line_that_says_what_for(actions: list[str], resource: str, words: str) -> None:
    drawing = permitted(policy(actions, [f"arn:aws:dynamodb:us-east-1:123456789012:{resource}"]))

    assert drawing.lines["aws_lambda_function.f", "aws_dynamodb_table.t"].endswith(f": {words}")


@pytest.mark.parametrize("resource", ["table/orders-of-others", "table/order", "*"])
def test_a_permission_on_something_else_is_no_line(resource: str) -> None:
    drawing = permitted(policy(["dynamodb:GetItem"], [f"arn:aws:dynamodb:us-east-1:123456789012:{resource}"]))

    assert drawing.lines == {}


def test_a_denial_is_no_line() -> None:
    document = policy(["dynamodb:GetItem"], ["arn:aws:dynamodb:us-east-1:123456789012:table/orders"])

    assert permitted(document.replace("Allow", "Deny")).lines == {}


def test_a_permission_that_is_not_known_yet_is_read_where_it_is_written() -> None:
    # GIVEN a document of which the plan knows only what it refers to
    statement = {"effect": "Allow", "actions": ["dynamodb:GetItem"], "resources": [None]}
    document = Made(
        "data.aws_iam_policy_document.d",
        {"statement": [statement]},
        data=True,
    )
    plan = small_plan(
        Made("aws_lambda_function.f", uses={"role": ["aws_iam_role.r.arn"]}),
        Made("aws_iam_role.r"),
        Made(
            "aws_iam_role_policy.p",
            uses={"role": ["aws_iam_role.r.name"], "policy": ["data.aws_iam_policy_document.d.json"]},
        ),
        Made("aws_dynamodb_table.t"),
        document,
    )
    (configured,) = [each for each in plan["configuration"]["root_module"]["resources"] if each["mode"] == "data"]
    referring = {"references": ["aws_dynamodb_table.t.arn", "aws_dynamodb_table.t"]}
    configured["expressions"] = {"statement": [{"resources": referring}]}

    # WHEN
    drawing = read_drawing(draw(plan, title="any"))

    # THEN
    assert drawing.lines["aws_lambda_function.f", "aws_dynamodb_table.t"].endswith(": read")


@pytest.mark.parametrize(
    ("action", "word"),
    [
        ("s3:GetObject", "read"),
        ("s3:PutObject", "write"),
        ("lambda:InvokeFunction", "invoke"),
        ("states:StartExecution", "start"),
        ("sqs:SendMessage", "send"),
        ("sns:Publish", "send"),
        ("kms:Decrypt", "use"),
        ("iam:PassRole", "pass"),
    ],
)
def test_an_action_has_a_word(action: str, word: str) -> None:
    assert word_of(action) == word


def guarded() -> list[Made]:
    """A load balancer before a service before a database, each in a security group of its own."""
    ports = {"web": 3000, "data": 5432}
    return [
        Made("aws_lb.web", uses={"security_groups": ["aws_security_group.lb.id"]}),
        Made("aws_ecs_service.app", uses={"network_configuration": ["aws_security_group.web.id"]}),
        Made("aws_db_instance.db", uses={"vpc_security_group_ids": ["aws_security_group.data.id"]}),
        *(Made(f"aws_security_group.{name}") for name in ("lb", "web", "data")),
        Made(
            "aws_vpc_security_group_ingress_rule.anybody",
            {"cidr_ipv4": "0.0.0.0/0", "ip_protocol": "tcp", "from_port": 443, "to_port": 443},
            {"security_group_id": ["aws_security_group.lb.id"]},
        ),
        *(
            Made(
                f"aws_vpc_security_group_ingress_rule.{name}",
                {"ip_protocol": "tcp", "from_port": port, "to_port": port},
                {
                    "security_group_id": [f"aws_security_group.{name}.id"],
                    "referenced_security_group_id": [f"aws_security_group.{before}.id"],
                },
            )
            for (name, port), before in zip(ports.items(), ("lb", "web"), strict=True)
        ),
    ]


def test_security_groups_say_who_reaches_whom_and_where() -> None:
    drawing = drawn(*guarded())

    assert {ends: title.rpartition(": ")[2] for ends, title in drawing.lines.items()} == {
        ("internet", "aws_lb.web"): "tcp 443",
        ("aws_lb.web", "aws_ecs_service.app"): "tcp 3000",
        ("aws_ecs_service.app", "aws_db_instance.db"): "tcp 5432",
    }


def test_a_door_for_few_is_none_for_everybody() -> None:
    made = [each for each in guarded() if not each.address.endswith(".anybody")]

    drawing = drawn(*made)

    assert "internet" not in drawing.cards


def test_support_is_faint_and_the_way_of_the_data_is_not() -> None:
    drawing = drawn(
        Made("aws_dynamodb_table.t", uses={"server_side_encryption": ["aws_kms_key.k.arn"]}),
        Made("aws_lambda_function.f", uses={"dead_letter_config": ["aws_sqs_queue.q.arn"]}),
        Made("aws_sfn_state_machine.m", uses={"definition": ["aws_lambda_function.f.arn"]}),
        *(Made(address) for address in ("aws_kms_key.k", "aws_sqs_queue.q")),
    )

    assert drawing.loud == {("aws_sfn_state_machine.m", "aws_lambda_function.f")}
    assert len(drawing.lines) == 3


def test_a_distribution_reaches_its_origin_by_the_name_that_a_record_gives_it() -> None:
    drawing = drawn(
        Made("aws_cloudfront_distribution.d", {"origin": [{"domain_name": "origin.example.com"}]}),
        Made("aws_route53_zone.z"),
        Made(
            "aws_route53_record.r",
            {"name": "origin.example.com"},
            {"zone_id": ["aws_route53_zone.z.zone_id"], "alias": ["aws_lb.web.dns_name"]},
        ),
        Made("aws_lb.web"),
    )

    assert ("aws_cloudfront_distribution.d", "aws_lb.web") in drawing.loud
    assert ("aws_route53_zone.z", "aws_lb.web") in drawing.loud


def test_lines_to_what_is_destroyed_are_marked() -> None:
    drawing = drawn(
        Made("aws_sfn_state_machine.m", uses={"definition": ["aws_lambda_function.f.arn"]}),
        Made("aws_lambda_function.f", action="destroy"),
    )

    assert 'class="line going" data-from="aws_sfn_state_machine.m"' in drawing.svg
