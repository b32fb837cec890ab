from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.project import REPOSITORY
from tooling.plan.sources import declared

ROOT = """\
terraform {
  backend "s3" {}
}

module "shop" {
  providers = {
    aws = aws
  }
  source = "../../../modules/shop/removable"
}

resource "aws_sns_topic" "own" {
  name = "own"
}
"""
MODULE = """\
# resource "aws_sns_topic" "commented" {

resource "aws_sqs_queue" "orders" {
  for_each = toset(["a"])
}

data "aws_iam_policy_document" "orders" {
  statement {}
}

locals {
  text = <<-EOT
resource "aws_sns_topic" "text" {
}
  EOT
}

module "inner" {
  source = "./inner"
}

module "far" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "1.0.0"
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {
        "envs/dev/shop/main.tf": ROOT,
        "modules/shop/main.tf": 'resource "aws_sqs_queue" "retained" {\n}\n',
        "modules/shop/removable/queues.tf": MODULE,
        "modules/shop/removable/inner/main.tf": '\nresource "aws_s3_bucket" "b" {\n}\n',
    }
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def test_every_block_with_an_address_has_its_line_in_the_shape_that_is_in_use(project: Path) -> None:
    # WHEN
    places = declared(project / "modules/shop/removable", project / "envs/dev/shop")

    # THEN
    assert places == {
        "module.shop": "envs/dev/shop/main.tf:5",
        "aws_sns_topic.own": "envs/dev/shop/main.tf:12",
        "module.shop.aws_sqs_queue.orders": "modules/shop/removable/queues.tf:3",
        "module.shop.data.aws_iam_policy_document.orders": "modules/shop/removable/queues.tf:7",
        "module.shop.module.inner": "modules/shop/removable/queues.tf:18",
        "module.shop.module.inner.aws_s3_bucket.b": "modules/shop/removable/inner/main.tf:2",
        "module.shop.module.far": "modules/shop/removable/queues.tf:22",
    }


@pytest.mark.parametrize(
    "root", sorted((REPOSITORY / "envs").glob("*/*/main.tf")), ids=lambda path: "-".join(path.parts[-3:-1])
)
def test_the_lines_of_the_committed_stacks_are_those_of_their_blocks(root: Path) -> None:
    # WHEN
    places = declared(REPOSITORY / "modules" / root.parent.name, root.parent)

    # THEN
    assert len(places) > 50
    for address, place in places.items():
        file, _, line = place.rpartition(":")
        kind, name = address.split(".")[-2:]
        assert name in (REPOSITORY / file).read_text().splitlines()[int(line) - 1], (address, kind)
