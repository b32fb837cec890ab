"""A state that is deleted, damaged, emptied, or gone with all its versions; and brought back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling.drill.cases import Case, stack_of
from tooling.drill.losses import Whole, losses_after_apply, whole_stack
from tooling.state import read_state

if TYPE_CHECKING:
    from tooling.drill.sandbox import Sandbox
    from tooling.environment.stacks import Stack


@dataclass
class LostStateDrill:
    """One stack in one sandbox, from nothing.

    Attributes:
        box: The sandbox; nothing of the stack is applied in it.
        architecture: The stack.
        note: Told what is done, in a sentence each.
    """

    box: Sandbox
    architecture: str
    note: Callable[[str], None]

    def __post_init__(self) -> None:
        self.client: Any = self.box.target().client("s3", self.box.config.state.region)
        self.bucket = self.box.config.state.bucket

    @property
    def stack(self) -> Stack:
        return stack_of(self.box, self.architecture)

    def cases(self) -> Iterator[Case]:
        """Each as soon as its losses are known; the first loss is the last case.

        Raises:
            ToolError: The stack cannot even be applied.
        """
        whole = self._applied()
        for name, break_it, refused, which in (
            ("the object is deleted", self._delete, True, self._last_good),
            ("the object is overwritten with something else", self._damage, True, self._last_good),
            ("the object is gone with all its versions", self._delete_versions, False, self._last_good),
            ("so are the backups in the bucket", self._delete_backups, False, self._newest_backup_here),
            # Last: its backup, made before it is replaced, is whole as far as anybody can tell.
            ("a state without any resource is written over it", self._empty, False, self._version_before),
        ):
            case = Case(name, self.box, self.architecture)
            wanted = which()
            break_it()
            # An empty state, or none, is a stack that was never applied, as far as anybody can tell.
            case.expect("plan", "--exit-code", code=1 if refused else 5, says="state restore" if refused else "")
            case.expect("state", "restore", wanted, "--yes", code=0)
            case.add(losses_after_apply(self.box, self.stack, whole))
            yield case
            if case.lost:
                return

    def _applied(self) -> Whole:
        """Twice: a backup is made before an apply, of what the one before left."""
        what = ("--env", self.box.env, "--stack", self.architecture)
        first = self.box.json("plan", *what)
        self.box.must("apply", *what, "--yes")
        whole = whole_stack(self.box, self.stack, self.box.root / Path(first["folder"]))
        self.note(f"{self.architecture}: {len(whole.addresses)} resources applied")
        self.box.must("plan", *what)
        self.box.must("apply", *what, "--yes")
        return whole

    def _delete(self) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=self.stack.state_key)

    def _damage(self) -> None:
        self.client.put_object(Bucket=self.bucket, Key=self.stack.state_key, Body=b'{"version": 4, "ser')

    def _empty(self) -> None:
        state = read_state(self.box.target(), self.box.config, self.stack)
        assert state is not None
        emptied = {**state, "serial": int(state["serial"]) + 1, "resources": [], "outputs": {}}
        self.client.put_object(Bucket=self.bucket, Key=self.stack.state_key, Body=json.dumps(emptied).encode())

    def _delete_versions(self) -> None:
        self._purge(self.stack.state_key)

    def _delete_backups(self) -> None:
        self._purge(self.stack.state_key)
        self._purge(f"{self.box.env}/backups/")

    def _purge(self, prefix: str) -> None:
        for page in self.client.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=prefix):
            for entry in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                which = {"Key": entry["Key"], "VersionId": entry["VersionId"]}
                self.client.delete_object(Bucket=self.bucket, **which)

    def _last_good(self) -> str:
        return "last-good"

    def _version_before(self) -> str:
        """Id of the version that is there now."""
        return str(self.client.head_object(Bucket=self.bucket, Key=self.stack.state_key)["VersionId"])

    def _newest_backup_here(self) -> str:
        """File of the newest backup in the checkout that holds the whole stack."""
        folder = self.box.workspace.work / "backups" / self.box.env / self.architecture
        files = sorted(folder.glob("*.tfstate"), reverse=True)
        return str(next(file for file in files if _holds_resources(file)))


def _holds_resources(file: Path) -> bool:
    try:
        return bool(json.loads(file.read_bytes())["resources"])
    except (ValueError, KeyError):
        return False
