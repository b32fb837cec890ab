"""Stacks: one environment x one architecture, the unit of state, plan, lock and apply."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tooling.environment.config import EnvironmentConfig
    from tooling.workspace import Workspace

ALL = "all"


@dataclass(frozen=True)
class Stack:
    """One environment x one architecture.

    Attributes:
        env: Name of the environment.
        architecture: Name of the architecture.
        root: The root module, ``envs/<env>/<architecture>``.
        module: The generated module that the root calls.
        work: Terraform's data folder and logs of this stack.
        state_key: Object key of the state in the environment's bucket.
    """

    env: str
    architecture: str
    root: Path
    module: Path
    work: Path
    state_key: str

    @property
    def name(self) -> str:
        return f"{self.env}/{self.architecture}"


def module_folder(modules: Path, architecture: str, *, retain_data: bool) -> Path:
    """The two shapes of a module: with ``prevent_destroy`` on what holds data, and without (docs/adr/0004)."""
    return modules / architecture if retain_data else modules / architecture / "removable"


def make_stack(workspace: Workspace, env: str, config: EnvironmentConfig, architecture: str) -> Stack:
    return Stack(
        env=env,
        architecture=architecture,
        root=workspace.envs / env / architecture,
        module=module_folder(workspace.modules, architecture, retain_data=config.stacks[architecture].retain_data),
        work=workspace.stack_work(env, architecture),
        state_key=f"{env}/{architecture}.tfstate",
    )


def names_all(wanted: Sequence[str]) -> bool:
    """Whether a user asked for every stack, by its name or by none."""
    return not wanted or ALL in _names(wanted)


def _names(wanted: Sequence[str]) -> list[str]:
    return [name for entry in wanted for name in entry.replace(",", " ").split()]


def select_stacks(
    workspace: Workspace, env: str, config: EnvironmentConfig, wanted: Sequence[str]
) -> tuple[Stack, ...]:
    """The stacks that the user asked for, in the order of ``env.toml``.

    Args:
        workspace: The project.
        env: Name of the environment.
        config: Its configuration.
        wanted: Names of architectures; each may hold several, split by comma or blank. Empty or ``all``: every one.

    Raises:
        ToolError: Exit 2: a name that the environment does not have (with those it has), or a root that was
            not generated yet.
    """
    names = [name.removeprefix(f"{env}/") for name in _names(wanted)]
    for name in names:
        if name != ALL and name not in config.stacks:
            raise ToolError(
                f"environment '{env}' has no stack '{name}'",
                hint=f"there are: {', '.join(config.stacks)}",
                exit_code=Exit.USAGE,
            )
    chosen = [name for name in config.stacks if not names or ALL in names or name in names]
    stacks = tuple(make_stack(workspace, env, config, name) for name in chosen)
    for stack in stacks:
        if not (stack.root / "main.tf").is_file() or not stack.module.is_dir():
            raise ToolError(
                "the root module or the module it calls is not there",
                where=workspace.relative(stack.root),
                hint="generate them: groundplan synth",
                exit_code=Exit.USAGE,
            )
        _check_root(workspace, stack, config)
    return stacks


def _check_root(workspace: Workspace, stack: Stack, config: EnvironmentConfig) -> None:
    """A root that was generated from other settings keeps its state elsewhere than the toolkit looks for it.

    And one of other regions, or other buckets of packages, would deploy to where nothing was uploaded.
    """
    text = (stack.root / "main.tf").read_text(encoding="utf-8")
    for seen in _differences(text, stack, config):
        raise ToolError(
            f"was generated from other settings: {seen}",
            where=workspace.relative(stack.root / "main.tf"),
            hint="generate it again: groundplan synth",
            exit_code=Exit.USAGE,
        )


_ALIAS = re.compile(r"""^\s*alias\s*=\s*"([^"]*)"$""", re.MULTILINE)
_CALL = re.compile(r'^module "[^"]+" \{$(.*?)^\}', re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r'^\s*(account_id|region)\s*=\s*"([^"]*)"$', re.MULTILINE)
_PINNED = re.compile(r"""^\s*(\w*(?:artifacts_bucket|_region))\s*=\s*"([^"]*)"$""", re.MULTILINE)


def _differences(text: str, stack: Stack, config: EnvironmentConfig) -> Iterator[str]:
    for value in (config.state.bucket, stack.state_key):
        if f'"{value}"' not in text:
            yield f"its backend does not name '{value}'"
    aliases = config.stacks[stack.architecture].aliases
    there = set(_ALIAS.findall(text))
    for name in sorted(set(aliases) ^ there):
        yield f"it has a provider alias '{name}'" if name in there else f"it has no provider alias '{name}'"
    places = {"account_id": config.account_id, "region": config.region}
    for name, value in [pinned for call in _CALL.findall(text) for pinned in _PLACE.findall(call)]:
        if places[name] != value:
            yield f"its {name} is '{value}', not '{places[name]}'"
    meant = {"artifacts_bucket": config.artifacts_bucket}
    for name, alias in aliases.items():
        meant |= {f"{name}_region": alias.region}
        if alias.artifacts_bucket:
            meant |= {f"{name}_artifacts_bucket": alias.artifacts_bucket}
    for name, value in _PINNED.findall(text):
        if meant.get(name, value) != value:
            yield f"its {name} is '{value}', not '{meant[name]}'"
