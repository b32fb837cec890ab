"""Options that every command about a database has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def database_option(function: Command) -> Command:
    return click.option(
        "--database", default="", metavar="IDENTIFIER", help="Which, where the stack has several that are no replicas."
    )(function)


def host_option(function: Command) -> Command:
    return click.option("--host", default="", help="The way there from here, as a tunnel's; its own when not given.")(
        function
    )


def port_option(function: Command) -> Command:
    return click.option("--port", default=0, type=click.IntRange(0, 65535), help="With --host: the tunnel's port.")(
        function
    )


def sslmode_option(function: Command) -> Command:
    return click.option(
        "--sslmode",
        default="require",
        show_default=True,
        type=click.Choice(["disable", "prefer", "require", "verify-ca", "verify-full"]),
        help="How psql connects, in the words of libpq.",
    )(function)
