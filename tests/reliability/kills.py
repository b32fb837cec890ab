"""Kills at random moments of apply and destroy, over all architectures: ``groundplan drill kill``, many times."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.support.project import REPOSITORY

# Kills of apply and of destroy; the quickest stack has the most.
SHARES: Mapping[str, tuple[int, int]] = {
    "kefir": (16, 8),
    "rewind": (7, 3),
    "nullcheck": (6, 3),
    "doomscroll": (6, 3),
    "solemate": (5, 3),
}
# Kills in one sandbox: each sandbox begins with an undisturbed apply.
_AT_ONCE = 2
LOG = REPOSITORY / "build/reliability/kills.jsonl"
Round = dict[str, Any]


@dataclass(frozen=True)
class Piece:
    """What one sandbox is for.

    Attributes:
        during: ``apply`` or ``both``, which is a destroy and an apply in turn.
        times: How many of each.
        seed: Decides the moments and victims.
    """

    architecture: str
    during: str
    times: int
    seed: int

    @property
    def command(self) -> list[str]:
        options = {"stack": self.architecture, "during": self.during, "times": self.times, "seed": self.seed}
        return ["drill", "kill", *(part for name, value in options.items() for part in (f"--{name}", str(value)))]


def pieces(seed: int, rounds: int | None = None) -> list[Piece]:
    """The whole plan, or its first so many pieces, the quickest first."""
    found: list[Piece] = []
    for architecture, (applies, destroys) in SHARES.items():
        for during, count in (("both", destroys), ("apply", applies - destroys)):
            for begin in range(0, count, _AT_ONCE):
                found.append(Piece(architecture, during, min(_AT_ONCE, count - begin), seed + len(found)))
    return found[:rounds]


def run_kills(seed: int, rounds: int | None, jobs: int, *, fresh: bool) -> list[Round]:
    """Every kill of the plan; what an interrupted run has done is not done again.

    Raises:
        SystemExit: A drill ended without a result, after all others were run.
    """
    if fresh:
        LOG.unlink(missing_ok=True)
    done = dict(_done())
    plan = pieces(seed, rounds)
    waiting = [piece for piece in plan if piece not in done]
    print(f"kills: {len(plan)} sandboxes, {len(waiting)} to run", file=sys.stderr, flush=True)
    with ThreadPoolExecutor(jobs) as pool:
        for piece, found in zip(waiting, pool.map(_run, waiting), strict=True):
            done[piece] = found
    failed = [piece for piece in plan if not done[piece]]
    if failed:
        sys.exit(f"{len(failed)} of {len(plan)} drills ended without a result; run it again")
    return [{"stack": piece.architecture, "seed": piece.seed, **one} for piece in plan for one in done[piece]]


def _run(piece: Piece) -> list[Round]:
    ended = subprocess.run(
        [sys.executable, "-c", "from tooling.cli.main import main; main()", *piece.command, "--json"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if not ended.stdout:
        # The other sandboxes go on; what failed is tried again by the next run.
        why = f"groundplan {' '.join(piece.command)} ended with {ended.returncode} and without a result"
        print(f"{why}: {ended.stderr}", file=sys.stderr, flush=True)
        return []
    rounds: list[Round] = json.loads(ended.stdout)["rounds"]
    if ended.returncode == 0:
        # What was lost is tried again by the next run, once it is mended.
        LOG.parent.mkdir(parents=True, exist_ok=True)
        with LOG.open("a", encoding="utf-8") as log:
            log.write(json.dumps({"piece": asdict(piece), "rounds": rounds}) + "\n")
    for one in rounds:
        lost = "; ".join(one["lost"]) or "nothing"
        print(f"{piece.architecture}: {one['during']}, {one['victim']}, {one['moment']}: lost {lost}", flush=True)
    return rounds


def _done() -> Iterator[tuple[Piece, list[Round]]]:
    if LOG.is_file():
        for line in LOG.read_text(encoding="utf-8").splitlines():
            content = json.loads(line)
            yield Piece(**content["piece"]), content["rounds"]


def table(rounds: Sequence[Round]) -> list[str]:
    """Figures of the last whole run as lines of the document."""
    if not rounds:
        return ["No whole run yet."]
    lines = [
        "| stack | kills of apply | of destroy | most in doubt | `resume`, median s | longest s | lost nothing |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    groups = [(name, [one for one in rounds if one["stack"] == name]) for name in SHARES]
    for name, found in [*groups, ("**all**", list(rounds))]:
        if found:
            during = Counter(one["during"] for one in found)
            took = [float(one["recovery"]) for one in found]
            whole = sum(not one["lost"] for one in found)
            lines.append(
                f"| {name} | {during['apply']} | {during['destroy']} | {max(one['in_doubt'] for one in found)} "
                f"| {statistics.median(took):.0f} | {max(took):.0f} | {whole} of {len(found)} |"
            )
    victims = Counter(one["victim"] for one in rounds)
    told = ", ".join(f"{who} {count}" for who, count in sorted(victims.items()))
    return [*lines, "", f"Killed: {told}. Seeds {min(_seeds(rounds))} to {max(_seeds(rounds))}."]


def _seeds(rounds: Sequence[Round]) -> list[int]:
    return [int(one["seed"]) for one in rounds]


def read_results(file: Path) -> list[Round]:
    found: list[Round] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    return found
