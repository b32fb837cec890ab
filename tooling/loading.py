"""A bounded load test: so many requests a second for so long, and how long the answers took.

Requests go out by the clock and not when the one before is answered, and the time of each counts from when it was
due: a server that stalls is not asked more gently, and does not look faster, for stalling. Each comes over a
connection of its own, as a new visitor's does. What could not go out within ten seconds counts as not answered: so the
whole ends soon after its time, also on a server that stalls.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from time import monotonic, sleep
from urllib.parse import urlsplit

from tooling.errors import Exit, ToolError
from tooling.web import check_url, is_here, request

MOST_RPS, MOST_SECONDS, MOST_REQUESTS = 500, 600, 60_000
# Requests under way at once; more than this many slow answers are a result, not a reason to open more connections.
_MOST_AT_ONCE = 64
_WAIT_SECONDS = 10.0


@dataclass(frozen=True)
class LoadPlan:
    """What is sent.

    Attributes:
        url: Asked with GET, again and again.
        rps: Requests a second.
        seconds: For how long.
    """

    url: str
    rps: int
    seconds: int

    @property
    def requests(self) -> int:
        return self.rps * self.seconds


@dataclass(frozen=True)
class LoadResult:
    """What came back.

    Attributes:
        requests: How many were sent.
        errors: How many were not answered, or with a status of 400 or more.
        statuses: Answers by status; ``0``: none came.
        p50_ms, p95_ms, p99_ms, max_ms: Milliseconds from when a request was due to its last byte.
        rps: Requests that were answered a second.
        seconds: How long it all took.
    """

    requests: int
    errors: int
    statuses: Mapping[int, int]
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    rps: float
    seconds: float


def check_load(plan: LoadPlan, *, owned: bool) -> None:
    """Refuse what is no bounded load on a target of one's own.

    Raises:
        ToolError: Exit 2: it is too much, no address, or of another machine without the word that it is one's own.
    """
    check_url(plan.url)
    if plan.rps > MOST_RPS or plan.seconds > MOST_SECONDS or plan.requests > MOST_REQUESTS:
        raise ToolError(
            f"{plan.rps} requests a second for {plan.seconds} s is more than this sends",
            hint=f"no more than {MOST_RPS} a second, {MOST_SECONDS} s, {MOST_REQUESTS} in all",
            exit_code=Exit.USAGE,
        )
    if not owned and not is_here(plan.url):
        raise ToolError(
            f"{urlsplit(plan.url).hostname} is not this machine",
            hint="load on somebody else's servers is an attack; if it is yours: --i-own-this-target",
            exit_code=Exit.USAGE,
        )


def run_load(
    plan: LoadPlan, *, said: Callable[[int], None] = lambda _: None, wait_seconds: float = _WAIT_SECONDS
) -> LoadResult:
    """Send all of it and wait for the answers.

    Args:
        plan: What is sent; checked by :func:`check_load` before.
        said: Told how many were sent, once a second.
        wait_seconds: How long a request may wait until it goes out, and then for its answer.
    """
    took: list[float] = []
    statuses: Counter[int] = Counter()
    lock = Lock()
    started = monotonic()

    def ask(due: float) -> None:
        status = 0
        if monotonic() - due < wait_seconds:
            with suppress(ToolError):
                status = request(plan.url, seconds=wait_seconds).status
        with lock:
            statuses[status] += 1
            took.append(monotonic() - due)

    pool = ThreadPoolExecutor(max_workers=min(_MOST_AT_ONCE, max(4, plan.rps)))
    try:
        for number in range(plan.requests):
            due = started + number / plan.rps
            if (left := due - monotonic()) > 0:
                sleep(left)
            if number % plan.rps == 0:
                said(number)
            pool.submit(ask, due)
        pool.shutdown(wait=True)
    finally:
        # After an interrupt, what has not begun never does.
        pool.shutdown(wait=True, cancel_futures=True)
    seconds = monotonic() - started
    took.sort()
    return LoadResult(
        requests=len(took),
        errors=sum(count for status, count in statuses.items() if status == 0 or status >= 400),
        statuses=dict(sorted(statuses.items())),
        p50_ms=percentile(took, 50) * 1000,
        p95_ms=percentile(took, 95) * 1000,
        p99_ms=percentile(took, 99) * 1000,
        max_ms=took[-1] * 1000,
        rps=(len(took) - statuses[0]) / seconds,
        seconds=seconds,
    )


def percentile(ordered: list[float], share: float) -> float:
    """The smallest value that so many of a hundred are not above (nearest rank).

    >>> percentile([1.0, 2.0, 3.0, 4.0], 50)
    2.0
    """
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]
