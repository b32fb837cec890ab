"""An image in a file, as ``docker save`` writes it, or ``buildx build -o type=oci`` and ``buildah push oci-archive:``.

https://github.com/opencontainers/image-spec/blob/main/image-layout.md
https://github.com/moby/docker-image-spec/blob/main/v1.3.md
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tooling.errors import Exit, ToolError

_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
_CONFIG = "application/vnd.docker.container.image.v1+json"
_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
_INDEXES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
# What a file that is cut off, damaged or of another form makes of reading it; a full disk is none of it.
_UNREADABLE = (
    tarfile.TarError,
    gzip.BadGzipFile,
    zlib.error,
    EOFError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
)


@dataclass(frozen=True)
class Blob:
    """A layer or a configuration.

    Attributes:
        digest: ``sha256:...`` of the file.
        size: Its bytes.
        file: Where it is.
    """

    digest: str
    size: int
    file: Path


@dataclass(frozen=True)
class ArchivedImage:
    """An image, ready to upload.

    Attributes:
        manifest: As it will be stored, to the byte.
        media_type: Of the manifest.
        blobs: What it refers to.
    """

    manifest: str
    media_type: str
    blobs: tuple[Blob, ...]

    @property
    def digest(self) -> str:
        """What the image is for good."""
        return f"sha256:{hashlib.sha256(self.manifest.encode()).hexdigest()}"


def read_archive(archive: Path, work: Path) -> ArchivedImage:
    """The one image in a file.

    Args:
        archive: The file.
        work: An empty folder for its parts; they are needed until the image is uploaded.

    Raises:
        ToolError: Exit 2: it is no such file, is damaged, or holds several images.
    """
    try:
        with tarfile.open(archive) as tar:
            names = set(tar.getnames())
            if "manifest.json" in names:
                return _docker(tar, work)
            if "index.json" in names:
                return _oci(tar, work)
    except _UNREADABLE as error:
        # Of a file of another form tarfile tells line by line what it is not.
        what = f"is no image that can be read: {str(error).partition(chr(10))[0].rstrip(':')}"
        raise ToolError(what, where=str(archive), hint="write it with docker save", exit_code=Exit.USAGE) from error
    raise ToolError(
        "is a tar archive without an image: it has no manifest.json and no index.json",
        where=str(archive),
        hint="write it with docker save",
        exit_code=Exit.USAGE,
    )


def _docker(tar: tarfile.TarFile, work: Path) -> ArchivedImage:
    """Layers are saved as they are on disk; they are pushed compressed, to the same bytes each time."""
    described = json.load(_member(tar, "manifest.json"))
    if len(described) != 1:
        raise ValueError(f"it holds {len(described)} images, one is expected")
    config = _kept(_member(tar, described[0]["Config"]), work / "config")
    layers = []
    for number, name in enumerate(described[0]["Layers"]):
        file = work / f"layer-{number}"
        source = _member(tar, name)
        begins = source.read(len(_ZSTD))
        source.seek(0)
        if begins == _ZSTD:
            raise ValueError("its layers are compressed with zstd: build it with gzip, or as an OCI archive")
        if begins.startswith(_GZIP):
            layers.append(_kept(source, file))
            continue
        with file.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as packed:
            shutil.copyfileobj(source, packed)
        layers.append(_blob(file))
    manifest = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "config": {"mediaType": _CONFIG, "size": config.size, "digest": config.digest},
        "layers": [{"mediaType": _LAYER, "size": layer.size, "digest": layer.digest} for layer in layers],
    }
    return ArchivedImage(json.dumps(manifest, indent=3), _MANIFEST, (*layers, config))


def _oci(tar: tarfile.TarFile, work: Path) -> ArchivedImage:
    """Everything is stored as it will be pushed, so the digest stays what the builder said."""
    entries = json.load(_member(tar, "index.json"))["manifests"]
    while len(entries) == 1 and entries[0]["mediaType"] in _INDEXES:
        nested = json.loads(_content(tar, entries[0]["digest"]))["manifests"]
        # What a builder says of the image lies beside it as an image of no platform.
        entries = [one for one in nested if (one.get("platform") or {}).get("os") != "unknown"]
    if len(entries) != 1:
        raise ValueError(f"it holds {len(entries)} images, one is expected: build it for one platform")
    text = _content(tar, entries[0]["digest"]).decode()
    manifest: dict[str, Any] = json.loads(text)
    blobs = []
    for number, part in enumerate([*manifest["layers"], manifest["config"]]):
        blob = _kept(_member(tar, _path(part["digest"])), work / f"blob-{number}")
        if blob.digest != part["digest"]:
            raise ValueError(f"{part['digest']} is damaged")
        blobs.append(blob)
    return ArchivedImage(text, entries[0]["mediaType"], tuple(blobs))


def _content(tar: tarfile.TarFile, digest: str) -> bytes:
    found = _member(tar, _path(digest)).read()
    if f"sha256:{hashlib.sha256(found).hexdigest()}" != digest:
        raise ValueError(f"{digest} is damaged")
    return found


def _path(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/')}"


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    # A link to another member is followed by tarfile, within the archive; a folder or device is none.
    found = tar.extractfile(name)
    if found is None:
        raise ValueError(f"{name} is no file")
    return found


def _kept(source: IO[bytes], file: Path) -> Blob:
    with file.open("wb") as target:
        shutil.copyfileobj(source, target)
    return _blob(file)


def _blob(file: Path) -> Blob:
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return Blob(f"sha256:{digest}", file.stat().st_size, file)
