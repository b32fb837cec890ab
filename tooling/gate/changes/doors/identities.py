"""User pools in which anybody may register, identity pools that take guests."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.gate.changes.doors.networks import INTERNET
from tooling.gate.changes.links import part
from tooling.gate.changes.model import Door
from tooling.gate.planned import PlanView


def doors(view: PlanView) -> Iterator[Door]:
    """What gives an identity to people whom nobody has invited."""
    for pool in view.of_type("aws_cognito_user_pool"):
        only = part(pool, "admin_create_user_config", 0, "allow_admin_create_user_only")
        if only.value is not True:
            yield Door(
                address=pool.address,
                what="a user pool in which everybody may register",
                reached_from=INTERNET,
                authenticated=False,
                undecided=only.awaited,
            )
    for pool in view.of_type("aws_cognito_identity_pool"):
        guests = part(pool, "allow_unauthenticated_identities")
        if guests.value is True or guests.awaited:
            yield Door(
                address=pool.address,
                what="AWS credentials for guests",
                reached_from=INTERNET,
                authenticated=False,
                undecided=guests.awaited,
            )
