"""The account's list of addresses that SES sends nothing to: taken off it once they are old enough.

SES itself keeps an entry until somebody removes it.
https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tooling.aws_calls import asking_aws
from tooling.databases.model import utc
from tooling.errors import Exit, ToolError
from tooling.progress import StackProgress

if TYPE_CHECKING:
    from tooling.live import LiveStack

_IDENTITY = "aws_sesv2_email_identity"
BOUNCE, COMPLAINT = "BOUNCE", "COMPLAINT"


@dataclass(frozen=True)
class Suppressed:
    """One address of the list.

    Attributes:
        address: Somebody's: not for logs.
        reason: ``BOUNCE`` or ``COMPLAINT``.
        since: When SES put it there.
        region: Of the list.
    """

    address: str
    reason: str
    since: datetime
    region: str


def sending_regions(live: LiveStack) -> tuple[str, ...]:
    """Where a stack sends mail from; the list is one an account and region.

    Raises:
        ToolError: Exit 2: it sends none.
    """
    identities = live.of(_IDENTITY)
    if not identities:
        raise ToolError("sends no mail: it has no identity of SES", where=live.stack.name, exit_code=Exit.USAGE)
    return tuple(dict.fromkeys(one.region for one in identities))


def suppressed(live: LiveStack, before: datetime, reasons: Sequence[str]) -> tuple[Suppressed, ...]:
    """Addresses that are on the list of a region that the stack sends from since before a moment, the oldest first."""
    found = [one for region in sending_regions(live) for one in _listed(live, region, before, reasons)]
    return tuple(sorted(found, key=lambda one: one.since))


def _listed(live: LiveStack, region: str, before: datetime, reasons: Sequence[str]) -> list[Suppressed]:
    client, found = live.client("sesv2", region), []
    asked: dict[str, Any] = {"Reasons": list(reasons), "EndDate": before}
    with live.asking(f"the suppression list of {region}"):
        while True:
            answer = client.list_suppressed_destinations(**asked)
            found += [
                Suppressed(one["EmailAddress"], one["Reason"], utc(one["LastUpdateTime"]), region)
                for one in answer.get("SuppressedDestinationSummaries", [])
            ]
            if not answer.get("NextToken"):
                return found
            asked["NextToken"] = answer["NextToken"]


def prune(live: LiveStack, found: Sequence[Suppressed]) -> int:
    """Take addresses off their list; how many were still on it."""
    taken = 0
    progress = StackProgress(live.session.progress, live.stack.name, "prune", total=len(found))
    with asking_aws(progress, hint="the rest is taken off by running it again"):
        for one in found:
            client = live.client("sesv2", one.region)
            try:
                client.delete_suppressed_destination(EmailAddress=one.address)
                taken += 1
            except client.exceptions.NotFoundException:
                pass
            progress.step(one.reason.lower())
    progress.end(f"{taken} taken off")
    return taken
