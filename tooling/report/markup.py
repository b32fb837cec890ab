"""Texts of a plan inside of Markdown: whatever they hold, they stay texts on one line.

A name may hold backticks, pipes, tags, ``@somebody`` or a newline, and nothing of it may become markup, end a row of
a table, call a person or link to a page when GitHub renders it.
"""

from __future__ import annotations

import re
import unicodedata

_LONGEST_CODE = 300
_LONGEST_PROSE = 700
# Everything that begins or ends something in GitHub's Markdown, wherever it stands; and at the beginning of a block.
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$])")
_AT_THE_BEGINNING = re.compile(r"^([#+=-]|\d+(?=[.)]))")
_NOWHERE = "\u200b"


def code(text: str, *, table: bool = False) -> str:
    """As a code span. Within one GitHub looks neither for tags nor for people.

    Args:
        text: Anything.
        table: The span stands in a row of a table, where a pipe ends the cell even in code.
    """
    line = _one_line(text, _LONGEST_CODE)
    if not line:
        return "` `"
    if table:
        line = line.replace("\\", "∖").replace("|", "\\|")
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    space = " " if line[0] in "` " or line[-1] in "` " else ""
    return f"{fence}{space}{line}{space}{fence}"


def prose(text: str) -> str:
    """As running text, in a table's cell too."""
    line = _one_line(text, _LONGEST_PROSE)
    # Links and calls are made of the rendered text, so that a backslash before them does not help.
    line = re.sub(r"(?i)\b(https?|ftp|mailto|xmpp)(:)", rf"\1{_NOWHERE}\2", line)
    line = re.sub(r"(?i)\b(www)(\.)", rf"\1{_NOWHERE}\2", line)
    line = re.sub(r"(?i)\b(gh)(-\d)", rf"\1{_NOWHERE}\2", line)
    line = re.sub(r"([@#])(?=\w)", rf"\1{_NOWHERE}", line)
    line = _SPECIAL.sub(r"\\\1", line)
    if begins := _AT_THE_BEGINNING.match(line):
        mark = begins.group(1)
        return f"{mark}\\{line[len(mark) :]}" if mark[0].isdigit() else f"\\{line}"
    return line


def _one_line(text: str, longest: int) -> str:
    """Without line breaks, control characters and those that turn the direction of what follows."""
    clean = "".join(" " if unicodedata.category(char)[0] in "CZ" and char != _NOWHERE else char for char in text)
    clean = re.sub(r" +", " ", clean).strip()
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"
