"""Options that mean the same on every command."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import click

from tooling.cli import completing

Command = TypeVar("Command", bound=Callable[..., Any])


def env_option(function: Command) -> Command:
    return click.option(
        "--env",
        metavar="ENV",
        default="local",
        show_default=True,
        envvar="GROUNDPLAN_ENV",
        show_envvar=True,
        shell_complete=completing.environments,
        help="Environment: a folder below envs/.",
    )(function)


def stack_option(function: Command) -> Command:
    return click.option(
        "--stack",
        "stacks",
        metavar="STACK",
        multiple=True,
        envvar="GROUNDPLAN_STACK",
        show_envvar=True,
        shell_complete=completing.stacks,
        help="Architecture, repeatable; all of the environment's when not given.",
    )(function)


def one_stack_option(function: Command) -> Command:
    return click.option(
        "--stack",
        metavar="STACK",
        required=True,
        envvar="GROUNDPLAN_STACK",
        show_envvar=True,
        shell_complete=completing.stacks,
        help="Architecture.",
    )(function)


def json_option(function: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(function)


def yes_option(function: Command) -> Command:
    return click.option(
        "--yes",
        is_flag=True,
        envvar="GROUNDPLAN_YES",
        show_envvar=True,
        help="Do not ask; for scripts.",
    )(function)


def lock_timeout_option(function: Command) -> Command:
    return click.option(
        "--lock-timeout",
        default="0s",
        show_default=True,
        metavar="DURATION",
        help="How long to wait for a locked state, as 30s or 5m.",
    )(function)


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))
