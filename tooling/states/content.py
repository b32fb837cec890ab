"""What a state holds, by address. Format: Terraform's state file, version 4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_NAMES = ("mode", "type", "name")


@dataclass(frozen=True)
class Instance:
    """One managed object of a state.

    Attributes:
        address: Its address, with the instance key.
        resource: The resource's entry: type, name, module, provider.
        body: The instance's entry: attributes, key, dependencies.
        deposed: Terraform's name for an object that another has taken the place of; empty for the current one.
    """

    address: str
    resource: Mapping[str, Any]
    body: Mapping[str, Any]
    deposed: str = ""

    @property
    def id(self) -> str:
        return str((self.body.get("attributes") or {}).get("id") or "")


def check_parts(state: Mapping[str, Any]) -> None:
    """Whether the resources and outputs of a state are as Terraform writes them, so that every reader may rely on it.

    Raises:
        ValueError: They are not; says which.
    """
    for number, resource in enumerate(state["resources"]):
        named = isinstance(resource, dict) and all(isinstance(resource.get(key), str) for key in _NAMES)
        if not named or not isinstance(resource.get("module") or "", str):
            raise ValueError(f"its resource {number} has no mode, type or name")
        bodies = resource.get("instances")
        if not isinstance(bodies, list) or not all(map(_is_body, bodies)):
            raise ValueError(f"the instances of its resource {number} are none")
    outputs = state.get("outputs") or {}
    if not isinstance(outputs, dict) or not all(isinstance(one, dict) and "value" in one for one in outputs.values()):
        raise ValueError("its outputs are none")


def _is_body(body: Any) -> bool:
    if not isinstance(body, dict) or not isinstance(body.get("attributes") or {}, dict):
        return False
    if not _are_paths(body.get("sensitive_attributes") or []):
        return False
    key = body.get("index_key")
    return key is None or (isinstance(key, str | int) and not isinstance(key, bool))


def _are_paths(paths: Any) -> bool:
    """Whether these are paths to secrets: lists of steps, each a name or, with its type, an index or key."""
    return isinstance(paths, list) and all(isinstance(path, list) and all(map(_is_step, path)) for path in paths)


def _is_step(step: Any) -> bool:
    found = step.get("value") if isinstance(step, dict) else None
    return isinstance(found.get("value") if isinstance(found, dict) else found, str | int | float)


def instances(state: Mapping[str, Any] | None) -> Iterator[Instance]:
    """Every managed object, deposed ones included."""
    for resource in (state or {}).get("resources", ()):
        if resource.get("mode") != "managed":
            continue
        for body in resource.get("instances", ()):
            yield Instance(address_of(resource, body), resource, body, str(body.get("deposed") or ""))


def current(state: Mapping[str, Any] | None) -> dict[str, Instance]:
    """The current object of each address."""
    return {one.address: one for one in instances(state) if not one.deposed}


def address_of(resource: Mapping[str, Any], body: Mapping[str, Any]) -> str:
    """``module.kefir.aws_dynamodb_table.table``, with ``[0]`` or ``["key"]`` where it is one of several."""
    key = body.get("index_key")
    index = "" if key is None else f'["{key}"]' if isinstance(key, str) else f"[{key}]"
    module = f"{resource['module']}." if resource.get("module") else ""
    return f"{module}{resource['type']}.{resource['name']}{index}"
