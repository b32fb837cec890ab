"""Policies by statement: what is the same in another spelling is no change, what is not is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.report_plans import Json, policy, statement
from tooling.report.semantic.model import Entry
from tooling.report.semantic.statements import compare, document_in, of_blocks

READ = statement("Read", "s3:GetObject", "arn:b/*")


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(entry.sign, entry.label) for entry in entries(before, after)]


def entries(before: str, after: str) -> tuple[Entry, ...]:
    return compare(document_in(before) or (), document_in(after) or ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (statement("S", "a:B"), statement("S", ["a:B"])),
        (statement("S", ["a:B", "a:C"]), statement("S", ["a:C", "a:B"])),
        (statement("S", "a:B", ["x", "y"]), statement("S", "a:B", ["y", "x"])),
        (statement("Old", "a:B"), statement("New", "a:B")),
        (
            statement("S", "a:B", Condition={"Bool": {"aws:SecureTransport": True}}),
            statement("S", "a:B", Condition={"Bool": {"aws:SecureTransport": "true"}}),
        ),
        (
            statement("S", "a:B", Principal={"Service": ["x.amazonaws.com"]}),
            statement("S", "a:B", Principal={"Service": "x.amazonaws.com"}),
        ),
        (statement("S", "a:B", Principal="*"), statement("S", "a:B", Principal={"AWS": "*"})),
    ],
)
def test_another_spelling_of_the_same_is_no_change(one: Json, other: Json) -> None:
    assert told(policy(READ, one), policy(other, READ)) == []


@pytest.mark.parametrize(
    ("changed", "moved"),
    [
        ({"Action": ["s3:GetObject", "s3:PutObject"]}, ("+", "action", "", "s3:PutObject")),
        ({"Resource": ["arn:b/*", "arn:c"]}, ("+", "resource", "", "arn:c")),
        ({"Principal": {"AWS": "arn:x"}}, ("+", "principal", "", "arn:x")),
        ({"Principal": "*"}, ("+", "principal", "", "anyone")),
        ({"Effect": "Deny"}, ("~", "effect", "Allow", "Deny")),
        ({"Condition": {"StringEquals": {"k": "v"}}}, ("+", "condition", "", "k is v")),
        ({"Condition": {"StringLike": {"k": ["v*", "w"]}}}, ("+", "condition", "", "k (StringLike) v* or w")),
        ({"NotResource": "arn:d"}, ("+", "excepted resource", "", "arn:d")),
    ],
)
def test_what_moves_in_a_statement_is_named_by_its_element(changed: Json, moved: tuple[str, ...]) -> None:
    (entry,) = entries(policy(READ), policy({**READ, **changed}))

    assert (entry.sign, entry.label) == ("~", "Read")
    assert moved in [(part.sign, part.label, part.before, part.after) for part in entry.parts]


def test_a_condition_that_is_taken_away_is_told() -> None:
    tied = {**READ, "Condition": {"StringEquals": {"aws:SourceAccount": "1"}}}

    (entry,) = entries(policy(tied), policy(READ))

    assert [(part.sign, part.label, part.before) for part in entry.parts] == [
        ("-", "condition", "aws:SourceAccount is 1")
    ]


def test_statements_that_come_and_go_are_sentences() -> None:
    gone = statement("Gone", "kms:*", Effect="Deny", Principal={"Service": "x.amazonaws.com"})
    come = statement("Come", ["b:B", "a:A"], "arn:q", Condition={"ArnLike": {"aws:SourceArn": "arn:r"}})

    assert told(policy(READ, gone), policy(READ, come)) == [
        ("+", "Come: Allow: a:A, b:B on arn:q, if aws:SourceArn (ArnLike) arn:r"),
        ("-", "Gone: Deny service x.amazonaws.com: kms:* on *"),
    ]


def test_a_statement_without_a_name_is_paired_with_the_one_it_was() -> None:
    old, new = {**statement("", "a:A", "arn:x")}, {**statement("", ["a:A", "a:B"], "arn:x")}
    del old["Sid"], new["Sid"]

    (entry,) = entries(policy(READ, old), policy(READ, new))

    assert entry.sign == "~"
    assert [(part.sign, part.after) for part in entry.parts] == [("+", "a:B")]


def test_exceptions_are_told_as_such() -> None:
    excepted = {"Effect": "Deny", "NotAction": "a:B", "NotResource": "arn:x", "NotPrincipal": {"AWS": "arn:me"}}

    assert told(policy(), policy(excepted)) == [
        ("+", "Deny everyone but arn:me: everything but a:B on everything but arn:x")
    ]


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"Statement": ["x"]}', json.dumps({"rules": []}), None, 7])
def test_other_texts_are_no_policies(text: Any) -> None:
    assert document_in(text) is None


def test_blocks_name_what_is_not_known_by_where_it_comes_from() -> None:
    blocks: list[Json] = [{"sid": "Read", "actions": ["a:A"], "resources": ["arn:known", None], "principals": []}]
    unknown = [{"resources": [False, True]}]
    written = [{"resources": {"references": ["aws_x.y.arn", "aws_x.y", "var.z"]}}]

    (grant,) = of_blocks(blocks, unknown, written)

    assert grant.resources == {"arn:known", "⟨aws_x.y.arn⟩"}


def test_blocks_of_a_dynamic_block_are_found_by_their_name() -> None:
    blocks: list[Json] = [
        {"sid": "Made", "actions": ["a:A"]},
        {"sid": "Written", "actions": ["a:B"], "resources": [None]},
    ]
    written = [{"sid": {"constant_value": "Written"}, "resources": {"references": ["aws_x.y"]}}]

    grants = of_blocks(blocks, [{}, {"resources": [True]}], written)

    assert grants[1].resources == {"⟨aws_x.y⟩"}
