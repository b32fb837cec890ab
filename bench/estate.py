"""Estates of any size: a project folder with as many stacks as one wants, of built-in resources.

``terraform_data`` needs no provider and asks no cloud, so what is left of a run is Terraform's own start and the
toolkit. Ten stacks share a module, and each has one of its own that calls it.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.project import REPOSITORY, Project
from tooling.synth.generated import LOCK_FILE

ENV = "local"
#: Stacks whose modules call the same module.
SHARING = 10

_ENV_TOML = """\
account_id       = "123456789012"
region           = "us-east-1"
target           = "emulator"
confirm          = false
artifacts_bucket = "{bucket}"

[state]
bucket = "{bucket}"
region = "us-east-1"
"""
_ROOT = """\
terraform {{
  required_version = ">= 1.11"
  backend "s3" {{
    bucket       = "{bucket}"
    key          = "{env}/{name}.tfstate"
    region       = "us-east-1"
    encrypt      = true
    use_lockfile = true
  }}
}}

variable "size" {{
  type    = number
  default = 1
}}

module "{name}" {{
  source = "../../../modules/{name}"
  size   = var.size
}}
"""
_MODULE = """\
variable "size" {{
  type = number
}}

resource "terraform_data" "own" {{
  count = var.size
  input = "{name}-${{count.index}}"
}}

module "shared" {{
  source = "../{shared}"
  name   = "{name}"
}}
"""
_WIDE_ROOT = """\
terraform {{
  required_version = ">= 1.11"
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "5.100.0"
    }}
  }}
  backend "s3" {{
    bucket       = "{bucket}"
    key          = "{env}/wide.tfstate"
    region       = "us-east-1"
    encrypt      = true
    use_lockfile = true
  }}
}}

provider "aws" {{
  region = "us-east-1"
}}

variable "units" {{
  type    = number
  default = 1
}}

module "wide" {{
  source = "../../../modules/wide"
  units  = var.units
}}
"""
#: Resources of one unit of the wide module: ten, of the kinds that checks, prices and diagrams know well.
UNIT = 10
_WIDE_MODULE = """\
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

variable "units" {
  type = number
}

locals {
  units = toset([for number in range(var.units) : format("unit-%04d", number)])
}

resource "aws_sqs_queue" "jobs" {
  for_each                = local.units
  name                    = each.key
  sqs_managed_sse_enabled = true
}

resource "aws_sqs_queue_policy" "jobs" {
  for_each  = local.units
  queue_url = aws_sqs_queue.jobs[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TakeFromTheRole"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:role/${each.key}" }
      Action    = ["sqs:SendMessage", "sqs:ReceiveMessage"]
      Resource  = "arn:aws:sqs:us-east-1:123456789012:${each.key}"
    }]
  })
}

resource "aws_s3_bucket" "files" {
  for_each = local.units
  bucket   = "growth-${each.key}"
}

resource "aws_s3_bucket_public_access_block" "files" {
  for_each                = local.units
  bucket                  = aws_s3_bucket.files[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_iam_role" "worker" {
  for_each = local.units
  name     = each.key
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "worker" {
  for_each = local.units
  name     = each.key
  role     = aws_iam_role.worker[each.key].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Work"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "arn:aws:s3:::growth-${each.key}/*"
    }]
  })
}

resource "aws_cloudwatch_log_group" "worker" {
  for_each          = local.units
  name              = "/growth/${each.key}"
  retention_in_days = 365
}

resource "aws_security_group" "worker" {
  for_each    = local.units
  name        = each.key
  description = "Of one worker."
  vpc_id      = "vpc-0123456789abcdef0"
}

resource "aws_vpc_security_group_ingress_rule" "worker" {
  for_each          = local.units
  security_group_id = aws_security_group.worker[each.key].id
  description       = "From within."
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_dynamodb_table" "items" {
  for_each     = local.units
  name         = each.key
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }
}
"""
_SHARED = """\
variable "name" {
  type = string
}

resource "terraform_data" "shared" {
  input = var.name
}
"""


@dataclass(frozen=True)
class Estate:
    """A generated project.

    Attributes:
        project: Its folder, and the command line run in it.
        names: Its stacks' architectures, in the order of ``env.toml``.
    """

    project: Project
    names: tuple[str, ...]

    def change(self, name: str, size: int) -> None:
        """Let a stack have another number of resources of its own (``wide``: another number of units)."""
        variable = "units" if name == "wide" else "size"
        self.project.write(f"envs/{ENV}/{name}/terraform.tfvars", f"{variable} = {size}\n")


def make_estate(root: Path, stacks: int, *, emulator_home: Path | None, bucket: str) -> Estate:
    """Write a project of one environment (``local``) with so many stacks, two resources each.

    Args:
        root: An empty folder.
        stacks: How many.
        emulator_home: Work files of a running emulator, which the project then uses; None: it has none.
        bucket: Holds its states; one of its own, so that estates on one emulator do not meet.
    """
    names = tuple(f"cell-{number:04}" for number in range(stacks))
    project = _project(root, names, emulator_home, bucket)
    for number, name in enumerate(names):
        shared = f"shared-{number // SHARING:03}"
        project.write(f"envs/{ENV}/{name}/main.tf", _ROOT.format(bucket=bucket, env=ENV, name=name))
        project.write(f"envs/{ENV}/{name}/.terraform.lock.hcl", "")
        project.write(f"modules/{name}/main.tf", _MODULE.format(name=name, shared=shared))
        if number % SHARING == 0:
            project.write(f"modules/{shared}/main.tf", _SHARED)
    return Estate(project, names)


def make_wide(root: Path, *, emulator_home: Path | None, bucket: str) -> Estate:
    """Write a project of one stack (``wide``) whose plan is as large as one wants: ``change`` says how many units.

    Its resources are AWS's, ten a unit, so that every check, price and picture has something to look at; planned from
    nothing they ask nobody. For the arguments see :func:`make_estate`.
    """
    project = _project(root, ("wide",), emulator_home, bucket)
    project.write(f"envs/{ENV}/wide/main.tf", _WIDE_ROOT.format(bucket=bucket, env=ENV))
    project.write(f"envs/{ENV}/wide/.terraform.lock.hcl", LOCK_FILE.read_text(encoding="utf-8"))
    project.write("modules/wide/main.tf", _WIDE_MODULE)
    return Estate(project, ("wide",))


def _project(root: Path, names: Sequence[str], emulator_home: Path | None, bucket: str) -> Project:
    """All of a project but its stacks."""
    project = Project(root)
    (root / "cdktf_app").mkdir(parents=True)
    tables = "".join(f"\n[stacks.{name}]\n" for name in names)
    project.write(f"envs/{ENV}/env.toml", _ENV_TOML.format(bucket=bucket) + tables)
    shutil.copytree(REPOSITORY / "policies", root / "policies", ignore=shutil.ignore_patterns("__pycache__"))
    project.write("policies/waivers.yaml", "[]\n")
    project.write("specs/requirements.yaml", "[]\n")
    if emulator_home is not None:
        (root / ".groundplan").mkdir()
        (root / ".groundplan/emulator").symlink_to(emulator_home)
    return project
