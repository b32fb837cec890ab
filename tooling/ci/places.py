"""Where CI deploys to: the environments on AWS with their stacks, those first that others are promoted from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tooling.ci.settings import NAME, CiSettings, PlaceSettings
from tooling.environment.config import environment_names, load_environment
from tooling.environment.stacks import ALL
from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from tooling.workspace import Workspace

# What a root asks for and nobody wrote a value for: it comes from a secret.
_VARIABLE = re.compile(r'^variable "(\w+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
IMAGE_VARIABLE = "image_tag"


@dataclass(frozen=True)
class PlacedStack:
    """One stack of an environment.

    Attributes:
        architecture: Its name.
        retain_data: Which shape of the module it uses.
        promoted_from: Environment in which the same commit has to be applied first; None: none.
        secrets: Variables that have to come from outside: sensitive and without a default, or ephemeral.
        image: Whether it runs an image that is built from ``containers/<architecture>``.
    """

    architecture: str
    retain_data: bool
    promoted_from: str | None
    secrets: tuple[str, ...]
    image: bool


@dataclass(frozen=True)
class Place:
    """One environment as CI sees it.

    Attributes:
        env: Its name.
        account_id, region: Where it is.
        stacks: Those that CI takes care of, in the order of ``env.toml``.
        on_push: The architectures that a push deploys.
        approves: Whether the deploy role approves once the GitHub environment's reviewers have.
        suffix: Ends the names of the secrets with its long-lived keys: none for the first environment.
    """

    env: str
    account_id: str
    region: str
    stacks: tuple[PlacedStack, ...]
    on_push: tuple[str, ...]
    approves: bool
    suffix: str = ""

    @property
    def architectures(self) -> tuple[str, ...]:
        return tuple(stack.architecture for stack in self.stacks)

    @property
    def keys(self) -> tuple[str, str]:
        """Names of the secrets with its long-lived keys."""
        return f"AWS_ACCESS_KEY_ID{self.suffix}", f"AWS_SECRET_ACCESS_KEY{self.suffix}"

    def role(self, purpose: str) -> str:
        return f"arn:aws:iam::{self.account_id}:role/{role_name(self.env, purpose)}"


def role_name(env: str, purpose: str) -> str:
    """Name of the role that CI plans or deploys with; ``bootstrap --ci`` makes both."""
    return f"groundplan-{env}-{purpose}"


def secret_name(variable: str) -> str:
    """Name of the GitHub secret that holds a variable of Terraform's."""
    return f"TF_VAR_{variable}".upper()


def find_places(
    workspace: Workspace, settings: CiSettings, envs: Sequence[str] = (), architectures: Sequence[str] = ()
) -> tuple[Place, ...]:
    """The environments on AWS, in the order in which a commit goes through them.

    Args:
        workspace: The project.
        settings: Of ``envs/ci.toml``.
        envs: Only these. Empty: every one on AWS.
        architectures: Only these. Empty, or ``all``: every one.

    Raises:
        ToolError: Exit 2: there is no such environment or architecture, or nothing is left.
    """
    found = {name: load_environment(workspace, name) for name in environment_names(workspace)}
    on_aws = {name: config for name, config in found.items() if config.target == "aws"}
    everything = [name for config in on_aws.values() for name in config.stacks]
    wanted = [name for name in architectures if name != ALL]
    _refuse_unknown(envs, on_aws, "environment on AWS")
    _refuse_unknown(wanted, everything, "stack of an environment on AWS")
    _refuse_unknown(settings.environments, on_aws, "environment on AWS", where=f"envs/{NAME}")
    places: list[Place] = []
    order = tuple(_in_order({name: {one.promoted_from for one in on_aws[name].stacks.values()} for name in on_aws}))
    for env in order:
        config, own = on_aws[env], settings.environments.get(env, PlaceSettings())
        _refuse_unknown([one for one in own.on_push if one != ALL], config.stacks, f"stack of {env}", f"envs/{NAME}")
        stacks = tuple(
            PlacedStack(
                name,
                stack.retain_data,
                stack.promoted_from,
                _secrets(workspace, env, name),
                (workspace.root / "containers" / name / "Dockerfile").is_file()
                and IMAGE_VARIABLE in _variables(workspace, env, name),
            )
            for name, stack in config.stacks.items()
            if not wanted or name in wanted
        )
        if not stacks or (envs and env not in envs):
            continue
        pushed = tuple(one.architecture for one in stacks if {ALL, one.architecture} & set(own.on_push))
        suffix = f"_{env.upper().replace('-', '_')}" if env != order[0] else ""
        approves = own.approval == "environment" and config.approval.approvals > 0
        places.append(Place(env, config.account_id, config.region, stacks, pushed, approves, suffix))
    if not places:
        raise ToolError("no environment on AWS has such a stack", where="envs", exit_code=Exit.USAGE)
    return tuple(places)


def _refuse_unknown(names: Iterable[str], known: Iterable[str], what: str, where: str | None = None) -> None:
    there = list(dict.fromkeys(known))
    for name in names:
        if name not in there:
            hint = f"there are: {', '.join(there) or 'none'}"
            raise ToolError(f"'{name}' is no {what}", where=where, hint=hint, exit_code=Exit.USAGE)


def _in_order(lower: Mapping[str, set[str | None]]) -> Iterator[str]:
    """Environments that something is promoted from come before those that it is promoted to."""
    left = dict(lower)
    while left:
        ready = [name for name, needs in left.items() if not needs & (left.keys() - {name})]
        for name in ready or list(left):
            yield name
            del left[name]


def _variables(workspace: Workspace, env: str, architecture: str) -> dict[str, str]:
    file = workspace.envs / env / architecture / "variables.tf"
    return dict(_VARIABLE.findall(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def _secrets(workspace: Workspace, env: str, architecture: str) -> tuple[str, ...]:
    def has(body: str, setting: str) -> bool:
        return bool(re.search(rf"^\s+{setting}\s*=", body, re.MULTILINE))

    return tuple(
        name
        for name, body in _variables(workspace, env, architecture).items()
        if has(body, "ephemeral") or (has(body, "sensitive") and not has(body, "default"))
    )
