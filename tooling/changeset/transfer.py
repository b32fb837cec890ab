"""Changesets on their way between machines: out of this checkout encrypted, into it only as they were sealed."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tooling import digest
from tooling.changeset.folder import point_to, read_changeset
from tooling.changeset.model import Changeset
from tooling.changeset.parcel import OWN_FILES, pack, unpack
from tooling.changeset.reading import changeset_folder, sealed_bytes
from tooling.changeset.sealing import file_digests
from tooling.encryption import KeySource, read_encrypted, read_header, write_encrypted
from tooling.environment.config import environment_names, load_environment
from tooling.errors import Exit, ToolError
from tooling.target import choose_target
from tooling.workspace import Workspace, exclusive, private_folder

if TYPE_CHECKING:
    from tooling.encryption.choice import KeyChoice
    from tooling.environment.config import EnvironmentConfig

_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}\Z")
_SEAL = re.compile(r"[0-9a-f]{64}\Z")


class FindKey(Protocol):
    """Gives the key of a file: asked for a kind (``kms`` ...) and the environment that the file is of."""

    def __call__(self, kind: object, env: str, /) -> KeySource: ...


@dataclass(frozen=True)
class Moved:
    """A changeset that was exported or imported.

    Attributes:
        folder: Where it lies in this checkout.
        file: The encrypted file.
        key: Kind of the key.
        known: It was here already, file by file the same.
    """

    changeset: Changeset
    folder: Path
    file: Path
    key: str
    known: bool = False


def export_changeset(workspace: Workspace, env: str, name: str, to: Path, key: KeySource) -> Moved:
    """Write a changeset to one encrypted file of mode 0600, whole or not at all.

    Raises:
        ToolError: Exit 2: there is no such changeset, or no folder for the file. Exit 4: the changeset, or a file of
            it, is not what was sealed.
    """
    folder = changeset_folder(workspace, env, name)
    changeset = read_changeset(folder, workspace.relative(workspace.changesets(env) / name))
    for part in changeset.stacks:
        for file in part.files:
            sealed_bytes(part, folder / part.architecture, file, f"{env}/{part.architecture}")
    about = {"env": env, "id": changeset.id, "seal": changeset.seal}
    secret, found_by = key.new(_context(about))
    temporary = to.with_name(f".{to.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            parcel = pack(folder, [part.architecture for part in changeset.stacks])
            write_encrypted(out, parcel, about=about, key=secret, found_by={**found_by, "kind": key.kind})
        temporary.replace(to)
    except FileNotFoundError as error:
        raise ToolError("there is no such folder", where=str(to.parent), exit_code=Exit.USAGE) from error
    finally:
        temporary.unlink(missing_ok=True)
    return Moved(changeset, folder, to, key.kind)


def import_changeset(workspace: Workspace, file: Path, key: FindKey, *, env: str | None = None) -> Moved:
    """Take a changeset in and let ``latest`` point to it. Nothing is written before everything was compared.

    Args:
        workspace: The checkout.
        file: What :func:`export_changeset` wrote.
        key: Finds its key.
        env: Refuse a changeset of any other environment. Default: take any that there is.

    Raises:
        ToolError: Exit 2: not such a file, of an environment that there is not, or the key was not named.
            Exit 4: another key, changed bytes, not what was sealed, or another changeset of that id is here.
    """
    shown_as = str(file)
    try:
        source = file.open("rb")
    except FileNotFoundError as error:
        raise ToolError("there is no such file", where=shown_as, exit_code=Exit.USAGE) from error
    with source:
        header = read_header(source, shown_as)
        about = _about(header.about, shown_as)
        _check_environment(workspace, about["env"], env, shown_as)
        kind = header.key.get("kind")
        secret = key(kind, about["env"]).find(header.key, _context(about))
        content = read_encrypted(source, header, secret, shown_as)
        incoming = private_folder(private_folder(workspace.work) / "incoming" / secrets.token_hex(8))
        try:
            unpack(content, incoming, shown_as)
            changeset = _check(incoming, about, shown_as)
            with exclusive(workspace.work / "incoming.lock"):
                folder, known = _settle(workspace, changeset, incoming, shown_as)
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
    return Moved(changeset, folder, file, str(kind), known)


def _context(about: Mapping[str, str]) -> dict[str, str]:
    """What a key of KMS is tied to; it is in CloudTrail in clear."""
    return {"groundplan:env": about["env"], "groundplan:seal": about["seal"]}


def _about(about: Mapping[str, Any], shown_as: str) -> dict[str, str]:
    found = {name: about.get(name) for name in ("env", "id", "seal")}
    texts = {name: value for name, value in found.items() if isinstance(value, str)}
    if len(texts) != len(found) or not _ID.match(texts["id"]) or not _SEAL.match(texts["seal"]):
        raise ToolError("its header names no changeset", where=shown_as, hint="export again", exit_code=Exit.USAGE)
    return texts


def _check_environment(workspace: Workspace, found: str, wanted: str | None, shown_as: str) -> None:
    if wanted is not None and found != wanted:
        raise ToolError(f"is a changeset of '{found[:40]}', not of '{wanted}'", where=shown_as, exit_code=Exit.USAGE)
    if found not in environment_names(workspace):
        raise ToolError(
            f"is a changeset of environment '{found[:40]}', which this checkout has not",
            where=shown_as,
            hint=f"there are: {', '.join(environment_names(workspace))}; check out the commit that it was planned from",
            exit_code=Exit.USAGE,
        )


def _check(folder: Path, about: Mapping[str, str], shown_as: str) -> Changeset:
    """What was unpacked is what was sealed, and what the file said it was of."""
    changeset = read_changeset(folder, shown_as)
    if (changeset.env, changeset.id, changeset.seal) != (about["env"], about["id"], about["seal"]):
        raise _refused("its header names another changeset than it holds", shown_as)
    covered = {part.architecture for part in changeset.stacks}
    if covered != {path.name for path in folder.iterdir() if path.is_dir()}:
        raise _refused(f"it covers {', '.join(sorted(map(str, covered)))}, but holds other stacks", shown_as)
    for part in changeset.stacks:
        try:
            found = file_digests(folder / part.architecture)
        except FileNotFoundError as error:
            raise _refused(f"{part.architecture}/{Path(error.filename).name} is not in it", shown_as) from error
        for name in sorted({*found, *part.files}):
            if found.get(name) != part.files.get(name):
                raise _refused(f"{part.architecture}/{name} is not what was sealed", shown_as)
    return changeset


def _settle(workspace: Workspace, changeset: Changeset, incoming: Path, shown_as: str) -> tuple[Path, bool]:
    """Move it to where changesets are, unless the very same is there."""
    base = private_folder(workspace.changesets(changeset.env))
    folder = base / changeset.id
    known = folder.exists()
    if known and not _same(incoming, folder):
        raise _refused(
            f"another changeset is at {workspace.relative(folder)} already; it was left alone",
            shown_as,
            hint=f"compare its seal with {changeset.seal[:16]}; remove the one that is wrong",
        )
    if not known:
        incoming.rename(folder)
    point_to(base, changeset.id)
    return folder, known


def _same(incoming: Path, folder: Path) -> bool:
    """Every sealed file of ``incoming`` is in ``folder``. Reports are not sealed, and may have been written again."""
    files = [path for path in incoming.rglob("*") if path.is_file()]
    for path in files:
        name = path.relative_to(incoming)
        sealed = str(name) == OWN_FILES[0] or len(name.parts) > 1
        here = folder / name
        if sealed and not (here.is_file() and digest.of_file(here) == digest.of_file(path)):
            return False
    return True


def _refused(what: str, shown_as: str, hint: str = "export it again; nothing was imported") -> ToolError:
    return ToolError(what, where=shown_as, hint=hint, exit_code=Exit.REFUSED)


def key_to_write(workspace: Workspace, env: str, choice: KeyChoice) -> KeySource:
    """The key that was named for an export of an environment.

    Raises:
        ToolError: Exit 2: none, or more than one.
    """
    config = load_environment(workspace, env)
    return choice.to_write(_kms(workspace, env, config), config.account_id)


def key_to_read(workspace: Workspace, choice: KeyChoice) -> FindKey:
    """Finds the key of a file among those that were named."""

    def find(kind: object, env: str) -> KeySource:
        config = load_environment(workspace, env)
        return choice.to_read(kind, _kms(workspace, env, config), config.account_id)

    return find


def _kms(workspace: Workspace, env: str, config: EnvironmentConfig) -> Callable[[str | None], Any]:
    """Makes clients of KMS where the environment's calls go; asked for only if a key of KMS is."""

    def client(region: str | None) -> Any:
        return choose_target(workspace, env, config).client("kms", region)

    return client
