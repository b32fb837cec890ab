"""Which statement allows all that another one does: rules, and random statements held against single requests."""

from __future__ import annotations

from fnmatch import translate
from itertools import product
from re import fullmatch
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tooling.gate.changes.statements import grants_in
from tooling.gate.changes.subsumption import Grant, Scope, covers, implied, overlaps

TEXTS = ["".join(chars) for length in range(4) for chars in product("ab", repeat=length)]
patterns = st.text("ab*?", max_size=5)

# A request: what is asked for, on what, by whom, and the value of the one key that conditions are about.
ACTIONS, RESOURCES, PRINCIPALS, VALUES = ("s:a", "s:b", "t:a"), ("r1", "r2", "q1"), ("AWS:x", "AWS:y"), ("v1", "v2", "")
Request = tuple[str, str, str, str]
REQUESTS: list[Request] = list(product(ACTIONS, RESOURCES, PRINCIPALS, VALUES))


def matches(pattern: str, text: str) -> bool:
    return fullmatch(translate(pattern), text) is not None


@pytest.mark.parametrize(
    ("pattern", "other"),
    [
        ("*", ""),
        ("*", "s3:*"),
        ("s3:*", "s3:getobject"),
        ("s3:get*", "s3:getobject*"),
        ("s3:?et*", "s3:get*"),
        ("*?", "?*"),
        ("a**b", "a*b"),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/*/x"),
    ],
)
def test_a_pattern_covers_what_is_within_it(pattern: str, other: str) -> None:
    assert covers(pattern, other)


@pytest.mark.parametrize(
    ("pattern", "other"),
    [("s3:getobject", "s3:get*"), ("?", "*"), ("?", ""), ("a*b", "a*"), ("s3:*", "*"), ("arn:x/*", "arn:x")],
)
def test_a_pattern_covers_nothing_that_is_beside_it(pattern: str, other: str) -> None:
    assert not covers(pattern, other)


@given(patterns, patterns)
def test_what_is_covered_is_matched(pattern: str, other: str) -> None:
    if covers(pattern, other):
        assert [text for text in TEXTS if matches(other, text) and not matches(pattern, text)] == []


@given(patterns)
def test_a_pattern_covers_itself_and_is_covered_by_everything(pattern: str) -> None:
    assert covers(pattern, pattern)
    assert covers("*", pattern)


@given(patterns, st.sampled_from(TEXTS))
def test_a_pattern_covers_a_text_exactly_if_it_matches_it(pattern: str, text: str) -> None:
    assert covers(pattern, text) == matches(pattern, text)


@given(patterns, patterns)
def test_patterns_overlap_if_a_text_matches_both(one: str, other: str) -> None:
    assert overlaps(one, other) == overlaps(other, one)
    if any(matches(one, text) and matches(other, text) for text in TEXTS):
        assert overlaps(one, other)


def test_everything_but_a_few_covers_what_is_none_of_them() -> None:
    but_iam = Scope(frozenset({"iam:*"}), excepted=True)

    assert but_iam.covers(Scope(frozenset({"s3:getobject", "s3:put*"})))
    assert not but_iam.covers(Scope(frozenset({"i*"})))
    assert not but_iam.covers(Scope(frozenset({"*"})))
    assert but_iam.covers(Scope(frozenset({"iam:*", "sts:*"}), excepted=True))
    assert not but_iam.covers(Scope(frozenset({"iam:get*"}), excepted=True))
    assert Scope(frozenset({"*"})).covers(but_iam)
    assert not Scope(frozenset({"s3:*"})).covers(but_iam)


def _allows(statement: dict[str, Any], request: Request) -> bool:
    """Whether a statement is about a request: the evaluation that AWS documents, in small."""
    action, resource, principal, value = request
    conditions = statement.get("Condition", {})
    held = {
        "StringEquals": lambda values: value in values,
        "StringNotEquals": lambda values: value not in values,
        "StringLike": lambda values: bool(value) and any(matches(each, value) for each in values),
        "StringEqualsIfExists": lambda values: not value or value in values,
    }
    return (
        _is_in(statement, "Action", action)
        and _is_in(statement, "Resource", resource)
        and _is_in({"Principal": _principals(statement)}, "Principal", principal)
        and all(held[operator](tests["k"]) for operator, tests in conditions.items())
    )


def _principals(statement: dict[str, Any]) -> list[str]:
    principal = statement["Principal"]
    return ["*"] if principal == "*" else [f"AWS:{name}" for name in principal["AWS"]]


def _is_in(statement: dict[str, Any], key: str, text: str) -> bool:
    if f"Not{key}" in statement:
        return not any(matches(each, text) for each in statement[f"Not{key}"])
    return any(matches(each, text) for each in statement[key])


def _scope(key: str, texts: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    listed = st.lists(texts, min_size=1, max_size=2)
    return st.one_of(listed.map(lambda found: {key: found}), listed.map(lambda found: {f"Not{key}": found}))


conditions = st.one_of(
    st.just({}),
    st.builds(
        lambda operator, values: {"Condition": {operator: {"k": values}}},
        st.sampled_from(["StringEquals", "StringNotEquals", "StringEqualsIfExists"]),
        st.lists(st.sampled_from(["v1", "v2"]), min_size=1, max_size=2, unique=True),
    ),
    st.sampled_from(["*", "v*", "v?"]).map(lambda each: {"Condition": {"StringLike": {"k": [each]}}}),
)
statements = st.builds(
    lambda effect, action, resource, principal, condition: {
        "Effect": effect,
        **action,
        **resource,
        "Principal": principal,
        **condition,
    },
    st.sampled_from(["Allow", "Deny"]),
    _scope("Action", st.sampled_from([*ACTIONS, "s:*", "*", "?:a"])),
    _scope("Resource", st.sampled_from([*RESOURCES, "r*", "*"])),
    st.sampled_from(["*", {"AWS": ["x"]}, {"AWS": ["x", "y"]}]),
    conditions,
)


@given(statements, statements)
def test_whatever_a_covered_statement_is_about_the_covering_one_is_about_too(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    grants = [*grants_in(one)]
    if one["Effect"] == other["Effect"] and all(
        any(mine.covers(theirs) for mine in grants) for theirs in grants_in(other)
    ):
        assert [request for request in REQUESTS if _allows(other, request) and not _allows(one, request)] == []


@given(statements)
def test_a_statement_covers_itself(statement: dict[str, Any]) -> None:
    grants: list[Grant] = [*grants_in(statement)]

    assert grants
    assert all(grant.covers(grant) for grant in grants)


@given(statements, st.lists(statements, max_size=3), st.lists(statements, max_size=3))
def test_what_is_not_told_to_be_wider_allows_no_request_that_was_not_allowed_before(
    added: dict[str, Any], before: list[dict[str, Any]], kept: list[dict[str, Any]]
) -> None:
    # GIVEN statements of before, and others after, some of them the same
    after = [*kept, *before[:2], added]
    had = [grant for statement in before for grant in grants_in(statement)]
    has = [grant for statement in after for grant in grants_in(statement)]

    # WHEN each new grant is covered by one of before, and each denial of before by one that is left
    wider = [grant for grant in has if grant.allows and not any(other.covers(grant) for other in had)]
    lost = [grant for grant in had if not grant.allows and not any(other.covers(grant) for other in has)]

    # THEN no request gets through that did not
    if not wider and not lost:
        assert [each for each in REQUESTS if _passes(after, each) and not _passes(before, each)] == []


def _passes(policy: list[dict[str, Any]], request: Request) -> bool:
    about = [statement["Effect"] for statement in policy if _allows(statement, request)]
    return "Allow" in about and "Deny" not in about


@given(st.lists(statements, min_size=1, max_size=3), statements)
def test_adding_an_allowing_statement_narrows_nothing(before: list[dict[str, Any]], added: dict[str, Any]) -> None:
    after = [*before, {**added, "Effect": "Allow"}]
    has = [grant for statement in after for grant in grants_in(statement)]

    had = [grant for statement in before for grant in grants_in(statement)]
    assert all(any(other.covers(grant) for other in has) for grant in had)


@pytest.mark.parametrize(
    ("weaker", "stronger", "follows"),
    [
        ({}, {"StringEquals": ["v1"]}, True),
        ({"StringEquals": ["v1"]}, {}, False),
        ({"StringEquals": ["v1", "v2"]}, {"StringEquals": ["v1"]}, True),
        ({"StringEquals": ["v1"]}, {"StringEquals": ["v1", "v2"]}, False),
        ({"StringNotEquals": ["v1"]}, {"StringNotEquals": ["v1", "v2"]}, True),
        ({"StringNotEquals": ["v1", "v2"]}, {"StringNotEquals": ["v1"]}, False),
        ({"StringLike": ["v*"]}, {"StringLike": ["v1"]}, True),
        ({"StringLike": ["v1"]}, {"StringLike": ["v*"]}, False),
        ({"StringEqualsIfExists": ["v1"]}, {"StringEquals": ["v1"]}, True),
        ({"StringEquals": ["v1"]}, {"StringEqualsIfExists": ["v1"]}, False),
        ({"Bool": ["true"]}, {"Bool": ["true"]}, True),
        ({"NumericLessThan": ["5"]}, {"NumericLessThan": ["4"]}, False),
    ],
)
def test_a_condition_follows_from_a_stronger_one(
    weaker: dict[str, list[str]], stronger: dict[str, list[str]], follows: bool
) -> None:
    def of(operators: dict[str, list[str]]) -> dict[tuple[str, str], frozenset[str]]:
        return {(operator.lower(), "k"): frozenset(values) for operator, values in operators.items()}

    assert implied(of(weaker), of(stronger)) is follows
