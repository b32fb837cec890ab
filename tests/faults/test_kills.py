"""An apply or a destroy is killed at a moment that a seed decides, and resumed: nothing is lost, twice or left over.

The whole of it, at 60 moments over the five architectures, is `make faults`; here is a sample. ``GROUNDPLAN_SEED``
repeats the moments of another run.
"""

from __future__ import annotations

import json
import os
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import REPOSITORY, Project, tiny_project, with_aws

SEED = int(os.environ.get("GROUNDPLAN_SEED") or random.randrange(10**6))
# Two of the four: one takes minutes.
VICTIMS_OF_AWS = random.Random(SEED).sample(("groundplan", "terraform", "provider", "all"), 2)
KEPT_APART = "tiny-of-the-kill-drill"
# Names that are planned and ids that AWS chooses; some depend on others. Tags tell whose they are, as those of every
# stack's provider do.
SOME_OF_AWS = """\
locals {
  tags = { Stack = "tiny" }
}

resource "aws_sqs_queue" "jobs" {
  count = 6
  name  = "tiny-jobs-${count.index}"
  tags  = local.tags
}

resource "aws_sns_topic" "news" {
  name = "tiny-news"
  tags = local.tags
}

resource "aws_sns_topic_subscription" "news" {
  count     = 6
  topic_arn = aws_sns_topic.news.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.jobs[count.index].arn
}

resource "aws_vpc" "network" {
  cidr_block = "10.0.0.0/16"
  tags       = local.tags
}

resource "aws_subnet" "part" {
  count      = 6
  vpc_id     = aws_vpc.network.id
  cidr_block = "10.0.${count.index}.0/24"
  tags       = local.tags
}
"""
# What the gate has against them has nothing to do with dying.
WAIVED = """\
- check: {CHECK}
  address: module.tiny.{TYPE}.*
  reason: Made by a test, for a minute.
  ticket: TINY-1
  owner: tests
  expires: {EXPIRES}
"""
FOUND = {
    "aws_sns_topic": ("CKV_AWS_26", "GP_TAGS_1"),
    "aws_sqs_queue": ("CKV_AWS_27", "GP_TAGS_1"),
    "aws_subnet": ("GP_TAGS_1",),
    "aws_vpc": ("CKV2_AWS_11", "CKV2_AWS_12", "GP_TAGS_1"),
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return tiny_project(tmp_path, None, KEPT_APART)


def drilled(project: Project, *args: str) -> dict[str, Any]:
    """What a drill found; its seed is in the test's output."""
    print(f"GROUNDPLAN_SEED={SEED}")
    answer = project.run("drill", "kill", *args, "--seed", str(SEED), "--json", seconds=900)
    assert answer.code == 0, answer.said
    found: dict[str, Any] = json.loads(answer.out)
    assert found["seed"] == SEED
    return found


@pytest.mark.parametrize("victim", ["groundplan", "terraform", "all"])
def test_built_in_resources_survive_the_death_of(victim: str, project: Project) -> None:
    project.tfvars("size = 30\nseconds = 0.4\n")

    found = drilled(project, "--stack", "tiny", "--times", "1", "--victim", victim)

    assert [one["victim"] for one in found["rounds"]] == [victim]
    assert found["lost"] == []


@pytest.mark.parametrize("turn", [0, 1])
def test_resources_of_aws_survive_the_death_of_somebody(turn: int, project: Project) -> None:
    victim = VICTIMS_OF_AWS[turn]
    with_aws(project, SOME_OF_AWS)
    project.tfvars("size = 6\n")
    env_toml = project.root / "envs/local/env.toml"
    env_toml.write_text(env_toml.read_text() + '\n[gate.blast_radius]\nstateful_may_go = ["aws_sqs_queue"]\n')
    waivers = project.root / "policies/waivers.yaml"
    entry = WAIVED.replace("{EXPIRES}", str(date.today() + timedelta(days=90)))
    entries = [
        entry.replace("{TYPE}", kind).replace("{CHECK}", one) for kind, checks in FOUND.items() for one in checks
    ]
    waivers.write_text(waivers.read_text() + "".join(entries))

    told = drilled(project, "--stack", "tiny", "--times", "1", "--during", "both", "--victim", victim)

    assert [(one["during"], one["victim"]) for one in told["rounds"]] == [("destroy", victim), ("apply", victim)]
    assert told["lost"] == []


def test_kefir_survives_the_death_of_somebody() -> None:
    project = Project(REPOSITORY)

    found = drilled(project, "--stack", "kefir")

    assert len(found["rounds"]) == 1
    assert found["lost"] == []
