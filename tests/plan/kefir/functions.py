"""The functions of kefir in a plan."""

from __future__ import annotations

from tests.support.plans import Plan, Resource

API_FUNCTIONS = (
    "handleAuth",
    "handleBatches",
    "handleDevices",
    "handleEvents",
    "handleExport",
    "handlePublic",
    "handleReminders",
)
PROCESSOR = "reminderProcessor"
FUNCTIONS = (*API_FUNCTIONS, PROCESSOR)


def prefix(plan: Plan) -> str:
    return f"kefir-app-{plan.input('environment')}-"


def function(plan: Plan, name: str) -> Resource:
    return plan.one("aws_lambda_function", function_name=prefix(plan) + name)


def functions(plan: Plan) -> list[Resource]:
    """All of them; a plan that lacks one, or has one more, must not pass for complete."""
    found = plan.all("aws_lambda_function")
    assert sorted(each["function_name"] for each in found) == sorted(prefix(plan) + name for name in FUNCTIONS)
    return found
