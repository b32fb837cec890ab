"""`groundplan graph --parts`: what a module is made of."""

from __future__ import annotations

import pytest

from tests.support.project import REPOSITORY, Project


@pytest.mark.requirement("KF-OV-01")
def test_the_five_parts_of_kefir_are_listed() -> None:
    answer = Project(REPOSITORY).run("graph", "--parts", "--env", "dev", "--stack", "kefir")

    assert answer.code == 0, answer.said
    parts = dict(line.removeprefix("dev/kefir: ").split(", ") for line in answer.out.splitlines())
    assert set(parts) == {"api", "auth", "data", "monitoring", "scheduler"}
    assert all(int(count.removesuffix(" resources")) > 0 for count in parts.values())
