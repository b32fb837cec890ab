"""What docs/cli.md says there is, is there; and what there is, it says."""

from __future__ import annotations

import re

import click

from tests.support.project import REPOSITORY
from tooling.cli.main import cli

TEXT = (REPOSITORY / "docs/cli.md").read_text()
ROWS = dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", TEXT, re.MULTILINE))


def test_every_command_has_its_line_and_every_line_its_command() -> None:
    assert list(ROWS) == list(cli.commands)


def test_every_command_of_a_group_is_named() -> None:
    for name, command in cli.commands.items():
        if isinstance(command, click.Group):
            assert set(command.commands) <= set(re.findall(r"`([a-z-]+)`", ROWS[name])), name


def test_every_variable_of_an_option_is_named() -> None:
    variables = {
        str(option.envvar)
        for command in cli.commands.values()
        for option in command.params
        if isinstance(option, click.Option) and option.envvar
    }

    assert {"GROUNDPLAN_ENV", "GROUNDPLAN_STACK", "GROUNDPLAN_YES"} <= variables
    assert [name for name in sorted(variables) if f"`{name}`" not in TEXT] == []
