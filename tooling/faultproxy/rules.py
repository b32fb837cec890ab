"""What goes wrong, and when: rules, and the dice that a seed throws for each call."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tooling.faultproxy.asked import Asked


class Kind(StrEnum):
    """What can go wrong with a call. Each but ``DELAY`` takes the answer away from who asked."""

    DELAY = "delay"
    """Answered ``seconds`` late."""
    ERROR500 = "error500"
    """500 with the service's internal error."""
    SLOWDOWN503 = "slowdown503"
    """503: SlowDown of S3, ServiceUnavailable of all others."""
    THROTTLE = "throttle"
    """Refused for there being too many calls, with the status and code that the service has for it."""
    RESET = "reset"
    """The connection is reset (RST), without an answer."""
    TRUNCATE = "truncate"
    """The call is carried out; the connection ends in the middle of its answer."""
    HANG = "hang"
    """No answer for ``seconds``, then the connection ends."""
    EXPIRED = "expired"
    """Refused since the session token has expired. No client tries that again."""


KINDS = tuple(Kind)
HANG_SECONDS = 60.0
DELAY_SECONDS = 0.5


@dataclass(frozen=True)
class Rule:
    """Which calls something happens to. Patterns are globs (``Get*``), upper and lower case differ.

    Attributes:
        kind: What happens.
        service: In boto3's spelling: ``s3``, ``iam``, ``cognito-idp``.
        operation: As boto3 names it: ``PutObject``.
        bucket: Bucket of an S3 call; a pattern that is not ``*`` matches nothing else.
        key: Key of an S3 call; likewise.
        method: HTTP method.
        caller: ``boto3``, ``backend`` (Terraform's state) or ``provider``, as the User-Agent tells.
        probability: Of a matching call, from 0 to 1.
        nth: Only the n-th matching call, counted from 1. Default: each.
        since: None before the n-th matching call.
        times: How many calls at most. Default: no end.
        after: The call is carried out and its answer is lost, instead of it being lost on the way there.
        seconds: How long ``delay`` and ``hang`` last. Default: 0.5 and 60.

    Raises:
        ValueError: A figure is out of its range.
    """

    kind: Kind | str
    service: str = "*"
    operation: str = "*"
    bucket: str = "*"
    key: str = "*"
    method: str = "*"
    caller: str = "*"
    probability: float = 1.0
    nth: int | None = None
    since: int = 1
    times: int | None = None
    after: bool = False
    seconds: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", Kind(self.kind))
        if not 0 <= self.probability <= 1:
            raise ValueError(f"a probability is from 0 to 1, got {self.probability}")
        if self.since < 1 or (self.nth is not None and self.nth < 1):
            raise ValueError(f"calls are counted from 1, got nth={self.nth}, since={self.since}")

    @property
    def carries_out(self) -> bool:
        """Whether the call reaches the emulator though its answer does not come back whole."""
        return self.after or self.kind in (Kind.TRUNCATE, Kind.DELAY)

    @property
    def lasts(self) -> float:
        """Seconds of a delay or a hang."""
        if self.seconds is not None:
            return self.seconds
        return DELAY_SECONDS if self.kind == Kind.DELAY else HANG_SECONDS

    def matches(self, asked: Asked) -> bool:
        return all(
            pattern == "*" or fnmatchcase(value, pattern)
            for pattern, value in (
                (self.service, asked.service),
                (self.operation, asked.operation),
                (self.bucket, asked.bucket),
                (self.key, asked.key),
                (self.method, asked.method),
                (self.caller, asked.caller),
            )
        )


@dataclass(frozen=True)
class FaultPlan:
    """Rules, in order: the first that hits a call decides.

    Attributes:
        seed: The same seed and rules throw the same dice.
        rules: What can happen. Default: nothing.
    """

    seed: int = 0
    rules: tuple[Rule, ...] = ()


class Dice:
    """Decides for each call, in whatever order calls come.

    A throw depends on nothing but the seed, the rule's place in the plan, what is asked (region, service, operation,
    bucket and key) and how often it was asked before. Threads that overtake each other change the order of calls, not
    what the third GetRole meets.

    Args:
        plan: What may happen.
    """

    def __init__(self, plan: FaultPlan) -> None:
        self._plan = plan
        self._asked: Counter[str] = Counter()
        self._matched: Counter[int] = Counter()
        self._hits: Counter[int] = Counter()
        self._lock = Lock()

    def throw(self, asked: Asked) -> Rule | None:
        """The rule that hits this call, if any."""
        with self._lock:
            self._asked[asked.identity] += 1
            hit: Rule | None = None
            for place, rule in enumerate(self._plan.rules):
                if not rule.matches(asked):
                    continue
                self._matched[place] += 1
                if hit is None and self._hits_now(place, rule, asked):
                    self._hits[place] += 1
                    hit = rule
            return hit

    def _hits_now(self, place: int, rule: Rule, asked: Asked) -> bool:
        number = self._matched[place]
        if number < rule.since or (rule.nth is not None and number != rule.nth):
            return False
        if rule.times is not None and self._hits[place] >= rule.times:
            return False
        return self._eyes(place, asked) < rule.probability

    def _eyes(self, place: int, asked: Asked) -> float:
        """From 0 up to, not including, 1."""
        words = f"{self._plan.seed}|{place}|{asked.identity}|{self._asked[asked.identity]}"
        return int.from_bytes(hashlib.sha256(words.encode()).digest()[:7]) / 2**56
