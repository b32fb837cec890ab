"""``--break-glass 'ADDRESS=REASON'``: stepping over a limit of the gate in one changeset, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from tooling.cli.options import Command
    from tooling.gate import BrokenGlass

#: Characters that a reason has at least: "x" is none.
LEAST_REASON = 10


def break_glass_option(function: Command) -> Command:
    return click.option(
        "--break-glass",
        "glass",
        multiple=True,
        metavar="ADDRESS=REASON",
        callback=lambda _context, _option, texts: read_glass(texts),
        help="Step over the limits on changes for this address, in this changeset only; repeatable.",
    )(function)


def read_glass(texts: tuple[str, ...]) -> tuple[BrokenGlass, ...]:
    """Take the values of the option apart.

    Raises:
        ToolError: One has no reason, or hardly one, names no resource, or names one again (exit code 2).
    """
    if not texts:
        return ()
    from tooling.gate import BrokenGlass
    from tooling.gate.addresses import parse_address

    found: dict[str, BrokenGlass] = {}
    for text in texts:
        address, reason = _apart(text)
        try:
            parse_address(address)
        except ValueError as error:
            raise _bad(str(error), text) from error
        if len(reason) < LEAST_REASON:
            raise _bad(f"the reason '{reason}' is shorter than {LEAST_REASON} characters", text)
        if address in found:
            raise _bad(f"{address} is named twice", text)
        found[address] = BrokenGlass(address=address, reason=reason)
    return tuple(found.values())


def _apart(text: str) -> tuple[str, str]:
    """At the first ``=`` that is not in an instance key: ``aws_x.y["a=b"]=because``."""
    quoted = False
    for index, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char == "=" and not quoted:
            return text[:index].strip(), text[index + 1 :].strip()
    raise _bad("it has no reason", text)


def _bad(what: str, text: str) -> ToolError:
    return ToolError(
        what,
        where=f"--break-glass '{text}'",
        hint="write it as 'module.kefir.aws_dynamodb_table.old=moved to the new table, see OPS-12'",
        exit_code=Exit.USAGE,
    )
