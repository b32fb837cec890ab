"""The parts of a module: each of its files is one, as the architecture's page lists them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tooling.plan.sources import declared

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack

_INSTANCE = re.compile(r"\[[^\]]*\]")


def parts_of(stack: Stack) -> dict[str, str]:
    """The part of every resource and data source that a stack declares, by address without instance keys."""
    module = f"module.{stack.architecture}."
    return {
        address: PurePosixPath(place.rpartition(":")[0]).stem
        for address, place in declared(stack.module, stack.root).items()
        if address.startswith(module)
    }


def part_sizes(stack: Stack) -> dict[str, int]:
    """How many resources each part declares, by its name; data sources are not counted."""
    module = f"module.{stack.architecture}."
    found = Counter(
        part for address, part in parts_of(stack).items() if not address.removeprefix(module).startswith("data.")
    )
    return dict(sorted(found.items()))


def without_instances(address: str) -> str:
    """
    >>> without_instances('module.kefir.aws_sns_topic.alerts[0]')
    'module.kefir.aws_sns_topic.alerts'
    """
    return _INSTANCE.sub("", address)


def is_part(asked: str, part: str) -> bool:
    """Whether somebody means this part: by its name, or as stacks of other tools are called.

    >>> is_part("ApiStack", "api")
    True
    """
    return asked.lower().removesuffix("stack") == part.lower()
