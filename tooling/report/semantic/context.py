"""What a plan knows beside one resource: where an argument comes from, and whose an id is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tooling.gate.addresses import Address, parse_address
from tooling.gate.planned import references_in

_IDENTITIES = ("id", "arn")


@dataclass(frozen=True)
class Context:
    """A masked plan, indexed once.

    Attributes:
        plan: The JSON of ``terraform show -json``.
    """

    plan: Mapping[str, Any]

    @cached_property
    def entries(self) -> dict[str, Mapping[str, Any]]:
        """Entries of ``resource_changes`` by address, those without a change as well."""
        return {
            entry["address"]: entry for entry in self.plan.get("resource_changes") or () if not entry.get("deposed")
        }

    @cached_property
    def _written(self) -> dict[tuple[tuple[str, ...], str, str, str], Mapping[str, Any]]:
        root = (self.plan.get("configuration") or {}).get("root_module") or {}
        return {
            (calls, each["mode"], each["type"], each["name"]): each.get("expressions") or {}
            for calls, module in _modules(root, ())
            for each in module.get("resources") or ()
        }

    @cached_property
    def _owners(self) -> dict[str, str]:
        """Resources by the ids and ARNs that they have already."""
        found: dict[str, str] = {}
        for address, entry in self.entries.items():
            change = entry["change"]
            for values in (change.get("before"), change.get("after")):
                if not isinstance(values, Mapping) or entry.get("mode") == "data":
                    continue
                for identity in _IDENTITIES:
                    if isinstance(values.get(identity), str) and values[identity]:
                        found.setdefault(values[identity], address)
        return found

    def expressions(self, address: str) -> Mapping[str, Any]:
        """The arguments of a resource in the configuration; empty when a plan does not say."""
        at = parse_address(address)
        return self._written.get((at.calls, at.mode, at.type, at.name), {})

    def owner(self, identity: str) -> str | None:
        """The resource that has an id or ARN."""
        return self._owners.get(identity)

    def meant(self, expression: Any, seen_from: Address, wanted: str = "") -> list[str]:
        """Addresses of the resources that an expression refers to, of one type if ``wanted`` is given."""
        found: list[str] = []
        for reference in references_in(expression):
            parts = reference.split(".")
            size = 3 if parts[0] == "data" else 2
            head = ".".join(parts[:size])
            kind = parts[size - 2] if len(parts) >= size else ""
            if len(parts) < size or "_" not in kind or (wanted and kind != wanted):
                continue
            address = f"{seen_from.module}.{head}" if seen_from.module else head
            if address in self.entries:
                found.append(address)
                continue
            bare = address.partition("[")[0] if "[" in parts[size - 1] else address
            same_key = f"{bare}[{seen_from.key}]"
            found += (
                [same_key] if seen_from.key is not None and same_key in self.entries else self._instances.get(bare, [])
            )
        return list(dict.fromkeys(found))

    @cached_property
    def _instances(self) -> dict[str, list[str]]:
        """Addresses of all instances of a resource, by its address without key."""
        found: dict[str, list[str]] = {}
        for address in self.entries:
            if address.endswith("]"):
                at = parse_address(address)
                found.setdefault(address.removesuffix(f"[{at.key}]"), []).append(address)
        return found


def _modules(module: Mapping[str, Any], calls: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """A module of the configuration and all that it calls, with the names of the calls that lead there.

    No function inside another: one that names itself would keep the plan until Python looks for such rings.
    """
    yield calls, module
    for name, call in (module.get("module_calls") or {}).items():
        yield from _modules(call.get("module") or {}, (*calls, name))
