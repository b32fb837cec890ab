"""What a plan says of a resource that is to be made: enough to write it into a state once its id is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_INDEX = re.compile(r"\[(?:\d+|\"(?:[^\"\\]|\\.)*\")\]")


@dataclass(frozen=True)
class Planned:
    """One resource to be made.

    Attributes:
        values: Its attributes as planned, secrets in clear; what only AWS can say is left out.
        complete: Whether all that the configuration sets is known.
        alias: The provider's alias; empty for the default one.
    """

    address: str
    module: str
    type: str
    name: str
    index: str | int | None
    provider: str
    alias: str
    schema_version: int
    values: Mapping[str, Any]
    complete: bool
    sensitive: Mapping[str, Any] = field(default_factory=dict)
    has_id: bool = True

    def entry(self) -> dict[str, Any]:
        """The resource's entry in a state, without instances."""
        place = f'provider["{self.provider}"]' + (f".{self.alias}" if self.alias else "")
        module = {"module": self.module} if self.module else {}
        return {**module, "mode": "managed", "type": self.type, "name": self.name, "provider": place, "instances": []}

    def instance(self, identifier: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
        """The instance's entry: what the provider needs to read the rest."""
        key = {} if self.index is None else {"index_key": self.index}
        values = {**self.values, **attributes, **({"id": identifier} if self.has_id else {})}
        if self.type == "terraform_data":
            values = _with_types(values)
        secret = list(_secret_paths(self.sensitive, ()))
        return {
            **key,
            "schema_version": self.schema_version,
            "attributes": values,
            **({"sensitive_attributes": secret} if secret else {}),
        }


def planned_creations(plan: Mapping[str, Any]) -> dict[str, Planned]:
    """Every managed resource that a plan would make, alone or in another's place, by address.

    Args:
        plan: ``terraform show -json`` of a saved plan.
    """
    configured = dict(_configured(plan["configuration"]["root_module"], ""))
    found = {}
    for change in plan.get("resource_changes", ()):
        if change["mode"] != "managed" or "create" not in change["change"]["actions"]:
            continue
        block = configured[_INDEX.sub("", change["address"])]
        after, unknown = change["change"]["after"] or {}, change["change"].get("after_unknown") or {}
        _, _, alias = block["provider_config_key"].rpartition(":")[2].partition(".")
        found[change["address"]] = Planned(
            address=change["address"],
            module=change.get("module_address", ""),
            type=change["type"],
            name=change["name"],
            index=change.get("index"),
            provider=change["provider_name"],
            alias=alias,
            schema_version=block["schema_version"],
            values=after,
            complete=not _lacks(block.get("expressions", {}), unknown),
            sensitive=change["change"].get("after_sensitive") or {},
            has_id="id" in after or "id" in unknown,
        )
    return found


@dataclass(frozen=True)
class Read:
    """What the provider read of one resource.

    Attributes:
        attributes: As a state writes them.
        secret: Paths of those that are sensitive: by the configuration, or by the provider's schema.
    """

    attributes: Mapping[str, Any]
    secret: list[list[Any]] = field(default_factory=list)


def refreshed(plan: Mapping[str, Any]) -> dict[str, Read]:
    """What the provider read of every resource of the state while it planned, by address; what is gone is left out.

    Args:
        plan: ``terraform show -json`` of a saved plan.
    """
    root = plan.get("prior_state", {}).get("values", {}).get("root_module", {})
    return {
        one["address"]: Read(
            _with_types(one["values"]) if one["type"] == "terraform_data" else one["values"],
            list(_secret_paths(one.get("sensitive_values") or {}, ())),
        )
        for one in _resources(root)
        if one["mode"] == "managed" and "deposed_key" not in one
    }


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _resources(child)


def _configured(module: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for block in module.get("resources", ()):
        yield prefix + block["address"], block
    for name, call in module.get("module_calls", {}).items():
        yield from _configured(call["module"], f"{prefix}module.{name}.")


def _lacks(expressions: Any, unknown: Any) -> bool:
    """Whether anything that the configuration sets is unknown; what AWS fills in beside it does not count."""
    if isinstance(unknown, list):
        blocks = expressions if isinstance(expressions, list) else [expressions] * len(unknown)
        return any(
            _lacks(blocks[min(place, len(blocks) - 1)] if blocks else {}, one) for place, one in enumerate(unknown)
        )
    if isinstance(unknown, dict):
        if isinstance(expressions, list):
            expressions = expressions[0] if expressions else {}
        if "references" in expressions or "constant_value" in expressions:
            return _any(unknown)
        return any(_lacks(expressions[key], one) for key, one in unknown.items() if key in expressions)
    return unknown is True


def _any(unknown: Any) -> bool:
    if isinstance(unknown, dict):
        return any(map(_any, unknown.values()))
    if isinstance(unknown, list):
        return any(map(_any, unknown))
    return unknown is True


def _secret_paths(marks: Any, path: tuple[dict[str, Any], ...], *, within: str = "list") -> Iterator[list[Any]]:
    """Paths as a state writes them: attributes of a resource or block by name, members of a map or list by index.

    In a plan's JSON an object and a map look the same; blocks are always in lists, and what an attribute holds itself
    is a map.
    """
    if marks is True:
        yield list(path)
    elif isinstance(marks, list):
        for place, one in enumerate(marks):
            yield from _secret_paths(one, (*path, _index(place, "number")), within="list")
    elif isinstance(marks, dict):
        for name, one in marks.items():
            step = {"type": "get_attr", "value": name} if within == "list" else _index(name, "string")
            yield from _secret_paths(one, (*path, step), within="attribute")


def _index(value: int | str, kind: str) -> dict[str, Any]:
    return {"type": "index", "value": {"value": value, "type": kind}}


def _with_types(values: Mapping[str, Any]) -> dict[str, Any]:
    """The built-in resource's values are of any type, so a state names the type beside each."""
    known = {**values, "output": values.get("input")}
    dynamic = ("input", "output", "triggers_replace")
    return {
        key: {"value": value, "type": _type_of(value)} if key in dynamic and value is not None else value
        for key, value in known.items()
    }


def _type_of(value: Any) -> Any:
    """A value's type as Terraform writes it in JSON: https://developer.hashicorp.com/terraform/language/expressions/type-constraints."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, dict):
        return ["object", {key: _type_of(one) for key, one in value.items()}]
    if isinstance(value, list):
        return ["tuple", [_type_of(one) for one in value]]
    return "string" if value is not None else "dynamic"
