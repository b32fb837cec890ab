"""Network ACLs: what subnets let through, whatever security groups say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_app.bindings import vpc
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.network import EVERYWHERE, Network
from cdktf_app.deployment import Deployment

# Between numbers there is room for a rule that somebody needs at once.
_STEP = 100
_HTTP, _HTTPS, _SSH, _REMOTE_DESKTOP = 80, 443, 22, 3389
# An ACL knows no connections: an answer comes in, or goes out, on the port that was asked from. NAT gateways and load
# balancers ask from any of these, clients likewise; what runs Linux from the upper half alone.
# https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
_LAST = 65535
_EPHEMERAL = (1024, _LAST)
_EPHEMERAL_OF_LINUX = (32768, _LAST)


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """An entry of an ACL; the first that fits decides.

    Attributes:
        name: Its id.
        cidr: The other side's addresses.
        ports: First and last port, of TCP. Default: everything, every protocol.
        deny: Refuse instead of let through. Default: False.
    """

    name: str
    cidr: str
    ports: tuple[int, int] | None = None
    deny: bool = False


@dataclass(frozen=True, kw_only=True)
class NetworkAclsProps:
    """Shape of the ACLs of a network.

    Attributes:
        deployment: Names and tags.
        network: The network.
    """

    deployment: Deployment
    network: Network


class NetworkAcls(Construct):
    """An ACL for the public subnets of a network and one for the private, both open within the network.

    From the internet, the public subnets take HTTP, HTTPS and answers, the private ones only answers; SSH and Remote
    Desktop neither takes. To the internet go HTTPS and, from the public subnets, answers. The resolver of the VPC is
    not subject to ACLs.

    That entries of a lower number come first has a price: an answer to a NAT gateway that asked from port 3389, one of
    64512, is lost, and who asked through it has to ask again.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: NetworkAclsProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        network = props.network
        inside = _Entry(name="network", cidr=network.cidr)
        denied = [
            _Entry(name="ssh", cidr=EVERYWHERE, ports=(_SSH, _SSH), deny=True),
            _Entry(name="remote_desktop", cidr=EVERYWHERE, ports=(_REMOTE_DESKTOP, _REMOTE_DESKTOP), deny=True),
        ]
        http = _Entry(name="http", cidr=EVERYWHERE, ports=(_HTTP, _HTTP))
        https = _Entry(name="https", cidr=EVERYWHERE, ports=(_HTTPS, _HTTPS))
        answers = _Entry(name="answers", cidr=EVERYWHERE, ports=_EPHEMERAL)
        self._acl(
            "public",
            incoming=[inside, *denied, http, https, answers],
            outgoing=[inside, https, answers],
            subnets=network.public_subnets,
        )
        self._acl(
            "private",
            incoming=[inside, *denied, _Entry(name="answers", cidr=EVERYWHERE, ports=_EPHEMERAL_OF_LINUX)],
            outgoing=[inside, https],
            subnets=network.private_subnets,
        )

    def _acl(
        self, tier: str, *, incoming: Sequence[_Entry], outgoing: Sequence[_Entry], subnets: Mapping[str, str]
    ) -> None:
        deployment = self._props.deployment
        acl = vpc.NetworkAcl(
            self,
            tier,
            vpc_id=self._props.network.vpc_id,
            tags=deployment.tagged({"Name": deployment.name(tier)}).tags,
        )
        rules = [
            self._rule(tier, acl, number, entry, egress=egress)
            for egress, entries in ((False, incoming), (True, outgoing))
            for number, entry in enumerate(entries, start=1)
        ]
        for zone, subnet_id in subnets.items():
            vpc.NetworkAclAssociation(
                self,
                f"{tier}_{zone}",
                network_acl_id=acl.id,
                subnet_id=subnet_id,
                # An ACL without entries refuses everything.
                depends_on=rules,
            )

    def _rule(self, tier: str, acl: vpc.NetworkAcl, number: int, entry: _Entry, *, egress: bool) -> vpc.NetworkAclRule:
        first, last = entry.ports or (None, None)
        return vpc.NetworkAclRule(
            self,
            f"{tier}_{'out' if egress else 'in'}_{entry.name}",
            network_acl_id=acl.id,
            rule_number=number * _STEP,
            egress=egress,
            rule_action="deny" if entry.deny else "allow",
            protocol="tcp" if entry.ports else "-1",
            cidr_block=entry.cidr,
            from_port=first,
            to_port=last,
        )
