"""``terraform init`` runs again where something moved that it reads, and only there."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.changesets import a_workspace
from tooling.changeset.inputs import init_digest
from tooling.environment.stacks import Stack
from tooling.initialising import ensure_initialised
from tooling.session import Session
from tooling.synth.generated import LOCK_FILE
from tooling.terraform.binary import Binary
from tooling.terraform.init_reads import read_by_init
from tooling.terraform.mirror import PROVIDER, PROVIDER_VERSION, ProviderSource
from tooling.workspace import Workspace

FILES = {
    "envs/dev/x/main.tf": """\
terraform {
  required_version = ">= 1.11"
  backend "s3" {
    bucket = "b"
  }
}

variable "size" {
  type    = number
  default = 1
}

module "x" {
  source = "../../../modules/x"
  size   = var.size
}
""",
    "envs/dev/x/terraform.tfvars": "size = 1\n",
    "modules/x/main.tf": """\
resource "aws_sqs_queue" "q" {
  name = "q"
}

module "inner" {
  source  = "./inner"
  version = null
  name    = "inner"
}

check "it_answers" {
  data "http" "answer" {
    url = "https://example.org"
  }
}
""",
    "modules/x/inner/main.tf": """\
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

resource "aws_sns_topic" "t" {
  name = "t"
}

output "name" {
  value = "t"
}
""",
    "modules/other/main.tf": 'resource "random_id" "r" {\n}\n',
}


@dataclass(frozen=True)
class Edit:
    """A text in a file, and what stands there instead; without one it is a file that comes or grows."""

    file: str
    instead: str
    of: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.instead.strip().splitlines()[0]}"


ROOT, MODULE, INNER = "envs/dev/x/main.tf", "modules/x/main.tf", "modules/x/inner/main.tf"
READ = [
    Edit(ROOT, '"other-bucket"', '"b"'),
    Edit(ROOT, ">= 1.12", ">= 1.11"),
    Edit(ROOT, 'module "y"', 'module "x"'),
    Edit("envs/dev/x/more.tf", 'module "more" {\n  source = "../../../modules/other"\n}\n'),
    Edit("envs/dev/x/provider.tf", 'provider "random" {\n}\n'),
    Edit(MODULE, "null_resource", "aws_sqs_queue"),
    Edit(MODULE, 'name = "q"\n  provider = google', 'name = "q"'),
    Edit(MODULE, '"../x/inner"', '"./inner"'),
    Edit(MODULE, 'version = "2.0.0"', "version = null"),
    Edit(MODULE, 'data "tls_certificate"', 'data "http"'),
    Edit("modules/x/line.tf", 'module "line" { source = "../other" }\n'),
    Edit("modules/x/a.tf.json", '{"resource": {"random_id": {"r": {}}}}'),
    Edit(INNER, '"5.101.0"', '"5.100.0"'),
    Edit(INNER, "hashicorp/awscc", "hashicorp/aws"),
    Edit("modules/x/inner/more.tf", 'module "more" {\n  source = "../../other"\n}\n'),
    Edit("modules/x/inner/versions.tf", "terraform {\n  required_providers {\n    tls = {}\n  }\n}\n"),
]
NOT_READ = [
    Edit(ROOT, "default = 2", "default = 1"),
    Edit(ROOT, "size   = 7", "size   = var.size"),
    Edit("envs/dev/x/terraform.tfvars", "size = 2\n"),
    Edit("envs/dev/x/README.md", "# x\n"),
    Edit(MODULE, 'name = "p"', 'name = "q"'),
    Edit(MODULE, '"aws_sqs_queue" "renamed"', '"aws_sqs_queue" "q"'),
    Edit(MODULE, 'name    = "outer"', 'name    = "inner"'),
    Edit(MODULE, "https://example.com", "https://example.org"),
    Edit("modules/x/more.tf", 'resource "aws_sqs_queue" "more" {\n  name = "more"\n}\n'),
    Edit("modules/x/said.tf", "# Nothing but a comment.\n"),
    Edit("modules/x/locals.tf", 'locals {\n  source = "./here"\n}\n'),
    Edit(INNER, 'value = "u"', 'value = "t"'),
    Edit("modules/x/inner/code/index.mjs", "export {};\n"),
    Edit("modules/other/main.tf", 'resource "tls_key" "k" {\n}\n'),
]


def digest_after(edits: Sequence[Edit]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        workspace = a_workspace(root, "dev")
        texts = dict(FILES)
        for edit in edits:
            before = texts.get(edit.file, "")
            assert edit.of in before
            texts[edit.file] = before.replace(edit.of, edit.instead) if edit.of else edit.instead
        for name, text in texts.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        stack = Stack("dev", "x", root / "envs/dev/x", root / "modules/x", root / ".groundplan/x", "dev/x.tfstate")
        return init_digest(workspace, stack)


AS_IT_WAS = digest_after([])


@pytest.mark.parametrize("edit", READ, ids=str)
def test_what_init_reads_runs_it_again(edit: Edit) -> None:
    assert digest_after([edit]) != AS_IT_WAS


@settings(deadline=None)
@given(st.lists(st.sampled_from(NOT_READ), unique=True))
def test_whatever_else_moves_does_not(edits: list[Edit]) -> None:
    assert digest_after(edits) == AS_IT_WAS


@settings(deadline=None)
@given(st.lists(st.sampled_from(NOT_READ), unique=True), st.sampled_from(READ))
def test_what_init_reads_counts_whatever_else_moves(edits: list[Edit], read: Edit) -> None:
    others = [edit for edit in edits if edit.of not in read.instead and (edit.file, edit.of) != (read.file, read.of)]

    assert digest_after([*others, read]) == digest_after([read]) != AS_IT_WAS


@given(st.text(alphabet=st.sampled_from('modulesrcvin ="{}\n#/'), max_size=60))
def test_what_is_not_understood_counts_as_read(text: str) -> None:
    kept = " ".join(line for line in text.split("\n") if not line.strip().startswith(("#", "//"))).split()

    assert "{" in text or " ".join(read_by_init("main.tf", text.encode())).split() == kept


BINARY = Binary(Path("terraform"), "1.11.4")
NOWHERE = ProviderSource(None, None, "nowhere")


@dataclass
class Initialised:
    """What of a session ``init`` needs; it leaves behind what Terraform does."""

    workspace: Workspace
    stack: Stack
    binary: Binary = BINARY
    provider: ProviderSource = NOWHERE
    times: int = 0

    @property
    def link(self) -> Path:
        return self.stack.work / f"terraform/providers/{PROVIDER}/{PROVIDER_VERSION}/linux_amd64"

    def terraform(self, _stack: Stack) -> Initialised:
        return self

    def init(self) -> None:
        self.times += 1
        self.link.mkdir(parents=True, exist_ok=True)
        (self.stack.work / "terraform/terraform.tfstate").write_text("{}")

    def needed(self) -> bool:
        return ensure_initialised(cast("Session", self), self.stack)


def test_a_provider_that_is_gone_is_linked_again(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path, "dev")
    root = tmp_path / "envs/dev/x"
    root.mkdir()
    (root / "main.tf").write_text("terraform {\n}\n")
    (root / ".terraform.lock.hcl").write_text(LOCK_FILE.read_text(encoding="utf-8"))
    stack = Stack("dev", "x", root, tmp_path / "modules/x", tmp_path / ".groundplan/x", "dev/x.tfstate")
    session = Initialised(workspace, stack)

    assert [session.needed(), session.needed()] == [True, False]

    session.link.rmdir()
    assert [session.needed(), session.needed()] == [True, False]
