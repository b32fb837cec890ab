"""Text of others on the way to a terminal: what logs, answers and names hold must not steer it."""

from __future__ import annotations


def harmless(text: str) -> str:
    """The text without control characters, but for ends of lines and tabs.

    >>> harmless("\\x1b]0;mine\\x07now")
    '\N{REPLACEMENT CHARACTER}]0;mine\N{REPLACEMENT CHARACTER}now'
    """
    return "".join(
        letter if letter.isprintable() or letter in "\n\t" else "\N{REPLACEMENT CHARACTER}" for letter in text
    )


def one_line(text: str) -> str:
    """The same as one line: what was on several is joined by a space.

    >>> one_line("Error: no\\n    at handler ")
    'Error: no at handler'
    """
    return " ".join(harmless(text).split())
