"""What was generated from which inputs, so that nothing is generated twice.

``.groundplan/synth.json`` holds digests: of the inputs of each architecture's module and roots, and of the files that
came out. As long as both are what they were, neither cdktf nor Terraform is asked. Committed files that were changed or
deleted are noticed, since they are compared on every run. Without the file, or with one that is damaged, all is made
anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling.synth.inputs import Sources, module_key, roots_key, settings, tools
from tooling.workspace import private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tooling.synth.generated import Generated
    from tooling.workspace import Workspace

FILE = "synth.json"


@dataclass
class Generation:
    """Every generated file of the project.

    Attributes:
        paths: All of them, below the project's root.
        texts: Text of those that were made anew; the others are on disk as they would be made.
    """

    paths: set[Path] = field(default_factory=set)
    texts: dict[Path, str] = field(default_factory=dict)


@dataclass
class _Part:
    """Files that are made together: a module in both shapes, or the roots of one.

    Attributes:
        key: Digest of what they were made from.
        files: Digest of each.
    """

    key: str
    files: dict[str, str]

    def is_on_disk(self, root: Path) -> bool:
        return all(_digest_of(root / path) == digest for path, digest in self.files.items())


@dataclass
class _Known:
    """One architecture, as it was made."""

    module: _Part
    interface: Mapping[str, Any]
    roots: _Part


def _modules(workspace: Workspace, names: Sequence[str]) -> Mapping[str, Generated]:
    from tooling.synth.generated import known_architectures
    from tooling.synth.side_by_side import of_each

    known_architectures(workspace)
    return of_each(workspace, names)


def _roots(workspace: Workspace, name: str, interface: Mapping[str, Any]) -> Mapping[Path, str]:
    from tooling.synth.generated import known_architectures, roots_of

    known_architectures(workspace)
    return roots_of(workspace, name, interface)


@dataclass(frozen=True)
class Making:
    """What reads the inputs and what makes files of them, so that a test can give its own.

    Attributes:
        sources: Reads the sources.
        tools: Says which programs and packages there are.
        modules: Makes all files of some architectures.
        roots: Makes the roots of one, given the interface of its module.
    """

    sources: Callable[[], Sources] = Sources
    tools: Callable[[], Mapping[str, object]] = tools
    modules: Callable[[Workspace, Sequence[str]], Mapping[str, Generated]] = _modules
    roots: Callable[[Workspace, str, Mapping[str, Any]], Mapping[Path, str]] = _roots


def up_to_date(workspace: Workspace, making: Making = Making()) -> Generation:
    """Every generated file, made anew where its inputs or the file itself changed.

    Raises:
        ToolError: See :func:`tooling.synth.generated.generate`.
    """
    memory = workspace.work / FILE
    keys = _Keys(workspace, making)
    known = _read(memory)
    generation = Generation()
    remembered: dict[str, _Known] = {}
    missing = []
    for name in keys.architectures:
        one = known.get(name)
        if one is None or one.module.key != keys.module(name) or not one.module.is_on_disk(workspace.root):
            missing.append(name)
            continue
        roots_key_now = keys.roots(name, one.interface)
        if one.roots.key != roots_key_now or not one.roots.is_on_disk(workspace.root):
            texts = making.roots(workspace, name, one.interface)
            generation.texts |= texts
            one = _Known(one.module, one.interface, _Part(roots_key_now, _digests(texts)))
        generation.paths |= {Path(path) for path in (*one.module.files, *one.roots.files)}
        remembered[name] = one
    for name, made in (making.modules(workspace, missing) if missing else {}).items():
        generation.texts |= {**made.module, **made.roots}
        remembered[name] = _Known(
            _Part(keys.module(name), _digests(made.module)),
            made.interface,
            _Part(keys.roots(name, made.interface), _digests(made.roots)),
        )
    generation.paths |= generation.texts.keys()
    # What was changed while it was read may have been read before or after.
    if remembered != known and keys.all() == _Keys(workspace, making).all():
        _write(memory, remembered)
    return generation


class _Keys:
    """Digests of the inputs, all of one moment."""

    def __init__(self, workspace: Workspace, making: Making) -> None:
        self._workspace = workspace
        self._sources = making.sources()
        self._tools = making.tools()
        self.architectures = self._sources.architectures()
        self._settings = settings(workspace)

    def module(self, name: str) -> str:
        return module_key(self._sources, self._tools, name)

    def roots(self, name: str, interface: object) -> str:
        return roots_key(self._sources, self._settings, self._tools, name, interface)

    def all(self) -> list[tuple[str, str]]:
        return [(self.module(name), self.roots(name, {})) for name in self.architectures]


def _digests(texts: Mapping[Path, str]) -> dict[str, str]:
    return {path.as_posix(): hashlib.sha256(text.encode()).hexdigest() for path, text in texts.items()}


def _digest_of(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _read(memory: Path) -> dict[str, _Known]:
    """What is remembered; nothing when it cannot be read, or is not what was written."""
    try:
        data = json.loads(memory.read_text(encoding="utf-8"))
        content = data["content"]
        if _checksum(content) != data["sha256"]:
            return {}
        return {
            name: _Known(_Part(**one["module"]), one["interface"], _Part(**one["roots"]))
            for name, one in content.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _write(memory: Path, known: Mapping[str, _Known]) -> None:
    content = {
        name: {"module": vars(one.module), "interface": one.interface, "roots": vars(one.roots)}
        for name, one in known.items()
    }
    # Where it cannot be kept, the next run takes longer, and that is all.
    with contextlib.suppress(OSError):
        private_folder(memory.parent)
        write_private(memory, json.dumps({"sha256": _checksum(content), "content": content}))


def _checksum(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
