"""What the generated files are made from, as digests: equal digests, equal files.

Nothing that a generation depends on may be missing here; what does not matter may well be in it, for then something is
made again that would not have to be. ``tests/unit/synth/test_inputs.py`` watches what a generation opens.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import sys
import sysconfig
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import cdktf_app
from tooling.environment.shell import VARIABLES
from tooling.terraform.binary import BINARY_VARIABLE, find_terraform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tooling.workspace import Workspace

TOOLKIT = Path(__file__).resolve().parents[1]
# Where it is imported from, which need not be beside the toolkit.
APP = Path(cdktf_app.__path__[0])
FUNCTIONS = APP.parent / "functions"

# What jsii and Node read of the environment, and what an env.toml may leave to it.
_ENVIRON = (
    "JSII_NODE", "JSII_RUNTIME", "NODE_OPTIONS", "NODE_PATH", "PYTHONPATH", "TF_CLI_ARGS", "TF_CLI_ARGS_fmt",
    *(name for names in VARIABLES.values() for name in names),
)  # fmt: skip
# An import of them, but not of the list of their names.
_OF_ARCHITECTURES = re.compile(
    rb"\barchitectures\.\w|\barchitectures\s+import\b|(?<!synthesis )\bimport\s+architectures\b"
)
_LISTS_THEM = "synthesis.py"


class Sources:
    """Digests of the files that a generation reads, each read once.

    Args:
        app: The package with the architectures. Default: the one that is imported.
        functions: Sources of the functions' packages. Default: those that it packs.
        toolkit: The package that this module is in.
    """

    def __init__(self, *, app: Path = APP, functions: Path = FUNCTIONS, toolkit: Path = TOOLKIT) -> None:
        architectures = _contents(app / "architectures")
        self._names = tuple(sorted({_owner(path) for path in architectures if _is_architecture(path)}))
        self._own = {name: _part("architectures", name, architectures) for name in self._names}
        functions_of = _contents(functions)
        self._functions = {name: _part("functions", name, functions_of) for name in self._names}
        self._app = {path: content for path, content in _contents(app).items() if not path.startswith("architectures/")}
        self._common = {
            f"{folder}/{path}": content
            for folder, contents in (("architectures", architectures), ("functions", functions_of))
            for path, content in contents.items()
            if _owner(path) not in self._names
        }
        self._rendering = _digest("rendering", self._app), _digest("toolkit", _contents(toolkit))

    def architectures(self) -> tuple[str, ...]:
        """Names of the architectures: each file or folder with Python in it is one."""
        return self._names

    def of_module(self, name: str) -> list[str]:
        """Digests of every file that the module of an architecture may depend on.

        That is all but the sources and functions of other architectures, unless its own sources or what all share
        name them.
        """
        own = {name, *(other for other in self._names if self._all_may_use_any or self._mentions(name, other))}
        parts = [_digest(each, {**self._own[each], **self._functions[each]}) for each in sorted(own)]
        return [*self._rendering, _digest("common", self._common), *parts]

    def of_roots(self) -> list[str]:
        """Digests of every file that makes the roots of a module: the toolkit and the app, but no architecture."""
        return [*self._rendering, *self._names]

    @cached_property
    def _all_may_use_any(self) -> bool:
        return any(
            _OF_ARCHITECTURES.search(content)
            for path, content in {**self._app, **self._common}.items()
            if path.endswith(".py") and path != _LISTS_THEM
        )

    def _mentions(self, name: str, other: str) -> bool:
        word = re.compile(rb"\b%s\b" % re.escape(other).encode())
        return any(path.endswith(".py") and word.search(content) for path, content in self._own[name].items())


def module_key(sources: Sources, tools: Mapping[str, object], name: str) -> str:
    """Digest of all that the module of an architecture depends on."""
    return _digest(["module", name, tools, sources.of_module(name)], {})


def roots_key(
    sources: Sources, settings: Mapping[str, bytes], tools: Mapping[str, object], name: str, interface: object
) -> str:
    """Digest of all that the roots of an architecture depend on, given the interface of its module."""
    return _digest(["roots", name, tools, interface, sources.of_roots()], settings)


def settings(workspace: Workspace) -> dict[str, bytes]:
    """Content of each environment's ``env.toml``."""
    return {file.parent.name: file.read_bytes() for file in sorted(workspace.envs.glob("*/env.toml"))}


def tools(environ: Mapping[str, str] = os.environ) -> dict[str, object]:
    """The programs and packages that generate: Python, what is installed for it, Node, Terraform."""
    node = environ.get("JSII_NODE") or shutil.which("node", path=environ.get("PATH"))
    terraform = shutil.which(environ.get(BINARY_VARIABLE) or "terraform", path=environ.get("PATH"))
    return {
        "python": sys.version,
        "packages": sorted({entry for folder in _site_packages() for entry in _installed(folder)}),
        "node": _program(node),
        "terraform": _program(terraform),
        "terraform_version": find_terraform().version if terraform and _is_script(terraform) else None,
        "environ": {name: environ[name] for name in _ENVIRON if name in environ},
    }


def _site_packages() -> set[Path]:
    specs = (importlib.util.find_spec(name) for name in ("jsii", "cdktf"))
    beside = {Path(spec.origin).parent.parent for spec in specs if spec and spec.origin}
    return beside | {Path(sysconfig.get_paths()[kind]) for kind in ("purelib", "platlib")}


def _installed(folder: Path) -> Sequence[str]:
    """Names with versions (``cdktf-0.21.0.dist-info``)."""
    return [entry.name for entry in folder.iterdir() if entry.suffix == ".dist-info"] if folder.is_dir() else []


def _program(found: str | None) -> list[str | int] | None:
    """Which program it is, without running it: another version is another file."""
    if found is None:
        return None
    path = Path(found).resolve()
    about = path.stat()
    return [str(path), about.st_size, about.st_mtime_ns]


def _is_script(found: str) -> bool:
    """Whether it is no program by itself: version managers put a script in its place, which starts one or another."""
    with Path(found).open("rb") as file:
        return file.read(2) == b"#!"


def _contents(folder: Path) -> dict[str, bytes]:
    """Path below the folder, with forward slashes, and content of every file that is not Python's own by-product."""
    found = {}
    for top, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            path = Path(top, name)
            if path.is_file():
                found[os.path.relpath(path, folder).replace(os.sep, "/")] = path.read_bytes()
    return dict(sorted(found.items()))


def _owner(path: str) -> str:
    """Of which architecture a file below a folder of architectures is."""
    return path.partition("/")[0].removesuffix(".py")


def _is_architecture(path: str) -> bool:
    first, _, rest = path.partition("/")
    return rest == "__init__.py" or (not rest and first.endswith(".py") and first != "__init__.py")


def _part(folder: str, name: str, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{path}": content for path, content in contents.items() if _owner(path) == name}


def _digest(about: object, files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(json.dumps(about).encode())
    for name, content in files.items():
        digest.update(f"\n{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
