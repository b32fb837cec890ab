"""A function whose log group nobody declares gets one from Lambda, without retention."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tooling.gate.engine.check import PlanCheck, Subject, Violation
from tooling.gate.planned import Planned

_LOG_GROUP = "aws_cloudwatch_log_group"


class FunctionsLogIntoADeclaredGroup(PlanCheck):
    """The group that a function logs into is in the same plan, so that GP_LOGS_1 sees it."""

    def __init__(self) -> None:
        super().__init__(
            id="GP_LOGS_2",
            name="Every function logs into a log group of the same stack",
            resources=["aws_lambda_function"],
        )

    def violations(self, subject: Subject) -> Iterator[Violation]:
        resource, plan = subject.resource, subject.plan
        if any(reference.startswith(f"{_LOG_GROUP}.") for reference in resource.references("logging_config")):
            return
        configured = _first(resource.values.get("logging_config")).get("log_group")
        if configured is None and _first(resource.unknown.get("logging_config")).get("log_group"):
            configured = _default(resource) if "logging_config" not in resource.expressions else None
        name = configured or _default(resource)
        if name is None:
            yield Violation("its log group is known only after apply", undecided=True)
        elif all(group.values.get("name") != name for group in plan.of_type(_LOG_GROUP)):
            yield Violation(f"the stack has no log group '{name}'")


def _default(function: Planned) -> str | None:
    """The group Lambda makes when none is named."""
    name = function.values.get("function_name")
    return f"/aws/lambda/{name}" if name else None


def _first(blocks: Any) -> dict[str, Any]:
    return blocks[0] if isinstance(blocks, list) and blocks and isinstance(blocks[0], dict) else {}


check = FunctionsLogIntoADeclaredGroup()
