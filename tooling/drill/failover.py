"""The first region is gone: does the second serve the same? Tried for real on the emulator, read only on AWS."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from tooling.aws_calls import asking_aws
from tooling.drill import apis, contents, routing
from tooling.drill.checklist import Check, Checklist
from tooling.drill.clients import Clients
from tooling.drill.pair import Pair, Stays, find_pair
from tooling.drill.probe import Probe
from tooling.errors import ToolError
from tooling.progress import StackProgress

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.session import Session

DRILL, READINESS = "drill", "readiness"
# How many checks each runs, for the progress.
_DRILL_CHECKS, _READINESS_CHECKS = 14, 6

Outage = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True)
class Report:
    """What came out.

    Attributes:
        kind: ``drill``: the first region was taken away. ``readiness``: everything was only read.
    """

    kind: str
    stack: str
    first: str
    second: str
    checks: tuple[Check, ...]
    stays: tuple[Stays, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.passed)


@dataclass(frozen=True)
class _Facts:
    """What the first region had while it was there."""

    api_id: str
    api: apis.Api
    domain: str
    objects: dict[str, str]
    items: dict[str, str]


def drill(session: Session, stack: Stack, outage: Outage, *, patience: float = 30.0) -> Report:
    """Take the first region away and look at what the second serves.

    The region comes back and the probes go, whatever happens meanwhile.

    Args:
        session: Run over the stack, on the emulator.
        stack: One with a second region.
        outage: Takes a region away for as long as it is held.
        patience: Seconds until what is written in one region has to be in the other.

    Raises:
        ToolError: The stack has no second region, or the first could not be read while it was there.
    """
    pair, stays = find_pair(session, stack)
    clients = Clients(session)
    progress = StackProgress(session.progress, stack.name, "drill", total=_DRILL_CHECKS)
    checklist = Checklist(progress)
    probe = Probe(clients, pair, patience=patience)
    with _ending_well(), asking_aws(progress, hint="the first region is back, the probes are removed"):
        try:
            checklist.run(f"an object written in {pair.first.region} arrives in {pair.second.region}", probe.object)
            checklist.run(f"an item written in {pair.first.region} arrives in {pair.second.region}", probe.item)
            facts = _facts(clients, pair)
            with outage(pair.first.region):
                _gone(checklist, clients, pair, facts)
                _contents(checklist, clients, pair, facts)
                checklist.run(f"{pair.second.region} takes what is written meanwhile", probe.meanwhile)
                _routes(checklist, clients, pair, facts)
            checklist.run(f"{pair.first.region} is back and has what was written meanwhile", probe.back)
        finally:
            if not checklist.run("the probes are removed", probe.remove):
                session.progress.note(f"{stack.name}: probes may be left: {probe.name}")
    failed = sum(not check.passed for check in checklist.checks)
    progress.end(f"{len(checklist.checks) - failed} passed, {failed} failed", failed=bool(failed))
    return Report(DRILL, stack.name, pair.first.region, pair.second.region, checklist.checks, stays)


def readiness(session: Session, stack: Stack) -> Report:
    """The same questions as far as reading answers them. Writes nothing, takes nothing away.

    Raises:
        ToolError: The stack has no second region, or the first cannot be read.
    """
    pair, stays = find_pair(session, stack)
    clients = Clients(session)
    progress = StackProgress(session.progress, stack.name, "readiness", total=_READINESS_CHECKS)
    checklist = Checklist(progress)
    with asking_aws(progress, hint="nothing was written"):
        facts = _facts(clients, pair, contents_too=False)
        checklist.run(
            f"{pair.second.region} has every object of the site, by key and size", lambda: _sizes(clients, pair)
        )
        checklist.run(f"the table's replica in {pair.second.region} is active", lambda: _replica(clients, pair))
        _routes(checklist, clients, pair, facts)
    failed = sum(not check.passed for check in checklist.checks)
    progress.end(f"{len(checklist.checks) - failed} passed, {failed} failed", failed=bool(failed))
    return Report(READINESS, stack.name, pair.first.region, pair.second.region, checklist.checks, stays)


def _facts(clients: Clients, pair: Pair, *, contents_too: bool = True) -> _Facts:
    gateway = clients("apigateway", pair.first)
    api_id = apis.find_api_id(gateway, pair.api_url, pair.api_domain)
    first = pair.first
    return _Facts(
        api_id=api_id,
        api=apis.read_api(gateway, clients("lambda", first), api_id),
        domain=routing.regional_domain(gateway, pair.api_domain),
        objects=contents.object_digests(clients("s3", first), first.bucket) if contents_too else {},
        items=contents.item_digests(clients("dynamodb", first), first.table) if contents_too else {},
    )


def _gone(checklist: Checklist, clients: Clients, pair: Pair, facts: _Facts) -> None:
    first = pair.first
    calls: dict[str, Callable[[], object]] = {
        "site bucket": lambda: clients("s3", first, retries=0).list_objects_v2(Bucket=first.bucket, MaxKeys=1),
        "table": lambda: clients("dynamodb", first, retries=0).describe_table(TableName=first.table),
        "API": lambda: clients("apigateway", first, retries=0).get_rest_api(restApiId=facts.api_id),
    }
    for what, call in calls.items():
        checklist.run(f"the {what} of {first.region} no longer answers", partial(_fails, call))


def _contents(checklist: Checklist, clients: Clients, pair: Pair, facts: _Facts) -> None:
    second = pair.second

    def objects() -> str:
        here = contents.object_digests(clients("s3", second), second.bucket)
        return contents.require_equal(facts.objects, here, "objects (the probe is one)")

    def items() -> str:
        here = contents.item_digests(clients("dynamodb", second), second.table)
        return contents.require_equal(facts.items, here, "items (the probe is one)")

    checklist.run(f"{second.region} has every object of the site", objects)
    checklist.run(f"{second.region} has every item of the table", items)


def _routes(checklist: Checklist, clients: Clients, pair: Pair, facts: _Facts) -> None:
    second = pair.second
    gateway = clients("apigateway", second)

    @cache
    def read() -> apis.Api:
        return apis.read_api(gateway, clients("lambda", second), pair.second_api_id)

    def dns() -> str:
        if pair.api_domain and (behind := apis.mapped_api(gateway, pair.api_domain)) != pair.second_api_id:
            raise ToolError(f"in {second.region} the domain leads to the API {behind}, not to {pair.second_api_id}")
        return routing.require_dns_failover(
            clients("route53", second),
            pair.zone_id,
            pair.api_domain,
            facts.domain,
            routing.regional_domain(gateway, pair.api_domain),
            pair.health_check_id,
        )

    def origins() -> str:
        cloudfront = clients("cloudfront", second)
        return routing.require_origin_failover(cloudfront, pair.distribution_id, pair.first.bucket, second.bucket)

    checklist.run(
        f"the API of {second.region} has the same routes and is deployed",
        lambda: apis.require_same_routes(facts.api, read()),
    )
    checklist.run(
        f"its functions are in {second.region}, with the same code and the table there",
        lambda: apis.require_same_functions(facts.api, read(), second.region, second.table),
    )
    checklist.run(f"Route 53 leads the API's callers to {second.region}", dns)
    checklist.run(f"CloudFront takes the site from {second.region}", origins)


def _sizes(clients: Clients, pair: Pair) -> str:
    there, here = (contents.object_sizes(clients("s3", side), side.bucket) for side in (pair.first, pair.second))
    return contents.require_equal(there, here, "objects")


def _replica(clients: Clients, pair: Pair) -> str:
    first, second = pair.first, pair.second
    replicas = clients("dynamodb", first).describe_table(TableName=first.table)["Table"].get("Replicas", [])
    status = next((one.get("ReplicaStatus") for one in replicas if one["RegionName"] == second.region), "missing")
    if status != "ACTIVE":
        raise ToolError(f"the replica of {first.table} is {str(status).lower()}")
    items = clients("dynamodb", second).describe_table(TableName=second.table)["Table"].get("ItemCount", 0)
    return f"{second.table}, about {items} items"


def _fails(call: Callable[[], object]) -> str:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        call()
    except ClientError as error:
        status = int(error.response["ResponseMetadata"]["HTTPStatusCode"])
        if status >= 500:
            return f"{error.operation_name}: HTTP {status}"
        raise
    except BotoCoreError as error:
        return f"no answer: {error}"
    raise ToolError("it still answers")


@contextmanager
def _ending_well() -> Iterator[None]:
    """Let SIGTERM end the drill as an interrupt does, so that it cleans up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
