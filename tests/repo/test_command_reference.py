"""docs/commands.md is what the commands say of themselves, and a shell can complete them."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from tests.support.project import REPOSITORY
from tooling.cli.main import cli
from tooling.cli.reference import COMMAND, PAGE, reference, walk


def test_the_page_is_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(cli), f"run: {COMMAND}"


def test_the_page_has_every_option_of_every_command() -> None:
    text = PAGE.read_text(encoding="utf-8")

    for name, command in walk(cli):
        section = text.partition(f"# {name}\n")[2].partition("\n## ")[0]
        options = [one.opts[0] for one in command.params if isinstance(one, click.Option)]
        assert [option for option in options if f"`{option}`" not in section] == [], name


def test_every_section_of_the_page_shows_examples_and_nothing_of_the_layout() -> None:
    _, *sections = PAGE.read_text(encoding="utf-8").split("\n## ")

    for section in sections:
        for example in section.split("```sh\n")[1:]:
            assert "groundplan " in example.partition("```")[0], section.splitlines()[0]
    assert "\b" not in PAGE.read_text(encoding="utf-8")


def completions(*words: str, incomplete: str) -> list[str]:
    asked = ShellComplete(cli, {}, "groundplan", "_GROUNDPLAN_COMPLETE").get_completions(list(words), incomplete)
    return [one.value for one in asked]


def test_a_shell_completes_commands_environments_and_the_stacks_of_an_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GROUNDPLAN_ROOT", str(REPOSITORY))

    assert "plan" in completions(incomplete="pl")
    assert completions("plan", "--env", incomplete="stag") == ["staging"]
    assert completions("plan", "--env", "staging", "--stack", incomplete="") == ["solemate"]


def test_outside_of_a_project_nothing_is_completed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GROUNDPLAN_ROOT", str(tmp_path))

    assert completions("plan", "--env", incomplete="") == []
