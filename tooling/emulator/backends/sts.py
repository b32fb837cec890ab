"""STS: callers that say who they are; everything else is moto's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tooling.emulator.call import Call
from tooling.emulator.identity import user_of
from tooling.emulator.registry import Backend

backend = Backend("sts")


@backend.answers("GetCallerIdentity")
def get_caller_identity(call: Call) -> Mapping[str, Any] | None:
    """The toolkit's own question; EMULATOR_USER chooses the user."""
    user = user_of(call.identity.access_key)
    if user is None:
        return None
    return {"UserId": f"AIDA{user.upper()}", "Account": call.account, "Arn": f"arn:aws:iam::{call.account}:user/{user}"}
