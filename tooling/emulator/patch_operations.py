"""API Gateway's way of changing a resource: a list of patch operations on the document that reading it answers.

https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from tooling.emulator.registry import AwsError

_SCALARS: dict[str, Callable[[str], Any]] = {
    "boolean": lambda value: value == "true",
    "integer": int,
    "double": float,
    "float": float,
}


def patched(
    document: Mapping[str, Any], shape: StructureShape, operations: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """The document after all operations.

    Args:
        document: What the service answers of the resource now.
        shape: The model of that answer: it tells lists from maps, and what type a value (always text) stands for.
        operations: As the client sent them: ``op``, ``path``, and mostly ``value``.

    Raises:
        AwsError: BadRequestException for a path that the document cannot have.
    """
    result = copy.deepcopy(dict(document))
    for operation in operations:
        _apply(result, shape, _steps(operation["path"]), operation)
    return result


def _apply(container: dict[str, Any], shape: Shape, steps: list[str], operation: Mapping[str, Any]) -> None:
    """Carry out one operation on what ``steps`` lead to, below a structure or a map."""
    key, *deeper = steps
    member = _member(shape, key, operation)
    if isinstance(member, ListShape):
        container[key] = _changed_list(container.get(key) or [], deeper, operation)
    elif deeper:
        container[key] = container.get(key) or {}
        _apply(container[key], member, deeper, operation)
    elif operation["op"] == "remove":
        container.pop(key, None)
    else:
        container[key] = _scalar(member, operation.get("value"))


def _member(shape: Shape, key: str, operation: Mapping[str, Any]) -> Shape:
    if isinstance(shape, MapShape):
        return shape.value
    if isinstance(shape, StructureShape) and key in shape.members:
        return shape.members[key]
    raise AwsError("BadRequestException", f"Invalid patch path {operation['path']}")


def _changed_list(present: list[str], steps: list[str], operation: Mapping[str, Any]) -> list[str]:
    """A list whose element is named by the last step (its value or its place), or by the operation's value alone."""
    value = operation.get("value")
    if not steps:
        named = value
    elif steps[0].isdigit():
        named = present[int(steps[0])] if int(steps[0]) < len(present) else None
    else:
        named = steps[0]
    if operation["op"] == "remove":
        return [each for each in present if each != named]
    if operation["op"] == "add":
        return present if named in present else [*present, str(named)]
    if not steps:
        return [str(value)]
    return [str(value) if each == named else each for each in present]


def _scalar(shape: Shape, value: str | None) -> Any:
    # A value that is left out, or empty for a number, means "none".
    if value is None or (value == "" and shape.type_name in ("integer", "double", "float")):
        return None
    return _SCALARS.get(shape.type_name, str)(value)


def _steps(path: str) -> list[str]:
    """``/requestModels/application~1json`` is two steps: a slash inside a name is written ``~1``."""
    return [step.replace("~1", "/").replace("~0", "~") for step in path.lstrip("/").split("/")]
