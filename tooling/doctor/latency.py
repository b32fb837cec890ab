"""How long do answers take: of AWS in each region of the stack, and of the stack's own addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from tooling.doctor.examination import Diagnosis, NothingThere, Part, looked
from tooling.errors import ToolError
from tooling.live import failed, ok, skipped

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.live import Finding

_TIMES = 5


def regions(examination: Examination) -> Iterator[Finding]:
    """The shortest call there is, to each region that the stack is in."""
    for region in sorted({one.region for one in examination.live.all}):
        client = examination.client("sts", region)
        name = f"AWS in {region}"
        yield from looked(name, _region(examination, name, client))


def addresses(examination: Examination) -> Iterator[Finding]:
    """Each web address among the outputs; whatever it answers, it answered."""
    found = {f"output {name}": value for name, value in examination.live.outputs.items() if _is_address(value)}
    if examination.url:
        found["--url"] = examination.url
    for name, url in found.items():
        try:
            status = examination.outside.get(url).status
            seen = _measured(lambda url=url: examination.outside.get(url))  # type: ignore[misc]
        except NothingThere as error:
            yield skipped(name, str(error))
        except ToolError as error:
            yield failed(name, str(error), next=f"groundplan doctor {examination.command} --check dns")
        else:
            yield ok(name, f"{url}: {seen}, status {status}")


def _region(examination: Examination, name: str, client: Any) -> Iterator[Finding]:
    with examination.live.asking(name):
        client.get_caller_identity()
        yield ok(name, _measured(client.get_caller_identity))


def _measured(ask: Callable[[], object]) -> str:
    took = []
    for _ in range(_TIMES):
        began = perf_counter()
        ask()
        took.append((perf_counter() - began) * 1000)
    return f"{median(took):.0f} ms in the middle, {min(took):.0f} to {max(took):.0f} ms of {_TIMES}"


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://"))


DIAGNOSIS = Diagnosis("latency", "how long do answers take", (), (Part("AWS", regions), Part("addresses", addresses)))
