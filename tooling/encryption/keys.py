"""Where the key of an encrypted file comes from: AWS KMS, a key file, or a passphrase."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tooling.errors import Exit, ToolError

BYTES = 32
SHORTEST_PASSPHRASE = 12
# OWASP's first choice for scrypt: 128 MiB and about half a second.
# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**17, 8, 1
# A header is read before anything vouches for it: it must not make us take gigabytes.
_LARGEST_N = 2**20


class KeySource(Protocol):
    """A way to a key of 32 bytes.

    ``context`` is what the file is of; a source that can (KMS) ties the key to it.
    """

    @property
    def kind(self) -> str: ...

    def new(self, context: Mapping[str, str]) -> tuple[bytes, dict[str, Any]]:
        """A key for a new file, and what its header says so that the key is found again."""
        ...

    def find(self, header: Mapping[str, Any], context: Mapping[str, str]) -> bytes:
        """The key that such a header leads to."""
        ...


@dataclass(frozen=True)
class KeyFile:
    """A file of 32 random bytes in base64."""

    path: Path
    kind: str = "key-file"

    def new(self, context: Mapping[str, str]) -> tuple[bytes, dict[str, Any]]:  # noqa: ARG002 - the protocol's
        return self._read(), {}

    def find(self, header: Mapping[str, Any], context: Mapping[str, str]) -> bytes:  # noqa: ARG002 - the protocol's
        return self._read()

    def _read(self) -> bytes:
        try:
            key = base64.b64decode(self.path.read_bytes().strip(), validate=True)
        except FileNotFoundError as error:
            raise ToolError(
                "there is no such key file",
                where=str(self.path),
                hint=f"make one: groundplan changeset key --to {self.path}",
                exit_code=Exit.USAGE,
            ) from error
        except ValueError as error:
            raise self._no_key("is not base64") from error
        if len(key) != BYTES:
            raise self._no_key(f"holds {len(key)} bytes")
        return key

    def _no_key(self, what: str) -> ToolError:
        return ToolError(
            f"{what}; a key file holds {BYTES} random bytes in base64",
            where=str(self.path),
            hint="make one: groundplan changeset key --to FILE",
            exit_code=Exit.USAGE,
        )


def make_key_file(path: Path) -> None:
    """Write a new key, readable by its owner only.

    Raises:
        ToolError: Exit 2: the file exists. What was exported with the key in it could never be opened again.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise ToolError(
            "exists; a key is never overwritten", where=str(path), hint="choose another name", exit_code=Exit.USAGE
        ) from error
    except FileNotFoundError as error:
        raise ToolError("there is no such folder", where=str(path.parent), exit_code=Exit.USAGE) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(os.urandom(BYTES)) + b"\n")


@dataclass(frozen=True)
class Passphrase:
    """A passphrase, stretched by scrypt with the parameters that the header says.

    Attributes:
        text: The passphrase; kept out of every message.
        n: Cost of a new file in work and memory (``128 * r * n`` bytes).
    """

    text: str
    n: int = SCRYPT_N
    kind: str = "passphrase"

    def __repr__(self) -> str:
        return "Passphrase(...)"

    def new(self, context: Mapping[str, str]) -> tuple[bytes, dict[str, Any]]:  # noqa: ARG002 - the protocol's
        if len(self.text) < SHORTEST_PASSPHRASE:
            raise ToolError(
                f"the passphrase has {len(self.text)} characters, at least {SHORTEST_PASSPHRASE} are needed",
                hint="or use a key file: groundplan changeset key --to FILE",
                exit_code=Exit.USAGE,
            )
        salt = os.urandom(16)
        header = {"n": self.n, "r": SCRYPT_R, "p": SCRYPT_P, "salt": base64.b64encode(salt).decode()}
        return self._stretched(salt, self.n, SCRYPT_R, SCRYPT_P), header

    def find(self, header: Mapping[str, Any], context: Mapping[str, str]) -> bytes:  # noqa: ARG002 - the protocol's
        try:
            n, r, p = (int(header[name]) for name in ("n", "r", "p"))
            salt = base64.b64decode(header["salt"], validate=True)
        except (KeyError, ValueError, TypeError, OverflowError) as error:
            raise ToolError(f"the header does not say how its key is made: {error}", exit_code=Exit.USAGE) from error
        if not (2 <= n <= _LARGEST_N and n & (n - 1) == 0 and r == SCRYPT_R and p == SCRYPT_P):
            raise ToolError(
                f"the header asks for scrypt with n={n}, r={r}, p={p}; this version takes n up to {_LARGEST_N}, "
                f"r={SCRYPT_R}, p={SCRYPT_P}",
                exit_code=Exit.USAGE,
            )
        return self._stretched(salt, n, r, p)

    def _stretched(self, salt: bytes, n: int, r: int, p: int) -> bytes:
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

        return Scrypt(salt=salt, length=BYTES, n=n, r=r, p=p).derive(self.text.encode())


