"""Terraform resource addresses: taken apart, and matched by globs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

#: What stands only around an instance key.
_QUOTING = ("[", "]", '"')


@dataclass(frozen=True)
class Address:
    """``module.a["x"].data.aws_thing.name["key"]``, in its parts.

    Attributes:
        module: Address of the module instance; empty for the root.
        calls: Names of the module calls on the way, without instance keys.
        mode: ``managed`` or ``data``.
        type: Resource type.
        name: Resource name.
        key: Instance key as written between the brackets, quotes included; None if there is none.
    """

    module: str
    calls: tuple[str, ...]
    mode: str
    type: str
    name: str
    key: str | None


@lru_cache(maxsize=1 << 14)
def parse_address(text: str) -> Address:
    """Take an address apart.

    Raises:
        ValueError: It is not the address of a resource.
    """
    parts = segments(text)
    calls: list[str] = []
    at = 0
    while at + 1 < len(parts) and parts[at] == "module":
        calls.append(parts[at + 1].partition("[")[0])
        at += 2
    module = ".".join(parts[:at])
    rest = parts[at:]
    mode = "managed"
    if rest and rest[0] == "data":
        mode, rest = "data", rest[1:]
    if len(rest) != 2:
        raise ValueError(f"'{text}' is not the address of a resource")
    name, bracket, key = rest[1].partition("[")
    return Address(module, tuple(calls), mode, rest[0], name, key.removesuffix("]") if bracket else None)


def glob_matches(pattern: str, text: str) -> bool:
    """Whether ``text`` matches, where only ``*`` and ``?`` are wild.

    fnmatch would read the brackets of ``aws_x.y["k"]`` as a set of characters.
    """
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _compiled(glob: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(char) or re.escape(char) for char in glob), re.DOTALL)


def segments(text: str) -> list[str]:
    """The parts of an address or a reference: split at the dots that are not inside an instance key."""
    if "[" not in text and '"' not in text:
        return text.split(".")
    parts = [""]
    quoted = escaped = False
    depth = 0
    for char in text:
        if char == "." and not quoted and depth == 0:
            parts.append("")
            continue
        parts[-1] += char
        if char == '"' and not escaped:
            quoted = not quoted
        elif not quoted:
            depth += (char == "[") - (char == "]")
        escaped = quoted and char == "\\" and not escaped
    return parts


def without_keys(address: str) -> str:
    """An address as the configuration has it: without the instance keys of resources and modules."""
    return ".".join(part.partition("[")[0] for part in segments(address))
