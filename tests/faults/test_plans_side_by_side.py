"""While one plan is judged, Terraform is at the next."""

from __future__ import annotations

import threading

from tests.support.project import Project
from tooling.planning import plan_changeset
from tooling.progress import Tick
from tooling.session import open_session
from tooling.workspace import Workspace

PATIENCE_SECONDS = 60.0


class _HoldsTheFirstUp:
    """Keeps the stack that is judged first waiting until Terraform plans the other."""

    def __init__(self) -> None:
        self.planned: list[str] = []
        self.other_began = threading.Event()
        self.began_while_judged: bool | None = None

    def tick(self, tick: Tick) -> None:
        if tick.phase == "plan" and tick.stack not in self.planned:
            self.planned.append(tick.stack)
            if len(self.planned) == 2:
                self.other_began.set()
        if tick.phase == "gate" and tick.finished is None and self.began_while_judged is None:
            self.began_while_judged = self.other_began.wait(PATIENCE_SECONDS)

    def note(self, text: str) -> None:
        """Nobody to tell."""


def test_terraform_plans_the_next_stack_while_a_plan_is_judged(tiny: Project) -> None:
    # GIVEN two stacks, and Terraform for one at a time
    root = (tiny.root / "envs/local/tiny/main.tf").read_text()
    for word in ("local/tiny", "modules/tiny", 'module "tiny"', "module.tiny"):
        root = root.replace(word, word.replace("tiny", "other"))
    tiny.write("envs/local/other/main.tf", root)
    tiny.write("envs/local/other/.terraform.lock.hcl", "")
    tiny.write("modules/other/main.tf", (tiny.root / "modules/tiny/main.tf").read_text())
    settings = (tiny.root / "envs/local/env.toml").read_text()
    tiny.write("envs/local/env.toml", settings.replace("[stacks.tiny]", "[stacks.tiny]\n\n[stacks.other]"))
    watcher = _HoldsTheFirstUp()
    session = open_session(Workspace(tiny.root), "local", progress=watcher)

    # WHEN
    run = plan_changeset(session, jobs=1)

    # THEN
    assert watcher.began_while_judged
    assert len(run.stacks) == 2
    assert [plan.stack for plan in run.stacks] == list(session.stacks)
