"""Who did it, as far as CloudTrail knows: write events by the names of a resource since the last run.

LookupEvents knows management events of the last 90 days, some minutes after they happened (15 at most, as a rule).
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tooling.drift.model import Deed

if TYPE_CHECKING:
    from tooling.drift.model import DriftedResource
    from tooling.target import Target

KEPT = timedelta(days=90)
DELAY = timedelta(minutes=15)
# Two calls a second are allowed in an account and region.
_SECONDS_A_CALL = 0.5
_MOST_RESOURCES = 25
_MOST_NAMES = 4
_MOST_DEEDS = 5
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})


@dataclass
class Trail:
    """CloudTrail of one account; may be asked from several threads.

    Args:
        target: With whose credentials.
        clock: Now, UTC.
    """

    target: Target
    clock: Callable[[], datetime]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _clients: dict[str, Any] = field(default_factory=dict)
    _silent: str = ""

    def of(self, resources: Sequence[DriftedResource], since: str) -> tuple[dict[str, tuple[Deed, ...]], list[str]]:
        """Who changed these resources.

        Args:
            resources: What changed in the account.
            since: When the last run ended; UTC, ISO 8601; empty where that is not known.

        Returns:
            The newest deeds by address, and what there is to say of it. Never raises: it decides nothing.
        """
        if not resources:
            return {}, []
        now = self.clock()
        oldest = now - KEPT
        begin = max(datetime.fromisoformat(since), oldest) if since else oldest
        found: dict[str, tuple[Deed, ...]] = {}
        for resource in resources[:_MOST_RESOURCES]:
            if self._silent:
                break
            found[resource.address] = self._ask(resource, begin)
        return found, self._notes(resources, found, since, begin, now)

    def _notes(
        self,
        resources: Sequence[DriftedResource],
        found: Mapping[str, tuple[Deed, ...]],
        since: str,
        begin: datetime,
        now: datetime,
    ) -> list[str]:
        if self._silent:
            return [self._silent]
        notes = []
        if len(resources) > _MOST_RESOURCES:
            notes.append(f"CloudTrail was asked about {_MOST_RESOURCES} of {len(resources)} resources")
        if nobody := [address for address, deeds in found.items() if not deeds]:
            more = f" and {len(nobody) - 3} more" if len(nobody) > 3 else ""
            notes.append(
                f"CloudTrail names nobody for {', '.join(nobody[:3])}{more} since {begin:%Y-%m-%d %H:%M} UTC: "
                f"events come up to {DELAY.seconds // 60} minutes late, and calls on data are not among them"
            )
        if not since or datetime.fromisoformat(since) < now - KEPT:
            notes.append(f"CloudTrail keeps {KEPT.days} days: what was done before is not known")
        return notes

    def _ask(self, resource: DriftedResource, begin: datetime) -> tuple[Deed, ...]:
        from botocore.exceptions import BotoCoreError, ClientError

        deeds: dict[str, Deed] = {}
        for name in resource.names[:_MOST_NAMES]:
            try:
                answer = self._lookup(resource.region or self.target.region, name, begin)
            except ClientError as error:
                code = error.response["Error"]["Code"]
                lacks = " (it needs cloudtrail:LookupEvents)" if code in _DENIED else ""
                self._silent = f"who did it is not known: CloudTrail refused to say ({code}){lacks}"
                break
            except BotoCoreError as error:
                self._silent = f"who did it is not known: no answer from CloudTrail: {error}"
                break
            for event in answer.get("Events", ()):
                if (deed := _deed(event)) is not None:
                    deeds[deed.id] = deed
        return tuple(sorted(deeds.values(), key=lambda deed: deed.time, reverse=True)[:_MOST_DEEDS])

    def _lookup(self, region: str, name: str, begin: datetime) -> Mapping[str, Any]:
        with self._lock:
            if region not in self._clients:
                self._clients[region] = self.target.client("cloudtrail", region)
            if not self.target.emulated:
                time.sleep(_SECONDS_A_CALL)
            answer: Mapping[str, Any] = self._clients[region].lookup_events(
                LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": name}],
                StartTime=begin,
                MaxResults=50,
            )
            return answer


def _deed(event: Mapping[str, Any]) -> Deed | None:
    """An event that changed something; None for one that only read, or that AWS refused."""
    if str(event.get("ReadOnly", "false")).lower() == "true":
        return None
    detail: dict[str, Any] = {}
    with suppress(ValueError, TypeError):
        detail = dict(json.loads(event.get("CloudTrailEvent") or "{}"))
    if detail.get("errorCode"):
        return None
    identity = detail.get("userIdentity") or {}
    user = identity.get("arn") or event.get("Username") or "somebody whom CloudTrail does not name"
    when = event["EventTime"]
    return Deed(
        user=str(user),
        event=str(event.get("EventName", "")),
        time=when.astimezone(UTC).isoformat(timespec="seconds"),
        source=str(event.get("EventSource", "")),
        id=str(event.get("EventId", "")),
    )
