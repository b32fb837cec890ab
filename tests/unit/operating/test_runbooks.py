"""docs/runbooks.md names only commands and options that there are, and a lost region's steps in their order."""

from __future__ import annotations

import re

import click
import pytest

from tests.support.project import REPOSITORY
from tooling.cli.main import cli

TEXT = (REPOSITORY / "docs/runbooks.md").read_text(encoding="utf-8")
LINES = sorted(set(re.findall(r"groundplan ((?:[a-z][a-z-]*)(?:[^`\n&#|]|\n  *--)*)", TEXT)))


def _command(words: list[str]) -> tuple[click.Command, list[str]]:
    command: click.Command = cli
    while isinstance(command, click.Group) and words:
        command = command.commands[words[0]]
        words = words[1:]
    return command, words


def test_there_are_commands_to_look_at() -> None:
    assert len(LINES) > 15


@pytest.mark.parametrize("line", LINES)
def test_every_command_of_the_runbooks_is_there_with_its_options(line: str) -> None:
    command, rest = _command(line.split())

    known = {name for option in command.params for name in option.opts}
    assert {word for word in rest if word.startswith("--")} <= known


@pytest.mark.requirement("KF-NX-09")
def test_the_way_back_of_a_table_is_told() -> None:
    section = TEXT.split("## A table, back to a moment")[1].split("\n## ")[0]

    assert "restore-table-to-point-in-time" in section
    assert "restore-table-from-backup" in section


@pytest.mark.requirement("FD-DR-10")
def test_the_steps_of_a_lost_region_are_in_order() -> None:
    section = TEXT.split("## The region is lost")[1].split("\n## ")[0]
    order = [
        "describe-db-instance-automated-backups",
        "groundplan bootstrap",
        "groundplan apply",
        "restore-db-instance-to-point-in-time",
        "pg_restore",
        "groundplan smoke",
        "Switch DNS",
    ]
    places = [section.find(step) for step in order]

    assert -1 not in places
    assert places == sorted(places)
