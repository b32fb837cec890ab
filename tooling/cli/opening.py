"""The one applied stack that a command is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tooling.live import LiveStack


def open_live(env: str, stack: str) -> LiveStack:
    """A stack of an environment of this project, as it is applied.

    Raises:
        ToolError: Something is wrong with the project, the account or the state; or nothing is applied.
    """
    from tooling.live import live_stack
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    session = open_session(find_workspace(), env, [stack])
    return live_stack(session, session.stack)
