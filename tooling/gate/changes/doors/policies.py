"""Policies of resources that let in everybody, or another account."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tooling.gate.changes.documents import policies_in
from tooling.gate.changes.doors.networks import INTERNET, public_part
from tooling.gate.changes.links import linked, part
from tooling.gate.changes.model import Door
from tooling.gate.planned import Planned, PlanView

#: Policies of what is reached from inside of a network or an account only, whatever principals they name.
_INSIDE = frozenset({"aws_iam_policy", "aws_iam_role_policy", "aws_vpc_endpoint", "aws_vpc_endpoint_policy"})

#: Conditions that name who may come. https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
#: ("The meaning of public"); kms:CallerAccount and aws:PrincipalAccount name an account just so.
_NAMES_AN_ACCOUNT = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceowner",
        "kms:calleraccount",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)
_NAMES_A_PLACE = frozenset(
    {
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
    }
)
_POSITIVE = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress"})
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_PUBLIC_ACL = {
    "public-read": "objects to read, by an ACL",
    "public-read-write": "objects to read and to write, by an ACL",
    "authenticated-read": "objects to read for every AWS account, by an ACL",
}
_EVERYBODY = ("/groups/global/AllUsers", "/groups/global/AuthenticatedUsers")
_BLOCKS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")


def doors(view: PlanView, own_accounts: frozenset[str]) -> Iterator[Door]:
    """What a policy, a permission or an ACL opens to everybody or to an account that is not of the environment.

    Args:
        own_accounts: The accounts that the environment's providers may touch.
    """
    for item in view.resources.values():
        if not item.is_data and item.type not in _INSIDE:
            yield from _by_policy(item, view, own_accounts)
    for permission in view.of_type("aws_lambda_permission"):
        yield from _by_permission(permission, own_accounts)
    yield from _by_acl(view)
    yield from _unblocked(view)


def _by_policy(item: Planned, view: PlanView, own_accounts: frozenset[str]) -> Iterator[Door]:
    for policy in policies_in(item, view):
        if policy.statements is None:
            what = f"what {policy.attribute} grants"
            if item.type not in ("aws_iam_user_policy", "aws_iam_group_policy"):
                yield Door(address=item.address, what=what, reached_from="whom it names", undecided=True)
            continue
        for statement in policy.statements:
            if statement.get("Effect") != "Allow":
                continue
            what = ", ".join(sorted(_listed(statement.get("Action"))) or ["everything but NotAction"])
            for who, undecided in _outsiders(statement, own_accounts):
                yield Door(
                    address=item.address,
                    what=what,
                    reached_from=who,
                    authenticated=False if who == INTERNET else None,
                    undecided=undecided,
                )


def _outsiders(statement: Mapping[str, Any], own_accounts: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Who of the principals of an allowing statement is outside, and whether only perhaps."""
    conditions = statement.get("Condition")
    if "NotPrincipal" in statement:
        yield "everybody but NotPrincipal", False
    principal = statement.get("Principal")
    kinds = principal if isinstance(principal, Mapping) else {"AWS": principal} if principal else {}
    for kind, value in kinds.items():
        for text in _listed(value):
            if text == "*":
                yield from _everybody(conditions, own_accounts)
            elif kind == "AWS":
                account = _ACCOUNT.search(text)
                if account is not None and account[0] not in own_accounts:
                    yield f"account {account[0]}", not own_accounts
            elif kind == "CanonicalUser":
                yield f"the canonical user {text}", True
            elif kind == "Federated" and not _says_whose_token(conditions):
                yield f"whoever {text} signs in", False


def _everybody(conditions: Any, own_accounts: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Who is left of everybody under the conditions of a statement."""
    places: list[str] = []
    for operator, tests in (conditions or {}).items() if isinstance(conditions, Mapping) else ():
        if operator.lower().removeprefix("foranyvalue:") not in _POSITIVE:
            continue  # also ...IfExists: who leaves the key out passes
        for key, value in tests.items():
            texts = _listed(value)
            if not texts or any(set(text) <= {"*", "?"} for text in texts):
                continue
            if key.lower() in _NAMES_A_PLACE:
                return
            if key.lower() in _NAMES_AN_ACCOUNT:
                accounts = {found for text in texts for found in _ACCOUNT.findall(text)}
                yield from ((f"account {each}", not own_accounts) for each in sorted(accounts - own_accounts))
                return
            if key.lower() == "aws:sourceip":
                places = [public for text in texts if (public := public_part(text))]
                if not places:
                    return
    for place in places or [INTERNET]:
        yield place, False


def _says_whose_token(conditions: Any) -> bool:
    """Whether a web identity has to be a certain one, not just any that the provider knows."""
    tests = conditions.values() if isinstance(conditions, Mapping) else ()
    return any(key.lower().endswith((":sub", ":aud")) for test in tests for key in test)


def _by_permission(item: Planned, own_accounts: frozenset[str]) -> Iterator[Door]:
    """``aws_lambda_permission``: a statement of a function's policy."""
    principal = str(item.values.get("principal") or "")
    pinned = any(
        part(item, name).value or part(item, name).awaited
        for name in ("source_arn", "source_account", "principal_org_id", "event_source_token")
    )
    what = f"{item.values.get('action')} on {item.values.get('function_name') or 'a function'}"
    account = _ACCOUNT.search(principal)
    if principal == "*" and not pinned:
        yield Door(address=item.address, what=what, reached_from=INTERNET, authenticated=False)
    elif account is not None and account[0] not in own_accounts:
        yield Door(address=item.address, what=what, reached_from=f"account {account[0]}", undecided=not own_accounts)
    elif principal.endswith(".amazonaws.com") and not pinned:
        yield Door(address=item.address, what=what, reached_from=f"{principal} in any account")


def _by_acl(view: PlanView) -> Iterator[Door]:
    for kind in ("aws_s3_bucket_acl", "aws_s3_bucket"):
        for item in view.of_type(kind):
            what = _PUBLIC_ACL.get(str(item.values.get("acl")))
            if what is not None:
                yield Door(address=item.address, what=what, reached_from=INTERNET, authenticated=False)
    for item in view.of_type("aws_s3_bucket_acl"):
        for policy in part(item, "access_control_policy").blocks():
            for grant in policy.at("grant").blocks():
                if str(grant.at("grantee", 0, "uri").value).endswith(_EVERYBODY):
                    what = f"{grant.at('permission').value} of the objects, by an ACL"
                    yield Door(address=item.address, what=what, reached_from=INTERNET, authenticated=False)


def _unblocked(view: PlanView) -> Iterator[Door]:
    """Buckets that a policy or an ACL could make public: nothing stands against it."""
    blocked = [
        bucket
        for block in view.of_type("aws_s3_bucket_public_access_block")
        if all(block.values.get(name) is True or part(block, name).awaited for name in _BLOCKS)
        for bucket in linked(part(block, "bucket"), ("aws_s3_bucket",), view).items
    ]
    for bucket in view.of_type("aws_s3_bucket"):
        if bucket not in blocked:
            what = "a bucket without a whole public access block: its objects, if a policy or an ACL says so"
            yield Door(address=bucket.address, what=what, reached_from=INTERNET, undecided=True)


def _listed(value: Any) -> list[str]:
    return [str(text) for text in (value if isinstance(value, list) else [value]) if text is not None]
