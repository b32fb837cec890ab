"""IAM: what the policies of a user or role allow, for who asks before calling. No call is refused because of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.iam.models import IAMBackend, iam_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("iam")

_SOURCE = re.compile(r"arn:aws:(?:iam|sts)::\d{12}:(user|role)/(?:.*/)?([^/]+)")


@backend.answers("SimulatePrincipalPolicy")
def simulate_principal_policy(call: Call) -> Mapping[str, Any]:
    """groundplan doctor. A user that nobody made, as the toolkit's own, may do everything: the emulator lets it.

    Who names no resource asks about all of them: a policy that allows some does not match, as on AWS.
    """
    source = str(call.params["PolicySourceArn"])
    documents = _documents(call, source)
    resources = call.params.get("ResourceArns") or ["*"]
    return {
        "EvaluationResults": [
            {
                "EvalActionName": action,
                "EvalResourceName": resource,
                "EvalDecision": _decision(documents, action, resource),
            }
            for action in call.params["ActionNames"]
            for resource in resources
        ],
        "IsTruncated": False,
    }


def _decision(documents: list[Mapping[str, Any]] | None, action: str, resource: str) -> str:
    if documents is None:
        return "allowed"
    effects = {
        str(one["Effect"])
        for document in documents
        for one in _list(document.get("Statement"))
        if any(_matches(each, action) for each in _list(one.get("Action")))
        and any(_matches(each, resource) for each in _list(one.get("Resource")))
    }
    return "explicitDeny" if "Deny" in effects else "allowed" if "Allow" in effects else "implicitDeny"


def _documents(call: Call, source: str) -> list[Mapping[str, Any]] | None:
    """The policies of a user or role; None for a user that is not there."""
    moto: IAMBackend = iam_backends[call.account]["aws"]
    if (match := _SOURCE.fullmatch(source)) is None:
        raise AwsError("InvalidInput", f"{source} is no user or role.")
    kind, name = match.groups()
    if kind == "user":
        found = moto.users.get(name)
        if found is None:
            return None
    else:
        found = next((one for one in moto.roles.values() if one.name == name), None)
        if found is None:
            raise AwsError("NoSuchEntity", f"The role with name {name} cannot be found.")
    return list(_of(found))


def _of(holder: Any) -> Iterator[Mapping[str, Any]]:
    for policy in holder.policies.values():
        yield json.loads(policy)
    for attached in holder.managed_policies.values():
        versions = {one.version_id: one.document for one in attached.versions}
        yield json.loads(versions[attached.default_version_id])


def _matches(pattern: str, text: str) -> bool:
    parts = "".join({"*": ".*", "?": "."}.get(part) or re.escape(part) for part in re.split(r"([*?])", pattern))
    return re.fullmatch(parts, text, re.IGNORECASE) is not None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
