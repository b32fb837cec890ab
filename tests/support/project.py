"""Projects to run the command line in: a small one of built-in resources, and a copy of this one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from tooling.synth.generated import LOCK_FILE

REPOSITORY = Path(__file__).resolve().parents[2]
ENV_TOML = """\
account_id       = "123456789012"
region           = "us-east-1"
target           = "emulator"
confirm          = false
artifacts_bucket = "{BUCKET}"

[state]
bucket = "{BUCKET}"
region = "us-east-1"

[stacks.tiny]
"""
ROOT = """\
terraform {
  required_version = ">= 1.11"
  backend "s3" {
    bucket       = "{BUCKET}"
    key          = "local/tiny.tfstate"
    region       = "us-east-1"
    encrypt      = true
    use_lockfile = true
  }
}

variable "size" {
  type    = number
  default = 1
  validation {
    condition     = var.size < 100
    error_message = "size must be below 100."
  }
}

variable "seconds" {
  type    = number
  default = 0
}

module "tiny" {
  source  = "../../../modules/tiny"
  size    = var.size
  seconds = var.seconds
}

output "size" {
  value = var.size
}
"""
# The built-in resource needs no provider, so a plan takes a fraction of a second; sleeping stands for slow AWS calls.
MODULE = """\
variable "size" {
  type = number
}

variable "seconds" {
  type = number
}

resource "terraform_data" "item" {
  count = var.size
  input = count.index

  provisioner "local-exec" {
    command = "sleep ${var.seconds}"
  }
}
"""

# The gate refuses provisioners; this one only sleeps.
WAIVERS = """\
- check: GP_SUPPLY_1
  address: module.tiny.terraform_data.item*
  reason: It sleeps, which stands for slow calls of AWS.
  ticket: TINY-1
  owner: tests
  expires: {EXPIRES}
"""


def signals_of_a_shell(ignored: Sequence[signal.Signals] = ()) -> None:
    """For a child before it runs: it ignores no signal but these, even where whoever runs the tests ignores others."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)


@dataclass(frozen=True)
class Answer:
    """What a command ended with."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


@dataclass(frozen=True)
class Project:
    """A project's folder, and the command line run in it as a user would.

    Attributes:
        root: Its folder.
        environ: Added to the environment of every command.
    """

    root: Path
    environ: dict[str, str] = field(default_factory=dict)

    def command(self, *args: str) -> list[str]:
        return [sys.executable, "-c", "from tooling.cli.main import main; main()", *args]

    def environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        own = {
            key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "GROUNDPLAN", "EMULATOR"))
        }
        return {
            **own,
            "PYTHONPATH": str(REPOSITORY),
            "GROUNDPLAN_ROOT": str(self.root),
            "COLUMNS": "200",
            "NO_COLOR": "1",
            **self.environ,
            **extra,
        }

    def run(self, *args: str, seconds: float = 120, environ: Mapping[str, str] | None = None) -> Answer:
        done = subprocess.run(
            self.command(*args),
            cwd=self.root,
            env=self.environment(environ or {}),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def start(self, *args: str, ignored: Sequence[signal.Signals] = ()) -> subprocess.Popen[str]:
        """A command that goes on while the test does; it ignores some signals, as nohup has it ignore SIGHUP."""
        return subprocess.Popen(
            self.command(*args),
            cwd=self.root,
            env=self.environment({}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=partial(signals_of_a_shell, ignored),
        )

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def tfvars(self, text: str) -> None:
        self.write("envs/local/tiny/terraform.tfvars", text)

    @property
    def latest(self) -> Path:
        return (self.root / ".groundplan/changesets/local/latest").resolve()


def tiny_project(root: Path, emulator_home: Path | None, bucket: str) -> Project:
    """A project of one environment (``local``) and one stack (``tiny``) of built-in resources.

    Args:
        root: An empty folder.
        emulator_home: Work files of a running emulator, which the project then uses; None: it has none.
        bucket: Holds its state; one of its own, so that projects on one emulator do not meet.
    """
    project = Project(root)
    (root / "cdktf_app").mkdir()
    project.write("envs/local/env.toml", ENV_TOML.replace("{BUCKET}", bucket))
    project.write("envs/local/tiny/main.tf", ROOT.replace("{BUCKET}", bucket))
    project.write("envs/local/tiny/.terraform.lock.hcl", "")
    project.write("modules/tiny/main.tf", MODULE)
    shutil.copytree(REPOSITORY / "policies", root / "policies", ignore=shutil.ignore_patterns("__pycache__"))
    project.write("policies/waivers.yaml", WAIVERS.replace("{EXPIRES}", str(date.today() + timedelta(days=90))))
    project.write("specs/requirements.yaml", "[]\n")
    if emulator_home is not None:
        (root / ".groundplan").mkdir()
        (root / ".groundplan/emulator").symlink_to(emulator_home)
    return project


def copy_of_this_project(root: Path, emulator_home: Path | None) -> Project:
    """The real environments, modules, policies and specs, in a folder that a test may change."""
    for name in ("envs", "modules", "policies", "specs", "functions", "cdktf_app"):
        shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__", ".terraform"))
    if emulator_home is not None:
        (root / ".groundplan").mkdir()
        (root / ".groundplan/emulator").symlink_to(emulator_home)
    return Project(root)


REQUIRES_AWS = """\
required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
  backend "s3\""""


def with_aws(project: Project, resource: str) -> None:
    """Let the tiny module hold a resource of the AWS provider."""
    project.write("modules/tiny/aws.tf", resource)
    project.write("envs/local/tiny/.terraform.lock.hcl", LOCK_FILE.read_text())
    root = project.root / "envs/local/tiny/main.tf"
    root.write_text(root.read_text().replace('backend "s3"', REQUIRES_AWS))
