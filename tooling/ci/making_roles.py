"""Comparing the roles of CI with what is in the account, and making them so."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.ci.roles import AUDIENCE, ISSUER, WantedRole, provider_arn
from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.target import Target

ABSENT, DIFFERS, THERE = "absent", "differs", "there"
_POLICY = "groundplan"
_TAG = {"Key": "ManagedBy", "Value": "groundplan"}


@dataclass(frozen=True)
class Standing:
    """One thing of the account, compared with what it should be.

    Attributes:
        kind: ``identity provider`` or ``role``.
        name: Its name.
        purpose: What it is for.
        state: ``absent``, ``differs`` or ``there``.
        difference: What would change of a role that differs, as a diff; empty otherwise.
    """

    kind: str
    name: str
    purpose: str
    state: str
    difference: str = ""


def compare_roles(target: Target, roles: Sequence[WantedRole]) -> tuple[Standing, ...]:
    """What is there of the identity provider and the roles; changes nothing.

    Raises:
        ToolError: A role of that name is somebody else's, or AWS refuses.
    """
    with _asking():
        iam = target.client("iam")
        audiences = _audiences(iam, target.account_id)
        known = ABSENT if audiences is None else THERE if AUDIENCE in audiences else DIFFERS
        return (
            Standing("identity provider", ISSUER, "GitHub's runners", known),
            *(Standing("role", role.name, role.purpose, *_standing(iam, role)) for role in roles),
        )


def make_roles(target: Target, roles: Sequence[WantedRole]) -> tuple[Standing, ...]:
    """Make the identity provider and the roles as they should be. Repeatable; deletes nothing.

    Returns:
        How each was before.

    Raises:
        ToolError: As :func:`compare_roles`.
    """
    before = compare_roles(target, roles)
    with _asking():
        iam = target.client("iam")
        provider, *standings = before
        if provider.state == ABSENT:
            iam.create_open_id_connect_provider(Url=f"https://{ISSUER}", ClientIDList=[AUDIENCE], Tags=[_TAG])
        elif provider.state == DIFFERS:
            arn = provider_arn(target.account_id)
            iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID=AUDIENCE)
        for role, standing in zip(roles, standings, strict=True):
            if standing.state != THERE:
                _make(iam, role, new=standing.state == ABSENT)
    return before


def _make(iam: Any, role: WantedRole, *, new: bool) -> None:
    trust = json.dumps(role.trust)
    if new:
        description = f"groundplan: {role.purpose}"
        iam.create_role(
            RoleName=role.name,
            AssumeRolePolicyDocument=trust,
            Description=description,
            MaxSessionDuration=role.session_seconds,
            Tags=[_TAG],
        )
    else:
        iam.update_role(RoleName=role.name, MaxSessionDuration=role.session_seconds)
        iam.update_assume_role_policy(RoleName=role.name, PolicyDocument=trust)
    # Inline, so that it is the role's alone and is replaced as a whole. IAM takes 10,240 characters without blanks.
    document = json.dumps(role.policy, separators=(",", ":"))
    iam.put_role_policy(RoleName=role.name, PolicyName=_POLICY, PolicyDocument=document)


def _standing(iam: Any, role: WantedRole) -> tuple[str, str]:
    try:
        found = iam.get_role(RoleName=role.name)["Role"]
    except iam.exceptions.NoSuchEntityException:
        return ABSENT, ""
    if _TAG not in found.get("Tags", ()):
        raise ToolError(
            f"the role {role.name} is there, and groundplan did not make it",
            hint="rename or remove it, or tag it ManagedBy=groundplan to have it taken over",
        )
    try:
        policy = iam.get_role_policy(RoleName=role.name, PolicyName=_POLICY)["PolicyDocument"]
    except iam.exceptions.NoSuchEntityException:
        policy = None
    there = _spelled(found["AssumeRolePolicyDocument"], policy, found["MaxSessionDuration"])
    wanted = _spelled(role.trust, role.policy, role.session_seconds)
    difference = "\n".join(difflib.unified_diff(there, wanted, "there", "wanted", n=1, lineterm=""))
    return (DIFFERS, difference) if difference else (THERE, "")


def _spelled(trust: Any, policy: Any, session_seconds: int) -> list[str]:
    content = {"session_seconds": session_seconds, "trust": trust, "policy": policy}
    return json.dumps(content, indent=2, sort_keys=True).splitlines()


def _audiences(iam: Any, account_id: str) -> list[str] | None:
    try:
        found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=provider_arn(account_id))
    except iam.exceptions.NoSuchEntityException:
        return None
    return list(found["ClientIDList"])


@contextmanager
def _asking() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    hint = "bootstrap --ci manages roles and identity providers of IAM; what it made so far stays, and it may run again"
    try:
        yield
    except ClientError as error:
        told = error.response["Error"]
        what = f"{error.operation_name} was refused ({told.get('Code')}: {told.get('Message')})"
        raise ToolError(what, where="iam", hint=hint) from error
    except BotoCoreError as error:
        raise ToolError(f"no answer from AWS: {error}", where="iam", hint=hint) from error
