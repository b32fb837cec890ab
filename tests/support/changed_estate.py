"""Two small environments that count as applied, for asking what moved since."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.support.applied import emulated_target
from tests.support.project import Project
from tooling.changed import Changed, find_changed
from tooling.changeset.document import written
from tooling.changeset.inputs import Now
from tooling.changeset.receipts import Receipt, receipts_prefix
from tooling.changeset.store import Store, store_of
from tooling.emulator.process import RunningEmulator
from tooling.environment.config import load_environment
from tooling.environment.stacks import Stack, select_stacks
from tooling.state import make_bucket
from tooling.target import Target, choose_target
from tooling.terraform.binary import Binary
from tooling.workspace import Workspace

ACCOUNT = "666655554444"
EVERYTHING = {"local/one", "local/two", "side/one"}
LOCAL = {"local/one", "local/two"}
BEGAN = datetime(2026, 11, 22, 10, tzinfo=UTC)
DAY = BEGAN.date()

ENV_TOML = """\
account_id       = "{ACCOUNT}"
region           = "us-east-1"
target           = "emulator"
confirm          = false
artifacts_bucket = "{BUCKET}"
[state]
bucket = "{BUCKET}"
region = "us-east-1"
[stacks.one]
"""
# Of `local` only: the removable shape of its module.
TWO = """\
[stacks.two]
retain_data = false
"""
ROOT = """\
terraform {
  backend "s3" {
    bucket = "{BUCKET}"
    key    = "{KEY}"
  }
}

variable "secret" {
  type      = string
  sensitive = true
}

module "it" {
  source = "../../../{MODULE}"
}
"""
MODULE = """\
module "shared" {
  source = "{SHARED}"
}
"""


def put(target: Target, bucket: str, key: str, body: bytes) -> str:
    return str(target.client("s3").put_object(Bucket=bucket, Key=key, Body=body)["ETag"])


@dataclass
class Estate:
    """Two environments whose stacks count as applied; one module is used by both, one file by all."""

    project: Project
    target: Target
    bucket: str
    terraform: str = "1.11.4"
    today: date = DAY

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.project.root)

    def stacks(self, env: str) -> tuple[Stack, ...]:
        return select_stacks(self.workspace, env, load_environment(self.workspace, env), ())

    def stack(self, name: str) -> Stack:
        env, _, architecture = name.partition("/")
        return next(stack for stack in self.stacks(env) if stack.architecture == architecture)

    def store(self, env: str = "local") -> Store:
        return store_of(self.target, env, load_environment(self.workspace, env))

    def binary(self) -> Binary:
        return Binary(Path("terraform"), self.terraform)

    def look(self, env: str, *wanted: str) -> Changed:
        return find_changed(self.workspace, env, wanted, terraform=self.binary, today=self.today)

    def reasons(self) -> dict[str, tuple[str, ...]]:
        """Of every stack that counts as changed."""
        return {
            f"{env}/{name}": reasons for env in ("local", "side") for name, reasons in self.look(env).reasons.items()
        }

    def changed(self) -> set[str]:
        return set(self.reasons())

    def receipt(self, stack: Stack, *, began: datetime = BEGAN, state: bytes = b"{}", **more: Any) -> Receipt:
        """What an apply of this moment leaves behind; writes the state, not the receipt."""
        config = load_environment(self.workspace, stack.env)
        target = choose_target(self.workspace, stack.env, config)
        tag = put(self.target, self.bucket, stack.state_key, state)
        values: dict[str, Any] = {
            "changeset": "20261122T100000Z-000000",
            "seal": "a" * 64,
            "env": stack.env,
            "architecture": stack.architecture,
            "kind": "apply",
            "target": "emulator",
            "account_id": ACCOUNT,
            "commit": "",
            "dirty": False,
            "planned_by": "a",
            "approved_by": (),
            "by": "a",
            "glass": (),
            "whole": True,
            "error": "",
            "counts": {},
            "lineage": "l",
            "serial": 1,
            "started": began.isoformat(timespec="seconds"),
            "ended": (began + timedelta(minutes=1)).isoformat(timespec="seconds"),
            "resources": (),
            "sources": Now(self.workspace, stack.env, config, target, self.terraform, self.today).inputs(stack),
            "state_tag": tag,
            **more,
        }
        return Receipt(**values)

    def keep(self, receipt: Receipt, stack: Stack, content: bytes | None = None) -> str:
        key = receipts_prefix(stack) + receipt.file_name
        put(self.target, self.bucket, key, written(receipt.to_json()) if content is None else content)
        return key

    def apply(self, name: str, **more: Any) -> str:
        """Let the stack count as applied from what is there now; the receipt's key."""
        stack = self.stack(name)
        return self.keep(self.receipt(stack, **more), stack)

    def another(self, name: str, key: str) -> None:
        """Let the last apply have had another value of one input."""
        stack = self.stack(name)
        receipt = self.receipt(stack)
        self.keep(replace(receipt, sources={**receipt.sources, key: "another"}), stack)

    def write(self, path: str, text: str) -> None:
        self.project.write(path, text)

    def append(self, path: str, text: str = "# a comment\n") -> None:
        with (self.project.root / path).open("a") as file:
            file.write(text)


def applied_estate(root: Path, home: Path, emulator: RunningEmulator) -> Estate:
    """Both environments in an empty folder, each stack of them with a receipt and a state in a bucket of their own.

    Args:
        home: Where the emulator keeps itself.
    """
    bucket = f"state-{os.urandom(5).hex()}"
    target = emulated_target(emulator.endpoint, ACCOUNT)
    make_bucket(target, bucket, "us-east-1")
    estate = Estate(Project(root), target, bucket)
    (root / "cdktf_app").mkdir()
    (root / ".groundplan").mkdir()
    (root / ".groundplan/emulator").symlink_to(home)
    toml = ENV_TOML.replace("{BUCKET}", bucket).replace("{ACCOUNT}", ACCOUNT)
    estate.write("envs/local/env.toml", toml + TWO)
    estate.write("envs/side/env.toml", toml)
    for name, module in (("local/one", "one"), ("side/one", "one"), ("local/two", "two/removable")):
        text = ROOT.replace("{BUCKET}", bucket).replace("{KEY}", f"{name}.tfstate")
        estate.write(f"envs/{name}/main.tf", text.replace("{MODULE}", f"modules/{module}"))
        estate.write(f"envs/{name}/variables.tf", 'variable "size" {\n  type = number\n}\n')
        estate.write(f"envs/{name}/terraform.tfvars", "size = 1\n")
        estate.write(f"envs/{name}/.terraform.lock.hcl", "")
    for folder, shared in (("one", "../common"), ("two", "../common"), ("two/removable", "../../common")):
        estate.write(f"modules/{folder}/main.tf", MODULE.replace("{SHARED}", shared))
        estate.write(f"modules/{folder}/README.md", "words\n")
    estate.write("modules/common/main.tf", "")
    estate.write("modules/common/texts/mail.txt", "Hello\n")
    for path in ("one/hear/index.mjs", "two/see/index.mjs", "shared/log.mjs", "package.json"):
        estate.write(f"functions/{path}", "{}\n")
    for path in ("waivers.yaml", "severity.yaml", "own.py"):
        estate.write(f"policies/{path}", "# nothing yet\n")
    for name in EVERYTHING:
        estate.apply(name)
    return estate
