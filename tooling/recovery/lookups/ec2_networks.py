"""Networks and what stands in them. EC2 makes all of these together with their tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tooling.recovery.answers import fits_name, has_planned_tags, needs, tags_in
from tooling.recovery.asking import each
from tooling.recovery.lookup import Found, Wanted, finds

_NEXT = ("NextToken", "NextToken")
_GOING = frozenset({"deleted", "deleting", "failed"})


def _listed(wanted: Wanted, operation: str, key: str, **filters: Any) -> Iterator[tuple[Any, dict[str, str]]]:
    """What EC2 lists under filters whose value was planned, with the planned tags; each with its tags."""
    given = [
        {"Name": name.replace("_", "-"), "Values": [str(value)]} for name, value in filters.items() if value is not None
    ]
    # The one operation that calls it otherwise.
    argument = "Filter" if operation == "describe_flow_logs" else "Filters"
    # Addresses come on one page.
    token = _NEXT if operation == "describe_addresses" else None
    for entry in each(wanted.client("ec2"), operation, key, token=token, **({argument: given} if given else {})):
        tags = tags_in(entry.get("Tags"))
        if has_planned_tags(wanted, tags):
            yield entry, tags


@finds("aws_vpc")
def _vpc(wanted: Wanted) -> Iterator[Found]:
    planned = wanted.values.get("cidr_block")
    for vpc, tags in _listed(wanted, "describe_vpcs", "Vpcs", cidr=planned):
        if not vpc["IsDefault"]:
            yield Found(vpc["VpcId"], tags)


@finds("aws_subnet")
@needs("vpc_id")
def _subnet(wanted: Wanted) -> Iterator[Found]:
    values = wanted.values
    filters = {"vpc_id": values["vpc_id"], "cidr_block": values.get("cidr_block")}
    zone = values.get("availability_zone")
    for subnet, tags in _listed(wanted, "describe_subnets", "Subnets", **filters, availability_zone=zone):
        yield Found(subnet["SubnetId"], tags)


@finds("aws_internet_gateway")
def _internet_gateway(wanted: Wanted) -> Iterator[Found]:
    # Made first and attached in a second call, so an unattached one may be it.
    for gateway, tags in _listed(wanted, "describe_internet_gateways", "InternetGateways"):
        attached = {attachment["VpcId"] for attachment in gateway.get("Attachments", ())}
        if attached <= {wanted.values.get("vpc_id")}:
            yield Found(gateway["InternetGatewayId"], tags)


@finds("aws_eip")
def _address(wanted: Wanted) -> Iterator[Found]:
    for address, tags in _listed(wanted, "describe_addresses", "Addresses", domain=wanted.values.get("domain")):
        yield Found(address["AllocationId"], tags)


@finds("aws_nat_gateway")
@needs("subnet_id")
def _nat_gateway(wanted: Wanted) -> Iterator[Found]:
    subnet, allocation = wanted.values["subnet_id"], wanted.values.get("allocation_id")
    for gateway, tags in _listed(wanted, "describe_nat_gateways", "NatGateways", subnet_id=subnet):
        addresses = {address.get("AllocationId") for address in gateway.get("NatGatewayAddresses", ())}
        if gateway["State"] not in _GOING and (allocation is None or allocation in addresses):
            yield Found(gateway["NatGatewayId"], tags, gateway.get("CreateTime"))


@finds("aws_flow_log")
def _flow_log(wanted: Wanted) -> Iterator[Found]:
    values = wanted.values
    watched = next((values[name] for name in ("vpc_id", "subnet_id", "eni_id") if values.get(name)), None)
    goal = values.get("log_destination")
    if watched is None:
        return
    for log, tags in _listed(wanted, "describe_flow_logs", "FlowLogs", resource_id=watched):
        if values.get("traffic_type") in (None, log["TrafficType"]) and goal in (None, log.get("LogDestination")):
            yield Found(log["FlowLogId"], tags, log.get("CreationTime"))


@finds("aws_vpc_endpoint")
@needs("vpc_id", "service_name")
def _endpoint(wanted: Wanted) -> Iterator[Found]:
    values = wanted.values
    filters = {"vpc_id": values["vpc_id"], "service_name": values.get("service_name")}
    kind = values.get("vpc_endpoint_type")
    for endpoint, tags in _listed(wanted, "describe_vpc_endpoints", "VpcEndpoints", **filters, vpc_endpoint_type=kind):
        if endpoint["State"].lower() not in _GOING:
            yield Found(endpoint["VpcEndpointId"], tags, endpoint.get("CreationTimestamp"))


@finds("aws_launch_template")
def _launch_template(wanted: Wanted) -> Iterator[Found]:
    name = wanted.values.get("name")
    for template, tags in _listed(wanted, "describe_launch_templates", "LaunchTemplates", launch_template_name=name):
        if fits_name(wanted, template["LaunchTemplateName"]):
            yield Found(template["LaunchTemplateId"], tags, template.get("CreateTime"))
