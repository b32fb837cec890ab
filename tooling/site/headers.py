"""What a browser is told about a file of a site: its type, and how long to keep it."""

from __future__ import annotations

import mimetypes
import re
from pathlib import PurePosixPath

IMMUTABLE = "public, max-age=31536000, immutable"
# May be kept, but is asked for again before each use; CloudFront asks with If-None-Match, which is cheap.
REVALIDATE = "no-cache"

_UNKNOWN = "application/octet-stream"
# What Python's table lacks or has in an old form; the rest comes from that table. The machine's own list of types
# is not read: the same folder has to be deployed alike from everywhere.
_TYPES = {
    ".avif": "image/avif",
    ".eot": "application/vnd.ms-fontobject",
    ".flac": "audio/flac",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".map": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".opus": "audio/ogg",
    ".otf": "font/otf",
    ".rss": "application/rss+xml",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".vtt": "text/vtt",
    ".wasm": "application/wasm",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
_TEXT = re.compile(r"text/.*|application/(json|.*\+json|xml|.*\+xml)|image/svg\+xml")
_BUILT_IN = mimetypes.MimeTypes(filenames=())

# Vite names what it builds <name>-<hash>.<ending>, the hash being eight characters of base64url, or of hexadecimal
# with older versions and in Workbox.
_HASHED = re.compile(r".*[-.](?P<hash>[A-Za-z0-9_-]{8})(\.[a-z][a-z0-9]*)+")
_HEXADECIMAL = re.compile(r"(?=.*[0-9])(?=.*[a-f])[0-9a-f]{8}")
_MIXED_CASE = re.compile(r"(?=.*[a-z])(?=.*[A-Z]).*")
_WORDS = re.compile(r"([A-Z]?[a-z]+[0-9]*[-_]?)+")
# Only a build puts code here, so a digest that happens to read like words is one all the same.
_BUILT_CODE = re.compile(r"assets/.*\.(js|mjs|css)(\.map)?")
_WORKER = re.compile(r"(.*[-_.])?(sw|service-?worker)\.m?js", re.IGNORECASE)


def content_type(key: str) -> str:
    """The type by the file's ending, with its character set where it is text."""
    kind = _TYPES.get(PurePosixPath(key).suffix.lower())
    if kind is None:
        guessed, packed = _BUILT_IN.guess_type(PurePosixPath(key).name, strict=False)
        # Packed by hand: nothing says that whoever asks would unpack it.
        kind = ("application/gzip" if packed == "gzip" else _UNKNOWN) if packed else guessed or _UNKNOWN
    return f"{kind}; charset=utf-8" if _TEXT.fullmatch(kind) else kind


def cache_control(key: str) -> str:
    """For ever where the name changes with the content; else asked for again each time."""
    return IMMUTABLE if is_content_hashed(key) else REVALIDATE


def is_content_hashed(key: str) -> bool:
    """Whether the name holds a digest of the content, as Vite's build gives it.

    A name that only looks like it (``icon-darkMode.svg``, ``photo-1024x768.jpg``) would be stuck in browsers for
    a year; so in doubt it is none, and such a file is merely asked for again.
    """
    name = PurePosixPath(key).name
    found = _HASHED.fullmatch(name)
    if found is None or name.endswith((".html", ".webmanifest")):
        return False
    digest = found["hash"]
    if _HEXADECIMAL.fullmatch(digest):
        return True
    return bool(_MIXED_CASE.fullmatch(digest)) and (
        _BUILT_CODE.fullmatch(key) is not None or not _WORDS.fullmatch(digest)
    )


def is_service_worker(key: str) -> bool:
    """It may name index.html among what it keeps, so it goes live after it."""
    return _WORKER.fullmatch(PurePosixPath(key).name) is not None
