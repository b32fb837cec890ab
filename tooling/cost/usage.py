"""``envs/<env>/usage.yaml``: what one expects of a month, where a plan cannot say it.

::

    free_tier: false
    usage:                                    # each resource of every stack
      function.requests: {value: 20000, note: "a few testers"}
    stacks:
      kefir:
        usage:                                # each resource of this stack
          table.reads: {value: 200000, note: "ten reads a request"}
        addresses:                            # those that a glob names; a later entry wins
          module.kefir.aws_lambda_function.reminder_processor:
            function.requests: {value: 8760, note: "every five minutes"}

Every assumption has a note. What nobody assumes is no zero: its line in the estimate says "unknown".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

import yaml

from tooling.cost.keys import KEYS
from tooling.errors import ToolError
from tooling.gate import yamlfile
from tooling.gate.addresses import glob_matches
from tooling.gate.yamlfile import bad

FILE = "usage.yaml"


@dataclass(frozen=True)
class Assumption:
    """One figure that somebody thought of.

    Attributes:
        key: One of ``KEYS``.
        value: Of one resource and one month.
        note: Why this much.
        where: ``file:line``.
    """

    key: str
    value: Decimal
    note: str
    where: str

    @property
    def sentence(self) -> str:
        return f"{self.key} {self.value:,f}: {self.note}"


Assumptions = Mapping[str, Assumption]


@dataclass(frozen=True)
class StackUsage:
    """What one stack has of its own: for all its resources, and for those whose address a glob matches."""

    own: Assumptions = field(default_factory=dict)
    addresses: tuple[tuple[str, Assumptions], ...] = ()


@dataclass(frozen=True)
class Usage:
    """The content of one file.

    Attributes:
        file: How messages name it.
        free_tier: Whether the quantities that AWS gives away each month are taken off. Default: no, since they are an
            account's, and other stacks of that account may use them up.
        everywhere: For every stack.
        stacks: By architecture.
    """

    file: str = FILE
    free_tier: bool = False
    everywhere: Assumptions = field(default_factory=dict)
    stacks: Mapping[str, StackUsage] = field(default_factory=dict)

    def find(self, key: str, *, stack: str, address: str) -> Assumption | None:
        """What is assumed of a resource: for its address before for its stack before for all.

        Args:
            key: One of ``KEYS``.
            stack: ``<env>/<architecture>``.
            address: The resource.
        """
        own = self.stacks.get(stack.rpartition("/")[2], StackUsage())
        for pattern, assumptions in reversed(own.addresses):
            if key in assumptions and glob_matches(pattern, address):
                return assumptions[key]
        return own.own.get(key) or self.everywhere.get(key)


def load_usage(path: Path, shown_as: str | None = None) -> Usage:
    """Read the file of an environment. One that is not there assumes nothing.

    Args:
        path: ``envs/<env>/usage.yaml``.
        shown_as: How messages name it. Default: the path.

    Raises:
        ToolError: The file is malformed (exit code 2, with file and line).
    """
    name = shown_as or str(path)
    if not path.exists():
        return Usage(file=name)
    try:
        node = yamlfile.compose(path)
    except ToolError as error:
        raise bad(error.what, (error.where or name).replace(str(path), name)) from error
    if node is None:
        return Usage(file=name)
    path = Path(name)
    free_tier = False
    everywhere: Assumptions = {}
    stacks: dict[str, StackUsage] = {}
    for key, value in yamlfile.mapping(node, path):
        if key.value == "free_tier":
            free_tier = _switch(yamlfile.scalar(value, path))
        elif key.value == "usage":
            everywhere = _assumptions(value, path)
        elif key.value == "stacks":
            stacks = {name.value: _stack(inner, path) for name, inner in yamlfile.mapping(value, path)}
        else:
            raise bad(f"there is no '{key.value}' in a usage file", key.where, "known are free_tier, usage, stacks")
    return Usage(name, free_tier, everywhere, stacks)


def _stack(node: yaml.Node, path: Path) -> StackUsage:
    own: Assumptions = {}
    addresses: list[tuple[str, Assumptions]] = []
    for key, value in yamlfile.mapping(node, path):
        if key.value == "usage":
            own = _assumptions(value, path)
        elif key.value == "addresses":
            addresses = [(glob.value, _assumptions(inner, path)) for glob, inner in yamlfile.mapping(value, path)]
        else:
            raise bad(f"a stack has no '{key.value}'", key.where, "known are usage, addresses")
    return StackUsage(own, tuple(addresses))


def _assumptions(node: yaml.Node, path: Path) -> dict[str, Assumption]:
    return {key.value: _assumption(key, value, path) for key, value in yamlfile.mapping(node, path)}


def _assumption(key: yamlfile.Text, node: yaml.Node, path: Path) -> Assumption:
    if key.value not in KEYS:
        near = [known for known in KEYS if known.partition(".")[0] == key.value.partition(".")[0]]
        hint = f"known are {', '.join(near)}" if near else "docs/cost.md lists every key"
        raise bad(f"there is nothing called '{key.value}' to assume", key.where, hint)
    given = {name.value: yamlfile.scalar(value, path) for name, value in yamlfile.mapping(node, path)}
    if set(given) != {"value", "note"}:
        raise bad(f"'{key.value}' needs a value and a note, and nothing else", key.where, "write {value: 1, note: why}")
    if not given["note"].value:
        raise bad(f"the note of '{key.value}' is empty", given["note"].where, "say why it is this much")
    return Assumption(key.value, _number(key.value, given["value"]), given["note"].value, key.where)


def _number(key: str, text: yamlfile.Text) -> Decimal:
    try:
        value = Decimal(text.value.replace("_", ""))
    except InvalidOperation as error:
        raise bad(f"'{text.value}' is no number", text.where, f"{key} is: {KEYS[key]}") from error
    if not value.is_finite() or value < 0:
        raise bad(f"{key} is {text.value}: it cannot be less than nothing", text.where)
    if key.endswith("share") and value > 1:
        raise bad(f"{key} is {text.value}: a share is at most 1", text.where)
    return value


def _switch(text: yamlfile.Text) -> bool:
    if text.value not in ("true", "false"):
        raise bad(f"'{text.value}' is neither true nor false", text.where)
    return text.value == "true"
