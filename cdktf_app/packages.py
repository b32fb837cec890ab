"""Deployment packages of the functions: `functions/<architecture>/<function>/` becomes one zip a function.

In the zip the function's own files are at the top. Beside them, each at the path that it has below `functions/`,
is what it shares: `package.json` and `shared/` with every function there is, `<architecture>/shared/` with its own
architecture. So one import is true in a package and in the sources alike.

The bytes of a zip depend on nothing but the names and contents of its files: not on the machine, the clock,
the umask, the checkout's order or the Python that packs it. Terraform compares the hash, so anything else
would show up as a change of every function on the next machine. For the same reason nothing is compressed:
zlib's output differs between its builds.

Needs the standard library only, so that the toolkit can upload packages without loading cdktf.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "functions"

ENTRY = "index.mjs"
SHARED = "shared"
# Says that `#shared/x.mjs` is `./shared/x.mjs`, and `#nullcheck/x.mjs` `./nullcheck/shared/x.mjs`.
MANIFEST = "package.json"

_DEPENDENCIES = "node_modules"
_NOT_PACKED_BY_ITSELF = (SHARED, _DEPENDENCIES)
# What editors and operating systems leave behind. None of it may reach a package, or a hash.
_JUNK = (
    ".*", "*~", "#*#", "*.bak", "*.orig", "*.rej", "*.swp", "*.tmp", "__pycache__",
    "Thumbs.db", "desktop.ini", "ehthumbs.db",
)  # fmt: skip
_FUNCTION_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")

_UNIX = 3
_REGULAR_FILE_0644 = (stat.S_IFREG | 0o644) << 16
_EARLIEST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


class PackageError(Exception):
    """Sources that cannot be packed.

    Args:
        what: What is wrong, in lower case, with the value that was seen.
        where: The file or folder it is about.
        hint: What to do about it.
    """

    def __init__(self, what: str, *, where: Path, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.where}: {self.what} ({self.hint})"


@dataclass(frozen=True, kw_only=True)
class Package:
    """One function, ready to upload.

    Attributes:
        function: Name of the function, as its folder says it: ``handleAuth``.
        content: The zip.
        sha256: Hash of ``content``, hexadecimal.
        base64sha256: The same hash as Lambda and Terraform's ``source_code_hash`` write it.
        key: Where it belongs in the artifacts bucket. Holds the hash, so a key never changes its content.
    """

    function: str
    content: bytes = field(repr=False)
    sha256: str
    base64sha256: str
    key: str


def architectures_with_functions(*, sources: Path = SOURCES) -> tuple[str, ...]:
    """Names that :func:`build` takes, sorted."""
    return tuple(sorted(folder.name for folder in _folders(sources) if folder.name not in _NOT_PACKED_BY_ITSELF))


def build(architecture: str, *, sources: Path = SOURCES) -> Mapping[str, Package]:
    """Pack every function of an architecture.

    Which functions there are is read from the folders, so a new function is a new folder.

    Args:
        architecture: Name of a folder in ``functions/``.
        sources: The folder that holds the architectures' sources.

    Returns:
        The packages by function name, in sorted order.

    Raises:
        PackageError: The architecture has no functions, a function has no ``index.mjs``, its files and the shared
            ones clash, or its folder holds what cannot be packed reproducibly (links, ``node_modules``).
    """
    known = architectures_with_functions(sources=sources)
    if architecture not in known:
        raise PackageError(
            f"no functions of an architecture {architecture!r}",
            where=sources,
            hint=f"use one of {', '.join(known)}" if known else "there is no folder at all",
        )
    home = sources / architecture
    functions = sorted(folder for folder in _folders(home) if folder.name not in _NOT_PACKED_BY_ITSELF)
    if not functions:
        raise PackageError("holds no function", where=home, hint=f"add <function>/{ENTRY}")
    _refuse_second_manifest(home)
    common = _common_files(sources, architecture)
    return {folder.name: _package(architecture, folder, common) for folder in functions}


def _package(architecture: str, folder: Path, common: Mapping[str, bytes]) -> Package:
    if not _FUNCTION_NAME.fullmatch(folder.name):
        raise PackageError(
            f"{folder.name!r} cannot be part of a function's name",
            where=folder,
            hint="up to 40 letters, digits, hyphens and underscores, a letter first",
        )
    own = dict(_files(folder))
    if ENTRY not in own:
        raise PackageError(f"has no {ENTRY}", where=folder, hint=f"add {ENTRY} or remove the folder")
    clashes = sorted(set(own) & set(common))
    if clashes:
        raise PackageError(
            f"{clashes[0]} is also among the files that every function gets",
            where=folder,
            hint="rename one of the two",
        )
    return pack(architecture, folder.name, {**common, **own})


def pack(architecture: str, function: str, files: Mapping[str, bytes]) -> Package:
    """One function from the content of its files, by path; reproducible as all packages are."""
    content = _zip(files)
    digest = hashlib.sha256(content)
    return Package(
        function=function,
        content=content,
        sha256=digest.hexdigest(),
        base64sha256=base64.b64encode(digest.digest()).decode(),
        key=f"{architecture}/{function}/{digest.hexdigest()}.zip",
    )


def _common_files(sources: Path, architecture: str) -> Mapping[str, bytes]:
    files = {}
    for folder in (SHARED, f"{architecture}/{SHARED}"):
        if (sources / folder).is_dir():
            files.update({f"{folder}/{name}": content for name, content in _files(sources / folder)})
    manifest = sources / MANIFEST
    if manifest.is_symlink():
        raise _link(manifest)
    if manifest.is_file():
        files[MANIFEST] = manifest.read_bytes()
    return files


def _refuse_second_manifest(home: Path) -> None:
    # Node takes the nearest one: imports would mean one thing in the sources and another in the package.
    if (home / MANIFEST).exists():
        raise PackageError(
            f"a second {MANIFEST}, which no package would get",
            where=home / MANIFEST,
            hint="one serves all functions: move what it says into the one in the folder above",
        )


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Path inside the folder, with forward slashes, and content of every file below it that is not junk."""
    if folder.is_symlink():
        raise _link(folder)
    for entry in folder.iterdir():
        if _is_junk(entry.name):
            continue
        if entry.is_symlink():
            raise _link(entry)
        if entry.name == _DEPENDENCIES:
            raise PackageError(
                "dependencies are not packed from here",
                where=entry,
                hint="bundle them and give your own zip, see the README beside the functions",
            )
        if entry.is_dir():
            yield from ((f"{entry.name}/{name}", content) for name, content in _files(entry))
        else:
            yield entry.name, entry.read_bytes()


def _link(entry: Path) -> PackageError:
    return PackageError("is a symbolic link", where=entry, hint="put what it points to in its place")


def _zip(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=_EARLIEST_ZIP_DATE)
            # Both default to the machine's own: the system that zipped, and no mode at all.
            entry.create_system = _UNIX
            entry.external_attr = _REGULAR_FILE_0644
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return [entry for entry in parent.iterdir() if entry.is_dir() and not _is_junk(entry.name)]


def _is_junk(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in _JUNK)
