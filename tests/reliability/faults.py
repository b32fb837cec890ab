"""``python -m tests.reliability.faults cuts|throttle``: whole runs of what ``tests/faults`` tries a sample of.

``cuts``: an apply that is cut off from its state bucket at each of its requests in turn (half an hour).
``throttle``: five percent random faults on all calls of a whole apply, of one stack or of all five.
Each writes its figures to ``tests/reliability/results`` and from there into ``docs/reliability.md``.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from tests.support.cuts import CutOff, cut_off_in, every_cut, problems_of
from tests.support.emulated import emulator_in
from tests.support.project import REPOSITORY, tiny_project
from tooling.target import Target

RESULTS = Path(__file__).resolve().parent / "results"
DOCUMENT = REPOSITORY / "docs/reliability.md"
ARCHITECTURES = ("kefir", "rewind", "nullcheck", "solemate", "doomscroll")
ACCOUNT = "123456789012"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.reliability.faults", description=__doc__)
    parser.add_argument("what", choices=["cuts", "throttle", "report"])
    parser.add_argument("stacks", nargs="*", help=f"of throttle; default: {' '.join(ARCHITECTURES)}")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--sample", type=int, metavar="N", help="of cuts: N of them, picked by --seed; nothing is kept")
    options = parser.parse_args(arguments)
    failed = False
    if options.what == "cuts":
        failed = run_cuts(options.seed, options.sample)
    elif options.what == "throttle":
        failed = run_throttle(options.stacks or ARCHITECTURES, options.rate, options.seed)
    write_report()
    sys.exit(1 if failed else 0)


def run_cuts(seed: int, sample: int | None) -> bool:
    """Cut an apply off at every request.

    Returns:
        Whether anything was lost.
    """
    with tempfile.TemporaryDirectory() as folder, emulator_in(Path(folder) / "emulator") as running:
        environ = {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "emulator"}
        target = Target("emulator", running.endpoint, environ, "us-east-1", ACCOUNT)

        def another(name: str) -> CutOff:
            root = Path(folder) / name
            root.mkdir()
            return cut_off_in(tiny_project(root, Path(folder) / "emulator", f"tiny-{name}"), target, f"tiny-{name}")

        requests = another("undisturbed").requests()
        cuts = list(every_cut(requests))
        chosen = cuts if sample is None else random.Random(seed).sample(cuts, min(sample, len(cuts)))
        ended: dict[str, list[str]] = {"well": [], "failed": [], "lost": []}
        began = monotonic()
        for cut in chosen:
            one = another(str(cut))
            one.plan()
            answer, proxy = one.apply(cut.rule(one.bucket))
            problems = [*problems_of(answer), *one.recover()] or ([] if proxy.counts else ["no request was hit"])
            ended["lost" if problems else "failed" if answer.code else "well"].append(str(cut))
            print(f"{cut}: exit {answer.code}, lost: {'; '.join(problems) or 'nothing'}", flush=True)
    figures = {
        "requests": requests,
        "cuts": len(chosen),
        "ended_well": len(ended["well"]),
        "resumed": len(ended["failed"]),
        "lost": ended["lost"],
        "seconds": round(monotonic() - began),
    }
    print(json.dumps(figures))
    if sample is None:
        _keep("cuts", figures)
    return bool(ended["lost"])


def run_throttle(architectures: Sequence[str], rate: float, seed: int) -> bool:
    """Each in a sandbox of its own, one after the other.

    Returns:
        Whether anything was lost.
    """
    lost = False
    for architecture in architectures:
        command = ["drill", "throttle", "--stack", architecture, "--rate", str(rate), "--seed", str(seed), "--json"]
        done = subprocess.run(
            [sys.executable, "-c", "from tooling.cli.main import main; main()", *command],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if not done.stdout:
            sys.exit(f"{architecture}: the drill ended with {done.returncode} and without a result")
        found = json.loads(done.stdout)
        print(json.dumps(found), flush=True)
        _keep(f"throttle-{architecture}", found)
        lost = lost or bool(found["lost"])
    return lost


def write_report() -> None:
    """The figures that there are, between their markers in ``docs/reliability.md``."""
    text = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.is_file() else ""
    for name, rows in (("cuts", _cuts_table()), ("throttle", _throttle_table())):
        if rows:
            text = with_figures(text, name, rows)
    if text:
        DOCUMENT.write_text(text, encoding="utf-8")


def with_figures(text: str, name: str, rows: Sequence[str]) -> str:
    """The document with figures between their markers; without markers they stay out of it."""
    begin = f"<!-- figures of {name}, written by python -m tests.reliability.faults {name} -->"
    end = f"<!-- end of {name} -->"
    block = "\n".join([begin, "", *rows, "", end])
    return re.sub(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: block, text, flags=re.DOTALL)


def _cuts_table() -> list[str]:
    found = _kept("cuts")
    if not found:
        return []
    return [
        "| requests of an apply | cut off in | ended well all the same | resumed | lost anything |",
        "|--:|--:|--:|--:|--:|",
        f"| {found['requests']} | {found['cuts']} ways | {found['ended_well']} | {found['resumed']} "
        f"| {len(found['lost'])} |",
    ]


def _throttle_table() -> list[str]:
    rows = []
    for architecture in ARCHITECTURES:
        if found := _kept(f"throttle-{architecture}"):
            hit = sum(found["faults"].values())
            how = (
                "converged by itself" if found["converged"] else f"resumed in {found['recovery'] + found['rest']:.0f} s"
            )
            rows.append(
                f"| {architecture} | {found['seed']} | {found['calls']} | {hit} | {found['answers_lost']} | {how} "
                f"| {found['undisturbed']:.0f} s | {found['seconds']:.0f} s | {'; '.join(found['lost']) or 'nothing'} |"
            )
    head = [
        "| stack | seed | calls | faults | answers lost | ended | undisturbed | with faults | lost |",
        "|---|--:|--:|--:|--:|---|--:|--:|---|",
    ]
    return [*head, *rows] if rows else []


def _keep(name: str, found: dict[str, Any]) -> None:
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _kept(name: str) -> dict[str, Any]:
    file = RESULTS / f"{name}.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


if __name__ == "__main__":
    main()
