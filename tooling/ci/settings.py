"""``envs/ci.toml``: what a push deploys, who approves, and with which tools."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tooling.environment.toml_lines import line_of
from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from tooling.workspace import Workspace

NAME = "ci.toml"
Version = Annotated[str, Field(pattern=r"^\d+(\.\d+){0,2}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlaceSettings(_Strict):
    """How CI treats one environment.

    Attributes:
        on_push: Architectures that a push to the branch deploys; ``all`` for every one. Default: none, by hand only.
        approval: Who gives the approvals that ``env.toml`` asks for: ``person``, who runs ``groundplan approve``, or
            ``environment``: the reviewers of the GitHub environment, in whose name the deploy role then approves.
            Default: person.
    """

    on_push: tuple[str, ...] = ()
    approval: Literal["person", "environment"] = "person"


class CiSettings(_Strict):
    """The content of ``envs/ci.toml``; every setting has a default, so the file may be missing.

    Attributes:
        branch: Its pushes deploy, pull requests to it are planned. Default: main.
        python, node, terraform: Versions that the runners install.
        nightly: When drift is looked for, as cron has it, in UTC.
        runner: Where the jobs run.
        environments: How CI treats each environment.
    """

    branch: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")] = "main"
    python: Version = "3.12"
    node: Version = "20"
    terraform: Version = "1.11.4"
    nightly: Annotated[str, Field(pattern=r"^[0-9*/,-]+( [0-9*/,-]+){4}$")] = "17 3 * * *"
    runner: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")] = "ubuntu-24.04"
    environments: dict[str, PlaceSettings] = {}


def load_settings(workspace: Workspace) -> CiSettings:
    """Read and check ``envs/ci.toml``.

    Raises:
        ToolError: Exit 2: it is no TOML or breaks the schema, with its line.
    """
    file = workspace.envs / NAME
    return parse_settings(file, workspace.relative(file)) if file.is_file() else CiSettings()


def parse_settings(file: Path, shown_as: str) -> CiSettings:
    """See :func:`load_settings`; ``shown_as`` is how errors name the file."""
    text = file.read_text(encoding="utf-8")
    try:
        return CiSettings.model_validate(tomllib.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join(str(part) for part in first["loc"])
        what = f"{path} is {first['input']!r}: {first['msg'][:1].lower()}{first['msg'][1:]}"
        where = f"{shown_as}:{line_of(text, first['loc'])}"
        raise ToolError(what, where=where, hint="docs/ci.md lists every setting", exit_code=Exit.USAGE) from error
    except tomllib.TOMLDecodeError as error:
        what = f"is no valid TOML: {str(error).lower()}"
        raise ToolError(what, where=shown_as, hint="https://toml.io/en/v1.0.0", exit_code=Exit.USAGE) from error
