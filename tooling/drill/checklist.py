"""Checks one after the other, each with what it saw and how long it took; none stops the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.progress import StackProgress


@dataclass(frozen=True)
class Check:
    """One line of the report.

    Attributes:
        name: What should be so.
        saw: What was found.
        seconds: How long it took to find out.
    """

    name: str
    passed: bool
    saw: str
    seconds: float


class Checklist:
    """Runs checks and keeps what they said.

    Args:
        progress: Told of each check that is through.
    """

    def __init__(self, progress: StackProgress) -> None:
        self._progress = progress
        self._checks: list[Check] = []

    @property
    def checks(self) -> tuple[Check, ...]:
        return tuple(self._checks)

    def run(self, name: str, look: Callable[[], str]) -> bool:
        """Add a check: ``look`` gives back what it saw, or raises what is wrong.

        Returns:
            Whether it passed.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        began = monotonic()
        self._progress.step(name, 0)
        try:
            passed, saw = True, look()
        except ToolError as error:
            passed, saw = False, str(error)
        except ClientError as error:
            passed, saw = False, f"{error.operation_name}: {error.response['Error'].get('Code')}"
        except BotoCoreError as error:
            passed, saw = False, f"no answer: {error}"
        self._checks.append(Check(name, passed, saw, round(monotonic() - began, 2)))
        self._progress.step(name)
        return passed
