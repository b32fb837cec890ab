"""Images in files, as their builders write them."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path

LAYERS = (b"first layer " * 400, b"second layer")


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return path


def docker_archive(path: Path, *, what: bytes = b"") -> Path:
    """As ``docker save`` writes one, with ``what`` in its configuration."""
    layers = {f"{number}/layer.tar": content for number, content in enumerate(LAYERS)}
    described = [{"Config": "config.json", "RepoTags": ["app:build"], "Layers": list(layers)}]
    config = b'{"os": "linux", "what": "' + what + b'"}'
    return archive(path, {**layers, "config.json": config, "manifest.json": json.dumps(described).encode()})


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def oci_archive(path: Path, *, damaged: bool = False, platforms: int = 1) -> tuple[Path, str]:
    """As buildx writes one: an index with the image and what the builder says of it. Gives its digest as well."""
    layers = [gzip.compress(layer) for layer in LAYERS]
    config = b'{"os": "linux"}'
    blobs = {digest_of(content): content for content in (*layers, config)}
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {"digest": digest_of(config), "size": len(config)},
            "layers": [{"digest": digest_of(layer), "size": len(layer)} for layer in layers],
        }
    ).encode()
    kind = "application/vnd.oci.image.manifest.v1+json"
    entries = [
        {"mediaType": kind, "digest": digest_of(manifest), "platform": {"os": "linux"}} for _ in range(platforms)
    ]
    said = {"mediaType": kind, "digest": digest_of(b"{}"), "platform": {"os": "unknown"}}
    nested = json.dumps({"manifests": [*entries, said]}).encode()
    index = {"mediaType": "application/vnd.oci.image.index.v1+json", "digest": digest_of(nested)}
    blobs |= {digest_of(manifest): manifest, digest_of(nested): nested}
    files = {f"blobs/{digest.replace(':', '/')}": content for digest, content in blobs.items()}
    if damaged:
        files[f"blobs/{digest_of(layers[0]).replace(':', '/')}"] += b"!"
    files["index.json"] = json.dumps({"manifests": [index]}).encode()
    return archive(path, files), digest_of(manifest)
