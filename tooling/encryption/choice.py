"""Which key a user named: on the command line, or in the shell's environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tooling.encryption.keys import KeyFile, KeySource, KmsKey, Passphrase
from tooling.errors import Exit, ToolError

PASSPHRASE_VARIABLE = "GROUNDPLAN_PASSPHRASE"
OPTIONS = {
    KmsKey.kind: "--kms-key ID",
    KeyFile.kind: "--key-file FILE",
    Passphrase.kind: f"--passphrase-file FILE or {PASSPHRASE_VARIABLE}",
}


@dataclass(frozen=True)
class KeyChoice:
    """What was named; None for what was not.

    Attributes:
        environ: Where the passphrase's variable is looked up.
    """

    kms_key: str | None = None
    key_file: Path | None = None
    passphrase_file: Path | None = None
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)

    def to_write(self, client: Callable[[str | None], Any], account_id: str) -> KeySource:
        """The one key to make a file with.

        Raises:
            ToolError: Exit 2: none was named, or more than one.
        """
        named = [kind for kind, given in self._options().items() if given]
        if len(named) > 1:
            options = ", ".join(OPTIONS[kind].partition(" ")[0] for kind in named)
            raise ToolError(f"one key is enough, named were {options}", exit_code=Exit.USAGE)
        if not named and not self.environ.get(PASSPHRASE_VARIABLE):
            raise ToolError(
                "a changeset leaves this folder encrypted only, and no key was named",
                hint=f"name one: {', '.join(OPTIONS.values())}",
                exit_code=Exit.USAGE,
            )
        return self.to_read(named[0] if named else Passphrase.kind, client, account_id)

    def to_read(self, kind: object, client: Callable[[str | None], Any], account_id: str) -> KeySource:
        """The key for a file of that kind.

        Raises:
            ToolError: Exit 2: it was not named, or we know of no such kind.
        """
        if kind == KmsKey.kind:
            return KmsKey(client, self.kms_key, account_id)
        if kind == KeyFile.kind and self.key_file is not None:
            return KeyFile(self.key_file)
        text = self._passphrase() if kind == Passphrase.kind else ""
        if text:
            return Passphrase(text)
        if kind in OPTIONS:
            raise ToolError(
                f"it needs the {kind} that it was exported with", hint=OPTIONS[str(kind)], exit_code=Exit.USAGE
            )
        raise ToolError(f"its key is of an unknown kind, {kind!r}", exit_code=Exit.USAGE)

    def _options(self) -> dict[str, object]:
        return {KmsKey.kind: self.kms_key, KeyFile.kind: self.key_file, Passphrase.kind: self.passphrase_file}

    def _passphrase(self) -> str:
        if self.passphrase_file is None:
            return self.environ.get(PASSPHRASE_VARIABLE, "")
        try:
            # An editor ends the line; that is no part of it.
            text = self.passphrase_file.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            where = str(self.passphrase_file)
            raise ToolError(f"the passphrase cannot be read: {error}", where=where, exit_code=Exit.USAGE) from error
        if not text:
            raise ToolError("holds no passphrase", where=str(self.passphrase_file), exit_code=Exit.USAGE)
        return text
