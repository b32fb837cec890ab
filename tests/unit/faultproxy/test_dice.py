"""Which calls a plan hits: by pattern, by count, by seed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tooling.faultproxy.asked import Asked, what_is_asked
from tooling.faultproxy.rules import Dice, FaultPlan, Rule

GET_ROLE = Asked("iam", "GetRole", "query", "us-east-1", "", "", "POST", "provider")
PUT_STATE = Asked("s3", "PutObject", "rest-xml", "us-east-1", "state", "dev/a.tfstate", "PUT", "backend")


def hits(rule: Rule, calls: list[Asked], seed: int = 0) -> list[bool]:
    dice = Dice(FaultPlan(seed, (rule,)))
    return [dice.throw(call) is not None for call in calls]


@pytest.mark.parametrize(
    ("rule", "matches"),
    [
        (Rule("reset"), True),
        (Rule("reset", service="s3", operation="Put*"), True),
        (Rule("reset", key="*.tfstate", bucket="state"), True),
        (Rule("reset", key="*.tflock"), False),
        (Rule("reset", bucket="other"), False),
        (Rule("reset", service="iam"), False),
        (Rule("reset", method="GET"), False),
        (Rule("reset", caller="backend"), True),
        (Rule("reset", caller="provider"), False),
        (Rule("reset", operation="put*"), False),
    ],
)
def test_a_rule_matches_by_globs_over_all_that_is_known_of_a_call(rule: Rule, matches: bool) -> None:
    assert hits(rule, [PUT_STATE]) == [matches]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule("reset", nth=3), [False, False, True, False, False]),
        (Rule("reset", since=3), [False, False, True, True, True]),
        (Rule("reset", times=2), [True, True, False, False, False]),
        (Rule("reset", since=2, times=2), [False, True, True, False, False]),
        (Rule("reset", probability=0), [False] * 5),
    ],
)
def test_calls_that_match_are_counted_from_one(rule: Rule, expected: list[bool]) -> None:
    assert hits(rule, [PUT_STATE] * 5) == expected


def test_calls_that_do_not_match_are_not_counted() -> None:
    assert hits(Rule("reset", service="s3", nth=2), [PUT_STATE, GET_ROLE, PUT_STATE]) == [False, False, True]


def test_the_first_rule_that_hits_decides() -> None:
    dice = Dice(FaultPlan(0, (Rule("reset", times=1), Rule("hang"))))

    thrown = [dice.throw(GET_ROLE) for _ in range(2)]

    assert [rule.kind for rule in thrown if rule] == ["reset", "hang"]


def test_the_same_seed_throws_the_same_and_another_seed_does_not() -> None:
    calls = [GET_ROLE] * 500

    first, again, other = (hits(Rule("reset", probability=0.2), calls, seed) for seed in (7, 7, 8))

    assert first == again
    assert first != other
    assert 60 <= sum(first) <= 140


def test_calls_that_overtake_each_other_meet_the_same() -> None:
    other = replace(GET_ROLE, operation="GetPolicy")
    in_turn = [call for pair in zip([GET_ROLE] * 50, [other] * 50, strict=True) for call in pair]
    rule = Rule("reset", probability=0.3)

    one = dict(zip(in_turn, [hits(rule, [call] * 50) for call in in_turn], strict=True))
    thrown = hits(rule, in_turn)

    assert [hit for call, hit in zip(in_turn, thrown, strict=True) if call == GET_ROLE] == one[GET_ROLE]
    assert [hit for call, hit in zip(in_turn, thrown, strict=True) if call == other] == one[other]


@pytest.mark.parametrize("wrong", [{"probability": 1.5}, {"nth": 0}, {"since": 0}, {"kind": "meteor"}])
def test_rejects_figures_out_of_range(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Rule(**{"kind": "reset", **wrong})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("agent", "caller"),
    [
        ("Boto3/1.40 md/Botocore#1.40", "boto3"),
        (
            "APN/1.0 HashiCorp/1.0 Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-aws/5.100.0",
            "provider",
        ),
        ("APN/1.0 HashiCorp/1.0 Terraform/1.11.4 (+https://www.terraform.io) aws-sdk-go-v2/1.32", "backend"),
        ("curl/8", "other"),
    ],
)
def test_the_user_agent_tells_who_calls(agent: str, caller: str) -> None:
    credential = "AWS4-HMAC-SHA256 Credential=123456789012/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host"

    asked = what_is_asked(
        "PUT", "/state/dev%2Fa.tflock?x-id=PutObject", {"user-agent": agent, "authorization": credential}, b""
    )

    assert asked == Asked("s3", "PutObject", "rest-xml", "eu-west-1", "state", "dev/a.tflock", "PUT", caller)


def test_the_emulators_own_addresses_are_never_disturbed() -> None:
    asked = what_is_asked("GET", "/_groundplan/health", {}, b"")

    assert asked.service == "?"
