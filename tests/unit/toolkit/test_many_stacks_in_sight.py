"""What a terminal shows of more stacks than it has lines."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from tooling.changed import Changed
from tooling.cli.changed_text import changed_text
from tooling.cli.live import Live
from tooling.progress import Tick

HEIGHT = 12


def shown(live: Live) -> list[str]:
    console = Console(file=io.StringIO(), width=100, height=HEIGHT)
    with console.capture() as captured:
        console.print(live)
    return captured.get().splitlines()


def live_of(*ticks: Tick) -> Live:
    live = Live(Console(file=io.StringIO(), force_terminal=True, width=100, height=HEIGHT))
    for tick in ticks:
        live.tick(tick)
    return live


def done(number: int, *, failed: bool = False) -> Tick:
    return Tick(f"dev/cell-{number:03}", "gate", finished="failed" if failed else "passed", failed=failed)


def test_as_many_stacks_as_there_are_lines_have_one_each() -> None:
    lines = shown(live_of(*(done(number) for number in range(HEIGHT - 3))))

    assert [line.split()[1] for line in lines] == [f"dev/cell-{number:03}" for number in range(HEIGHT - 3)]


def test_of_more_stacks_what_runs_and_what_failed_stays_in_sight() -> None:
    lines = shown(
        live_of(
            done(0, failed=True),
            *(done(number) for number in range(1, 400)),
            Tick("dev/cell-400", "plan"),
            Tick("dev/cell-401", "init"),
        )
    )

    assert len(lines) <= HEIGHT - 2
    assert lines[0].split() == ["✓", "393", "stacks", "done"]
    assert [line.split()[1] for line in lines[1:]] == [
        "dev/cell-000",
        *(f"dev/cell-{number}" for number in range(394, 402)),
    ]


def test_of_many_unchanged_stacks_the_first_are_named_and_the_others_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    changed_text(Changed("dev", {}, tuple(f"cell-{number:03}" for number in range(997))))

    line = capsys.readouterr().out.splitlines()[0]
    assert line.startswith("unchanged since the last apply: cell-000, cell-001, ")
    assert line.endswith(", cell-019 and 977 more")
