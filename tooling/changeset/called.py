"""The local modules that a stack's configuration is made of."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

CONFIGURATION = (".tf", ".tf.json")
_CALLS = re.compile(rb'"?source"?\s*[=:]\s*"(\.{1,2}/[^"]+)"')


def called_folders(root: Path, text: Callable[[Path], bytes] = Path.read_bytes) -> Iterator[Path]:
    """A root and every local module that it calls, be it through another.

    Args:
        root: The root module's folder.
        text: Reads a file. Default: from the disk.
    """
    waiting, seen = [root], {root}
    while waiting:
        folder = waiting.pop()
        yield folder
        for path in files_ending(folder, CONFIGURATION):
            for called in _CALLS.findall(text(path)):
                there = named_from(folder, called)
                if there not in seen and there.is_dir():
                    seen.add(there)
                    waiting.append(there)


def named_from(folder: Path, name: bytes) -> Path:
    """The path that a configuration in ``folder`` means."""
    return Path(os.path.normpath(folder / name.decode(errors="replace")))


def files_ending(folder: Path, endings: tuple[str, ...]) -> Iterable[Path]:
    """Files of one folder, by name."""
    return sorted(path for path in folder.iterdir() if path.name.endswith(endings) and path.is_file())