@dataclass(frozen=True)
class KmsKey:
    """A data key of AWS KMS, tied to what the file is of by its encryption context.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html

    Attributes:
        client: Makes a KMS client of a region (None: the environment's).
        key_id: Key id, ARN or alias to export with. None when importing with the key that the header names.
        account_id: The environment's account: a key of another one has to be named in so many words.
    """

    client: Callable[[str | None], Any]
    key_id: str | None
    account_id: str
    kind: str = "kms"

    def new(self, context: Mapping[str, str]) -> tuple[bytes, dict[str, Any]]:
        if self.key_id is None:
            raise ToolError("no key was named", hint="name one: --kms-key ID", exit_code=Exit.USAGE)
        answer = self._ask(
            self.key_id, "generate_data_key", KeyId=self.key_id, KeySpec="AES_256", EncryptionContext=dict(context)
        )
        sealed = base64.b64encode(answer["CiphertextBlob"]).decode()
        return bytes(answer["Plaintext"]), {"key": str(answer["KeyId"]), "data_key": sealed}

    def find(self, header: Mapping[str, Any], context: Mapping[str, str]) -> bytes:
        try:
            arn, sealed = str(header["key"]), base64.b64decode(header["data_key"], validate=True)
        except (KeyError, ValueError, TypeError) as error:
            raise ToolError(f"the header does not say how its key is found: {error}", exit_code=Exit.USAGE) from error
        if self.key_id is not None:
            named = self.key_id
        elif f":{self.account_id}:" in arn:
            named = arn
        else:
            raise ToolError(
                f"it was exported with {arn}, a key outside of account {self.account_id}",
                hint=f"if that is right: --kms-key {arn}",
                exit_code=Exit.REFUSED,
            )
        answer = self._ask(named, "decrypt", CiphertextBlob=sealed, KeyId=named, EncryptionContext=dict(context))
        return bytes(answer["Plaintext"])

    def _ask(self, key: str, operation: str, **arguments: Any) -> dict[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError

        parts = key.split(":")
        region = parts[3] if len(parts) > 5 and parts[0] == "arn" else None
        try:
            return dict(getattr(self.client(region), operation)(**arguments))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise ToolError(
                _REFUSALS.get(code, f"AWS KMS refused ({code})"), where=key, exit_code=_code(code)
            ) from error
        except BotoCoreError as error:
            raise ToolError(f"no answer from AWS KMS: {error}", where=key) from error


_REFUSALS = {
    "AccessDeniedException": "this identity may not use the key (kms:GenerateDataKey to export, kms:Decrypt to import)",
    "DisabledException": "the key is disabled",
    "IncorrectKeyException": "the file was exported with another key",
    "InvalidCiphertextException": "the key does not open it: exported with another one, or its header was changed",
    "KMSInvalidStateException": "the key is about to be deleted, or not ready",
    "NotFoundException": "there is no such key",
}


def _code(code: str) -> Exit:
    return Exit.REFUSED if code in ("IncorrectKeyException", "InvalidCiphertextException") else Exit.FAILED
