"""A call that nobody implements: said by service, action and address within seconds, never after 25 retries."""

from __future__ import annotations

import time

from tests.support.project import Project, with_aws

POLICY = """\
provider "aws" {
  region = "us-east-1"
  default_tags {
    tags = {
      Architecture = "tiny"
      Environment  = "local"
      ManagedBy    = "groundplan"
    }
  }
}

resource "aws_xray_resource_policy" "all" {
  policy_name     = "all"
  policy_document = jsonencode({ Version = "2012-10-17", Statement = [] })
}
"""


def test_a_call_that_the_emulator_lacks_is_named_within_seconds(tiny: Project) -> None:
    with_aws(tiny, POLICY)
    planned = tiny.run("plan")
    assert planned.code == 0, planned.said
    began = time.monotonic()

    answer = tiny.run("apply")

    assert answer.code == 1, answer.said
    assert (
        "local/tiny module.tiny.aws_xray_resource_policy.all: the emulator has no xray:PutResourcePolicy" in answer.err
    )
    assert "tooling/emulator/backends/xray.py" in answer.err
    assert "Traceback" not in answer.err
    # The provider's 25 retries of a 500 take minutes.
    assert time.monotonic() - began < 30
