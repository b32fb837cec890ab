"""A first apply that ended half way: what it left undone is no change of a stack that exists."""

from __future__ import annotations

import json

from tests.support.project import MODULE, Project

FAILS = """
resource "terraform_data" "item_last" {
  depends_on = [terraform_data.item]

  provisioner "local-exec" {
    command = "exit 1"
  }
}
"""


def counts_as_existing(project: Project) -> bool:
    answer = project.run("plan")
    assert answer.code == 0, answer.said
    existing: bool = json.loads((project.latest / "tiny/gate.json").read_text())["changes"]["existing"]
    return existing


def test_a_stack_exists_once_an_apply_of_it_was_whole(tiny: Project) -> None:
    # GIVEN a first apply that made one of two resources
    tiny.write("modules/tiny/main.tf", MODULE + FAILS)
    assert not counts_as_existing(tiny)
    assert tiny.run("apply").code == 1

    # THEN what is left to make is no change of a stack that exists, also when it is gated again
    assert not counts_as_existing(tiny)
    again = tiny.run("gate", "--json")
    assert json.loads(again.out)["local/tiny"]["changes"]["existing"] is False, again.said

    # WHEN it is made whole
    tiny.write("modules/tiny/main.tf", MODULE)
    assert not counts_as_existing(tiny)
    assert tiny.run("apply").code == 0

    # THEN it exists, and goes on to after an apply that fails
    assert counts_as_existing(tiny)
    tiny.write("modules/tiny/main.tf", MODULE + FAILS)
    assert counts_as_existing(tiny)
    assert tiny.run("apply").code == 1
    assert counts_as_existing(tiny)


def test_after_a_destroy_it_begins_anew(tiny: Project) -> None:
    # GIVEN a stack that was whole and was destroyed
    for command in ("plan", "apply", "destroy"):
        answer = tiny.run(command)
        assert answer.code == 0, answer.said

    # WHEN its next first apply ends half way
    tiny.write("modules/tiny/main.tf", MODULE + FAILS)
    assert not counts_as_existing(tiny)
    assert tiny.run("apply").code == 1

    # THEN the rest belongs to that
    assert not counts_as_existing(tiny)
