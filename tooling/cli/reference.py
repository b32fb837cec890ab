"""``docs/commands.md``: every command with its options, from the commands themselves.

``python -m tooling.cli.reference`` writes it again.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

PAGE = Path(__file__).resolve().parents[2] / "docs/commands.md"
COMMAND = ".venv/bin/python -m tooling.cli.reference"
HEAD = f"""\
<!-- Written by {COMMAND}. Do not edit. -->

# Every command and option

What `--help` says, on one page; [cli.md](cli.md) says how the commands go together, and what their exit codes mean.
"""


def reference(group: click.Group) -> str:
    """The page."""
    from tooling.cli.main import SECTIONS

    parts = [HEAD]
    for heading, commands in SECTIONS.items():
        names = ", ".join(f"[{one.name}](#groundplan-{one.name})" for one in commands)
        parts.append(f"- **{heading}**: {names}\n")
    for name, command in walk(group):
        parts.append("\n" + "\n".join(_section(name, command)).rstrip() + "\n")
    return parts[0] + "\n" + "".join(parts[1:])


def walk(group: click.Group, name: str = "groundplan") -> Iterator[tuple[str, click.Command]]:
    """Every command below a group by its whole name, a group before what is in it."""
    for child_name, child in group.commands.items():
        yield f"{name} {child_name}", child
        if isinstance(child, click.Group):
            yield from walk(child, f"{name} {child_name}")


def _section(name: str, command: click.Command) -> Iterator[str]:
    words, examples = _help(command)
    yield f"{'##' if name.count(' ') == 1 else '###'} {name}"
    yield ""
    yield from words
    yield "```sh"
    yield from examples
    yield "```"
    yield ""
    rows = [_row(one) for one in command.params if isinstance(one, click.Option)]
    arguments = [str(one.name).upper() for one in command.params if isinstance(one, click.Argument)]
    if arguments:
        yield f"Arguments: {', '.join(f'`{one}`' for one in arguments)}."
        yield ""
    if rows:
        yield "| option | means |"
        yield "|---|---|"
        yield from rows


def _help(command: click.Command) -> tuple[list[str], list[str]]:
    """Sentences and examples; these stand in the paragraph that is not to be wrapped."""
    text = inspect.cleandoc(command.help or "")
    said, examples = [], []
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("\b"):
            examples += [line.strip() for line in paragraph.splitlines()[1:]]
        else:
            said += [re.sub(r"\s+", " ", paragraph).replace("<", "&lt;"), ""]
    return said, examples


def _row(option: click.Option) -> str:
    written = ", ".join(f"`{one}`" for one in (*option.opts, *option.secondary_opts))
    kind = option.metavar or ("" if option.is_flag else option.make_metavar(click.Context(click.Command("x"))))
    facts = [option.help or ""]
    if option.required:
        facts.append("Required.")
    elif option.show_default and option.default not in (None, False, ()) and not option.is_flag:
        facts.append(f"Default: `{option.default}`.")
    if option.multiple and "repeatable" not in facts[0].lower():
        facts.append("Repeatable.")
    if option.envvar:
        facts.append(f"Variable: `{option.envvar}`.")
    if kind:
        written += f" `{kind.strip('[]')}`"
    return f"| {_cell(written)} | {_cell(' '.join(facts))} |"


def _cell(text: str) -> str:
    return text.replace("<", "&lt;").replace("|", "\\|")


def main() -> None:
    from tooling.cli.main import cli

    PAGE.write_text(reference(cli), encoding="utf-8")


if __name__ == "__main__":
    main()
