"""A workflow as tests ask about it: all steps, those of the workflows that it calls included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.project import REPOSITORY
from tooling.ci.checking import read_workflow
from tooling.ci.places import Place, find_places
from tooling.ci.settings import load_settings
from tooling.ci.workflows import Scope, workflows
from tooling.workspace import Workspace

WORKSPACE = Workspace(REPOSITORY)
COMMITTED = REPOSITORY / ".github/workflows"


@dataclass(frozen=True)
class Generated:
    """Workflows by name, as GitHub reads them."""

    by_name: Mapping[str, Mapping[str, Any]]

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        return self.by_name[name]

    def jobs(self, name: str) -> dict[str, Any]:
        """By name, those of the workflows that it calls included."""
        found: dict[str, Any] = {}
        for job_name, job in self.by_name[name]["jobs"].items():
            found[job_name] = job
            if called := re.match(r"\./\.github/workflows/(.+)", job.get("uses", "")):
                found |= self.jobs(called.group(1))
        return found

    def steps(self, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Job and step, in order."""
        for job_name, job in self.by_name[name]["jobs"].items():
            for step in job.get("steps", ()):
                yield job_name, step
            if called := re.match(r"\./\.github/workflows/(.+)", job.get("uses", "")):
                yield from self.steps(called.group(1))

    def step(self, name: str, words: str) -> Mapping[str, Any]:
        """The first step whose name begins so."""
        return next(step for _, step in self.steps(name) if str(step["name"]).startswith(words))

    def names(self, name: str) -> list[str]:
        return [str(step["name"]) for _, step in self.steps(name)]

    def scripts(self, name: str) -> str:
        return "\n".join(str(step.get("run", "")) for _, step in self.steps(name))


def generated(*architectures: str) -> Generated:
    """What ``groundplan ci generate --stack ...`` writes for this project."""
    settings = load_settings(WORKSPACE)
    texts = workflows(settings, places(*architectures), Scope((), architectures))
    return Generated({name: read_workflow(text) for name, text in texts.items()})


def committed() -> Generated:
    """Those that lie in the repository."""
    return Generated({path.name: read_workflow(path.read_text()) for path in sorted(COMMITTED.glob("*.yml"))})


def places(*architectures: str) -> tuple[Place, ...]:
    return find_places(WORKSPACE, load_settings(WORKSPACE), (), architectures)
