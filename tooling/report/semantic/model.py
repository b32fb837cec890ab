"""What a change means, as values that Markdown, HTML and JSON can each show."""

from __future__ import annotations

from dataclasses import dataclass, field

ADDED, REMOVED, CHANGED, SAME = "+", "-", "~", "="


@dataclass(frozen=True)
class Entry:
    """One thing that is added, removed or changed.

    Attributes:
        sign: ``+``, ``-``, ``~``, or ``=`` for what stays and is named for its context.
        label: What it is about: a key, a path, or a whole sentence.
        before, after: The values; empty where the label says it all.
        parts: What moves inside of it.
        note: What a reader has to know besides (``forces replacement``).
    """

    sign: str
    label: str
    before: str = ""
    after: str = ""
    parts: tuple[Entry, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Section:
    """Entries of one kind.

    Attributes:
        kind: ``policy``, ``reach``, ``environment``, ``document``, ``text``, ``attributes``, ``tags``,
            ``hidden`` or ``computed``.
        title: The attribute, or what the entries are.
        minor: True for what is rarely worth a look (tags, values that AWS gives).
    """

    kind: str
    title: str
    entries: tuple[Entry, ...]
    minor: bool = False


@dataclass(frozen=True)
class Meaning:
    """What a plan does to one resource.

    Attributes:
        sections: What moves, the most telling first.
        settled: All its arguments as text, for a resource that is made or goes; else empty.
    """

    sections: tuple[Section, ...] = field(default=())
    settled: str = ""
