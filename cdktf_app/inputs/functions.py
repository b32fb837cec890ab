"""Packages and sizes of functions, and the API before them."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_app import expressions
from cdktf_app.constructs.function_packages import OVERRIDES_TYPE
from cdktf_app.module_stack import Input, ModuleStack, Rule


def function_packages(stack: ModuleStack, *, functions: Sequence[str]) -> Input:
    """Packages of the user's own.

    Args:
        stack: The module.
        functions: Names of the functions that there are.
    """
    return stack.variable(
        "function_packages",
        OVERRIDES_TYPE,
        default={},
        description="Packages to use instead of the module's own, by function: a local zip or an object in S3.",
        validation=[
            Rule(
                f"length(setsubtract(keys(var.function_packages), {expressions.literal(list(functions))})) == 0",
                f"The function packages must be named after functions: {', '.join(functions)}.",
            ),
            Rule(
                "alltrue([for own in values(var.function_packages) : (own.filename == null) != (own.s3_key == null)])",
                "Each function package must have either a filename or an s3_key.",
            ),
        ],
    )


def manage_api_gateway_account(stack: ModuleStack) -> Input:
    return stack.switch(
        "manage_api_gateway_account",
        default=True,
        description="Look after the account's role for API Gateway's logs; off where another stack does.",
    )


def function_overrides(stack: ModuleStack, *, functions: Sequence[str]) -> Input:
    """Sizes of single functions.

    Args:
        stack: The module.
        functions: Names of the functions that there are.
    """
    return stack.variable(
        "function_overrides",
        "map(object({ memory_mb = optional(number), timeout_seconds = optional(number) }))",
        default={},
        description="Memory or longest run of single functions, by function, where they differ from the rest.",
        validation=[
            Rule(
                f"length(setsubtract(keys(var.function_overrides), {expressions.literal(list(functions))})) == 0",
                f"The function overrides must be named after functions: {', '.join(functions)}.",
            ),
            Rule(
                "alltrue([for own in values(var.function_overrides) : "
                "try(own.memory_mb >= 128 && own.memory_mb <= 10240, own.memory_mb == null)])",
                "Each memory must be from 128 to 10240 MB.",
            ),
            Rule(
                "alltrue([for own in values(var.function_overrides) : "
                "try(own.timeout_seconds >= 1 && own.timeout_seconds <= 900, own.timeout_seconds == null)])",
                "Each longest run must be from 1 to 900 seconds.",
            ),
        ],
    )


def overridden(overrides: Input, function: str, field: str, default: Input) -> float:
    """The size of one function: its override, else what all have."""
    own = f'lookup({overrides.expression}, "{function}", {{ memory_mb = null, timeout_seconds = null }}).{field}'
    return expressions.number(f"coalesce({own}, {default.expression})")
