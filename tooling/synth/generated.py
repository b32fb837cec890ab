"""Every generated file of the project, from the architectures and the environments' settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling.environment.config import AliasConfig, EnvironmentConfig, environment_names, load_environment
from tooling.environment.stacks import make_stack, module_folder
from tooling.environment.toml_lines import line_of
from tooling.errors import Exit, ToolError
from tooling.synth.formatting import format_hcl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tooling.workspace import Workspace

LOCK_FILE = Path(__file__).with_name("provider.lock.hcl")
# All that a root reads of its module.
_INTERFACE = ("terraform", "variable", "output")


@dataclass(frozen=True)
class Module:
    """One architecture, synthesised in both shapes."""

    name: str
    retained: Mapping[str, Any]
    removable: Mapping[str, Any]


@dataclass(frozen=True)
class Generated:
    """The files of one architecture: path below the project's root, and text.

    Attributes:
        module: Its module, in both shapes.
        roots: Its root in each environment that has it.
        interface: What the roots are made from: the module's variables, outputs and needs, as Terraform JSON.
    """

    module: Mapping[Path, str]
    roots: Mapping[Path, str]
    interface: Mapping[str, Any]


def generate(workspace: Workspace) -> dict[Path, str]:
    """Path below the project's root, and text, of every generated file, all made anew.

    Raises:
        ToolError: An environment names an architecture that is not there, or Terraform refuses the text.
    """
    from tooling.synth.side_by_side import of_each

    each = of_each(workspace, known_architectures(workspace)).values()
    return {path: text for made in each for path, text in (*made.module.items(), *made.roots.items())}


def known_architectures(workspace: Workspace) -> tuple[str, ...]:
    """Names of all architectures.

    Raises:
        ToolError: Exit 2: an environment names one that is not there.
    """
    from cdktf_app.synthesis import architectures

    known = architectures()
    for env in environment_names(workspace):
        for unknown in sorted(set(load_environment(workspace, env).stacks) - set(known)):
            raise ToolError(
                f"there is no architecture '{unknown}'",
                where=f"envs/{env}/env.toml",
                hint=f"there are: {', '.join(known)}",
                exit_code=Exit.USAGE,
            )
    return known


def of_architecture(workspace: Workspace, name: str) -> Generated:
    """The generated files of one architecture.

    Raises:
        ToolError: Exit 2: the architecture or an environment's settings are wrong, or Terraform refuses the text.
    """
    from cdktf_app.bindings import BindingsError
    from cdktf_app.hcl import HclError
    from cdktf_app.module_stack import DuplicateIdError
    from cdktf_app.packages import PackageError
    from cdktf_app.synthesis import removable, synthesize

    try:
        retained = synthesize(name, retain_data=True)
        module = Module(name, retained, removable(retained))
        parts = _module_files(workspace, module)
        roots = _roots(workspace, module)
    except (BindingsError, HclError, DuplicateIdError, PackageError) as error:
        raise ToolError(str(error), where="cdktf_app", exit_code=Exit.USAGE) from error
    formatted = format_hcl({**parts, **roots})
    return Generated(
        module={path: formatted[path] for path in parts},
        roots={path: formatted[path] for path in roots},
        interface={key: retained[key] for key in _INTERFACE if key in retained},
    )


def roots_of(workspace: Workspace, name: str, interface: Mapping[str, Any]) -> dict[Path, str]:
    """The roots alone, of a module that is known by its interface.

    Raises:
        ToolError: See :func:`of_architecture`.
    """
    from cdktf_app.hcl import HclError

    try:
        roots = _roots(workspace, Module(name, interface, {}))
    except HclError as error:
        raise ToolError(str(error), where="cdktf_app", exit_code=Exit.USAGE) from error
    return format_hcl(roots)


def _roots(workspace: Workspace, module: Module) -> dict[Path, str]:
    files: dict[Path, str] = {}
    for env in environment_names(workspace):
        config = load_environment(workspace, env)
        if module.name in config.stacks:
            files |= root_files(workspace, env, config, module)
    return files


def _module_files(workspace: Workspace, module: Module) -> dict[Path, str]:
    from cdktf_app.hcl import BlockSchema, render_module
    from cdktf_app.readme import render_readme

    schema = BlockSchema.load()
    files: dict[Path, str] = {}
    for retain_data, content in ((True, module.retained), (False, module.removable)):
        folder = module_folder(workspace.modules, module.name, retain_data=retain_data)
        for file, text in render_module(content, schema).items():
            files[(folder / file).relative_to(workspace.root)] = text
    readme = module_folder(workspace.modules, module.name, retain_data=True) / "README.md"
    files[readme.relative_to(workspace.root)] = render_readme(module.name, module.retained)
    return files


def root_files(workspace: Workspace, env: str, config: EnvironmentConfig, module: Module) -> dict[Path, str]:
    """The root of one stack, before it is formatted.

    Raises:
        ToolError: Exit 2: ``env.toml`` names other regions for it than the module takes.
    """
    from cdktf_app.roots import RootSpec, render_root

    stack = make_stack(workspace, env, config, module.name)
    settings = config.stacks[module.name]
    aliases = settings.aliases
    environment = settings.environment or env
    _check_aliases(workspace, env, set(aliases), module)
    _check_packages(workspace, env, aliases, module)
    spec = RootSpec(
        architecture=module.name,
        environment=env,
        account_id=config.account_id,
        region=config.region,
        module_source="../../../" + stack.module.relative_to(workspace.root).as_posix(),
        state_bucket=config.state.bucket,
        state_key=stack.state_key,
        state_region=config.state.region,
        pinned={
            "environment": environment,
            "account_id": config.account_id,
            "region": config.region,
            "artifacts_bucket": config.artifacts_bucket,
            **{f"{name}_region": alias.region for name, alias in aliases.items()},
            **{
                f"{name}_artifacts_bucket": alias.artifacts_bucket
                for name, alias in aliases.items()
                if alias.artifacts_bucket
            },
        },
        aliases={name: alias.region for name, alias in aliases.items()},
        tags={
            "Architecture": module.name,
            "Environment": environment,
            "ManagedBy": "groundplan",
            **config.tags,
        },
    )
    folder = stack.root.relative_to(workspace.root)
    texts = render_root(spec, module.retained["variable"], module.retained.get("output", {}))
    files = {folder / file: text for file, text in texts.items()}
    files[folder / ".terraform.lock.hcl"] = LOCK_FILE.read_text(encoding="utf-8")
    return files


def _check_aliases(workspace: Workspace, env: str, given: set[str], module: Module) -> None:
    """The regions that ``env.toml`` names must be those that the module takes.

    Raises:
        ToolError: Exit 2: one is missing or too many, with what to do about it.
    """
    provider = module.retained["terraform"]["required_providers"]["aws"]
    wanted = {str(alias).removeprefix("aws.") for alias in provider.get("configuration_aliases", ())}
    for name in sorted(wanted ^ given):
        path = ("stacks", module.name, "aliases", name)
        file = workspace.envs / env / "env.toml"
        table = f"[{'.'.join(path)}]"
        raise ToolError(
            f"{module.name} needs a second region: the provider alias '{name}'"
            if name in wanted
            else f"{module.name} takes no provider alias '{name}'",
            where=f"{workspace.relative(file)}:{line_of(file.read_text(encoding='utf-8'), path)}",
            hint=f"add {table} with region and artifacts_bucket (docs/environments.md)"
            if name in wanted
            else f"remove {table}{f'; it takes {sorted(wanted)[0]}' if wanted else ''}",
            exit_code=Exit.USAGE,
        )


def _check_packages(workspace: Workspace, env: str, given: Mapping[str, AliasConfig], module: Module) -> None:
    """A further region has a bucket of function packages just where the module has functions in it.

    Raises:
        ToolError: Exit 2: a bucket is missing or not needed.
    """
    takes_packages = {name for name in given if f"{name}_artifacts_bucket" in module.retained["variable"]}
    for name in sorted(takes_packages ^ {name for name, alias in given.items() if alias.artifacts_bucket}):
        path = ("stacks", module.name, "aliases", name, "artifacts_bucket")
        file = workspace.envs / env / "env.toml"
        needed = name in takes_packages
        raise ToolError(
            f"{'.'.join(path)} is {'missing' if needed else f'not needed: {module.name} has no functions there'}",
            where=f"{workspace.relative(file)}:{line_of(file.read_text(encoding='utf-8'), path)}",
            hint="name a bucket in that region (docs/environments.md)" if needed else "remove it",
            exit_code=Exit.USAGE,
        )
