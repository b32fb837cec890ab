"""The layout of an encrypted file, and nothing of what is in it.

``magic line | length of the header, 4 bytes | header, JSON | HMAC-SHA256 of all that, 32 bytes | chunks``

The header is readable by everybody: it says what the file is of and how its key is found. Every file has keys of its
own, derived by HKDF from the given key and a random salt, so that counting is a safe way to make nonces. A chunk is
AES-256-GCM of at most one mebibyte; its nonce is its number and whether it is the last, and the HMAC is its associated
data: chunks that are cut off, added, moved or taken from another file do not open (the STREAM construction,
https://eprint.iacr.org/2015/189).
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from tooling.errors import Exit, ToolError

MAGIC = b"groundplan encrypted changeset 1\n"
CHUNK = 1024 * 1024
_TAG, _MAC, _SALT, _LONGEST_HEADER = 16, 32, 16, 16 * 1024
_LENGTH = struct.Struct(">I")


@dataclass(frozen=True)
class Header:
    """What stands in front of an encrypted file. Nothing of it is to be trusted before the file was opened.

    Attributes:
        about: What the file is of, for readers without the key.
        key: How the key is found: ``kind`` and what that kind needs.
        salt: Makes the keys of this file its own.
        raw: The bytes that the file's HMAC is over.
        mac: That HMAC.
    """

    about: Mapping[str, Any]
    key: Mapping[str, Any]
    salt: bytes
    raw: bytes
    mac: bytes


def write_encrypted(
    file: IO[bytes], content: Iterable[bytes], *, about: Mapping[str, Any], key: bytes, found_by: Mapping[str, Any]
) -> None:
    """Write ``content``, of which one chunk at a time is in memory.

    Args:
        file: Where to.
        content: In pieces of any size.
        about: Said in clear in front; authenticated.
        key: 32 secret bytes.
        found_by: How a reader finds that key.
    """
    salt = os.urandom(_SALT)
    values = {"about": about, "key": found_by, "salt": base64.b64encode(salt).decode()}
    header = json.dumps(values, sort_keys=True).encode()
    if len(header) > _LONGEST_HEADER:
        raise ValueError(f"the header has {len(header)} bytes, at most {_LONGEST_HEADER} can be read")
    raw = MAGIC + _LENGTH.pack(len(header)) + header
    mac_key, content_key = _derived(key, salt)
    mac = hmac.digest(mac_key, raw, "sha256")
    file.write(raw + mac)
    cipher = _cipher(content_key)
    for number, (chunk, last) in enumerate(_in_chunks(content)):
        file.write(cipher.encrypt(_nonce(number, last), chunk, mac))


def read_header(file: IO[bytes], shown_as: str) -> Header:
    """Read what stands in front of the chunks.

    Raises:
        ToolError: Exit 2: the file is not one of these.
    """
    magic = file.read(len(MAGIC))
    if magic != MAGIC:
        raise _foreign(shown_as, "is no exported changeset")
    packed = file.read(_LENGTH.size)
    length = _LENGTH.unpack(packed)[0] if len(packed) == _LENGTH.size else 0
    if not 0 < length <= _LONGEST_HEADER:
        raise _foreign(shown_as, f"is damaged: its header would have {length} bytes")
    text = file.read(length)
    mac = file.read(_MAC)
    if len(text) != length or len(mac) != _MAC:
        raise _foreign(shown_as, "ends within its header")
    try:
        values = json.loads(text)
        salt = base64.b64decode(values["salt"], validate=True)
        about, key = values["about"], values["key"]
        if not (isinstance(about, dict) and isinstance(key, dict) and len(salt) == _SALT):
            raise ValueError("a part of it is of the wrong kind")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _foreign(shown_as, f"is damaged: its header cannot be read ({error})") from error
    return Header(about, key, salt, MAGIC + packed + text, mac)


def read_encrypted(file: IO[bytes], header: Header, key: bytes, shown_as: str) -> Iterator[bytes]:
    """The content in pieces, each of them authenticated before it is given out.

    Args:
        file: Directly behind its header.
        header: What :func:`read_header` found.
        key: What the header's ``key`` leads to.
        shown_as: The file's name in messages.

    Raises:
        ToolError: Exit 4: another key, or bytes were changed, moved, added or cut off.
    """
    mac_key, content_key = _derived(key, header.salt)
    if not hmac.compare_digest(hmac.digest(mac_key, header.raw, "sha256"), header.mac):
        raise ToolError(
            "the key does not open it: it was exported with another one, or its header was changed",
            where=shown_as,
            hint="use the key of the export; nothing was imported",
            exit_code=Exit.REFUSED,
        )
    return _opened(file, header, content_key, shown_as)


def _opened(file: IO[bytes], header: Header, content_key: bytes, shown_as: str) -> Iterator[bytes]:
    from cryptography.exceptions import InvalidTag

    cipher = _cipher(content_key)
    number, sealed = 0, file.read(CHUNK + _TAG)
    while True:
        following = file.read(CHUNK + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, not following), sealed, header.mac)
        except (InvalidTag, ValueError) as error:
            raise ToolError(
                "was changed or cut off after it was exported",
                where=shown_as,
                hint="copy it again; nothing was imported",
                exit_code=Exit.REFUSED,
            ) from error
        if not following:
            return
        number, sealed = number + 1, following


def _in_chunks(content: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Chunks and whether each is the last; one empty chunk for no content."""
    kept = bytearray()
    for piece in content:
        kept += piece
        while len(kept) > CHUNK:
            yield bytes(kept[:CHUNK]), False
            del kept[:CHUNK]
    yield bytes(kept), True


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _derived(key: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """The two keys of one file: for its header and for its content."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    both = HKDF(algorithm=SHA256(), length=64, salt=salt, info=MAGIC).derive(key)
    return both[:32], both[32:]


def _cipher(key: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _foreign(shown_as: str, what: str) -> ToolError:
    return ToolError(what, where=shown_as, hint="make one: groundplan changeset export", exit_code=Exit.USAGE)
