"""What a promise is: something that has to hold of every resource of some types, and how the account is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tooling.live import FAILED, OK, SKIPPED, WARNED

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack


@dataclass(frozen=True)
class Answer:
    """What the account says about one promise of one resource.

    Attributes:
        status: ``ok``, ``failed``, ``warned`` or ``skipped``, as of a finding.
        saw: What was there.
        means: What follows from it; empty where that is plain.
        next: The next command or step; empty: what a plan would do about it.
    """

    status: str
    saw: str
    means: str = ""
    next: str = ""


Ask = Callable[["LiveStack", "LiveResource"], Answer]


@dataclass(frozen=True)
class Promise:
    """One thing that holds of every resource of some types.

    Attributes:
        id: As lists name it: ``bucket-private``.
        says: In words, as ``buckets are closed to the public``.
        types: Resource types that give it.
        ask: Asks the account about one of them. Whatever AWS refuses is an answer too.
    """

    id: str
    says: str
    types: tuple[str, ...]
    ask: Ask


def kept(saw: str) -> Answer:
    return Answer(OK, saw)


def broken(saw: str, *, means: str = "", next: str = "") -> Answer:
    return Answer(FAILED, saw, means, next)


def waiting(saw: str, *, means: str = "", next: str = "") -> Answer:
    """It is on its way, or needs somebody's hand."""
    return Answer(WARNED, saw, means, next)


def left_out(saw: str) -> Answer:
    """The stack does not promise it, by its own settings."""
    return Answer(SKIPPED, saw)


def nested(resource: LiveResource, block: str, attribute: str) -> object:
    """An attribute of a resource's single block; None where the state has no such block."""
    entries = resource.attributes.get(block) or []
    return entries[0].get(attribute) if entries else None
