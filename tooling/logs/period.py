"""From when to when logs are asked."""

from __future__ import annotations

from datetime import datetime

from tooling.errors import Exit, ToolError
from tooling.moments import shown


def check_period(since: datetime, until: datetime) -> None:
    """Refuse a period in which nothing can be.

    Raises:
        ToolError: Exit 2.
    """
    if since >= until:
        raise ToolError(
            f"--since is not before --until: {shown(since)} to {shown(until)}",
            hint="exchange them",
            exit_code=Exit.USAGE,
        )
