"""A security group, and the rules that let it and others talk."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings import vpc
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.network import EVERYWHERE, Network
from cdktf_app.deployment import Deployment

# What EC2 takes in a description; a plan accepts any.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
_DESCRIPTION = re.compile(r"[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]{1,255}")


@dataclass(frozen=True, kw_only=True)
class SecurityGroupProps:
    """Shape of a security group.

    Attributes:
        deployment: Names and tags.
        name: Last part of its name.
        description: What it is for. EC2 knows no apostrophe, and cannot change it later.
        network: The network it belongs to.
        outbound: Whether anything gets out. Default: True, what rules allow. False: nothing does, and a rule made by
            hand is taken away by the next apply.
        enabled: Condition, as a Terraform expression, under which the group exists with its rules. Default: always.
    """

    deployment: Deployment
    name: str
    description: str
    network: Network
    outbound: bool = True
    enabled: str | None = None


class SecurityGroup(Construct):
    """Security group that lets nothing through but what its rules say, each a resource of its own.

    As resources of their own, rules of two groups may refer to each other. Whoever talks needs a rule that lets it out,
    and whoever is talked to one that lets it in.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: SecurityGroupProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        self._exists = expressions.Existence(props.enabled)
        name = props.deployment.name(props.name)
        self.group = vpc.SecurityGroup(
            self,
            "this",
            count=self._exists.count,
            name=name,
            description=_checked(props.description),
            vpc_id=props.network.vpc_id,
            tags=props.deployment.tagged({"Name": name}).tags,
        )
        if not props.outbound:
            # cdktf leaves an empty list out, which would mean: whatever there is.
            self.group.add_override("egress", [])

    @property
    def id(self) -> str:
        """Id of the group; null when it is not enabled."""
        return self._exists.attribute(self.group, "id")

    @property
    def ids(self) -> list[str]:
        """Id of the group in a list; empty when it is not enabled."""
        return self._exists.as_list(self.group, "id")

    def allow_from_internet(self, construct_id: str, *, port: float, description: str) -> None:
        """Let every IPv4 address in, on one port."""
        self._let_in(construct_id, port, description, cidr=EVERYWHERE)

    def allow_from(self, construct_id: str, other: SecurityGroup, *, port: float, description: str) -> None:
        """Let in whatever has another group, on one port."""
        self._let_in(construct_id, port, description, group=other)

    def allow_to_internet(self, construct_id: str, *, description: str, port: float | None = None) -> None:
        """Let it out to every IPv4 address, on one port. Default: on all, with every protocol."""
        self._let_out(construct_id, port, description, cidr=EVERYWHERE)

    def allow_to(self, construct_id: str, other: SecurityGroup, *, port: float, description: str) -> None:
        """Let it out to whatever has another group, on one port."""
        self._let_out(construct_id, port, description, group=other)

    def _let_in(
        self,
        construct_id: str,
        port: float,
        description: str,
        *,
        cidr: str | None = None,
        group: SecurityGroup | None = None,
    ) -> None:
        vpc.VpcSecurityGroupIngressRule(
            self,
            construct_id,
            count=self._with(group).count,
            security_group_id=self.id,
            description=_checked(description),
            cidr_ipv4=cidr,
            referenced_security_group_id=group.id if group else None,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            tags=self._props.deployment.tags,
        )

    def _let_out(
        self,
        construct_id: str,
        port: float | None,
        description: str,
        *,
        cidr: str | None = None,
        group: SecurityGroup | None = None,
    ) -> None:
        """Let something out.

        Raises:
            ValueError: The group was made to let nothing out.
        """
        if not self._props.outbound:
            raise ValueError(f"{self.node.path} lets nothing out: a rule {construct_id!r} would contradict that")
        vpc.VpcSecurityGroupEgressRule(
            self,
            construct_id,
            count=self._with(group).count,
            security_group_id=self.id,
            description=_checked(description),
            cidr_ipv4=cidr,
            referenced_security_group_id=group.id if group else None,
            ip_protocol="-1" if port is None else "tcp",
            from_port=port,
            to_port=port,
            tags=self._props.deployment.tags,
        )

    def _with(self, other: SecurityGroup | None) -> expressions.Existence:
        """When both groups exist."""
        conditions = [group._props.enabled for group in (self, other) if group and group._props.enabled]
        return expressions.Existence(" && ".join(f"({each})" for each in conditions) or None)


def _checked(description: str) -> str:
    if not _DESCRIPTION.fullmatch(description):
        raise ValueError(
            f"EC2 does not take the description {description!r}: use letters, digits and ._-:/()#,@[]+=&;{{}}!$*"
        )
    return description
