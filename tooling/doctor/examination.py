"""What a diagnosis is, and what it is given to look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError
from tooling.live import LiveStack, failed, skipped

if TYPE_CHECKING:
    from tooling.doctor.outside import Outside
    from tooling.live import Finding

# What services answer to an identity that may not ask.
_MAY_NOT = ("AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation")
_RESOURCE = re.compile(r'^resource "(\w+)"', re.MULTILINE)


@dataclass(frozen=True)
class Examination:
    """One stack under examination.

    Attributes:
        live: The stack; with an empty state when nothing is applied.
        outside: The way to what answers outside AWS's APIs: names, ports, web addresses.
        now: The time.
        url: Where the application answers, if the user said so; empty: where its load balancer is.
    """

    live: LiveStack
    outside: Outside
    now: datetime
    url: str = ""

    @property
    def applied(self) -> bool:
        return bool(self.live.all)

    @cached_property
    def types(self) -> frozenset[str]:
        """Types of what is applied; of what its module would make, when nothing is."""
        if self.applied:
            return frozenset(one.type for one in self.live.all)
        files = sorted(self.live.stack.module.glob("*.tf"))
        return frozenset(name for file in files for name in _RESOURCE.findall(file.read_text(encoding="utf-8")))

    @property
    def command(self) -> str:
        """Options that name the stack again in a command to run next."""
        return f"--env {self.live.stack.env} --stack {self.live.stack.architecture}"

    def since(self, age: timedelta) -> int:
        """A time ago, in milliseconds since 1970 as CloudWatch Logs counts."""
        return int((self.now - age).timestamp() * 1000)

    def client(self, service: str, region: str | None = None) -> Any:
        return self.live.client(service, region)


@dataclass(frozen=True)
class Part:
    """One look of a diagnosis.

    Attributes:
        name: What it is about, for when it cannot be looked at.
        look: Gives what it found; a ToolError of its own is a finding as well.
    """

    name: str
    look: Callable[[Examination], Iterable[Finding]]


@dataclass(frozen=True)
class Diagnosis:
    """One question, as ``--check`` names it.

    Attributes:
        asks: The question in words.
        types: It fits a stack that holds one of these types of resources.
        parts: Its looks, in the order in which one would look.
        before_apply: Whether it says something of a stack that is not applied yet.
    """

    name: str
    asks: str
    types: tuple[str, ...]
    parts: tuple[Part, ...]
    before_apply: bool = False

    def fits(self, types: Iterable[str]) -> bool:
        return not self.types or not set(self.types).isdisjoint(types)


class NothingThere(ToolError):
    """There is nothing to ask, which says nothing of the stack."""


def looked(name: str, found: Iterable[Finding]) -> Iterator[Finding]:
    """What a look finds, until it cannot go on: that is a finding as well, and the next look goes on after it.

    Args:
        name: What it is about, for when it cannot be looked at.
        found: The look.
    """
    try:
        yield from found
    except NothingThere as error:
        yield skipped(name, f"{error}; {error.hint}" if error.hint else str(error))
    except ToolError as error:
        if _code(error) in _MAY_NOT:
            yield skipped(name, f"cannot be asked with these credentials: {error}")
        else:
            yield failed(name, str(error), next=error.hint or "")


def _code(error: ToolError) -> str:
    """AWS's code for what it refused; empty for any other error."""
    response = getattr(error.__cause__, "response", None)
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""
