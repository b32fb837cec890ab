"""Runs the harness on a folder of tests, in a process of its own, and prints the verdicts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import tftest

from tests.mutation.harness import Harness, Verdict
from tests.mutation.mutants import Mutant
from tests.support.plans import Json


class TwoPlans:
    """A figure to be changed; and a refusal."""

    def __init__(self) -> None:
        self.plans: dict[str, Json] = {}
        self.refusals = 0

    def plan(self, env: str, architecture: str, **variables: Any) -> Json:  # noqa: ARG002
        if env == "bad":
            self.refusals += 1
            raise tftest.TerraformTestError("refused")
        return self.plans.setdefault(env, {"figure": 1})


def main() -> None:
    folder, planner = Path(sys.argv[1]), TwoPlans()
    verdicts: dict[str, Verdict] = {}

    def change(mutant: Mutant) -> int:
        if mutant.block == "nonsense":
            raise ValueError("no such place")
        planner.plans["dev"]["figure"] = int(mutant.block)
        return 1

    def prepare(plans: dict[str, Json]) -> list[Mutant]:
        plans["dev"]["touched"] = True
        return [Mutant("figure", block) for block in ("1", "2", "3", "4", "5", "nonsense")]

    def report(mutant: Mutant, verdict: Verdict) -> None:
        verdicts[mutant.block] = verdict

    harness = Harness(
        planner,
        folder,
        prepare=prepare,
        apply=change,
        report=report,
        workers=2,
        bound=3,
    )
    pytest.main(
        ["-p", "no:cacheprovider", "-p", "no:terminal", "-c", str(folder / "pytest.ini"), str(folder)],
        plugins=[harness],
    )
    print(json.dumps({"error": harness.error, **{key: [each.verdict, each.test] for key, each in verdicts.items()}}))


if __name__ == "__main__":
    main()
