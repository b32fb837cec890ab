"""While one plan is judged, Terraform is at the next; and the gate gets ready while Terraform is at the first."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

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


_NOTES_ITS_PRIORITY = """

import os as _os
from pathlib import Path as _Path

_Path({file!r}).write_text(str(_os.getpriority(_os.PRIO_PROCESS, 0)))
"""


class _WaitsForTheGateToGetReady:
    """Lets nobody but the thread that gets the gate ready read a policy: nothing is judged before a file is there."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.in_time = False

    def tick(self, tick: Tick) -> None:
        if tick.phase == "plan" and not self.in_time:
            until = time.monotonic() + PATIENCE_SECONDS
            while not self.file.is_file() and time.monotonic() < until:
                time.sleep(0.01)
            self.in_time = self.file.is_file()

    def note(self, text: str) -> None:
        """Nobody to tell."""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
def test_the_gate_gets_ready_at_the_priority_of_the_run(tiny: Project, tmp_path: Path) -> None:
    # GIVEN a policy that notes how urgent its reader is
    noted = tmp_path / "priority"
    tags = (tiny.root / "policies/tags.py").read_text()
    tiny.write("policies/tags.py", tags + _NOTES_ITS_PRIORITY.format(file=str(noted)))
    waiting = _WaitsForTheGateToGetReady(noted)

    # WHEN
    plan_changeset(open_session(Workspace(tiny.root), "local", progress=waiting))

    # THEN a gate that waits for it does not wait for a thread that everything else goes before
    assert waiting.in_time
    assert int(noted.read_text()) == os.getpriority(os.PRIO_PROCESS, 0)
