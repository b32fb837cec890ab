"""Small plans by hand, in the JSON that ``terraform show -json`` prints: some resources, and who names whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
_ACTIONS = {
    "create": ["create"],
    "update": ["update"],
    "replace": ["delete", "create"],
    "destroy": ["delete"],
    "forget": ["forget"],
    "no-op": ["no-op"],
}


@dataclass(frozen=True)
class Made:
    """A resource of a small plan.

    Attributes:
        address: ``aws_s3_bucket.photos`` or, with an instance key, ``aws_s3_bucket.photos["a"]``; of the root, or
            behind ``module.<name>.``.
        values: What is known of it.
        uses: By argument: what it refers to (``aws_iam_role.reader.arn``).
        action: What the plan does with it.
        waits_for: Its ``depends_on``.
        configured: Whether the configuration still has it.
        sensitive: Marks of what is not to be shown.
        deposed: Key of an object that a replacement left behind.
        provider: Its provider configuration.
        data: It is a data source.
    """

    address: str
    values: Mapping[str, Any] = field(default_factory=dict)
    uses: Mapping[str, Sequence[str]] = field(default_factory=dict)
    action: str = "create"
    waits_for: Sequence[str] = ()
    configured: bool = True
    sensitive: Any = None
    deposed: str = ""
    provider: str = "aws"
    data: bool = False

    @property
    def module(self) -> str:
        return ".".join(self._parts[:-1])

    @property
    def mode(self) -> str:
        return "data" if self.data else "managed"

    @property
    def named(self) -> Json:
        kind, _, name = self._parts[-1].partition("|")
        return {"mode": self.mode, "type": kind, "name": name.partition("[")[0]}

    @property
    def _parts(self) -> list[str]:
        address = self.address.replace("data.", "", 1) if self.data else self.address
        module, found, rest = address.rpartition("module.")
        if not found:
            return [rest.replace(".", "|", 1)]
        name, _, rest = rest.partition(".")
        return [f"{module}module.{name}", rest.replace(".", "|", 1)]


def small_plan(*made: Made, regions: Mapping[str, str] | None = None) -> Json:
    """The plan of these resources; ``regions`` by provider configuration, us-east-1 for ``aws`` if none are given."""
    stays = [each for each in made if each.action not in ("destroy", "forget") and not each.deposed]
    modules = dict.fromkeys(each.module for each in made)
    providers = regions or {"aws": "us-east-1"}
    return {
        "format_version": "1.2",
        "resource_changes": [_change(each) for each in made if not each.data],
        "planned_values": {
            "root_module": {
                "resources": [_planned(each) for each in stays if not each.module],
                "child_modules": [
                    {"address": module, "resources": [_planned(each) for each in stays if each.module == module]}
                    for module in modules
                    if module
                ],
            }
        },
        "configuration": {
            "provider_config": {
                key: {"name": "aws", "expressions": {"region": {"constant_value": region}}}
                for key, region in providers.items()
            },
            "root_module": {
                "resources": _configured([each for each in made if not each.module]),
                "module_calls": {
                    module.removeprefix("module."): {
                        "module": {"resources": _configured([each for each in made if each.module == module])}
                    }
                    for module in modules
                    if module
                },
            },
        },
    }


def _planned(each: Made) -> Json:
    return {"address": each.address, **each.named, "values": dict(each.values)}


def _change(each: Made) -> Json:
    going = each.action in ("destroy", "forget")
    before = None if each.action == "create" else dict(each.values)
    change = {
        "actions": _ACTIONS[each.action],
        "before": before,
        "after": None if going else dict(each.values),
        "before_sensitive": each.sensitive if going else False,
        "after_sensitive": False if going else each.sensitive or {},
    }
    left = {"deposed": each.deposed} if each.deposed else {}
    return {"address": each.address, **each.named, **left, "change": change}


def _configured(made: Sequence[Made]) -> list[Json]:
    """One block for all instances."""
    blocks: dict[tuple[str, str, str], Json] = {}
    for each in made:
        if each.configured:
            named = each.named
            blocks[named["mode"], named["type"], named["name"]] = {
                **named,
                "provider_config_key": each.provider,
                "expressions": {argument: _expression(list(used)) for argument, used in each.uses.items()},
                **({"depends_on": list(each.waits_for)} if each.waits_for else {}),
            }
    return list(blocks.values())


def _expression(references: list[str]) -> Json:
    """As a plan has it: the resource once more behind each of its attributes."""
    return {"references": [part for text in references for part in (text, _resource(text)) if part]}


def _resource(text: str) -> str:
    parts = text.split(".")
    kept = 3 if parts[0] == "data" else 2
    return ".".join(parts[:kept]) if len(parts) > kept else ""
