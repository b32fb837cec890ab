"""A plan by the blocks of its module: what is changed here is changed in the plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.mutation.steps import Place, Step
from tests.support.plans import Json

DOCUMENT = "data.aws_iam_policy_document."


class View:
    """One plan of an architecture.

    Attributes:
        name: What tells it from the other plans.
        raw: The plan as JSON.
        module: Address of the module in it.
        configured: What the configuration says of a block, by the block's address.
        resources: What was planned for a block, one entry for each of its instances.
        variables: The module's.
        outputs: The module's.
    """

    def __init__(self, name: str, raw: Json, architecture: str) -> None:
        self.name = name
        self.raw = raw
        self.module = f"module.{architecture}"
        self.call: Json = raw["configuration"]["root_module"]["module_calls"][architecture]
        module = self.call["module"]
        self.configured: dict[str, Json] = {entry["address"]: entry for entry in module["resources"]}
        self.variables: dict[str, Json] = module.get("variables", {})
        self.outputs: dict[str, Json] = module.get("outputs", {})
        self.resources: dict[str, list[Json]] = {}
        for entry in _entries(raw, self.module):
            self.resources.setdefault(block_of(entry), []).append(entry)
        self.uses = dict(_uses(self.configured))

    def expressions(self, block: str) -> Json:
        """What the arguments of a block are made from."""
        # A block without arguments has none; what is read here must not change the plan.
        found: Json = self.configured[block].get("expressions", {})
        return found

    def remove(self, block: str, index: str | int | None = None) -> None:
        """Take a block away, or one instance of it."""
        if index is None:
            del self.configured[block]
            module = self.call["module"]
            module["resources"] = [entry for entry in module["resources"] if entry["address"] != block]
        gone = {
            entry["address"]
            for entry in self.resources.get(block, ())
            if index is None or str(entry.get("index")) == str(index)
        }
        self.resources[block] = [entry for entry in self.resources.get(block, ()) if entry["address"] not in gone]
        for part in self._parts():
            part["resources"] = [entry for entry in part["resources"] if entry["address"] not in gone]
        self.raw["resource_changes"] = [each for each in self._changes() if each["address"] not in gone]

    def configure(self, entry: Json) -> None:
        """Say in the configuration that there is one more block."""
        self.configured[entry["address"]] = entry
        self.call["module"]["resources"].append(entry)

    def add(self, entries: list[Json]) -> None:
        """Plan what another plan has."""
        self._parts()[0]["resources"].extend(entries)
        for entry in entries:
            self.resources.setdefault(block_of(entry), []).append(entry)

    def set_values(self, entry: Json, values: Mapping[str, Any]) -> None:
        """Plan other values for an instance."""
        entry["values"] = values
        for change in self._changes():
            if change["address"] == entry["address"]:
                change["change"]["after"] = values

    def _changes(self) -> list[Json]:
        changes: list[Json] = self.raw.get("resource_changes", [])
        return changes

    def _parts(self) -> list[Json]:
        return [part for part in (_planned(self.raw), _prior(self.raw)) if "resources" in part]


def values_of(entry: Json) -> Json:
    """What is planned for an instance; nothing, where nothing is known before the apply."""
    found: Json = entry.get("values", {})
    return found


def block_of(entry: Json) -> str:
    """Address of the block that an instance was planned from."""
    return f"{'data.' if entry['mode'] == 'data' else ''}{entry['type']}.{entry['name']}"


def type_of(block: str) -> str:
    """``aws_s3_bucket`` of ``aws_s3_bucket.photos``; ``aws_iam_policy_document`` of ``data.aws_iam...``."""
    return block.removeprefix("data.").split(".")[0]


def is_leaf(expression: Any) -> bool:
    """Whether this is an argument's expression, not a nested block."""
    return isinstance(expression, dict) and expression.keys() <= {"references", "constant_value"}


def leaves(expressions: Any, path: Place = ()) -> Iterator[tuple[Place, Json]]:
    """Every argument's expression with its path through blocks."""
    if is_leaf(expressions):
        yield path, expressions
        return
    steps: list[tuple[Step, Any]] = (
        list(expressions.items()) if isinstance(expressions, dict) else list(enumerate(expressions))
    )
    for step, inner in steps:
        if isinstance(inner, dict | list):
            yield from leaves(inner, (*path, step))


def referred(reference: str) -> tuple[str, str | None]:
    """Block and argument of ``aws_x.y[0].arn``; no argument where the block itself is meant."""
    parts = re.sub(r"\[[^\]]*\]", "", reference).split(".")
    length = 3 if parts[0] == "data" else 2
    return ".".join(parts[:length]), parts[length] if len(parts) > length else None


def _uses(configured: Mapping[str, Json]) -> Iterator[tuple[tuple[str, str | None], list[tuple[str, Place]]]]:
    """Block and argument, and where other blocks use it; None: where only the block is named (``one(x[*].arn)``)."""
    found: dict[tuple[str, str | None], list[tuple[str, Place]]] = {}
    for block, entry in configured.items():
        repeated = list(leaves(entry.get("for_each_expression", {})))
        for path, expression in leaves(entry.get("expressions", {})):
            references = list(expression.get("references", ()))
            if any(each.startswith("each.") for each in references):
                references += [one for _, each in repeated for one in each.get("references", ())]
            targets = {referred(each) for each in references}
            named = {target for target, argument in targets if argument}
            for target, argument in sorted(targets, key=str):
                if argument or target not in named:
                    found.setdefault((target, argument), []).append((block, path))
    yield from found.items()


def _planned(raw: Json) -> Json:
    modules: list[Json] = raw["planned_values"]["root_module"].get("child_modules", [{}])
    return modules[0]


def _prior(raw: Json) -> Json:
    root = raw.get("prior_state", {}).get("values", {}).get("root_module", {})
    modules: list[Json] = root.get("child_modules", [{}])
    return modules[0]


def _entries(raw: Json, module: str) -> Iterator[Json]:
    for part in (_planned(raw), _prior(raw)):
        assert part.get("address", module) == module, f"a root with more than {module}"
        yield from part.get("resources", ())
