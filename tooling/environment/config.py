"""``envs/<env>/env.toml``: the account, the regions, where state is kept and what the gate allows."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from tooling.environment.shell import from_shell
from tooling.environment.toml_lines import line_of
from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from tooling.workspace import Workspace

# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html (commercial partition)
REGIONS = frozenset(
    "us-east-1 us-east-2 us-west-1 us-west-2 af-south-1 ap-east-1 ap-east-2 ap-south-1 ap-south-2 "
    "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2 ap-southeast-3 "
    "ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 "
    "eu-central-2 eu-west-1 eu-west-2 eu-west-3 eu-south-1 eu-south-2 eu-north-1 il-central-1 "
    "mx-central-1 me-south-1 me-central-1 sa-east-1".split()
)
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"


def _known_region(value: str) -> str:
    if value not in REGIONS:
        near = [region for region in sorted(REGIONS) if region[:2] == value[:2]] or sorted(REGIONS)[:3]
        raise ValueError(f"no AWS region; use one of {', '.join(near)}")
    return value


Region = Annotated[str, AfterValidator(_known_region)]
Bucket = Annotated[str, Field(pattern=_BUCKET)]
# Begins the names of module variables: `failover_region`.
Alias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StateConfig(_Strict):
    """The S3 backend: versioned, encrypted, locked by S3 itself (``use_lockfile``)."""

    bucket: Bucket
    region: Region


class BlastRadiusSection(_Strict):
    """How much one changeset may take away.

    Attributes:
        max_destroys: Resources of one stack that a plan may delete. Default: 10. A plan of ``destroy`` is not counted.
        max_replaces: Resources of one stack that a plan may replace. Default: 10.
        stateful_may_go: Types of what holds data (tables, buckets, databases, user pools, keys, zones) that may be
            deleted or replaced at all, as globs: ``["*"]`` for all. Default: none.
        protected: Resource addresses, as globs, that are never deleted or replaced. Default: none.
    """

    max_destroys: Annotated[int, Field(ge=0)] = 10
    max_replaces: Annotated[int, Field(ge=0)] = 10
    stateful_may_go: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()


class GateConfigSection(_Strict):
    """What the gate refuses.

    Attributes:
        fail_on: Findings of this severity and above refuse the plan.
        warn_expiring_days: Waivers that end within so many days are reported. Default: 30.
        new_exposure: Whether a plan may open a door to the internet in a stack that exists already: ``refuse``, or
            ``show`` it. Default: refuse.
        wider_grants: Whether a plan may widen what an existing role is granted: ``refuse``, or ``show`` it.
            Default: refuse.
        blast_radius: How much one changeset may take away.
    """

    fail_on: Literal["LOW", "MEDIUM", "HIGH", "CRITICAL"] = "LOW"
    warn_expiring_days: Annotated[int, Field(ge=0, le=365)] = 30
    new_exposure: Literal["refuse", "show"] = "refuse"
    wider_grants: Literal["refuse", "show"] = "refuse"
    blast_radius: BlastRadiusSection = BlastRadiusSection()


class ApprovalSection(_Strict):
    """What a changeset needs before it may be applied.

    Attributes:
        approvals: How many other identities have to approve that very seal. Default: 0.
        clean_tree: Whether it has to be planned from committed files only. Default: False.
        valid_hours: How long after it was planned a changeset may be applied. Default: 72.
        on_emulator: Whether a rehearsal on the emulator needs all this as well. Default: False.
    """

    approvals: Annotated[int, Field(ge=0, le=10)] = 0
    clean_tree: bool = False
    valid_hours: Annotated[int, Field(ge=1, le=720)] = 72
    on_emulator: bool = False


class AliasConfig(_Strict):
    """A further region of a stack: the module gets it as the provider ``aws.<alias>``.

    Attributes:
        region: Where those resources are.
        artifacts_bucket: Bucket in that region that holds the function packages: Lambda takes none from
            another region. Default: none, for a module that has no functions there.
    """

    region: Region
    artifacts_bucket: Bucket | None = None


class StackConfig(_Strict):
    """One architecture in this environment.

    Attributes:
        retain_data: Use the module whose tables, buckets and user pools carry ``prevent_destroy``.
            Default: True. False picks ``modules/<architecture>/removable``.
        environment: What the module calls the environment, where its document has a word of its own (production).
            Default: the environment's name.
        aliases: Further regions, by the alias that the module knows them by. Default: none.
        promoted_from: Environment in which the same commit has to be applied first. Default: none.
        monthly_budget_usd: What the stack may cost a month, in US dollars, as estimated from its plan. Default: none.
    """

    retain_data: bool = True
    environment: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,15}$")] | None = None
    aliases: dict[Alias, AliasConfig] = {}
    promoted_from: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,15}$")] | None = None
    monthly_budget_usd: Annotated[float, Field(gt=0)] | None = None


class EnvironmentConfig(_Strict):
    """The content of ``env.toml``.

    Attributes:
        account_id: The only account that this environment may touch, 12 digits. Left out: the shell's, see shell.py.
        region: Where its resources are. Left out: the shell's.
        target: ``aws``, or ``emulator`` for the one that the toolkit runs on loopback.
        confirm: Ask before anything changes. Default: True.
        artifacts_bucket: Bucket that holds the function packages, by content digest.
        state: The backend of every stack.
        gate: The limits of the gate.
        approval: What a changeset needs before it may be applied.
        tags: Put on every resource, beside Environment, Architecture and ManagedBy.
        stacks: The architectures of this environment, by name.
    """

    account_id: Annotated[str, Field(pattern=r"^\d{12}$")]
    region: Region
    target: Literal["aws", "emulator"] = "aws"
    confirm: bool = True
    artifacts_bucket: Bucket
    state: StateConfig
    gate: GateConfigSection = GateConfigSection()
    approval: ApprovalSection = ApprovalSection()
    tags: dict[str, str] = {}
    stacks: dict[str, StackConfig]

    @model_validator(mode="after")
    def _has_a_stack(self) -> EnvironmentConfig:
        if not self.stacks:
            raise ValueError("stacks: name at least one architecture, as [stacks.kefir]")
        return self

    def artifacts_buckets(self, architecture: str) -> tuple[tuple[str, str], ...]:
        """Bucket and region of every place that the function packages of an architecture have to be in."""
        aliases = self.stacks[architecture].aliases.values()
        return (
            (self.artifacts_bucket, self.region),
            *((alias.artifacts_bucket, alias.region) for alias in aliases if alias.artifacts_bucket),
        )


def environment_names(workspace: Workspace) -> tuple[str, ...]:
    """Every folder below ``envs/`` with an ``env.toml``."""
    return tuple(sorted(path.parent.name for path in workspace.envs.glob("*/env.toml")))


def load_environment(workspace: Workspace, name: str) -> EnvironmentConfig:
    """Read and check ``envs/<name>/env.toml``.

    Raises:
        ToolError: Exit 2: no such environment (with those that exist), or a file that is no TOML or breaks
            the schema (with file, line, the value seen and the values allowed).
    """
    file = workspace.envs / name / "env.toml"
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name) or not file.is_file():
        raise ToolError(
            f"no environment '{name}'",
            hint=f"there are: {', '.join(environment_names(workspace)) or 'none yet (envs/<env>/env.toml)'}",
            exit_code=Exit.USAGE,
        )
    config = parse_environment(file, workspace.relative(file))
    _check_promotion(workspace, name, config, file)
    return config


def _check_promotion(workspace: Workspace, name: str, config: EnvironmentConfig, file: Path) -> None:
    """What has to be applied elsewhere first can be applied there."""
    for architecture, stack in config.stacks.items():
        lower = stack.promoted_from
        if lower is None:
            continue
        path = ("stacks", architecture, "promoted_from")
        others = [other for other in environment_names(workspace) if other != name]
        if lower not in others:
            what = f"{'.'.join(path)} is '{lower}': no other environment of that name"
            hint = f"there are: {', '.join(others) or 'none'}"
        elif architecture not in _named_stacks(workspace.envs / lower / "env.toml"):
            what, hint = f"{'.'.join(path)} is '{lower}': that has no {architecture}", "name another, or leave it out"
        else:
            continue
        raise _misplaced(what, path, file.read_text(encoding="utf-8"), workspace.relative(file), hint)


def _named_stacks(file: Path) -> frozenset[str]:
    """The architectures that another environment names; its own errors are told where it is used."""
    try:
        return frozenset(dict(tomllib.loads(file.read_text(encoding="utf-8")).get("stacks", {})))
    except (ValueError, TypeError, RecursionError):
        return frozenset()


def parse_environment(file: Path, shown_as: str) -> EnvironmentConfig:
    """See :func:`load_environment`; ``shown_as`` is how errors name the file."""
    try:
        text = file.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ToolError("is not UTF-8 text", where=shown_as, hint="save it as UTF-8", exit_code=Exit.USAGE) from error
    except (ValueError, RecursionError) as error:
        # Beside its own error tomllib lets through what Python says of a number too long and of lists too deep.
        line = re.search(r"line (\d+)", str(error))
        where = f"{shown_as}:{line.group(1)}" if line else f"{shown_as}:{text.count(chr(10)) + 1}"
        raise ToolError(
            f"is no valid TOML: {str(error).lower()}",
            where=where,
            hint="https://toml.io/en/v1.0.0",
            exit_code=Exit.USAGE,
        ) from error
    shell = from_shell(data, os.environ)
    try:
        config = EnvironmentConfig.model_validate({**{name: value for name, (_, value) in shell.items()}, **data})
    except ValidationError as error:
        first = error.errors()[0]
        where = f"{shown_as}:{line_of(text, first['loc'])}"
        if first["loc"] and first["loc"][0] in shell:
            where = f"{shell[str(first['loc'][0])][0]}, as {shown_as} leaves it out"
        raise ToolError(
            _sentence(dict(first)),
            where=where,
            hint=_more(error.error_count()),
            exit_code=Exit.USAGE,
        ) from error
    _check_regions(config, text, shown_as)
    return config


def _check_regions(config: EnvironmentConfig, text: str, shown_as: str) -> None:
    """A second region is another one than the first, and a bucket is in one region."""
    homes = {config.state.bucket: config.state.region, config.artifacts_bucket: config.region}
    for architecture, stack in config.stacks.items():
        for name, alias in stack.aliases.items():
            path = ("stacks", architecture, "aliases", name)
            if alias.region == config.region:
                what = f"{'.'.join(path)}.region is '{alias.region}': that is the environment's own region"
                raise _misplaced(what, (*path, "region"), text, shown_as, "name another region")
            bucket = alias.artifacts_bucket
            home = homes.setdefault(bucket, alias.region) if bucket else alias.region
            if home != alias.region:
                what = f"{'.'.join(path)}.artifacts_bucket is '{bucket}': that bucket is in {home}"
                hint = f"name a bucket of its own in {alias.region}; Lambda takes no package from another region"
                raise _misplaced(what, (*path, "artifacts_bucket"), text, shown_as, hint)


def _misplaced(what: str, path: tuple[str, ...], text: str, shown_as: str, hint: str | None = None) -> ToolError:
    where = f"{shown_as}:{line_of(text, path)}"
    return ToolError(what, where=where, hint=hint or _more(1), exit_code=Exit.USAGE)


def _sentence(problem: dict[str, object]) -> str:
    location = problem["loc"]
    # Pydantic marks the name of an entry, as opposed to its value, with a last part of its own.
    parts = [str(part) for part in location if part != "[key]"] if isinstance(location, tuple) else []
    path = ".".join(parts)
    kind, message = str(problem["type"]), str(problem["msg"])
    if kind == "missing":
        return f"{path} is missing"
    if kind == "extra_forbidden":
        return f"{path} is not a setting of env.toml"
    message = message.removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    return f"{path} is {problem['input']!r}: {message}" if path else message


def _more(count: int) -> str:
    others = f" ({count - 1} more after this one)" if count > 1 else ""
    return f"docs/environments.md lists every setting{others}"
