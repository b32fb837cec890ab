"""``python -m tests.mutation rewind``: run the mutants of a module's plans. ``make mutation`` runs those of all."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.mutation import applying, recording
from tests.mutation.harness import KILLED, Harness, KeptPlans, Verdict
from tests.mutation.mutants import Defaults, Mutant, mutants_of
from tests.mutation.provider_schema import read_schema
from tests.mutation.real import changed_module, real_verdict, terraform_module
from tests.mutation.report import write_report
from tests.mutation.results import COMMITTED, Log, score, summary
from tests.mutation.rows import Rows, read_rows
from tests.mutation.view import View
from tests.support.kept import FRESH_VARIABLE
from tests.support.plans import Json
from tests.support.project import REPOSITORY

WORK = REPOSITORY / ".groundplan/mutation"
ARCHITECTURES = ("rewind", "nullcheck", "solemate", "doomscroll")
# The parts of this tool that a verdict depends on.
DECIDING = {"applying", "changes", "harness", "mutants", "steps", "view"}
# Neither the cache nor the trace of a run with mutants means anything; failures are counted, not explained.
_PYTEST = ["-q", "-p", "no:cacheprovider", "--capture=no", "--assert=plain", "--no-summary"]


def main() -> None:
    options = _options()
    if options.report:
        write_report()
        return
    for architecture in options.architectures or ARCHITECTURES:
        run = Run(architecture, options)
        run.run()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("architectures", nargs="*", help=f"default: {' '.join(ARCHITECTURES)}")
    parser.add_argument("--only", metavar="TEXT", help="mutants with this text in their id: a type, a block, a kind")
    parser.add_argument("--rows-only", action="store_true", help="only mutants that a row of the ledger names")
    parser.add_argument("--sample", type=int, metavar="N", help="N mutants, picked by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--list", action="store_true", help="list the mutants and their rows, run none")
    parser.add_argument("--verify", type=int, metavar="K", help="make K mutants in the module itself too, and compare")
    parser.add_argument("--fresh", action="store_true", help="forget plans and verdicts of earlier runs")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--bound", type=float, default=60, metavar="SECONDS", help="time for one mutant")
    parser.add_argument("--report", action="store_true", help="only write docs/mutation.md from the committed results")
    return parser.parse_args()


class Run:
    """One architecture's run."""

    def __init__(self, architecture: str, options: argparse.Namespace) -> None:
        self.architecture, self.options = architecture, options
        self.tests = REPOSITORY / "tests/plan" / architecture
        self.planning = WORK / architecture
        self.views: list[View] = []
        self.mutants: list[Mutant] = []
        self.chosen: list[Mutant] = []
        self.rows: Mapping[str, tuple[str, ...]] = {}
        self.defaults: Defaults | None = None
        self.ledger: tuple[str, ...] = ()
        self.made: dict[str, Json] = {}
        self.done = 0
        self.began = 0.0

    def run(self) -> None:
        self._plan()
        self.schema = read_schema(
            self.planning / "model", self.planning / "checked-provider.rc", WORK / "provider-schema.json"
        )
        log_file = WORK / f"{self.architecture}.jsonl"
        if self.options.fresh:
            log_file.unlink(missing_ok=True)
        self.holds_for = _digest(_of_verdicts(self.architecture))
        self.log = Log(log_file, self.holds_for)
        harness = Harness(
            KeptPlans(self.planning),
            self.planning,
            prepare=self._prepare,
            apply=self._apply,
            report=self._report,
            workers=self.options.workers,
            bound=self.options.bound,
        )
        code = pytest.main([*_PYTEST, str(self.tests)], plugins=[harness])
        if harness.error or code not in (0, 5):
            sys.exit(f"{self.architecture}: {harness.error or f'pytest ended with {code}'}")
        if self.options.verify is not None:
            self._verify()
        elif not self.options.list:
            self._conclude()

    def _plan(self) -> None:
        """Run the tests once as they are: they make the plans, and must be green."""
        module, green = _digest(_of_plans(self.architecture)), _digest(_of_tests(self.architecture))
        made_for, green_for = self.planning / "made-for", self.planning / "green-for"
        if self.options.fresh or not made_for.is_file() or made_for.read_text() != module:
            shutil.rmtree(self.planning, ignore_errors=True)
            self.planning.mkdir(parents=True)
            made_for.write_text(module)
        if green_for.is_file() and green_for.read_text() == green:
            return
        print(f"{self.architecture}: making the plans ...", file=sys.stderr, flush=True)
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", recording.__name__, str(self.tests)],
            cwd=REPOSITORY,
            # Made here and not taken from elsewhere: the provider that made them is asked for its schema.
            env={**os.environ, recording.VARIABLE: str(self.planning), FRESH_VARIABLE: "1"},
            check=False,
        )
        if ended.returncode:
            sys.exit(f"{self.architecture}: the tests are red without any mutant")
        green_for.write_text(green)

    def _prepare(self, plans: dict[str, Json]) -> Sequence[Mutant]:
        self.views = [View(name, plans[name], self.architecture) for name in sorted(plans)]
        self.mutants = mutants_of(self.views, self.schema)
        self.defaults = Defaults(self.views, self.schema)
        variables = frozenset(name for view in self.views for name in view.variables)
        outputs = frozenset(name for view in self.views for name in view.outputs)
        ledger = read_rows(REPOSITORY / "specs/requirements.yaml", self.architecture, variables, outputs)
        rows = Rows(ledger, self.schema, self.views)
        self.mutants += rows.additions()
        self.ledger = rows.ids
        self.rows = {mutant.id: rows.of(mutant) for mutant in self.mutants}
        chosen = [
            mutant
            for mutant in self.mutants
            if (self.options.only or "") in mutant.id and (self.rows[mutant.id] or not self.options.rows_only)
        ]
        if self.options.sample is not None:
            picked = random.Random(self.options.seed).sample(range(len(chosen)), min(self.options.sample, len(chosen)))
            chosen = [chosen[number] for number in sorted(picked)]
        if self.options.list:
            for mutant in chosen:
                print(mutant.id, *self.rows[mutant.id])
            return []
        if self.options.verify is not None:
            chosen = self._verifiable(chosen)
        self.chosen = chosen
        self.began = time.monotonic()
        waiting = [mutant for mutant in chosen if mutant.id not in self.log.verdicts]
        print(
            f"{self.architecture}: {len(self.views)} plans, {len(self.mutants)} mutants, "
            f"{len(chosen)} chosen, {len(waiting)} to run",
            file=sys.stderr,
            flush=True,
        )
        self.done = len(chosen) - len(waiting)
        return waiting

    def _apply(self, mutant: Mutant) -> int:
        assert self.defaults is not None
        return applying.apply(mutant, self.views, self.defaults)

    def _report(self, mutant: Mutant, verdict: Verdict) -> None:
        self.log.add(verdict)
        self.done += 1
        if verdict.verdict != KILLED and self.rows[mutant.id]:
            print(f"  {verdict.verdict}: {mutant.id}  {' '.join(self.rows[mutant.id])}", flush=True)
        if self.done % 100 == 0:
            spent = time.monotonic() - self.began
            print(f"{self.architecture}: {self.done}/{len(self.chosen)}  {spent:.0f}s", file=sys.stderr, flush=True)

    def _verifiable(self, mutants: list[Mutant]) -> list[Mutant]:
        """As many as asked for, of those that can be made in the module too."""
        module = terraform_module(self.architecture)
        order = random.Random(self.options.seed).sample(mutants, len(mutants))
        found: list[Mutant] = []
        for mutant in order:
            made = changed_module(module, mutant, self.views)
            if made is not None and len(found) < self.options.verify:
                self.made[mutant.id] = made
                found.append(mutant)
        return found

    def _verify(self) -> None:
        """Compare the harness's verdicts with those of real plans."""
        work = WORK / f"{self.architecture}-real"
        agreed = 0
        for mutant in self.chosen:
            verdict = self.log.verdicts[mutant.id]
            real = real_verdict(self.architecture, self.made[mutant.id], verdict, self.planning, work)
            agreed += real == verdict.verdict
            said = "agree" if real == verdict.verdict else f"DISAGREE, really {real}"
            print(f"  {said}: {mutant.id} {verdict.verdict} {verdict.test}", flush=True)
        print(f"{self.architecture}: {agreed} of {len(self.chosen)} verdicts are those of real plans")

    def _conclude(self) -> None:
        if _digest(_of_verdicts(self.architecture)) != self.holds_for:
            sys.exit(f"{self.architecture}: the module or its tests were changed while this ran: run again")
        found = summary(self.architecture, self.chosen, self.rows, self.ledger, self.log.verdicts)
        for part in ("rows", "beyond"):
            figures = found[part]
            print(f"{self.architecture}: {part}: {score(figures):.1f} % of {figures['mutants']} killed; {figures}")
        of_rows = [mutant for mutant in self.mutants if self.rows[mutant.id]]
        # Those beyond the rows are counted, but nothing is asked of them: a run may leave them out.
        whole = self.chosen in (self.mutants, of_rows)
        if whole and self.architecture in ARCHITECTURES:
            COMMITTED.mkdir(exist_ok=True)
            (COMMITTED / f"{self.architecture}.json").write_text(json.dumps(found, indent=1) + "\n")
            write_report()
        elif not whole:
            print("not all mutants of rows: the committed results stay as they are")


def _of_plans(architecture: str) -> list[Path]:
    """What plans depend on, but for the inputs that the tests give."""
    return [
        *(REPOSITORY / "modules" / architecture).rglob("*.tf"),
        *(REPOSITORY / "envs").glob(f"*/{architecture}/*.tf*"),
        *(REPOSITORY / "envs").glob("*/env.toml"),
        *(REPOSITORY / "tests/plan" / architecture).glob("*.tf"),
        REPOSITORY / "tests/support/planner.py",
    ]


def _of_tests(architecture: str) -> list[Path]:
    return [
        *_of_plans(architecture),
        *(REPOSITORY / "tests/plan" / architecture).glob("*.py"),
        *(REPOSITORY / "tests/support").glob("*.py"),
    ]


def _of_verdicts(architecture: str) -> list[Path]:
    own = [file for file in (REPOSITORY / "tests/mutation").glob("*.py") if file.stem in DECIDING]
    return [*_of_tests(architecture), *own]


def _digest(files: Sequence[Path]) -> str:
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(str(file.relative_to(REPOSITORY)).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:12]


if __name__ == "__main__":
    main()
