"""Many small calls at once, no more than a bound; the first failure stops what has not begun."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
# As many as a boto3 client keeps connections for is 10; more would only wait for one another.
JOBS = 8


def side_by_side(
    work: Callable[[Item], Result], items: Iterable[Item], *, jobs: int = JOBS
) -> Iterator[tuple[Item, Result]]:
    """Item and result as they come.

    What is under way when one fails, or when the user interrupts, is waited for; the rest never starts.
    """
    pool = ThreadPoolExecutor(max_workers=jobs)
    try:
        futures = {pool.submit(work, item): item for item in items}
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
