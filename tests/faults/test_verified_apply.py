"""An apply that looks at what it made."""

from __future__ import annotations

import json

from tests.support.project import Project


def test_each_stack_is_verified_as_soon_as_it_is_applied(tiny: Project) -> None:
    planned = tiny.run("plan")
    assert planned.code == 0, planned.said

    answer = tiny.run("apply", "--verify", "--json")

    assert answer.code == 0, answer.said
    (verified,) = json.loads(answer.out)["verified"]
    assert (verified["architecture"], verified["sound"]) == ("tiny", True)
    assert {each["status"] for each in verified["resources"]} == {"there"}


def test_an_apply_looks_at_nothing_unless_asked_to(tiny: Project) -> None:
    planned = tiny.run("plan")
    assert planned.code == 0, planned.said

    answer = tiny.run("apply", "--json")

    assert answer.code == 0, answer.said
    assert "verified" not in json.loads(answer.out)
