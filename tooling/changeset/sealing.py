"""Taking the digests: of a stack's files, of what it was planned from, and of the whole."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling import digest
from tooling.changeset.model import (
    COST,
    GATE,
    NEEDED_FILES,
    STACK_FILES,
    Changeset,
    Glass,
    SealedCost,
    SealedGate,
    SealedStack,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tooling.environment.stacks import Stack
    from tooling.gate import GateConfig
    from tooling.workspace import Workspace

    OfFile = Callable[[Path], str]

_TFVARS = (".tfvars", ".tfvars.json")
_LOCK = ".terraform.lock.hcl"
_CONFIGURATION = (".tf", ".tf.json", *_TFVARS, _LOCK)
PRICES = Path(__file__).resolve().parent.parent / "cost" / "prices.yaml"


def sealed(changeset: Changeset) -> Changeset:
    """The changeset with the digest over all of it."""
    return replace(changeset, seal=seal_of(changeset))


def seal_of(changeset: Changeset) -> str:
    content = changeset.to_json()
    del content["seal"]
    return digest.of_value(content)


def seal_stack(
    stack: Stack,
    folder: Path,
    *,
    functions: Path,
    provider: str,
    lineage: str,
    serial: int,
    gate_passed: bool,
    changes: dict[str, int],
    targets: tuple[str, ...] = (),
    surroundings: dict[str, str] | None = None,
) -> SealedStack:
    """Take the digests of everything that the plan in ``folder`` stands for.

    Args:
        stack: Whose plan.
        folder: The stack's files of the changeset, all written.
        functions: The project's sources of functions.
        provider: What :func:`provider_digest` gives.
        lineage, serial: The state that was planned against.
        gate_passed: What the gate said.
        changes: How many resources are created, updated, replaced, destroyed.
        targets: Addresses that the plan is restricted to. Default: the whole stack.
        surroundings: What :func:`surroundings_of` gives. Default: unknown.
    """
    cost = _json(folder / COST)
    return SealedStack(
        architecture=stack.architecture,
        files=file_digests(folder),
        **sources(stack, functions),
        provider=provider,
        lineage=lineage,
        serial=serial,
        gate_passed=gate_passed,
        changes=changes,
        monthly_usd=cost.get("monthly_usd"),
        glass=broken_glass(_json(folder / GATE)),
        targets=targets,
        surroundings=surroundings or {},
    )


def file_digests(folder: Path) -> dict[str, str]:
    """The stack's files of the changeset, by name.

    Raises:
        FileNotFoundError: One that has to be there is not.
    """
    there = [name for name in STACK_FILES if name in NEEDED_FILES or (folder / name).exists()]
    return {name: digest.of_file(folder / name) for name in there}


def sources(stack: Stack, functions: Path, of_file: OfFile = digest.of_file) -> dict[str, str]:
    """What the plan was made from, by the names of :class:`SealedStack`.

    Args:
        stack: Whose plan.
        functions: The project's sources of functions.
        of_file: The digest of a file. Default: of its bytes as they are now.
    """
    root = _configuration(stack.root, _CONFIGURATION)
    return {
        "module": module_digest(stack.module, of_file),
        "root": digest.of_files(stack.root, [path for path in root if not _is_value(path)], of_file),
        "tfvars": digest.of_files(stack.root, [path for path in root if path.name.endswith(_TFVARS)], of_file),
        "lock": of_file(stack.root / _LOCK),
        "functions": functions_digest(functions, stack.architecture, of_file),
    }


def module_digest(module: Path, of_file: OfFile = digest.of_file) -> str:
    """Over the module's own files (``removable/`` below it is another module)."""
    return digest.of_files(module, _configuration(module, _CONFIGURATION), of_file)


def root_digest(root: Path) -> str:
    """Over the configuration of the root module, without values and lock file."""
    return digest.of_files(root, [path for path in _configuration(root, _CONFIGURATION) if not _is_value(path)])


def _is_value(path: Path) -> bool:
    return path.name.endswith((*_TFVARS, _LOCK))


def _configuration(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.endswith(endings) and path.is_file()]


def functions_digest(sources: Path, architecture: str, of_file: OfFile = digest.of_file) -> str:
    """Over an architecture's functions and what every function shares; empty for one that has none."""
    own = sources / architecture
    if not own.is_dir():
        return ""
    shared = [path for path in (sources / "package.json", *(sources / "shared").rglob("*")) if path.is_file()]
    files = [*shared, *(path for path in own.rglob("*") if path.is_file())]
    return digest.of_files(sources, [path for path in files if "__pycache__" not in path.parts], of_file)


def seal_gate(config: GateConfig) -> SealedGate:
    """What a verdict rests on, as it is now."""
    rests_on = gate_digests(config.policies, config.waivers, config.baseline)
    return SealedGate(**rests_on, requirements=file_digest(config.ledger), fail_on=config.fail_on.name)


def gate_digests(policies: Path, waivers: Path, baseline: Path | None) -> dict[str, str]:
    """The files that a verdict rests on and checkov's version, by the names of :class:`SealedGate`."""
    own = [path for path in policies.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {
        "policies": digest.of_files(policies, own),
        "waivers": file_digest(waivers),
        "severity": file_digest(policies / "severity.yaml"),
        "baseline": file_digest(baseline),
        "checkov": _version("checkov"),
    }


def seal_cost(workspace: Workspace, env: str, stacks: Sequence[SealedStack], prices_as_of: str) -> SealedCost:
    """What an estimate rests on, as it is now."""
    amounts = [part.monthly_usd for part in stacks if part.monthly_usd is not None]
    return SealedCost(
        monthly_usd=round(sum(amounts), 2) if amounts else None,
        **cost_digests(workspace, env),
        prices_as_of=prices_as_of,
    )


def cost_digests(workspace: Workspace, env: str) -> dict[str, str]:
    """The files that an estimate rests on, by the names of :class:`SealedCost`."""
    return {"prices": file_digest(PRICES), "usage": file_digest(workspace.envs / env / "usage.yaml")}


def prices_as_of(folder: Path, architectures: Sequence[str]) -> str:
    """Date of the oldest price that the estimates of a changeset rest on; empty when none does."""
    dates = {str(_json(folder / name / COST).get("prices_as_of", "")) for name in architectures}
    return min(dates - {""}, default="")


def broken_glass(gate: dict[str, Any]) -> tuple[Glass, ...]:
    """The limits that were broken on purpose, as ``gate.json`` tells them."""
    found = {
        (entry["glass"]["address"], entry["glass"]["reason"]) for entry in gate.get("excused", []) if entry.get("glass")
    }
    return tuple(Glass(*pair) for pair in sorted(found))


def _json(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_bytes())) if file.is_file() else {}


def file_digest(file: Path | None) -> str:
    """Of one file; empty for none."""
    return digest.of_file(file) if file is not None and file.is_file() else ""


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
