"""The folder that a build left: what of it is the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tooling import digest
from tooling.errors import Exit, ToolError
from tooling.site.headers import cache_control, content_type, is_content_hashed, is_service_worker

ENTRY = "index.html"
# The one folder with a leading dot that is meant for the public (RFC 8615): links into apps are proven there.
_WELL_KNOWN = ".well-known"


@dataclass(frozen=True)
class SiteFile:
    """One file of the site.

    Attributes:
        key: Its key in the bucket: the path below the folder.
        path: Where it lies.
        size: In bytes.
        sha256: Of its content, hex.
        content_type, cache_control: Headers that it is served with.
    """

    key: str
    path: Path
    size: int
    sha256: str
    content_type: str
    cache_control: str

    @property
    def stage(self) -> int:
        """What goes live first: nothing may name a file that is not there yet."""
        if is_content_hashed(self.key):
            return 0
        if is_service_worker(self.key):
            return 3
        return 2 if self.key == ENTRY else 1


@dataclass(frozen=True)
class Dist:
    """A built site.

    Attributes:
        files: By key.
        skipped: Hidden files and folders, which are left out.
    """

    files: tuple[SiteFile, ...]
    skipped: tuple[str, ...]


def read_dist(folder: Path, shown_as: str) -> Dist:
    """Read every file of a built site.

    Args:
        folder: The build's output (``dist/``).
        shown_as: How errors name it.

    Raises:
        ToolError: Exit 2: it is not there, has no index.html, or holds a link that leads out of it.
    """
    if not folder.is_dir():
        raise _refused("is no folder", shown_as, "build the site first (vite build), or name its output: --dist DIR")
    paths: list[Path] = []
    skipped: list[str] = []
    for path in _walk(folder, folder, shown_as):
        if _hidden(path):
            skipped.append(_key(folder, path, shown_as))
        else:
            paths.append(path)
    files = [_site_file(path, _key(folder, path, shown_as)) for path in paths]
    entry = next((file for file in files if file.key == ENTRY), None)
    if entry is None or entry.size == 0:
        what = f"has no {ENTRY}" if entry is None else f"{ENTRY} is empty"
        raise _refused(what, shown_as, "name the folder that the build wrote, not the project's own")
    return Dist(files=tuple(sorted(files, key=lambda file: file.key)), skipped=tuple(skipped))


def _walk(site: Path, folder: Path, shown_as: str) -> Iterator[Path]:
    """Every file, and what is hidden, without a look into it."""
    for path in sorted(folder.iterdir()):
        if _hidden(path):
            yield path
        elif path.is_symlink() and not _is_file_of(site, path):
            where = f"{shown_as}/{_key(site, path, shown_as)}"
            raise _refused("is a link to a folder, to nothing or out of the site", where, "put a copy in its place")
        elif path.is_dir():
            yield from _walk(site, path, shown_as)
        elif path.is_file():
            yield path
        else:
            raise _refused("is no regular file", f"{shown_as}/{_key(site, path, shown_as)}", "remove it")


def _is_file_of(site: Path, link: Path) -> bool:
    target = link.resolve()
    return target.is_file() and target.is_relative_to(site.resolve())


def _hidden(path: Path) -> bool:
    return path.name.startswith(".") and path.name != _WELL_KNOWN


def _key(site: Path, path: Path, shown_as: str) -> str:
    key = path.relative_to(site).as_posix()
    try:
        key.encode()
    except UnicodeEncodeError as error:
        name = key.encode("utf-8", "backslashreplace").decode()
        raise _refused(f"the name {name} is no UTF-8", shown_as, "rename the file") from error
    return key


def _site_file(path: Path, key: str) -> SiteFile:
    return SiteFile(
        key=key,
        path=path,
        size=path.stat().st_size,
        sha256=digest.of_file(path),
        content_type=content_type(key),
        cache_control=cache_control(key),
    )


def _refused(what: str, where: str, hint: str) -> ToolError:
    return ToolError(what, where=where, hint=hint, exit_code=Exit.USAGE)
