"""The text of the workflows: the templates are these, with ``<<name>>`` for ours and ``${{ … }}`` for GitHub."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling.ci.needed import PASSPHRASE, SWITCH
from tooling.ci.pins import PINS, PIP_AUDIT
from tooling.ci.places import IMAGE_VARIABLE, secret_name

if TYPE_CHECKING:
    from tooling.ci.places import Place
    from tooling.ci.settings import CiSettings

FOLDER = Path(".github/workflows")
NAMES = ("pr-check.yml", "deploy.yml", "deploy-stack.yml", "drift.yml")


# Credentials have to last as long as the job that uses them may take: an apply that outlives its own loses its state.
PLAN_MINUTES, APPLY_MINUTES = 40, 120


@dataclass(frozen=True)
class Scope:
    """What the workflows are about, when not everything: the options that they were generated with.

    Attributes:
        envs, architectures: Names. Empty: every one.
    """

    envs: tuple[str, ...] = ()
    architectures: tuple[str, ...] = ()

    @property
    def of_envs(self) -> str:
        return "".join(f" --env {name}" for name in self.envs)

    @property
    def of_stacks(self) -> str:
        return "".join(f" --stack {name}" for name in self.architectures)

    @property
    def options(self) -> str:
        return self.of_envs + self.of_stacks


def workflows(settings: CiSettings, places: Sequence[Place], scope: Scope) -> dict[str, str]:
    """Name and text of each workflow."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("tooling.ci", "templates"),
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,
    )
    values = _values(settings, places, scope)
    return {name: environment.get_template(f"{name}.j2").render(values) for name in NAMES}


def _values(settings: CiSettings, places: Sequence[Place], scope: Scope) -> dict[str, Any]:
    architectures = list(dict.fromkeys(name for place in places for name in place.architectures))
    variables: dict[str, list[str]] = {}
    for place in places:
        for stack in place.stacks:
            for variable in stack.secrets:
                users = variables.setdefault(variable, [])
                users += [] if stack.architecture in users else [stack.architecture]
    images = [stack.architecture for place in places for stack in place.stacks if stack.image]
    return {
        "settings": settings,
        "places": places,
        "scope": scope,
        "plan_minutes": PLAN_MINUTES,
        "apply_minutes": APPLY_MINUTES,
        "architectures": architectures,
        "pins": PINS,
        "pip_audit": PIP_AUDIT,
        "switch": SWITCH,
        "passphrase": PASSPHRASE,
        "secrets": {variable: (secret_name(variable), _one_of(users)) for variable, users in variables.items()},
        "image_variable": IMAGE_VARIABLE,
        "images": _one_of(dict.fromkeys(images)) if images else "",
        "approving": _one_of(place.env for place in places if place.approves)
        if any(place.approves for place in places)
        else "",
        "key_id": _of_env((place.env, f"secrets.{place.keys[0]}") for place in places),
        "secret_key": _of_env((place.env, f"secrets.{place.keys[1]}") for place in places),
        "region": _of_env((place.env, f"'{place.region}'") for place in places),
        "plan_role": _of_env((place.env, f"'{place.role('plan')}'") for place in places),
    }


def _one_of(names: Any) -> str:
    """A list as an expression of GitHub's has it."""
    return f"fromJSON('{json.dumps(list(names))}')"


def _of_env(values: Iterable[tuple[str, str]]) -> str:
    """The expression that picks the value of an environment; ENV stands for where its name is."""
    return " || ".join(f"ENV == '{env}' && {value}" for env, value in values)
