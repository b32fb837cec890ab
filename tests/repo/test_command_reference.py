"""docs/commands.md is what the commands say of themselves, and a shell can complete them."""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Iterator
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


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """What ``--help`` prints on a terminal of 80 columns, below the line that says how to call it."""
    cli.main([*words, "--help"], prog_name="groundplan", standalone_mode=False, terminal_width=80)
    return capsys.readouterr().out.splitlines()[1:]


def test_the_first_help_is_one_screen_and_nothing_is_cut_off(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys)

    assert len(lines) < 70
    assert [line for line in lines if len(line) > 80 or line.endswith("...")] == []
    listed = {line.split()[0] for line in lines if re.match(r"  [a-z]", line)}
    assert set(cli.commands) <= listed


def test_no_group_cuts_off_what_its_commands_do(capsys: pytest.CaptureFixture[str]) -> None:
    groups = [name.split()[1:] for name, command in walk(cli) if isinstance(command, click.Group)]

    assert len(groups) > 10
    for words in groups:
        assert [line for line in shown(capsys, *words) if line.endswith("...")] == [], words


def examples(command: click.Command) -> list[str]:
    """Lines of ``--help`` that stand as they are to be typed."""
    text = inspect.cleandoc(command.help or "")
    return [
        line.strip()
        for paragraph in text.split("\n\n")
        if paragraph.startswith("\b")
        for line in paragraph.splitlines()[1:]
        if "groundplan " in line
    ]


def typed(example: str) -> Iterator[list[str]]:
    """What a shell would hand to ``groundplan``, as often as the line calls it."""
    for part in re.split(r" && | \| | > |   +|#", example):
        words = shlex.split(part)
        if "groundplan" in words:
            yield words[words.index("groundplan") + 1 :]


def refused(arguments: list[str]) -> str:
    """Why the command line does not take it; a file that is not here is no reason."""
    command: click.Command = cli
    context = click.Context(cli, info_name="groundplan")
    while isinstance(command, click.Group) and arguments and arguments[0] in command.commands:
        command, arguments = command.commands[arguments[0]], arguments[1:]
        context = click.Context(command, parent=context, info_name=command.name)
    try:
        command.make_context(command.name, list(arguments), parent=context.parent)
    except click.BadParameter as error:
        return "" if isinstance(error.param and error.param.type, click.Path | click.File) else error.format_message()
    except click.UsageError as error:
        return error.format_message()
    except (click.exceptions.Exit, click.exceptions.NoArgsIsHelpError):
        return ""
    return ""


def test_every_command_has_an_example_of_itself_that_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GROUNDPLAN_STACK", "GROUNDPLAN_ENV"):
        monkeypatch.delenv(name, raising=False)
    lacking = [
        name
        for name, command in walk(cli)
        if not any(
            f"groundplan {' '.join(words)} ".startswith(f"{name} ") for e in examples(command) for words in typed(e)
        )
    ]
    wrong = {
        f"{name}: {example}": why
        for name, command in [("groundplan", cli), *walk(cli)]
        for example in examples(command)
        for words in typed(example)
        if (why := refused(words))
    }

    assert lacking == []
    assert wrong == {}


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
