"""The one error type of the toolkit and its exit codes (docs/cli.md lists them for users)."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from enum import IntEnum

_DISK = {
    errno.ENOSPC: "no space left on the device",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file would be larger than this user may make one",
    errno.EROFS: "the file system is read-only",
    errno.EIO: "the disk cannot be read or written",
    errno.EMFILE: "too many files are open",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ENAMETOOLONG: "the name is too long for the file system",
    errno.ELOOP: "the symbolic links go round in circles",
    errno.ENOTDIR: "a folder was expected there",
    errno.EISDIR: "a file was expected there",
}


class Exit(IntEnum):
    """What the process says to scripts. Terraform's own codes never get out."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    BUG = 3
    REFUSED = 4
    CHANGES = 5
    INTERRUPTED = 130


class ToolError(Exception):
    """A failure that its reader can do something about.

    Raised where the knowledge is, caught only at the command line's boundary.

    Args:
        what: What is wrong, in lower case, with the value that was seen.
        where: File (and ``:line``), stack or resource address it is about.
        hint: What to do about it.
        exit_code: What the process ends with.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        hint: str | None = None,
        exit_code: int = Exit.FAILED,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint
        self.exit_code = Exit(exit_code)

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


class Failures(ToolError):
    """Several stacks failed in one run; each keeps its own message."""

    def __init__(self, errors: Sequence[ToolError]) -> None:
        worst = max(errors, key=lambda error: _GRAVITY.index(error.exit_code))
        super().__init__(
            f"{len(errors)} stacks failed: {', '.join(error.where or '?' for error in errors)}",
            hint="each is explained above",
            exit_code=worst.exit_code,
        )
        self.errors = tuple(errors)


def disk_failure(error: OSError) -> ToolError:
    """What a user can do something about, of what the file system refuses.

    Raises:
        OSError: It is something else, which nobody thought of.
    """
    if error.errno not in _DISK:
        raise error
    return ToolError(_DISK[error.errno], where=str(error.filename or "?"), hint="mend that and run again")


_GRAVITY = (Exit.DONE, Exit.CHANGES, Exit.REFUSED, Exit.USAGE, Exit.FAILED, Exit.BUG, Exit.INTERRUPTED)


def raise_all(errors: Sequence[ToolError]) -> None:
    """Raise nothing, the one error, or all of them together."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise Failures(errors)
