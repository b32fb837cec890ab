"""The state bucket fails, at any request of an apply: nothing that was made is lost, and nobody is locked out."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cuts import Cut, CutOff, cut_off_in, every_cut, private, problems_of
from tests.support.in_process import run_here
from tests.support.project import Project, tiny_project
from tooling.faultproxy import Rule
from tooling.target import Target

# All of them take half an hour (python -m tests.reliability.faults cuts); here a few, others every day.
SAMPLE = 4


@pytest.fixture
def cut_off(tiny: Project, target: Target, bucket: str) -> CutOff:
    return cut_off_in(tiny, target, bucket)


def test_an_apply_that_is_cut_off_from_its_bucket_at_any_request_loses_nothing(
    tmp_path: Path, home: Path, target: Target, bucket: str
) -> None:
    seed = int(os.environ.get("GROUNDPLAN_SEED") or random.SystemRandom().randrange(10**6))
    print(f"GROUNDPLAN_SEED={seed}")
    numbers = iter(range(1000))

    def another() -> CutOff:
        name = f"{bucket}-{next(numbers)}"
        (tmp_path / name).mkdir()
        return cut_off_in(tiny_project(tmp_path / name, home, name), target, name)

    # GIVEN every way of being cut off at one of the requests that an apply makes of its bucket
    cuts = list(every_cut(another().requests()))

    # WHEN it happens, and the run is resumed
    problems = {str(cut): list(_problems(cut, another())) for cut in random.Random(seed).sample(cuts, SAMPLE)}

    # THEN each resource is there once, in state and reality, and nothing is left of the run
    assert not {cut: found for cut, found in problems.items() if found}


def _problems(cut: Cut, one: CutOff) -> Iterator[str]:
    one.plan()
    answer, proxy = one.apply(cut.rule(one.bucket))
    if not proxy.counts:
        yield "no request was hit"
    yield from problems_of(answer)
    yield from one.recover()


def test_a_bucket_that_is_gone_at_the_end_leaves_the_state_in_a_private_file(cut_off: CutOff) -> None:
    # GIVEN a bucket that takes no state any more
    subprocess.run(["git", "init", "-q"], cwd=cut_off.project.root, check=True)
    ignored = Path(__file__).resolve().parents[2] / ".gitignore"
    cut_off.project.write(".gitignore", ignored.read_text())
    cut_off.plan()

    # WHEN the apply comes to its end
    answer, _ = cut_off.apply(Rule("expired", service="s3", operation="PutObject", key="*.tfstate"))

    # THEN it says what to do, and the state is where only its owner reads it and git does not see it
    assert answer.code == 1, answer.said
    assert "groundplan resume --env local --stack tiny" in answer.err
    assert "Traceback" not in answer.said
    errored = cut_off.project.root / "envs/local/tiny/errored.tfstate"
    assert private(errored)
    assert not _seen_by_git(cut_off.project, errored)
    # and nothing of it is shown
    assert len(cut_off.made()) == 3
    assert not any(identifier in answer.said for identifier in cut_off.made())
    # and resume stores it
    assert not list(cut_off.recover())


def test_a_plan_meanwhile_is_refused_with_the_way_out(cut_off: CutOff) -> None:
    cut_off.plan()
    cut_off.apply(Rule("expired", service="s3", operation="PutObject", key="*.tfstate"))

    planned = run_here(cut_off.project, "plan")

    assert planned.code == 1, planned.said
    assert "groundplan resume --env local --stack tiny" in planned.err
    assert not list(cut_off.recover())


def test_a_lock_that_could_not_be_given_back_is_said_and_taken_away_again(cut_off: CutOff) -> None:
    cut_off.plan()

    answer, _ = cut_off.apply(Rule("expired", service="s3", operation="DeleteObject", key="*.tflock"))

    # All was made and saved: only the lock is left, and its owner is dead.
    assert "the lock could not be given back" in answer.err
    assert "local/tiny.tfstate.tflock" in cut_off.objects()
    assert not list(cut_off.recover())


def test_a_run_that_could_not_be_closed_is_said_and_closed_by_resume(cut_off: CutOff) -> None:
    cut_off.plan()

    answer, _ = cut_off.apply(Rule("expired", service="s3", operation="DeleteObject", key="*/journals/*"))

    # All was made and saved; the next plan would be refused, so the way out is said now.
    assert answer.code == 0, answer.said
    assert "its run could not be closed: groundplan resume --env local --stack tiny" in answer.err
    assert not list(cut_off.recover())


def test_a_lock_whose_answer_was_lost_is_known_as_our_own(cut_off: CutOff) -> None:
    cut_off.plan()
    lost = Rule("reset", service="s3", operation="PutObject", key="*.tflock", nth=1, after=True)

    answer, proxy = cut_off.apply(lost, attempts=3)

    assert answer.code == 0, answer.said
    assert len(proxy.counts) == 1
    assert "local/tiny.tfstate.tflock" not in cut_off.objects()


def test_a_bucket_that_hangs_is_waited_for(cut_off: CutOff) -> None:
    cut_off.plan()

    answer, proxy = cut_off.apply(Rule("hang", service="s3", method="PUT", times=3, seconds=1), attempts=4)

    assert answer.code == 0, answer.said
    assert proxy.counts == {"hang": 3}
    assert not list(cut_off.recover())


def _seen_by_git(project: Project, file: Path) -> bool:
    told = subprocess.run(["git", "check-ignore", "-q", str(file)], cwd=project.root, check=False)
    return told.returncode != 0
