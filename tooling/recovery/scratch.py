"""A copy of a root module whose state is a file beside it: a state is put together there, away from the real one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling.workspace import private_folder, write_private

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.session import Session
    from tooling.terraform.runner import OnEvent, Terraform

_BACKEND = """\
terraform {
  backend "local" {
    path = "state.json"
  }
}
"""


@dataclass(frozen=True)
class Scratch:
    """One such copy.

    Attributes:
        root: Its folder.
        terraform: Runs in it.
    """

    root: Path
    terraform: Terraform

    @property
    def state_file(self) -> Path:
        return self.root / "state.json"

    def write_state(self, content: bytes) -> None:
        write_private(self.state_file, content)

    def plan(self, on_event: OnEvent, *, destroy: bool = False) -> dict[str, Any]:
        """Refresh, plan, and the plan as JSON, secrets in clear.

        Raises:
            ToolError: Terraform failed.
        """
        out = self.root / "plan.tfplan"
        self.terraform.plan(out, on_event, destroy=destroy)
        return self.terraform.show(out)


@contextmanager
def scratch_of(session: Session, stack: Stack) -> Iterator[Scratch]:
    """Make the copy, initialised, and remove it: it holds secrets.

    The folders lie to one another as in the project, so that the root finds its module by the same path.
    """
    base = private_folder(stack.work / "recovery")
    shutil.rmtree(base, ignore_errors=True)
    try:
        private_folder(base)
        for folder in (session.workspace.modules, session.workspace.functions):
            if folder.is_dir():
                (base / folder.relative_to(session.workspace.root)).symlink_to(folder)
        root = base / stack.root.relative_to(session.workspace.root)
        shutil.copytree(stack.root, root, ignore=shutil.ignore_patterns(".terraform", "*.tfstate*"))
        (root / "groundplan_override.tf").write_text(_BACKEND, encoding="utf-8")
        terraform = session.terraform(stack, root=root, data=base / "data")
        terraform.init()
        yield Scratch(root, terraform)
    finally:
        shutil.rmtree(base, ignore_errors=True)
