"""Where a drill may go all the way: on the emulator, one at a time."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from tooling.drill.failover import Report, drill, readiness
from tooling.errors import ToolError
from tooling.workspace import exclusive

if TYPE_CHECKING:
    from tooling.session import Session


def try_failover(session: Session) -> Report:
    """The whole drill on the emulator; on AWS only what reading answers.

    Raises:
        ToolError: The stack is not applied or has no second region.
    """
    if not session.target.emulated:
        session.progress.note("on AWS nothing is taken away: this is what reading tells (with EMULATOR=1 it is tried)")
        return readiness(session, session.stack)
    from tooling.emulator.process import outage, status

    home = session.workspace.emulator_home
    running = status(home)
    if running is None:
        raise ToolError("the emulator is not running", hint="start it: groundplan emulator up")

    def away(region: str) -> AbstractContextManager[None]:
        return outage(running, region)

    with exclusive(home / "drill.lock"):
        # A drill that was killed may have left the region away; ending an outage that is none does no harm.
        with away(session.config.region):
            pass
        return drill(session, session.stack, away)
