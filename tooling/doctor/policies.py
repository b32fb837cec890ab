"""What the policies of a role allow, read from IAM. Conditions are taken as met: they are decided at the call."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Role:
    """One role as IAM has it.

    Attributes:
        trust: Who may take it on.
        documents: Its policies, inline and attached.
        attached: ARNs of those that are attached.
    """

    name: str
    trust: Document
    documents: tuple[Document, ...]
    attached: frozenset[str]

    def allows(self, action: str, resource: str = "*") -> bool:
        """Whether a call is allowed; ``*`` as the resource: on some resource at least."""
        effects = {str(one["Effect"]) for one in _statements(self.documents) if _is_about(one, action, resource)}
        return "Allow" in effects and not _refuses(self.documents, action, resource)

    def trusts(self, service: str) -> bool:
        for one in _statements([self.trust]):
            principal = one.get("Principal", {})
            if one["Effect"] == "Allow" and isinstance(principal, dict) and service in _list(principal.get("Service")):
                return True
        return False


def role(examination: Examination, arn: str) -> Role:
    """A role with all its policies.

    Raises:
        ToolError: There is no such role.
    """
    name, client = arn.rpartition("/")[2], examination.client("iam")
    try:
        with examination.live.asking(f"the role {name}"):
            trust = client.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
            attached = _attached(client, name)
            documents = (*_inline(client, name), *(_managed(client, one) for one in attached))
            return Role(name, _document(trust), documents, frozenset(attached))
    except ToolError as error:
        if "NoSuchEntity" in str(error):
            hint = f"put it back: groundplan plan {examination.command}, then apply"
            raise ToolError(f"the role {name} is not there", hint=hint) from error
        raise


def missing_of_applied(examination: Examination, found: Role) -> tuple[str, ...]:
    """What the role was given when the stack was applied and has no more: actions, and policies attached to it."""
    applied = [
        _document(one["policy"])
        for one in examination.live.of("aws_iam_role_policy")
        if str(one["role"]).rpartition("/")[2] == found.name
    ]
    missing = [
        f"what the policy {one['policy_arn']} allows: it is not attached"
        for one in examination.live.of("aws_iam_role_policy_attachment")
        if str(one["role"]).rpartition("/")[2] == found.name and str(one["policy_arn"]) not in found.attached
    ]
    for statement in _statements(applied):
        if statement["Effect"] != "Allow":
            continue
        for action in _list(statement.get("Action")):
            refused = [one for one in _list(statement.get("Resource", "*")) if not found.allows(action, one)]
            missing += [f"{action} on {one}" if one != "*" else action for one in refused]
    return tuple(dict.fromkeys(missing))


def _inline(client: Any, name: str) -> Iterator[Document]:
    for page in client.get_paginator("list_role_policies").paginate(RoleName=name):
        for policy in page["PolicyNames"]:
            yield _document(client.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"])


def _attached(client: Any, name: str) -> list[str]:
    pages = client.get_paginator("list_attached_role_policies").paginate(RoleName=name)
    return [str(one["PolicyArn"]) for page in pages for one in page["AttachedPolicies"]]


def _managed(client: Any, arn: str) -> Document:
    version = client.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    return _document(client.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"])


def _document(value: object) -> Document:
    found: Document = json.loads(value) if isinstance(value, str) else value  # type: ignore[assignment]
    return found


def _statements(documents: Iterable[Document]) -> Iterator[Mapping[str, Any]]:
    for document in documents:
        statements = document.get("Statement", [])
        yield from [statements] if isinstance(statements, dict) else statements


def _is_about(statement: Mapping[str, Any], action: str, resource: str) -> bool:
    if statement["Effect"] != "Allow":
        return False
    if "NotAction" in statement:
        named = not any(_matches(one, action, fold=True) for one in _list(statement["NotAction"]))
    else:
        named = any(_matches(one, action, fold=True) for one in _list(statement.get("Action")))
    if "NotResource" in statement:
        return named and not any(_matches(one, resource) for one in _list(statement["NotResource"]))
    return named and (resource == "*" or any(_matches(one, resource) for one in _list(statement.get("Resource"))))


def _refuses(documents: Sequence[Document], action: str, resource: str) -> bool:
    """A Deny without a condition that covers the whole of what is asked for."""
    return any(
        one["Effect"] == "Deny"
        and not one.get("Condition")
        and any(_matches(each, action, fold=True) for each in _list(one.get("Action")))
        and any(_matches(each, resource) for each in _list(one.get("Resource")))
        for one in _statements(documents)
    )


def _matches(pattern: str, text: str, *, fold: bool = False) -> bool:
    parts = re.split(r"([*?])", pattern)
    made = "".join({"*": ".*", "?": "."}.get(part) or re.escape(part) for part in parts)
    return re.fullmatch(made, text, re.IGNORECASE if fold else 0) is not None


def _list(value: object) -> list[str]:
    return [str(value)] if isinstance(value, str) else [str(one) for one in value or ()]  # type: ignore[attr-defined]
