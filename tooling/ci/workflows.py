"""The text of the workflows: the templates are these, with ``<<name>>`` for ours and ``${{ … }}`` for GitHub."""

from __future__ import annotations

import json
from collections.abc import Sequence
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


def workflows(settings: CiSettings, places: Sequence[Place]) -> dict[str, str]:
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
    values = _values(settings, places)
    return {name: environment.get_template(f"{name}.j2").render(values) for name in NAMES}


def _values(settings: CiSettings, places: Sequence[Place]) -> dict[str, Any]:
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
        "key_id": _key([(place.env, place.keys[0]) for place in places]),
        "secret_key": _key([(place.env, place.keys[1]) for place in places]),
    }


def _one_of(names: Any) -> str:
    """A list as an expression of GitHub's has it."""
    return f"fromJSON('{json.dumps(list(names))}')"


def _key(names: Sequence[tuple[str, str]]) -> str:
    """The expression that picks the secret of an environment; ENV stands for where its name is."""
    chosen = [f"ENV == '{env}' && secrets.{name}" for env, name in names]
    return " || ".join(chosen)
