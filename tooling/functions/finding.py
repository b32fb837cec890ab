"""The functions of an applied stack, by the names that people use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tooling.errors import Exit, ToolError
from tooling.live.parts import is_part, parts_of, without_instances

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack

# Which name the sources give to each function is an output of every module that has functions.
_OUTPUT = "function_names"
# Lambda's default. https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
_SECONDS = 3


@dataclass(frozen=True)
class LiveFunction:
    """One function.

    Attributes:
        key: Its name in the sources, as ``handleAuth``.
        name: Lambda's.
        part: Part of the module that declares it; empty where that cannot be told.
        region: Where it runs.
        log_group: Where it logs.
        environment: Its variables; there may be secrets among them.
        seconds: How long one run of it may take.
    """

    key: str
    name: str
    part: str
    region: str
    log_group: str
    environment: dict[str, str] = field(repr=False)
    seconds: int


def functions_of(live: LiveStack) -> tuple[LiveFunction, ...]:
    """Every function of a stack, by part and key."""
    keys = {name: key for key, name in (live.outputs.get(_OUTPUT) or {}).items()}
    parts = parts_of(live.stack)
    found = [
        _function(one, keys, parts.get(without_instances(one.address), "")) for one in live.of("aws_lambda_function")
    ]
    return tuple(sorted(found, key=lambda one: (one.part, one.key, one.region)))


def find_function(live: LiveStack, asked: str) -> LiveFunction:
    """The function that ``asked`` names: ``handleAuth``, ``api/handleAuth``, ``ApiStack/handleAuth``, or Lambda's name.

    A function that runs in two regions is the one of the first.

    Raises:
        ToolError: Exit 2: there is none, or several, with those that there are.
    """
    all_of_them = functions_of(live)
    part, _, short = asked.rpartition("/")
    found = [
        one
        for one in all_of_them
        if short.lower() in (one.key.lower(), one.name.lower()) and (not part or is_part(part, one.part))
    ]
    at_home = [one for one in found if one.region == live.session.config.region] or found
    if len(at_home) != 1:
        names = ", ".join(dict.fromkeys(shown(one.part, one.key) for one in all_of_them))
        raise ToolError(
            f"{len(at_home) or 'no'} function{'s' if at_home else ''} of the name '{asked}'",
            where=live.stack.name,
            hint=f"there are: {names or 'none'}",
            exit_code=Exit.USAGE,
        )
    return at_home[0]


def shown(part: str, short: str) -> str:
    """As :func:`find_function` takes it."""
    return f"{part}/{short}" if part else short


def _function(resource: LiveResource, keys: dict[str, str], part: str) -> LiveFunction:
    name = str(resource["function_name"])
    attributes = resource.attributes
    logging = attributes.get("logging_config") or [{}]
    environment = attributes.get("environment") or [{}]
    return LiveFunction(
        key=keys.get(name, name),
        name=name,
        part=part,
        region=resource.region,
        log_group=logging[0].get("log_group") or f"/aws/lambda/{name}",
        environment=dict(environment[0].get("variables") or {}),
        seconds=int(attributes.get("timeout") or _SECONDS),
    )
