"""Load the checks of a ``policies/`` folder.

checkov's own loader logs a file that cannot be imported and goes on, which is a check
turned off without anybody being told. Here a file that brings no check is an error.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checkov.terraform.checks.data.registry import data_registry
from checkov.terraform.checks.provider.registry import provider_registry
from checkov.terraform.checks.resource.registry import resource_registry

from tooling.errors import Exit, ToolError
from tooling.gate.engine.check import PlanCheck

_REGISTRIES = {"resource": resource_registry, "data": data_registry, "provider": provider_registry}


@dataclass(frozen=True)
class OwnCheck:
    """One check of ours, for one kind of thing.

    Attributes:
        id: Its id.
        block: ``resource``, ``data`` or ``provider``.
        entity: The type (or glob of types) it looks at.
        file: The file that brought it.
        check: The check itself, an object of checkov's.
    """

    id: str
    block: str
    entity: str
    file: Path
    check: Any

    @property
    def judges_plans(self) -> bool:
        """Whether it comes to a verdict on every resource of its types (a plain checkov check may abstain)."""
        return isinstance(self.check, PlanCheck)


def load_own(folder: Path, *, taken: Collection[str]) -> tuple[OwnCheck, ...]:
    """Import every ``policies/*.py`` whose name does not start with an underscore.

    The checks are taken out of checkov's registries again: these belong to the process,
    and another folder's checks must not run along.

    Args:
        folder: The folder.
        taken: Ids of checkov's own checks.

    Raises:
        ToolError: A file cannot be imported, brings no check, or one whose id is taken (exit code 2).
    """
    loaded: list[OwnCheck] = []
    for file in sorted(folder.glob("*.py")):
        if file.name.startswith("_"):
            continue
        with _caught() as caught:
            _import(file)
        checks = [
            OwnCheck(check.id, block, entity, file, check)
            for block, registered in caught.items()
            for entity, entries in registered.items()
            for check in entries
        ]
        if not checks:
            hint = "end the file with check = YourCheck(), or start its name with an underscore"
            raise ToolError("registers no check", where=str(file), hint=hint, exit_code=Exit.USAGE)
        for check in checks:
            check.check.logger = logging.getLogger("checkov.policies")  # silent, see quiet()
            first = next((other for other in loaded if other.id == check.id), None)
            if check.id in taken or first is not None:
                by = first.file.name if first is not None else "checkov"
                raise ToolError(f"{check.id} is taken by {by}", where=str(file), exit_code=Exit.USAGE)
        loaded += checks
    return tuple(loaded)


@contextmanager
def _caught() -> Iterator[dict[str, dict[str, list[Any]]]]:
    """What is registered within, by block and entity."""
    caught: dict[str, dict[str, list[Any]]] = {}
    kept = {block: (registry.checks, registry.wildcard_checks) for block, registry in _REGISTRIES.items()}
    for block, registry in _REGISTRIES.items():
        registry.checks = registry.wildcard_checks = caught[block] = defaultdict(list)
    try:
        yield caught
    finally:
        for block, registry in _REGISTRIES.items():
            registry.checks, registry.wildcard_checks = kept[block]


def _import(file: Path) -> None:
    # Two folders may each have a tags.py.
    unique = hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:12]
    name = f"groundplan_policy_{unique}_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        what = f"cannot be loaded: {type(error).__name__}: {error}"
        raise ToolError(what, where=str(file), exit_code=Exit.USAGE) from error
