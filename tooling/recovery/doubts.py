"""Was it made, and by the run that died? What exists is taken into the state only when that is proven."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError
from tooling.journal.model import REFUSED
from tooling.recovery.lookup import Found, Wanted, lookup_of

if TYPE_CHECKING:
    from tooling.journal.model import Step
    from tooling.recovery.planned import Planned
    from tooling.states.content import Instance

# AWS's clocks and ours, and times that AWS tells to the second only.
CLOCKS_DIFFER = timedelta(seconds=5)


@dataclass(frozen=True)
class Proof:
    """What is known of one doubt.

    Attributes:
        found: What is there and is taken; None: nothing is.
        unsure: Why what is there is not taken; empty otherwise.
    """

    found: Found | None
    unsure: str = ""


class LookRefused(ToolError):
    """AWS does not let us look."""


class Inquiry:
    """Looks for what a run may have made.

    Args:
        region_of: The region that belongs to a provider's alias.
        account_id: The account.
        client: Makes a boto3 client of a service in a region.
        adopt: Addresses that the user says are of the run.
        leave: Addresses that the user says are not.
    """

    def __init__(
        self,
        *,
        region_of: Callable[[str], str],
        account_id: str,
        client: Callable[[str, str], Any],
        adopt: Collection[str] = (),
        leave: Collection[str] = (),
    ) -> None:
        self._region_of, self._account_id, self._client = region_of, account_id, client
        self._adopt, self._leave = frozenset(adopt), frozenset(leave)

    def look(self, planned: Planned, step: Step, before: str = "", others: Collection[str] = ()) -> Proof:
        """Ask for one resource.

        What AWS refused to make counts as not made unless it is there and proven: whoever may not make a thing may
        often not look for it either.

        Args:
            planned: What was being made.
            step: What the journal says of it.
            before: Id of what it takes the place of, which may look like it in all else.
            others: Ids that belong to other addresses of its type; they decide only between several candidates,
                since some types have ids that are not unique.

        Raises:
            ToolError: AWS does not answer, or does not let us look.
        """
        if planned.address in self._leave:
            return Proof(None)
        try:
            return self._judged(step, self._look(planned, step, before, others))
        except LookRefused:
            if step.result == REFUSED:
                return Proof(None)
            raise

    def _look(self, planned: Planned, step: Step, before: str, others: Collection[str]) -> Proof:
        lookup = lookup_of(planned.type)
        if lookup is None:
            return Proof(None, f"nobody here knows how to look for a {planned.type}")
        asked_for = (planned.address, planned.type, planned.values, planned.alias)
        candidates = tuple(one for one in self._ask(*asked_for, lookup) if one.id != before)
        if len(candidates) > 1:
            candidates = tuple(one for one in candidates if one.id not in others)
        if not candidates:
            return Proof(None)
        if planned.address in self._adopt:
            return _only(candidates)
        asked = [one for one in candidates if one.there]
        if not asked:
            return Proof(candidates[0]) if len(candidates) == 1 else _several(candidates)
        ours = [one for one in asked if _proven(one, planned, step)]
        if not ours:
            return Proof(None, _nothing_shows(asked[0].id)) if len(asked) == 1 else _several(asked)
        return _only(ours)

    def gone(self, one: Instance) -> bool:
        """Whether AWS knows an object of the state no more, for certain: it lists all like it, and this is not there.

        Raises:
            ToolError: AWS does not answer, or does not let us look.
        """
        kind = str(one.resource["type"])
        lookup = lookup_of(kind)
        if lookup is None:
            return False
        # provider["registry.terraform.io/hashicorp/aws"].failover
        alias = str(one.resource.get("provider", "")).rpartition('"]')[2].removeprefix(".")
        found = self._ask(one.address, kind, one.body.get("attributes") or {}, alias, lookup)
        return all(candidate.there and candidate.id != one.id for candidate in found)

    def judge_read(self, planned: Planned, step: Step, found: Found, attributes: Mapping[str, Any]) -> Proof:
        """Whose it is that Terraform read under a derived id, by what it read."""
        if planned.address in self._adopt or found.within:
            return Proof(found)
        wanted = planned.values.get("tags_all") or {}
        tags = attributes.get("tags_all") or {}
        if wanted and wanted.items() <= tags.items():
            return Proof(found)
        return self._judged(step, Proof(None, _nothing_shows(found.id)))

    def _judged(self, step: Step, proof: Proof) -> Proof:
        refused = step.result == REFUSED and step.address not in self._adopt
        return Proof(None) if proof.unsure and refused else proof

    def _ask(
        self, address: str, kind: str, values: Mapping[str, Any], alias: str, lookup: Callable[[Wanted], Any]
    ) -> tuple[Found, ...]:
        from botocore.exceptions import BotoCoreError, ClientError

        region = self._region_of(alias)
        wanted = Wanted(
            address=address,
            type=kind,
            values=values,
            region=region,
            account_id=self._account_id,
            client=lambda service, elsewhere=region: self._client(service, elsewhere),
        )
        try:
            return tuple(lookup(wanted))
        except ClientError as error:
            told = error.response["Error"].get("Code")
            raise LookRefused(
                f"{error.operation_name} was refused ({told}) while looking for what may have been made",
                where=address,
                hint="resume again with the right to read it; nothing was changed",
            ) from error
        except BotoCoreError as error:
            raise ToolError(f"no answer from AWS: {error}", where=address, hint="resume again") from error


def _proven(found: Found, planned: Planned, step: Step) -> bool:
    """By its tags, by its birth after the run began to make it, or by what it is a part of."""
    wanted = planned.values.get("tags_all") or {}
    if found.within or (found.tags is not None and wanted and wanted.items() <= found.tags.items()):
        return True
    began = _moment(step.began)
    return found.created is not None and began is not None and found.created >= began - CLOCKS_DIFFER


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def _only(candidates: tuple[Found, ...] | list[Found]) -> Proof:
    return Proof(candidates[0]) if len(candidates) == 1 else _several(candidates)


def _several(candidates: tuple[Found, ...] | list[Found]) -> Proof:
    return Proof(None, f"there are {len(candidates)} that may be it: {', '.join(one.id for one in candidates)}")


def _nothing_shows(identifier: str) -> str:
    return f"{identifier} exists, and nothing shows that this run made it"
