"""CloudFront's three kinds of policy, which differ in nothing but their names."""

from __future__ import annotations

import secrets
import string
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from tooling.emulator.call import Call
from tooling.emulator.managed_policies import managed
from tooling.emulator.registry import AwsError, Backend

_MANAGED_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
_MANAGED_ETAG = "E23ZP02F085DFQ"


class Policies:
    """The calls of one kind of policy.

    aws_cloudfront_cache_policy, aws_cloudfront_origin_request_policy, aws_cloudfront_response_headers_policy: create,
    read, update and delete. Their data sources list, to find an id by its name.

    Args:
        kind: "CachePolicy", "OriginRequestPolicy" or "ResponseHeadersPolicy".
        backend: What answers the calls.
        user_of: Tells which distribution names an id as the given member of its configuration.
    """

    def __init__(self, kind: str, backend: Backend, user_of: Callable[[Call, str, str], str | None]) -> None:
        self.kind = kind
        self._user_of = user_of
        for verb in ("create", "get", "update", "delete"):
            backend.answers(f"{verb.title()}{kind}")(getattr(self, verb))
        backend.answers(f"Get{kind}Config")(self.get_config)
        backend.answers(f"List{kind.removesuffix('y')}ies")(self.list)

    def create(self, call: Call) -> Mapping[str, Any]:
        config = call.params[f"{self.kind}Config"]
        if any(each["config"]["Name"] == config["Name"] for each in self._all(call).values()):
            raise AwsError(f"{self.kind}AlreadyExists", f"A policy named {config['Name']} already exists.")
        return self._written(call, str(uuid.uuid4()), config)

    def get(self, call: Call) -> Mapping[str, Any]:
        policy = self.find(call, call.params["Id"])
        return {self.kind: self._shown(call.params["Id"], policy), "ETag": policy["etag"]}

    def get_config(self, call: Call) -> Mapping[str, Any]:
        policy = self.find(call, call.params["Id"])
        return {f"{self.kind}Config": policy["config"], "ETag": policy["etag"]}

    def update(self, call: Call) -> Mapping[str, Any]:
        self._find_own(call, "IllegalUpdate")
        return self._written(call, call.params["Id"], call.params[f"{self.kind}Config"])

    def delete(self, call: Call) -> Mapping[str, Any]:
        self._find_own(call, "IllegalDelete")
        identifier = call.params["Id"]
        if user := self._user_of(call, f"{self.kind}Id", identifier):
            raise AwsError(f"{self.kind}InUse", f"{user} uses this policy.")
        del call.account_store(self.kind)[identifier]
        return {}

    def list(self, call: Call) -> Mapping[str, Any]:
        asked = call.params.get("Type")
        found = [
            {"Type": policy["type"], self.kind: self._shown(identifier, policy)}
            for identifier, policy in self._all(call).items()
            if asked in (None, policy["type"])
        ]
        return {f"{self.kind}List": {"MaxItems": 100, "Quantity": len(found), "Items": found}}

    def find(self, call: Call, identifier: str) -> Mapping[str, Any]:
        """A policy by its id.

        Raises:
            AwsError: There is none.
        """
        policy = self._all(call).get(identifier)
        if policy is None:
            raise AwsError(f"NoSuch{self.kind}", f"The {self.kind} {identifier} does not exist.")
        return policy

    def _all(self, call: Call) -> dict[str, Mapping[str, Any]]:
        given = {
            identifier: {"type": "managed", "config": config, "etag": _MANAGED_ETAG, "changed": _MANAGED_SINCE}
            for identifier, config in managed(self.kind).items()
        }
        return {**given, **call.account_store(self.kind)}

    def _written(self, call: Call, identifier: str, config: Mapping[str, Any]) -> Mapping[str, Any]:
        policy = {"type": "custom", "config": config, "etag": new_identifier(), "changed": datetime.now(UTC)}
        call.account_store(self.kind)[identifier] = policy
        return {self.kind: self._shown(identifier, policy), "ETag": policy["etag"]}

    def _shown(self, identifier: str, policy: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"Id": identifier, "LastModifiedTime": policy["changed"], f"{self.kind}Config": policy["config"]}

    def _find_own(self, call: Call, refused: str) -> None:
        policy = self.find(call, call.params["Id"])
        if policy["type"] == "managed":
            raise AwsError(refused, "A managed policy cannot be changed.")
        check_version(call, policy["etag"])


def check_version(call: Call, etag: str) -> None:
    """Refuse a change that was not made on top of the last one."""
    if not call.params.get("IfMatch"):
        raise AwsError("InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource.")
    if call.params["IfMatch"] != etag:
        raise AwsError("PreconditionFailed", "The request failed because it didn't meet the preconditions.")


def new_identifier() -> str:
    """An id or version as CloudFront makes them."""
    return "E" + "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(13))
