"""What a stack's plan is made from and judged by, as digests: what an apply leaves behind, and what is here now."""

from __future__ import annotations

import hashlib
import os
import platform
import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from tooling import digest
from tooling.changeset.called import CONFIGURATION, called_folders, files_ending, named_from
from tooling.changeset.provider import provider_digest
from tooling.changeset.sealing import cost_digests, file_digest, gate_digests, sources
from tooling.given_secrets import PREFIX, for_terraform
from tooling.own_code import code_digest
from tooling.terraform.init_reads import read_by_init

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from tooling.changeset.model import Changeset, SealedStack
    from tooling.environment.config import EnvironmentConfig
    from tooling.environment.stacks import Stack
    from tooling.target import Target
    from tooling.workspace import Workspace

    OfFile = Callable[[Path], str]

# What all stacks of an environment share, and how each is called.
_SHARED = {
    "settings": "env.toml",
    "account_id": "the account",
    "region": "the region",
    "target": "the target (AWS or the emulator)",
    "fail_on": "the gate's threshold",
    "waivers": "policies/waivers.yaml",
    "severity": "policies/severity.yaml",
    "policies": "the policies",
    "baseline": "the baseline",
    "checkov": "checkov's version",
    "prices": "the table of prices",
    "usage": "usage.yaml",
    "version": "groundplan's version",
    "toolkit": "groundplan's code",
    "terraform": "Terraform's version",
}
# What a plan is made from, by the names of a sealed stack, and how each is called.
SOURCES = {
    "module": "the module",
    "root": "the root module",
    "tfvars": "the values of the root module (tfvars)",
    "lock": "the lock file",
    "functions": "the functions' sources",
}
_OWN = {
    **SOURCES,
    "called": "a module or a file that it uses",
    "provider": "the provider's executable",
}
# Says for which platform the provider's executable is.
_PLATFORM = "platform"
# Digest of the local modules that are neither the root nor its module: part of what "called" is, and all of it that a
# plan is made from. What else lies in a module's folder need not be there where a plan is applied.
_NESTED = "nested"
# One that moves takes the other along: only the first is said.
_IMPLIES = {
    "waivers": "policies",
    "severity": "policies",
    "module": "called",
    "root": "called",
    "tfvars": "called",
    "lock": "called",
    "version": "toolkit",
}
_PASSED_OVER = frozenset({".terraform", "__pycache__", "removable"})
_VARIABLE = re.compile(rb'^variable\s+"(\w+)"\s*\{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
_EPHEMERAL = re.compile(rb"^\s*ephemeral\s*=\s*true\b", re.MULTILINE)
_NAMES_A_FILE = re.compile(rb'"?filename"?\s*[=:]\s*"([^"]+)"')
# As a waiver has to write its last day, wherever that stands.
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
# A value this long is no password that somebody thought up, so that nobody can guess it from its digest.
_LONG = 32


def inputs_of(changeset: Changeset, part: SealedStack, ephemeral: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a receipt keeps of what was sealed: the parts of the stack, and what all stacks of the changeset share.

    Args:
        changeset: What is applied.
        part: What it holds of the stack.
        ephemeral: What :func:`ephemeral_now` gives. A plan holds no value of these, so the apply's own counts.
    """
    surroundings = dict(part.surroundings)
    for name, applied in (ephemeral or {}).items():
        planned = surroundings.get(name, "")
        if surroundings and planned != applied:
            surroundings[name] = f"planned with {planned or 'none'}, applied with {applied or 'none'}"
    gate = ("fail_on", "checkov", "baseline", "policies", "waivers", "severity")
    return {
        **{name: getattr(part, name) for name in (*SOURCES, "provider")},
        **{name: getattr(changeset, name) for name in ("settings", "account_id", "region", "target", "terraform")},
        **{name: getattr(changeset.gate, name) for name in gate},
        **{name: getattr(changeset.cost, name) for name in ("prices", "usage")},
        "version": changeset.toolkit,
        **surroundings,
    }


def surroundings_of(
    workspace: Workspace,
    config: EnvironmentConfig,
    stack: Stack,
    environ: Mapping[str, str],
    hashed: Hashed | None = None,
) -> dict[str, str]:
    """What a plan is made with besides what the changeset names by itself: other modules and files, exported variables.

    Args:
        workspace: The project.
        config: ``env.toml`` of the environment.
        stack: Whose plan.
        environ: The environment of its Terraform, without the secrets that are kept for it.
        hashed: Files that were read already. Default: none.
    """
    files = hashed or Hashed()
    folders = tuple(called_folders(stack.root, files.text))
    return {
        "called": digest.of_value(dict(_called(workspace, stack, folders, files))),
        _NESTED: _nested(stack, folders, files),
        "toolkit": code_digest(),
        _PLATFORM: f"{platform.system()}_{platform.machine()}",
        **dict(_exported(workspace, config, stack, environ, files)),
    }


def ephemeral_now(
    workspace: Workspace, config: EnvironmentConfig, stack: Stack, environ: Mapping[str, str]
) -> dict[str, str]:
    """By variable the digest of what Terraform is given now for each ephemeral one of the root; empty for nothing."""
    files = Hashed()
    exported = dict(_exported(workspace, config, stack, environ, files))
    declared = b"\n".join(files.text(path) for path in files_ending(stack.root, CONFIGURATION))
    blocks = {f"{PREFIX}{name.decode()}": body for name, body in _VARIABLE.findall(declared)}
    # One that is written in a way that is not read here counts as ephemeral.
    names = {name for name, body in blocks.items() if _EPHEMERAL.search(body)} | (exported.keys() - blocks.keys())
    return {name: exported.get(name, "") for name in sorted(names)}


def nested_moved(part: SealedStack, stack: Stack) -> bool:
    """Whether a module that the stack's own module calls is another than the plan was made from, as far as is known."""
    if _NESTED not in part.surroundings:
        return False
    files = Hashed()
    return part.surroundings[_NESTED] != _nested(stack, called_folders(stack.root, files.text), files)


def _nested(stack: Stack, folders: Iterable[Path], hashed: Hashed) -> str:
    found = {
        os.path.relpath(folder, stack.root): digest.of_files(
            folder, files_ending(folder, CONFIGURATION), hashed.of_file
        )
        for folder in folders
        if folder not in (stack.root, stack.module)
    }
    return digest.of_value(found) if found else ""


def init_digest(workspace: Workspace, stack: Stack) -> str:
    """Over what ``terraform init`` reads of a stack's root and of every local module that it calls."""
    files = Hashed()
    read = {
        # In which of its files something stands is the same to Terraform.
        _relative(folder, workspace.root): sorted(
            {part for path in files_ending(folder, CONFIGURATION) for part in read_by_init(path.name, files.text(path))}
        )
        for folder in called_folders(stack.root, files.text)
    }
    return digest.of_value(read)


@dataclass
class Hashed:
    """Digests of files, each read once, and what those files refer to."""

    _digests: dict[Path, str] = field(default_factory=dict)
    _texts: dict[Path, bytes] = field(default_factory=dict)
    _modules: dict[Path, str] = field(default_factory=dict)

    def of_file(self, path: Path) -> str:
        if path not in self._digests:
            self._digests[path] = digest.of_file(path)
        return self._digests[path]

    def module(self, folder: Path, of_module: Callable[[Path], str]) -> str:
        """What ``of_module`` says of a folder, asked once."""
        if folder not in self._modules:
            self._modules[folder] = of_module(folder)
        return self._modules[folder]

    def text(self, path: Path) -> bytes:
        if path not in self._texts:
            self._texts[path] = path.read_bytes()
        return self._texts[path]


@dataclass
class Now:
    """What the stacks of an environment would be planned from and judged by at this moment."""

    workspace: Workspace
    env: str
    config: EnvironmentConfig
    target: Target
    terraform: str
    today: date
    hashed: Hashed = field(default_factory=Hashed)
    _known: dict[str, dict[str, str]] = field(default_factory=dict)

    def read(self, stacks: Iterable[Stack]) -> None:
        """Look at what stacks are made from, for :meth:`inputs` to know. Why one cannot be read, that says."""
        for stack in stacks:
            with suppress(OSError):
                self.inputs(stack)

    def inputs(self, stack: Stack) -> dict[str, str]:
        """By the names of :func:`inputs_of`.

        Raises:
            OSError: A file is gone.
        """
        if stack.architecture not in self._known:
            self._known[stack.architecture] = self._inputs(stack)
        return self._known[stack.architecture]

    def _inputs(self, stack: Stack) -> dict[str, str]:
        return {
            **sources(stack, self.workspace.functions, self.hashed.of_file),
            "provider": provider_digest(stack, self.workspace.work),
            **self._shared,
            **surroundings_of(self.workspace, self.config, stack, self.target.environ, self.hashed),
        }

    @cached_property
    def last_days(self) -> tuple[str, ...]:
        """Days before today that the waivers name, such as the last one of a waiver."""
        file = self.workspace.policies / "waivers.yaml"
        named = _DAY.findall(self.hashed.text(file).decode(errors="replace")) if file.is_file() else ()
        # Written alike, days are in the order of their names. One that no calendar has ends nothing.
        return tuple(sorted({day for day in named if day < self.today.isoformat()}))

    @cached_property
    def _shared(self) -> dict[str, str]:
        policies, own = self.workspace.policies, self.workspace.envs / self.env
        return {
            "settings": file_digest(own / "env.toml"),
            "account_id": self.config.account_id,
            "region": self.config.region,
            "target": self.target.name,
            "terraform": self.terraform,
            "fail_on": self.config.gate.fail_on,
            **gate_digests(policies, policies / "waivers.yaml", own / "baseline.yaml"),
            **cost_digests(self.workspace, self.env),
            "version": version("groundplan"),
        }


def unknown(then: Mapping[str, str]) -> bool:
    """Whether a receipt lacks what there is to compare, as those of earlier versions do."""
    return not (_SHARED.keys() | _OWN.keys() | {_PLATFORM}) <= then.keys()


def differences(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """What moved, in words.

    Args:
        then, now: As :func:`inputs_of` names them, nothing left out.
    """
    moved = {name for name in then.keys() | now.keys() if then.get(name) != now.get(name)}
    # Another platform has another executable of the same provider; so has a checkout that was never initialised none.
    if _PLATFORM in moved or not now["provider"]:
        moved.discard("provider")
    moved -= {_PLATFORM, _NESTED}
    moved -= {_IMPLIES[name] for name in moved & _IMPLIES.keys()}
    known = {**_OWN, **_SHARED}
    words = [text for name, text in known.items() if name in moved]
    return tuple(words + [f"the variable {name}" for name in sorted(moved - known.keys())])


def _exported(
    workspace: Workspace, config: EnvironmentConfig, stack: Stack, environ: Mapping[str, str], hashed: Hashed
) -> Iterator[tuple[str, str]]:
    """Variables that the root declares and Terraform is given by its environment; never their values."""
    given = {**environ, **for_terraform(workspace, stack, environ)}
    salt = f"{config.state.bucket}/{stack.env}"
    for name, value in given.items():
        if name.startswith(PREFIX) and _declares(stack.root, name.removeprefix(PREFIX), hashed):
            yield name, _of_secret(salt, name, value)


def _declares(root: Path, variable: str, hashed: Hashed) -> bool:
    quoted = re.escape(variable).encode()
    plain = re.compile(rb'\bvariable\s+"?' + quoted + rb'"?\s*\{')
    as_json = re.compile(rb'"' + quoted + rb'"\s*:')
    return any(
        (plain if path.suffix == ".tf" else as_json).search(hashed.text(path))
        for path in root.iterdir()
        if path.name.endswith(CONFIGURATION)
    )


@cache
def _of_secret(salt: str, name: str, value: str) -> str:
    """A digest from which a short password cannot be found by trying many."""
    text = f"{name}\0{value}".encode()
    if len(value) < _LONG:
        text = hashlib.scrypt(text, salt=salt.encode(), n=2**14, r=8, p=1)
    return digest.of_bytes(salt.encode() + b"\0" + text)


def _called(workspace: Workspace, stack: Stack, folders: Iterable[Path], hashed: Hashed) -> Iterator[tuple[str, str]]:
    """Every folder that the stack's configuration is made of, and the files that its values name."""
    top = workspace.root
    for folder in folders:
        yield _relative(folder, top), hashed.module(folder, lambda one: _all_of(one, hashed))
    for values in files_ending(stack.root, (".tfvars", ".tfvars.json")):
        for name in _NAMES_A_FILE.findall(hashed.text(values)):
            file = named_from(stack.root, name)
            yield _relative(file, top), hashed.of_file(file) if file.is_file() else ""


def _all_of(folder: Path, hashed: Hashed) -> str:
    return digest.of_files(folder, _below(folder), hashed.of_file)


def _below(folder: Path) -> Iterator[Path]:
    """Every file that Terraform could read from a module's folder, not those of other modules below it."""
    for path in folder.iterdir():
        if path.name in _PASSED_OVER or path.suffix == ".md":
            continue
        if path.is_file():
            yield path
        elif path.is_dir() and not any(files_ending(path, CONFIGURATION)):
            yield from _below(path)


def _relative(path: Path, top: Path) -> str:
    return path.relative_to(top).as_posix() if path.is_relative_to(top) else str(path)
