"""The stacks of an environment that have to be planned again, found without Terraform and without asking the cloud."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from tooling.changeset.inputs import Now
from tooling.changeset.last_applies import last_applies
from tooling.changeset.moved import moved
from tooling.changeset.store import store_of
from tooling.environment.config import load_environment
from tooling.environment.stacks import select_stacks
from tooling.target import choose_target
from tooling.terraform.binary import Binary, find_terraform

if TYPE_CHECKING:
    from tooling.workspace import Workspace


@dataclass(frozen=True)
class Changed:
    """What moved since the last whole apply of each stack.

    Attributes:
        env: The environment.
        reasons: By architecture why it counts as changed, in the order of ``env.toml``.
        unchanged: Architectures of which nothing moved.
    """

    env: str
    reasons: dict[str, tuple[str, ...]]
    unchanged: tuple[str, ...]


def find_changed(
    workspace: Workspace,
    env: str,
    wanted: Sequence[str] = (),
    *,
    terraform: Callable[[], Binary] = find_terraform,
    environ: Mapping[str, str] | None = None,
    today: date | None = None,
) -> Changed:
    """Compare what every stack is made from, and its state, with what its last apply left behind.

    The bucket has to belong to the environment's account, so its receipts are the ones that are meant; who asks
    is not looked at before something is planned.

    Args:
        workspace: The project.
        env: The environment.
        wanted: Architectures. Default: all of the environment's.
        terraform: Finds Terraform.
        environ: The shell's variables. Default: this process's.
        today: The day that waivers are measured against. Default: this one, in UTC.

    Raises:
        ToolError: Environment, stacks, Terraform, target or state bucket are not there.
    """
    # Terraform says its version, and the bucket answers, while the files here are read.
    with ThreadPoolExecutor(max_workers=2) as beside:
        asked = beside.submit(terraform)
        config = load_environment(workspace, env)
        stacks = select_stacks(workspace, env, config, wanted)
        target = choose_target(workspace, env, config, environ)
        answered = beside.submit(last_applies, workspace, env, stacks, store_of(target, env, config))
        day = today or datetime.now(UTC).date()
        now = Now(workspace, env, config, target, asked.result().version, day)
        now.read(stacks)
        seen = answered.result()
    found = {stack.architecture: moved(stack, seen[stack.architecture], now) for stack in stacks}
    return Changed(
        env=env,
        reasons={name: reasons for name, reasons in found.items() if reasons},
        unchanged=tuple(name for name, reasons in found.items() if not reasons),
    )
