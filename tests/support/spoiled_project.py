"""A project with one of every file that groundplan reads, each of which can be spoiled and is put right again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from stat import S_ISDIR
from typing import Any

from tests.support.in_process import run_here
from tests.support.project import MODULE, Answer, Project, tiny_project, with_aws
from tests.support.twin import with_twin
from tooling import digest
from tooling.target import Target

#: Something of most families that gate, report, drawing and estimate know.
RESOURCES = """\
provider "aws" {
  region = "us-east-1"
}

resource "aws_s3_bucket" "photos" {
  bucket = "spoiled-photos"
  tags   = { Environment = "local" }
}

data "aws_iam_policy_document" "photos" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.photos.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}

resource "aws_s3_bucket_policy" "photos" {
  bucket = aws_s3_bucket.photos.id
  policy = data.aws_iam_policy_document.photos.json
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "door" {
  vpc_id = aws_vpc.main.id

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_iam_role" "reader" {
  name = "reader"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "reader" {
  role = aws_iam_role.reader.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["dynamodb:*"], Resource = "*" }]
  })
}

resource "aws_lambda_function" "reader" {
  function_name = "reader"
  role          = aws_iam_role.reader.arn
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  s3_bucket     = "packages"
  s3_key        = "reader.zip"

  environment {
    variables = { TABLE = aws_dynamodb_table.items.name }
  }
}

resource "aws_dynamodb_table" "items" {
  name         = "items"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_cloudwatch_log_group" "reader" {
  for_each          = toset(["a", "b"])
  name              = "/reader/${each.key}"
  retention_in_days = 30
}

resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

resource "aws_db_instance" "main" {
  identifier        = "main"
  engine            = "postgres"
  instance_class    = "db.t4g.micro"
  allocated_storage = 20
  username          = "main"
  password          = "not-a-real-secret"
}
"""
USAGE = """\
free_tier: false
usage:
  function.requests: {value: 20000, note: "a few testers"}
stacks:
  tiny:
    usage:
      table.reads: {value: 200000, note: "ten reads a request"}
    addresses:
      module.tiny.aws_lambda_function.reader:
        function.requests: {value: 8760, note: "every hour"}
"""


@dataclass
class Spoiled:
    """The project, an applied changeset of it and one that is ready.

    Attributes:
        project: Its folder and command line.
        target, bucket: Where its state is.
        applied: Id of a changeset of one small resource, which was applied.
        newest: Id of one with many resources, which was not.
    """

    project: Project
    target: Target
    bucket: str
    applied: str = ""
    newest: str = ""

    @property
    def root(self) -> Path:
        return self.project.root

    def folder(self, identifier: str = "") -> Path:
        return self.root / ".groundplan/changesets/local" / (identifier or self.newest)

    @cached_property
    def client(self) -> Any:
        return self.target.client("s3")

    def get(self, key: str) -> bytes:
        return bytes(self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read())

    def put(self, key: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=key, Body=content)

    def keys(self, prefix: str = "") -> dict[str, str]:
        """Key and ETag of every object."""
        found = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return {entry["Key"]: entry["ETag"] for entry in found.get("Contents", [])}

    def files(self) -> dict[str, tuple[int, ...]]:
        """Every file that is somebody's, and what tells that it was written to; logs and caches are nobody's."""
        found: dict[str, tuple[int, ...]] = {}
        for name in ("envs", "modules", "policies", "specs", ".groundplan/changesets", ".groundplan/backups"):
            for file in (self.root / name).rglob("*"):
                status = file.lstat()
                if not S_ISDIR(status.st_mode) and "__pycache__" not in file.parts:
                    path = file.relative_to(self.root).as_posix()
                    found[path] = (status.st_ino, status.st_size, status.st_mtime_ns)
        return found

    @contextmanager
    def instead(self, path: str, content: bytes) -> Iterator[None]:
        """Other bytes in a file of the project, or a file that is not there otherwise."""
        file = self.root / path
        before = file.read_bytes() if file.is_file() else None
        file.write_bytes(content)
        try:
            yield
        finally:
            if before is None:
                file.unlink(missing_ok=True)
            else:
                file.write_bytes(before)

    @contextmanager
    def instead_in_bucket(self, key: str, content: bytes) -> Iterator[None]:
        before = self.get(key) if key in self.keys(key) else None
        self.put(key, content)
        try:
            yield
        finally:
            if before is None:
                self.client.delete_object(Bucket=self.bucket, Key=key)
            else:
                self.put(key, before)

    @contextmanager
    def sealed_anew(self, name: str, content: bytes) -> Iterator[None]:
        """Another file of the newest changeset, with a seal that fits: nothing but its readers can find fault."""
        part, seal = self.folder() / "tiny" / name, self.folder() / "changeset.json"
        changeset = json.loads(seal.read_bytes())
        del changeset["seal"]
        changeset["stacks"][0]["files"][name] = digest.of_bytes(content)
        changeset["seal"] = digest.of_value(changeset)
        written = (json.dumps(changeset, indent=2, sort_keys=True) + "\n").encode()
        shown = [str(file.relative_to(self.root)) for file in (part, seal)]
        with self.instead(shown[0], content), self.instead(shown[1], written):
            yield

    @contextmanager
    def planned_with(self, tfvars: bytes) -> Iterator[None]:
        """Other values of ``twin``, which is planned in a second; the newest changeset stays the newest."""
        newest = self.folder(self.newest).parent / "latest"
        with self.instead("envs/local/twin/terraform.tfvars", tfvars):
            try:
                yield
            finally:
                newest.unlink()
                newest.symlink_to(self.newest)

    def run(self, *args: str) -> Answer:
        return run_here(self.project, *args)


def make_spoiled(root: Path, home: Path, target: Target, bucket: str) -> Spoiled:
    """Plan and apply until there is one of every file.

    Args:
        root: An empty folder.
        home: Work files of a running emulator.
        target: The same emulator.
        bucket: A bucket of its own for states.
    """
    project = tiny_project(root, home, bucket)
    made = Spoiled(project, target, bucket)
    for command in ("plan", "apply"):
        answer = made.run(command)
        assert answer.code == 0, answer.said
    made.applied = project.latest.name
    with_twin(project, MODULE)
    with_aws(project, RESOURCES)
    project.write("envs/local/usage.yaml", USAGE)
    project.tfvars("size = 2\n# a comment\nseconds = 0\n")
    answer = made.run("plan", "--stack", "tiny")
    # Its findings are what the gate is for.
    assert answer.code == 4, answer.said
    made.newest = project.latest.name
    answer = made.run("gate", "--write-baseline", "--by", "tests")
    assert (root / "envs/local/baseline.yaml").is_file(), answer.said
    return made
