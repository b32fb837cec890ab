"""DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tooling.cost.amount import HOURS, amount
from tooling.cost.component import Component, Pricer, only, unpriced
from tooling.cost.estate import Resource, decimal

DYNAMODB, TRANSFER = "Amazon DynamoDB", "AWS Data Transfer"


def table(item: Resource) -> Iterator[Component]:
    if item.get("table_class", "STANDARD") != "STANDARD":
        yield unpriced("table", DYNAMODB, f"no prices of the table class {item.get('table_class')}")
        return
    replicas = item.blocks("replica")
    if item.get("billing_mode", "PROVISIONED") == "PAY_PER_REQUEST":
        yield from _requests(item, bool(replicas))
    else:
        yield from _capacity(item)
    yield from _kept(item, "", None, _recoverable(item))
    if item.get("stream_enabled", False):
        reads = item.assume("table.stream_reads")
        remark = "Lambda reads streams for nothing"
        yield only(DYNAMODB, "stream", "dynamodb.stream_read", reads, "reads of the stream by others", remark)
    for replica in replicas:
        region = str(replica.get("region_name"))
        yield from _replica(item, region, recoverable=bool(replica.get("point_in_time_recovery")))


def _recoverable(item: Resource) -> bool:
    return any(block.get("enabled") for block in item.blocks("point_in_time_recovery"))


def _requests(item: Resource, replicated: bool) -> Iterator[Component]:
    """Writes to a table of several regions are replicated writes in each of them, the first as well."""
    yield only(DYNAMODB, "reads", "dynamodb.on_demand.read", item.assume("table.reads"), "read request units")
    price = "dynamodb.on_demand.replicated_write" if replicated else "dynamodb.on_demand.write"
    what = "replicated write request units" if replicated else "write request units"
    yield only(DYNAMODB, "writes", price, item.assume("table.writes"), what)


def _capacity(item: Resource) -> Iterator[Component]:
    """Provisioned capacity, that of the indexes with it; a scaled one is priced at what the table begins with."""
    indexes = item.blocks("global_secondary_index")
    for part, name, price in (
        ("read capacity", "read_capacity", "dynamodb.provisioned.rcu_hour"),
        ("write capacity", "write_capacity", "dynamodb.provisioned.wcu_hour"),
    ):
        units = item.number(name)
        for index in indexes:
            units = units + amount(decimal(index.get(name) or 0))
        yield only(DYNAMODB, part, price, units * HOURS, f"provisioned {part}, indexes included")


def _kept(item: Resource, suffix: str, region: str | None, recoverable: bool) -> Iterator[Component]:
    size = item.assume("table.gb")
    where = f" in {region}" if region else ""
    yield Component(
        part=f"storage{suffix}",
        what=f"storage{where}",
        service=DYNAMODB,
        price="dynamodb.storage",
        amount=size,
        region=region,
    )
    if recoverable:
        yield Component(
            part=f"recovery{suffix}",
            what=f"point-in-time recovery{where}",
            service=DYNAMODB,
            price="dynamodb.pitr",
            amount=size,
            region=region,
        )


def _replica(item: Resource, region: str, *, recoverable: bool) -> Iterator[Component]:
    yield Component(
        part=f"writes {region}",
        what=f"replicated write request units in {region}",
        service=DYNAMODB,
        price="dynamodb.on_demand.replicated_write",
        amount=item.assume("table.writes"),
        region=region,
    )
    yield from _kept(item, f" {region}", region, recoverable)
    sent = item.assume("table.replicated_gb")
    yield only(TRANSFER, f"sent {region}", "data_transfer.between_regions", sent, f"data sent to {region}")


PRICED: Mapping[str, Pricer] = {"aws_dynamodb_table": table}
