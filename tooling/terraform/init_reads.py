"""What of a configuration file ``terraform init`` reads: which modules, providers and backend it names.

Everything else of a file may move without another ``init``. What is written in a way that is not understood here counts
as read.
https://developer.hashicorp.com/terraform/cli/commands/init
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# A block as it is formatted. Another one, on a single line for instance, is not found: it is then read whole.
_BLOCK = re.compile(rb'^(\w+)((?:[ \t]+"[^"\n]*")*)[ \t]*\{[ \t\r]*\n(.*?)^\}[ \t\r]*$', re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(rb"^[ \t]*(#|//).*$", re.MULTILINE)
_CALLS = re.compile(rb"^[ \t]*(?:source|version)[ \t]*=.*$", re.MULTILINE)
# A resource may name the provider that it is not called after; a check may hold a data source.
_NAMES_A_PROVIDER = re.compile(rb'^[ \t]*(?:provider[ \t]*=.*|data[ \t]+"[^"_\n]+)', re.MULTILINE)
_RESOURCES = frozenset({b"resource", b"data", b"ephemeral"})
_NEVER_READ = frozenset({b"variable", b"output", b"locals", b"moved"})


def read_by_init(name: str, text: bytes) -> Iterator[str]:
    """The parts of a file that ``init`` reads, some of them more than once.

    Args:
        name: Of the file: of one in JSON everything counts.
        text: What is in it.
    """
    if name.endswith(".json"):
        yield _plain(text)
        return
    for block in _BLOCK.finditer(text):
        yield from map(_plain, _of_block(*block.groups()))
    if rest := _COMMENT.sub(b"", _BLOCK.sub(b"", text)).strip():
        yield _plain(rest)


def _plain(text: bytes) -> str:
    return " ".join(text.decode(errors="replace").split())


def _of_block(kind: bytes, labels: bytes, body: bytes) -> Iterator[bytes]:
    if kind in _NEVER_READ:
        return
    if kind in _RESOURCES:
        # The provider of a type is what stands before its first underscore.
        yield labels.split(b'"')[1].partition(b"_")[0] if labels else body
    elif kind == b"module":
        yield labels + b"\n".join(_CALLS.findall(body))
    elif kind == b"check":
        pass
    else:
        yield kind + labels + _COMMENT.sub(b"", body)
    yield from _NAMES_A_PROVIDER.findall(body) if kind in _RESOURCES or kind == b"check" else ()
