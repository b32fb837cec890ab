"""Which grants a plan widens or narrows, statement by statement."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.gate.changes.conftest import ACCOUNT, STAYS, Look, refers_to, refused
from tooling.gate.changes import Changes
from tooling.gate.model import ChangeLimits

SHOWN = ChangeLimits(max_destroys=5, max_replaces=5, wider_grants="show")
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
ROLE: dict[str, Any] = {"aws_iam_role.r": {"before": {"name": "r"}, "after": {"name": "r"}}}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def role_with(old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, Any]:
    """A role that is there, with one statement before and one after."""
    policy: dict[str, Any] = {}
    if old is not None:
        policy["before"] = {"role": "r", "name": "p", "policy": document(old)}
    if new is not None:
        policy["after"] = {"role": "r", "name": "p", "policy": document(new)}
    return {**ROLE, "aws_iam_role_policy.p": policy}


def told(changes: Changes) -> list[tuple[str, str]]:
    return [(grant.direction, grant.statement) for grant in changes.grants]


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ({**READ, "Action": ["s3:GetObject", "s3:PutObject"]}, "may s3:PutObject on arn:aws:s3:::b/*"),
        ({**READ, "Action": "s3:*"}, "may s3:* on arn:aws:s3:::b/*"),
        ({**READ, "Resource": ["arn:aws:s3:::b/*", "arn:aws:s3:::c/*"]}, "may s3:GetObject on arn:aws:s3:::c/*"),
        ({**READ, "Resource": "*"}, "may s3:GetObject on *"),
        (
            {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
            "may everything but iam:* on *",
        ),
        (
            {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::c/*"},
            "may s3:GetObject on everything but arn:aws:s3:::c/*",
        ),
    ],
)
def test_a_statement_that_grants_more_is_told_with_what_is_more(look: Look, new: dict[str, Any], says: str) -> None:
    changes = look(role_with(READ, new))

    assert ("widened", says) in told(changes)
    assert refused(changes, "GP_PRIVILEGE_1") == ["aws_iam_role.r"]
    (grant,) = changes.widened
    assert grant.existing
    assert grant.before == ("may s3:GetObject on arn:aws:s3:::b/*",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (READ, {**READ, "Sid": "Named"}),
        (READ, {**READ, "Action": ["S3:getobject"]}),
        ({**READ, "Action": "s3:*"}, READ),
        ({**READ, "Resource": "*"}, READ),
        (READ, {**READ, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, READ),
        (READ, None),
    ],
)
def test_what_an_old_statement_covers_is_no_widening(
    look: Look, old: dict[str, Any], new: dict[str, Any] | None
) -> None:
    changes = look(role_with(old, new))

    assert changes.widened == ()
    assert changes.findings == ()


def test_a_condition_that_goes_widens_and_one_that_comes_narrows(look: Look) -> None:
    held = {**READ, "Condition": {"StringEquals": {"aws:PrincipalTag/team": "a"}}}

    assert told(look(role_with(held, READ))) == [("widened", "may s3:GetObject on arn:aws:s3:::b/*")]
    assert told(look(role_with(READ, held))) == [("narrowed", "may s3:GetObject on arn:aws:s3:::b/*")]


def test_a_deny_that_goes_widens(look: Look) -> None:
    deny = {"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}

    changes = look(role_with(deny, {**deny, "Action": "s3:DeleteBucket"}))

    assert ("widened", "no longer denied: must not s3:Delete* on *") in told(changes)
    assert refused(changes, "GP_PRIVILEGE_1") == ["aws_iam_role.r"]


def test_a_policy_that_is_taken_away_with_its_denials_widens_the_bucket(look: Look) -> None:
    bucket = {"bucket": "b", "id": "b"}
    plain = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }

    changes = look(
        {
            # AWS shows the policy in the bucket as well.
            "aws_s3_bucket.b": {
                "before": {**bucket, "policy": document(plain)},
                "after": {**bucket, "policy": document(plain)},
                "expressions": {"bucket": {"constant_value": "b"}},
            },
            "aws_s3_bucket_policy.p": {"before": {"bucket": "b", "policy": document(plain)}},
        }
    )

    assert told(changes) == [
        ("widened", "no longer denied: everybody must not s3:* on *, if aws:SecureTransport Bool false")
    ]


def test_a_new_principal_of_a_trust_policy_widens_the_role(look: Look) -> None:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    wider = {**trust, "Principal": {"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}}

    def with_trust(statement: dict[str, Any]) -> dict[str, Any]:
        return {"name": "r", "assume_role_policy": document(statement)}

    changes = look({"aws_iam_role.r": {"before": with_trust(trust), "after": with_trust(wider)}})

    (grant,) = changes.grants
    assert grant.statement == "Service lambda.amazonaws.com, Service ec2.amazonaws.com may sts:AssumeRole"
    assert grant.direction == "widened"


def test_an_attached_policy_widens_a_role_that_is_there(look: Look) -> None:
    administrator = "arn:aws:iam::aws:policy/AdministratorAccess"

    changes = look({**ROLE, "aws_iam_role_policy_attachment.a": {"after": {"role": "r", "policy_arn": administrator}}})

    assert told(changes) == [("widened", f"may whatever the policy says on {administrator}")]
    assert refused(changes, "GP_PRIVILEGE_1") == ["aws_iam_role.r"]


def test_a_permission_widens_the_function_and_one_with_a_narrower_source_does_not(look: Look) -> None:
    function = {"before": {"function_name": "f"}, "after": {"function_name": "f"}}
    permission = {"action": "lambda:InvokeFunction", "function_name": "f", "principal": "events.amazonaws.com"}
    rule = f"arn:aws:events:us-east-1:{ACCOUNT}:rule/*"

    def with_source(before: str | None, after: str) -> Changes:
        given: dict[str, Any] = {"after": {**permission, "source_arn": after}}
        if before:
            given["before"] = {**permission, "source_arn": before}
        return look({"aws_lambda_function.f": function, "aws_lambda_permission.p": given})

    assert refused(with_source(None, rule), "GP_PRIVILEGE_1") == ["aws_lambda_function.f"]
    assert with_source(rule, rule.replace("*", "tick")).widened == ()
    assert refused(with_source(rule.replace("*", "tick"), rule), "GP_PRIVILEGE_1") == ["aws_lambda_function.f"]


def test_new_roles_of_a_stack_that_exists_are_shown_and_not_refused(look: Look) -> None:
    new = {name: {"after": given["after"]} for name, given in role_with(None, READ).items()}

    changes = look({**STAYS, **new})

    assert [(grant.subject, grant.existing) for grant in changes.grants] == [("aws_iam_role.r", False)]
    assert refused(changes, "GP_PRIVILEGE_1") == []
    assert look(new).grants == ()


def test_where_wider_grants_are_shown_only_nothing_is_refused(look: Look) -> None:
    changes = look(role_with(READ, {**READ, "Action": "s3:*"}), SHOWN)

    assert len(changes.widened) == 1
    assert changes.findings == ()


def test_a_role_that_goes_is_not_wider_for_the_denials_it_had(look: Look) -> None:
    deny = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}

    changes = look(
        {
            **STAYS,
            "aws_iam_role.r": {"before": {"name": "r"}},
            "aws_iam_role_policy.p": {"before": {"role": "r", "name": "p", "policy": document(deny)}},
        }
    )

    assert changes.widened == ()


def test_the_policies_that_aws_shows_in_a_role_are_those_beside_it(look: Look) -> None:
    # GIVEN a role in which AWS shows the old text of the policy beside it
    shown = [{"name": "p", "policy": document(READ)}]
    role = {"name": "r", "inline_policy": shown}

    changes = look(
        {
            **role_with(READ, {**READ, "Resource": "arn:aws:s3:::c/*"}),
            "aws_iam_role.r": {"before": role, "after": role, "expressions": {"name": {}}},
        }
    )

    # THEN what is narrowed is told all the same
    assert told(changes) == [
        ("widened", "may s3:GetObject on arn:aws:s3:::c/*"),
        ("narrowed", "may s3:GetObject on arn:aws:s3:::b/*"),
    ]


# What is known only after the apply.

TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/t"
QUERY = {"Effect": "Allow", "Action": ["dynamodb:Query"], "Resource": [TABLE, f"{TABLE}/index/*"]}


def waiting(actions: list[str], table: dict[str, Any]) -> dict[str, Any]:
    """A role whose policy waits for the ARN of a table."""
    arn = refers_to("aws_dynamodb_table.t.arn", "aws_dynamodb_table.t")
    source = refers_to("data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d")
    return {
        **STAYS,
        **ROLE,
        "aws_dynamodb_table.t": table,
        "data.aws_iam_policy_document.d": {
            "after": {"statement": [{"actions": actions, "resources": [None]}]},
            "actions": ["read"],
            "unknown": {"json": True, "statement": [{"actions": [False], "resources": [True]}]},
            "expressions": {"statement": [{"actions": {}, "resources": arn}]},
        },
        "aws_iam_role_policy.p": {
            "before": {"role": "r", "name": "p", "policy": document(QUERY)},
            "after": {"role": "r", "name": "p"},
            "unknown": {"policy": True},
            "expressions": {"role": {}, "name": {}, "policy": source},
        },
    }


REPLACED = {
    "before": {"name": "t", "arn": TABLE},
    "after": {"name": "t"},
    "unknown": {"arn": True},
    "actions": ["delete", "create"],
}


def test_a_grant_on_what_is_only_made_anew_is_the_one_that_it_was(look: Look) -> None:
    assert look(waiting(["dynamodb:Query"], REPLACED)).widened == ()


def test_another_action_on_what_is_made_anew_is_wider(look: Look) -> None:
    (grant,) = look(waiting(["dynamodb:Scan"], REPLACED)).widened

    assert grant.statement == "may dynamodb:Scan on what is known only after the apply"
    assert grant.undecided


def test_a_grant_on_something_new_is_wider(look: Look) -> None:
    changes = look(waiting(["dynamodb:Query"], {"after": {"name": "t"}, "unknown": {"arn": True}}))

    assert refused(changes, "GP_PRIVILEGE_1") == ["aws_iam_role.r"]


def test_a_policy_of_which_nothing_can_be_read_is_an_undecided_widening(look: Look) -> None:
    resources = role_with(READ, READ)
    resources["aws_iam_role_policy.p"] = {
        "before": {"role": "r", "name": "p", "policy": document(READ)},
        "after": {"role": "r", "name": "p"},
        "unknown": {"policy": True},
        "expressions": {"role": {}, "name": {}, "policy": refers_to("local.text")},
    }

    changes = look(resources)

    (grant,) = changes.widened
    assert grant.undecided
    assert "nothing of it is known before the apply" in grant.statement
    assert refused(changes, "GP_PRIVILEGE_1") == ["aws_iam_role.r"]


def test_in_a_plan_that_changes_nothing_no_grant_changes(look: Look) -> None:
    assert look(role_with(READ, READ)).grants == ()
