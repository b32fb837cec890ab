"""What somebody has to set in the repository's settings before the workflows can do their work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tooling.ci.places import secret_name

if TYPE_CHECKING:
    from tooling.ci.places import Place

SWITCH = "GROUNDPLAN_CI"
CREDENTIALS = "AWS_CREDENTIALS"
PASSPHRASE = "GROUNDPLAN_PASSPHRASE"


@dataclass(frozen=True)
class Needed:
    """One secret, variable or GitHub environment.

    Attributes:
        kind: ``secret``, ``variable`` or ``environment``.
        name: Its name.
        place: The GitHub environments that it belongs to; empty: the repository.
        why: What it is for.
        optional: Whether the workflows do without.
    """

    kind: str
    name: str
    place: str
    why: str
    optional: bool = False


def needed(places: Iterable[Place]) -> tuple[Needed, ...]:
    """Everything that the workflows of these environments read."""
    return (
        Needed("variable", SWITCH, "", "'on' lets the workflows plan and deploy; without it they only check"),
        Needed("variable", CREDENTIALS, "", "'keys' for long-lived keys; without it OIDC and roles", optional=True),
        Needed("secret", PASSPHRASE, "", "encrypts a changeset between two jobs; 12 characters at least"),
        Needed("secret", "AWS_REGION", "", "as env.toml has it, else refused; without it that one", optional=True),
        *(one for place in places for one in _of(place)),
    )


def _of(place: Place) -> Iterator[Needed]:
    planning, both = f"{place.env}-plan", f"{place.env}-plan, {place.env}"
    yield Needed("environment", planning, "", f"plans of {place.env}: let its branches be all, without reviewers")
    yield Needed("environment", place.env, "", f"applies to {place.env}: the branch alone, reviewers where wanted")
    for name in place.keys:
        yield Needed("secret", name, "", f"long-lived key of {place.env}, with {CREDENTIALS}=keys", optional=True)
    for stack in place.stacks:
        for variable in stack.secrets:
            yield Needed("secret", secret_name(variable), both, f"{variable} of {place.env}/{stack.architecture}")
