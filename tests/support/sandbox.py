"""Two stacks with changesets of every age, to tamper with: whatever a case does to them is undone after it."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from stat import S_ISDIR
from typing import Any

from tests.support.in_process import run_here
from tests.support.project import Project, tiny_project
from tooling.target import Target

STACKS = ("tiny", "twin")
APPROVAL = """
[approval]
approvals   = 1
clean_tree  = true
valid_hours = 24
on_emulator = true

[stacks.twin]
"""
TWIN = """\
variable "size" {
  type = number
}

variable "seconds" {
  type = number
}

resource "terraform_data" "other" {
  count = var.size
  input = count.index
}
"""


@dataclass
class Sandbox:
    """A project of two stacks whose newest changeset is approved and may be applied.

    Attributes:
        project: Its folder and command line.
        target, bucket: Where its states, receipts and approvals are.
        first: Id of a changeset that was applied.
        idle: Of one that was applied and changed nothing, so that only its receipts tell.
        newest: Of the one that may be applied.
    """

    project: Project
    target: Target
    bucket: str
    first: str = ""
    idle: str = ""
    newest: str = ""
    _seen: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _files: dict[str, bytes] = field(default_factory=dict)
    _objects: dict[str, bytes] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)

    def run(self, *args: str, user: str = "") -> None:
        """A command that has to end well."""
        answer = run_here(self.project, *args, environ={"EMULATOR_USER": user} if user else None)
        assert answer.code == 0, answer.said

    def change(self, size: int) -> None:
        for stack in STACKS:
            self.project.write(f"envs/local/{stack}/terraform.tfvars", f"size = {size}\n")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", f"size {size}")

    def plan(self) -> str:
        self.run("plan")
        self.run("approve", "--yes", user="alice")
        return self.project.latest.name

    def git(self, *args: str) -> None:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *identity, *args], cwd=self.project.root, check=True, capture_output=True)

    def go_back(self) -> None:
        """To the commit of the idle changeset, so that nothing but its receipts speaks against it."""
        self.git("checkout", "-q", "HEAD~1")

    # What there is to tamper with

    @property
    def changesets(self) -> Path:
        return self.project.root / ".groundplan/changesets/local"

    def folder(self, identifier: str = "") -> Path:
        return self.changesets / (identifier or self.newest)

    def seal(self, identifier: str = "") -> str:
        return str(json.loads((self.folder(identifier) / "changeset.json").read_bytes())["seal"])

    @cached_property
    def client(self) -> Any:
        return self.target.client("s3")

    def keys(self, prefix: str = "") -> dict[str, str]:
        """Key and ETag of every object."""
        found = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return {entry["Key"]: entry["ETag"] for entry in found.get("Contents", [])}

    def get(self, key: str) -> bytes:
        return bytes(self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read())

    def put(self, key: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=key, Body=content)

    def delete(self, key: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=key)

    def approval(self, identifier: str = "") -> str:
        """Key of the one approval of a changeset."""
        (key,) = self.keys(f"approvals/local/{self.seal(identifier)}/")
        return key

    def stored_receipt(self, stack: str, identifier: str) -> str:
        """Key of the one receipt of a changeset for a stack."""
        seal = self.seal(identifier)[:12]
        (key,) = [key for key in self.keys(f"local/receipts/{stack}/") if key.endswith(f"-{seal}.json")]
        return key

    def local_receipt(self, stack: str, identifier: str) -> Path:
        (file,) = (self.folder(identifier) / stack).glob("receipt-*.json")
        return file

    # Undoing

    def remember(self) -> None:
        self._seen = self._look()
        self._files = {name: self._read(self.project.root / name) for name in self._seen}
        self.etags = self.keys()
        self._objects = {key: self.get(key) for key in self.etags}

    def changed_files(self) -> set[str]:
        """Those that are new, gone or another."""
        now = self._look()
        return {name for name in now.keys() | self._seen.keys() if now.get(name) != self._seen.get(name)}

    def restore(self) -> None:
        for name in self.changed_files():
            if name in self._files:
                self._write(self.project.root / name, self._files[name])
            else:
                (self.project.root / name).unlink()
        self._seen = self._look()
        keys = self.keys()
        for key in keys.keys() - self._objects.keys():
            self.delete(key)
        for key, content in self._objects.items():
            if keys.get(key) != self.etags[key]:
                self.put(key, content)

    def _write(self, file: Path, content: bytes) -> None:
        if file.is_symlink():
            file.unlink()
        file.parent.mkdir(parents=True, exist_ok=True)
        if content.startswith(_LINK):
            file.symlink_to(content.removeprefix(_LINK).decode())
        else:
            file.write_bytes(content)

    def _read(self, file: Path) -> bytes:
        return _LINK + str(file.readlink()).encode() if file.is_symlink() else file.read_bytes()

    def _look(self) -> dict[str, tuple[int, ...]]:
        """Every file, and what tells that it was written to."""
        root = self.project.root
        places = [root / name for name in ("envs", "modules", "policies", "specs", ".git")]
        found: dict[str, tuple[int, ...]] = {}
        for file in (file for place in (*places, self.changesets) for file in place.rglob("*")):
            status = file.lstat()
            if not S_ISDIR(status.st_mode):
                found[file.relative_to(root).as_posix()] = (status.st_ino, status.st_size, status.st_mtime_ns)
        return found


_LINK = b"link to "


def make_sandbox(root: Path, home: Path, target: Target, bucket: str) -> Sandbox:
    """Plan, approve and apply until there is a changeset of every age.

    Args:
        root: An empty folder.
        home: Work files of a running emulator.
        target: The same emulator.
        bucket: A bucket of its own for states.
    """
    project = tiny_project(root, home, bucket)
    env_toml = root / "envs/local/env.toml"
    env_toml.write_text(env_toml.read_text() + APPROVAL)
    shutil.copytree(root / "envs/local/tiny", root / "envs/local/twin")
    main = root / "envs/local/twin/main.tf"
    main.write_text(main.read_text().replace("local/tiny", "local/twin").replace("modules/tiny", "modules/twin"))
    for stack in STACKS:
        project.write(f"envs/local/{stack}/.terraform.lock.hcl", "# no provider is needed\n")
    project.write("modules/twin/main.tf", TWIN)
    waivers = root / "policies/waivers.yaml"
    waivers.write_text(waivers.read_text() + "  stacks: [local/tiny]\n")
    project.write("envs/local/usage.yaml", "{}\n")
    project.write(".gitignore", ".groundplan/\n__pycache__/\n")
    sandbox = Sandbox(project, target, bucket)
    sandbox.git("init", "-q")
    sandbox.change(1)
    sandbox.first = sandbox.plan()
    sandbox.run("apply")
    sandbox.idle = sandbox.plan()
    sandbox.run("apply")
    sandbox.change(2)
    sandbox.newest = sandbox.plan()
    sandbox.remember()
    return sandbox
