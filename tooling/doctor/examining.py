"""The stacks of an environment under examination, applied or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tooling.doctor.examination import Examination
from tooling.doctor.outside import outside_of
from tooling.live import LiveStack
from tooling.session import open_session
from tooling.state import read_state

if TYPE_CHECKING:
    from tooling.doctor.outside import Outside
    from tooling.progress import Progress
    from tooling.workspace import Workspace


def examinations(
    workspace: Workspace,
    env: str,
    wanted: Sequence[str],
    *,
    url: str = "",
    progress: Progress | None = None,
    outside: Outside | None = None,
) -> Iterator[Examination]:
    """One for each stack; a stack that is not applied has an empty state.

    Args:
        workspace: The project.
        env: The environment.
        wanted: Its stacks; empty: all.
        url: Where the application answers; empty: where its load balancer is.
        progress: Who is told.
        outside: The way out. Default: the target's.

    Raises:
        ToolError: No such environment or stack, no credentials, or the state cannot be read.
    """
    session = open_session(workspace, env, wanted, progress=progress)
    for stack in session.stacks:
        state = read_state(session.target, session.config, stack) or {"resources": [], "outputs": {}}
        live = LiveStack(session, stack, state)
        yield Examination(live, outside or outside_of(session.target), session.clock(), url)
