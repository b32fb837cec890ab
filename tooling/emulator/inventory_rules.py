"""What of moto's objects counts as a thing that somebody made, and how a thing is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from moto.core.base_backend import BaseBackend

# Stores of ours that hold settings of things which are counted elsewhere, what AWS never forgets, or what is past.
SETTINGS = frozenset(
    {
        "account",
        "addresses-used",
        "alarm-checks",
        "applied-quotas",
        "budget-tags",
        "configuration-sets",
        "cost-allocation-tags",
        "email-identities",
        "function-settings",
        "invalidations",
        "jobs",
        "lifecycle",
        "mapped-functions",
        "mediaconvert-tags",
        "mfa-settings",
        "minimum-size",
        "notification",
        "payer",
        "policies",
        "quota-requests",
        "refreshes",
        "replicas",
        "replication",
        "risk-configurations",
        "target-tags",
        "service-tasks",
        "task-addresses",
        "xray-encryption",
        "xray-tags",
    }
)

# Entries of our stores that every account has from the beginning, and keeps.
BY_AWS = frozenset({("queues", "Default")})

# By class: it tells of the past, is AWS's own, or is a value and no thing.
_NEVER = frozenset(
    {
        ("acm", "AccountConfiguration"),
        ("cloudformation", "Event"),
        ("ec2", "BlockDeviceType"),
        ("ec2", "Zone"),
        ("iam", "AWSManagedPolicy"),
        ("kms", "RSAPrivateKey"),
        ("rds", "Event"),
        ("route53", "DelegationSet"),
        ("s3", "FakeDeleteMarker"),
        ("s3", "FakeGrant"),
        ("s3", "FakeGrantee"),
    }
)


def counts(thing: Any, backend: BaseBackend) -> bool:
    """Whether somebody made it, and it is there to stay."""
    service, kind = type(thing).__module__.split(".")[1], type(thing).__name__
    if (service, kind) in _NEVER:
        return False
    is_out = _OUT.get((service, kind))
    if is_out is not None and is_out(thing):
        return False
    return service != "ec2" or not _of_default_network(thing, backend)


def _of_default_network(thing: Any, backend: Any) -> bool:
    """Default VPCs, and the subnets, groups, tables and lists that came with them."""
    network = thing if type(thing).__name__ == "VPC" else backend.vpcs.get(getattr(thing, "vpc_id", None))
    return network is not None and bool(network.is_default)


_OUT: dict[tuple[str, str], Callable[[Any], bool]] = {
    # AWS tells of it for ninety days.
    ("cloudformation", "Stack"): lambda stack: stack.status == "DELETE_COMPLETE",
    # AWS lists it for as long as the account lives, though nothing can be started from it.
    ("ecs", "TaskDefinition"): lambda definition: definition.status == "INACTIVE",
    ("ecs", "Cluster"): lambda cluster: cluster.status == "INACTIVE",
    ("ecs", "Service"): lambda service: service.status == "INACTIVE",
    ("ec2", "ManagedPrefixList"): lambda prefixes: prefixes.resource_owner_id == "AWS",
    ("ec2", "Snapshot"): lambda snapshot: snapshot.from_ami is not None,
    # AWS lists these for a while after their end.
    ("ec2", "Instance"): lambda instance: instance.state == "terminated",
    ("ec2", "NatGateway"): lambda gateway: gateway.state == "deleted",
    ("ec2", "Reservation"): lambda reservation: all(one.state == "terminated" for one in reservation.instances),
    ("ec2", "VPCEndPoint"): lambda endpoint: endpoint.state == "deleted",
    ("iam", "Role"): lambda role: role.path.startswith("/aws-service-role/"),
    ("kms", "Key"): lambda key: key.key_state == "PendingDeletion" or _is_aws_key(key),
    ("secretsmanager", "FakeSecret"): lambda secret: secret.is_deleted(),
}


def _is_aws_key(key: Any) -> bool:
    """A key that a service made for itself on its first use."""
    return any(name.startswith("alias/aws/") for name in key.aliases)


# Where moto keeps a part of something as a plain value, under which name, and what the value is called by.
_PARTS: dict[tuple[str, str], tuple[tuple[str, str, str], ...]] = {
    ("awslambda", "Policy"): (("Statement", "statements", "Sid"),),
    ("events", "Rule"): (("Target", "targets", "Id"),),
    ("iam", "Role"): (("RolePolicy", "policies", ""),),
    ("iam", "User"): (("UserPolicy", "policies", ""),),
}


def parts_of(thing: Any) -> Iterator[tuple[str, str]]:
    """Kind and name of each part that has no object of its own."""
    for kind, attribute, key in _PARTS.get((type(thing).__module__.split(".")[1], type(thing).__name__), ()):
        for part in list(getattr(thing, attribute)):
            yield kind, str(part[key] if key else part)


_NAMES = (
    "name",
    "function_name",
    "table_name",
    "key_name",
    "alias_name",
    "db_instance_identifier",
    "db_parameter_group_name",
    "family",
    "id",
    "resource_id",
    "arn",
)


def name_of(thing: Any, key: object) -> str:
    """Its name, else its id, else the key that it lies under; empty for one of a list that has none of them."""
    for attribute in _NAMES:
        value = getattr(thing, attribute, None)
        if isinstance(value, str) and value:
            return value
    return str(key)
