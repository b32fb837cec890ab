"""An apply that is cut off from its state bucket at one of its requests, and what has to be true after ``resume``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.in_process import run_here
from tests.support.project import Answer, Project
from tooling.faultproxy import FaultPlan, FaultProxy, Rule
from tooling.state import make_bucket
from tooling.target import Target

SIZE = 3
STATE_KEY = "local/tiny.tfstate"
# What was made is written down outside of Terraform: the id of each resource, once for each time that it was made.
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
    command = "echo ${self.id} >> {MADE}"
  }
}
"""


@dataclass(frozen=True)
class Cut:
    """What happens to the bucket.

    Attributes:
        number: From which request on, counted from 1 over all that an apply makes of the bucket.
        goes_on: Whether every later request fails too, or only this one.
        after: Whether requests are carried out and their answers lost.
    """

    number: int
    goes_on: bool
    after: bool

    def __str__(self) -> str:
        how = "answer-lost" if self.after else "not-carried-out"
        return f"{self.number:02}-{'from-then-on' if self.goes_on else 'once'}-{how}"

    def rule(self, bucket: str) -> Rule:
        if self.goes_on:
            return Rule("reset", service="s3", bucket=bucket, since=self.number, after=self.after)
        # No client tries an expired token again, so that this one request fails for good.
        return Rule("expired", service="s3", bucket=bucket, nth=self.number, after=self.after)


def every_cut(requests: int) -> Iterator[Cut]:
    """All that there are for an apply of so many requests."""
    for number in range(1, requests + 1):
        for goes_on in (False, True):
            for after in (False, True):
                yield Cut(number, goes_on, after)


class CutOff:
    """One project on an emulator, whose apply is cut off and resumed.

    Args:
        project: A tiny project; it gets a module that writes down what it makes.
        target: Its emulator, without a proxy.
        bucket: Of its state; it is there.
    """

    def __init__(self, project: Project, target: Target, bucket: str) -> None:
        self.project, self.target, self.bucket = project, target, bucket
        self.made_file = project.root / "made"
        project.write("modules/tiny/main.tf", MODULE.replace("{MADE}", str(self.made_file)))
        project.tfvars(f"size = {SIZE}\n")

    def plan(self) -> None:
        planned = run_here(self.project, "plan")
        assert planned.code == 0, planned.said

    def apply(self, *rules: Rule, attempts: int = 1) -> tuple[Answer, FaultProxy]:
        """In a process of its own, so that it is dead afterwards; boto3 tries each call ``attempts`` times."""
        assert self.target.endpoint is not None
        with FaultProxy(self.target.endpoint, FaultPlan(rules=rules)) as proxy:
            environ = {"EMULATOR_ENDPOINT": proxy.endpoint, "AWS_MAX_ATTEMPTS": str(attempts)}
            return self.project.run("apply", "--yes", environ=environ), proxy

    def requests(self) -> int:
        """How many requests an undisturbed apply makes of the bucket."""
        self.plan()
        answer, proxy = self.apply()
        assert answer.code == 0, answer.said
        return sum(entry.asked.bucket == self.bucket for entry in proxy.log)

    def made(self) -> list[str]:
        return self.made_file.read_text().split() if self.made_file.exists() else []

    def in_state(self) -> list[str]:
        return [
            instance["attributes"]["id"]
            for resource in self._state().get("resources", [])
            for instance in resource["instances"]
        ]

    def objects(self) -> list[str]:
        found = self.target.client("s3").list_objects_v2(Bucket=self.bucket)
        return [entry["Key"] for entry in found.get("Contents", [])]

    def recover(self) -> Iterator[str]:
        """Resume, then make what is left; says whatever was lost on the way."""
        resumed = run_here(self.project, "resume")
        if resumed.code != 0:
            yield f"resume ended with {resumed.code}: {resumed.said}"
        yield from self._differences("after resume")
        self.plan()
        applied = run_here(self.project, "apply", "--yes")
        if applied.code != 0:
            yield f"the apply of what was left ended with {applied.code}: {applied.said}"
        yield from self._differences("after the rest")
        if len(self.made()) != SIZE:
            yield f"{SIZE} were to be made, {len(self.made())} were"
        again = run_here(self.project, "plan", "--exit-code")
        if again.code != 0:
            yield f"a plan afterwards ended with {again.code}: {again.said}"

    def _differences(self, when: str) -> Iterator[str]:
        made, there = Counter(self.made()), Counter(self.in_state())
        if made != there:
            yield f"{when}: made and in no state {list((made - there).elements())}, "
            yield f"in the state and not made {list((there - made).elements())}"
        for key in self.objects():
            if key.endswith(".tflock") or "/journals/" in key:
                yield f"{when}: {key} is left"
        if (file := self.project.root / "envs/local/tiny/errored.tfstate").exists():
            yield f"{when}: {file} is left"

    def _state(self) -> dict[str, Any]:
        if STATE_KEY not in self.objects():
            return {}
        answer = self.target.client("s3").get_object(Bucket=self.bucket, Key=STATE_KEY)
        return dict(json.loads(answer["Body"].read()))


def cut_off_in(project: Project, target: Target, bucket: str) -> CutOff:
    """A project that is ready to be cut off, with a bucket of its own."""
    make_bucket(target, bucket, "us-east-1")
    return CutOff(project, target, bucket)


def problems_of(answer: Answer) -> Iterator[str]:
    """What a command may not do, whatever becomes of its requests."""
    if answer.code not in (0, 1):
        yield f"it ended with {answer.code}: {answer.said}"
    if "Traceback" in answer.said:
        yield f"it showed a traceback: {answer.said}"
    if answer.code == 1 and "error: " not in answer.err:
        yield f"it said nothing: {answer.said}"


def private(file: Path) -> bool:
    """Whether only its owner may read a file."""
    return file.stat().st_mode & 0o077 == 0
