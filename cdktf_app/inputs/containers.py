"""Sizes, port and health of containers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_app import expressions
from cdktf_app.module_stack import Input, ModuleStack, Rule

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
_FARGATE_MEMORY_MB: Mapping[int, Sequence[int]] = {
    256: (512, 1024, 2048),
    512: range(1024, 4096 + 1, 1024),
    1024: range(2048, 8192 + 1, 1024),
    2048: range(4096, 16384 + 1, 1024),
    4096: range(8192, 30720 + 1, 1024),
    8192: range(16384, 61440 + 1, 4096),
    16384: range(32768, 122880 + 1, 8192),
}


def fargate_cpu(stack: ModuleStack, name: str, *, default: int) -> Input:
    sizes = ", ".join(map(str, _FARGATE_MEMORY_MB))
    return stack.variable(
        name,
        "number",
        default=default,
        description="CPU of a task, in units of which a vCPU has 1024.",
        validation=[Rule(f"contains([{sizes}], var.{name})", f"{name} must be one of {sizes}.")],
    )


def fargate_memory(stack: ModuleStack, name: str, *, default: int, cpu: Input) -> Input:
    """Memory of a task; Fargate takes only some with each size of CPU."""
    table = expressions.literal({str(size): list(memory) for size, memory in _FARGATE_MEMORY_MB.items()})
    known = "; ".join(f"with {size} of {cpu.name} {_steps(memory)}" for size, memory in _FARGATE_MEMORY_MB.items())
    return stack.variable(
        name,
        "number",
        default=default,
        description="Memory of a task, in MB.",
        validation=[
            Rule(
                f"contains(lookup({table}, tostring({cpu.expression}), []), var.{name})",
                f"{name} must be one that Fargate takes: {known}.",
            )
        ],
    )


def _steps(sizes: Sequence[int]) -> str:
    if len(sizes) <= 3:
        return ", ".join(map(str, sizes))
    return f"{sizes[0]} to {sizes[-1]} in steps of {sizes[1] - sizes[0]}"


def container_port(stack: ModuleStack) -> Input:
    return stack.whole_number(
        "container_port", default=3000, least=1, most=65535, description="Port that the container listens on."
    )


def health_check_path(stack: ModuleStack, *, default: str) -> Input:
    return stack.variable(
        "health_check_path",
        "string",
        default=default,
        description="Path that answers 200 while the application is well.",
        validation=[
            Rule(
                'can(regex("^/[^ ]*$", var.health_check_path)) && length(var.health_check_path) <= 1024',
                f"The path of the health check must begin with a slash, such as {default}.",
            )
        ],
    )
