"""Blocks: the provider's schema tells them from attributes, meta-arguments have their places."""

from __future__ import annotations

import pytest

from cdktf_app.hcl import HclError, UnknownTypeError
from tests.unit.hcl.rendering import render, render_resource


def test_nested_blocks_and_attributes_are_told_apart_by_the_schema() -> None:
    text = render_resource(
        "aws_dynamodb_table",
        tags={"a": "b"},
        attribute=[{"name": "a", "type": "S"}, {"name": "b", "type": "N"}],
        ttl={"enabled": False, "attribute_name": ""},
    )

    assert text == (
        'resource "aws_dynamodb_table" "x" {\n'
        "  tags = {\n"
        '    a = "b"\n'
        "  }\n"
        "\n"
        "  attribute {\n"
        '    name = "a"\n'
        '    type = "S"\n'
        "  }\n"
        "\n"
        "  attribute {\n"
        '    name = "b"\n'
        '    type = "N"\n'
        "  }\n"
        "\n"
        "  ttl {\n"
        "    enabled        = false\n"
        '    attribute_name = ""\n'
        "  }\n"
        "}\n"
    )


def test_attributes_that_look_like_blocks_stay_attributes() -> None:
    text = render_resource("aws_security_group", ingress=[{"from_port": 0, "description": None}], egress=[])

    assert "  ingress = [\n    {\n      from_port   = 0\n      description = null\n    },\n  ]\n" in text
    assert "  egress = []\n" in text


def test_deep_blocks_follow_the_tree() -> None:
    statement: dict[str, object] = {"not_statement": {"statement": {"geo_match_statement": {"country_codes": []}}}}

    text = render_resource("aws_wafv2_web_acl", rule=[{"statement": statement, "action": {"allow": {}}}])

    assert "geo_match_statement {\n            country_codes = []" in text
    assert "allow {}" in text


def test_meta_arguments_stand_first_and_last() -> None:
    text = render_resource(
        "aws_sqs_queue",
        depends_on=["aws_sqs_queue.a", "${module.b}"],
        name="q",
        lifecycle={
            "prevent_destroy": True,
            "ignore_changes": ["tags", 'tags["a"]'],
            "replace_triggered_by": ["aws_sqs_queue.a.arn"],
            "postcondition": {"condition": "${self.arn != null}", "error_message": "No ${self.arn}."},
        },
        provider="aws.other",
        for_each={"a": 0},
    )

    assert text == (
        'resource "aws_sqs_queue" "x" {\n'
        "  for_each = {\n"
        "    a = 0\n"
        "  }\n"
        "  provider = aws.other\n"
        "\n"
        '  name = "q"\n'
        "\n"
        "  lifecycle {\n"
        "    prevent_destroy      = true\n"
        '    ignore_changes       = [tags, tags["a"]]\n'
        "    replace_triggered_by = [aws_sqs_queue.a.arn]\n"
        "\n"
        "    postcondition {\n"
        "      condition     = self.arn != null\n"
        '      error_message = "No ${self.arn}."\n'
        "    }\n"
        "  }\n"
        "\n"
        "  depends_on = [aws_sqs_queue.a, module.b]\n"
        "}\n"
    )


def test_ignoring_all_changes_is_a_word() -> None:
    assert "ignore_changes = all\n" in render_resource("aws_sqs_queue", lifecycle={"ignore_changes": "all"})


def test_count_of_zero_is_written() -> None:
    assert "  count = 0\n" in render_resource("aws_sqs_queue", count=0)


def test_dynamic_blocks_keep_iterator_and_content() -> None:
    text = render_resource(
        "aws_dynamodb_table",
        dynamic={
            "attribute": {
                "for_each": "${var.keys}",
                "iterator": "key",
                "content": {"name": "${key.value}", "type": "S"},
            }
        },
    )

    assert text == (
        'resource "aws_dynamodb_table" "x" {\n'
        '  dynamic "attribute" {\n'
        "    for_each = var.keys\n"
        "    iterator = key\n"
        "\n"
        "    content {\n"
        "      name = key.value\n"
        '      type = "S"\n'
        "    }\n"
        "  }\n"
        "}\n"
    )


def test_policy_statements_say_first_what_they_are() -> None:
    body = {"statement": [{"actions": ["s3:*"], "effect": "Deny", "resources": ["*"], "sid": "No"}]}

    text = render(data={"aws_iam_policy_document": {"x": body}})["main.tf"]

    assert [line.split()[0] for line in text.splitlines()[2:6]] == ["sid", "effect", "actions", "resources"]


def test_empty_block_lists_and_nulls_are_no_blocks() -> None:
    assert render_resource("aws_dynamodb_table", ttl=None, attribute=[]) == 'resource "aws_dynamodb_table" "x" {}\n'


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"ttl": "${var.ttl}"}, r"aws_dynamodb_table\.x > ttl: expected a block.*dynamic blocks"),
        ({"dynamic": {"tags": {"for_each": [], "content": {}}}}, "dynamic tags: the provider has no such block here"),
        ({"dynamic": {"ttl": {"for_each": [], "contents": {}}}}, "not 'contents'"),
        ({"provisioner": {"local-exec": {"command": "x"}}}, "provisioner blocks are not supported"),
        ({"ttl": [{"enabled": "${"}]}, r"aws_dynamodb_table\.x > ttl > enabled: an expression is not closed"),
        ({"tags": {"a": {"b": "${"}}}, r"tags > a > b: an expression is not closed"),
        ({"depends_on": [7]}, "depends_on: expected the text of an expression, got 7"),
    ],
)
def test_errors_say_where_they_are(body: dict[str, object], message: str) -> None:
    with pytest.raises(HclError, match=message):
        render_resource("aws_dynamodb_table", **body)


def test_unknown_type_says_how_to_renew_the_schema() -> None:
    with pytest.raises(UnknownTypeError, match=r"has no resource 'aws_magic'.*providers schema -json"):
        render_resource("aws_magic", name="x")
