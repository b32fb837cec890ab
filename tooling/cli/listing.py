"""How a group lists its commands: each with its whole first sentence, wrapped where the terminal ends."""

from __future__ import annotations

import click

# More than any sentence has: click cuts one that is longer, where this wraps it.
_WHOLE = 400


class WholeSentences(click.Group):
    """A group whose ``--help`` cuts nothing off."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(
                [(str(name), one.get_short_help_str(_WHOLE)) for name, one in sorted(self.commands.items())]
            )
