"""The Route 53 zone of a domain: one that is given, or one that is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct, ITerraformIterator
from cdktf_app.bindings.route53 import Route53Record, Route53RecordAlias, Route53Zone
from cdktf_app.module_stack import Input

_TEXT_TTL_SECONDS = 300


class HostedZone(Construct):
    """Public zone.

    Args:
        domain_name: Name of the zone that is made.
        given: Id of a zone; empty: one is made, and the domain has to be delegated to its name servers.
        tags: Tags of the zone.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, domain_name: str, given: Input, tags: Mapping[str, str]
    ) -> None:
        super().__init__(scope, construct_id)
        self.zone = Route53Zone(
            self,
            "this",
            count=expressions.count_if(f'{given.expression} == ""'),
            name=domain_name,
            comment="Made by Terraform.",
            tags=tags,
        )
        own = expressions.only(self.zone, "zone_id")
        self.id = expressions.string(f'{given.expression} != "" ? {given.expression} : {own}')

    @property
    def name_servers(self) -> list[str]:
        """What to delegate the domain to; empty when the zone was given."""
        servers = f"flatten({expressions.every(self.zone, 'name_servers')})"
        return expressions.strings(servers)

    def point_at(self, scope: Construct, *, name: str, target: str, target_zone_id: str) -> None:
        """Have a name answer with the addresses, of both versions, of an AWS endpoint."""
        self._point_at(
            scope, Route53RecordAlias(name=target, zone_id=target_zone_id, evaluate_target_health=False), name
        )

    def point_each_at(self, scope: Construct, *, names: str, target: str, target_zone_id: str) -> None:
        """The same for every name of a list, given as a Terraform expression."""
        self._point_at(
            scope,
            Route53RecordAlias(name=target, zone_id=target_zone_id, evaluate_target_health=False),
            "${each.key}",
            for_each=expressions.each_of(f"{{ for name in {names} : name => name }}"),
        )

    def add_texts(self, scope: Construct, construct_id: str, *, name: str, texts: Sequence[str]) -> Route53Record:
        """Publish texts, all of them, under a name: DNS keeps one set of them for each."""
        return Route53Record(
            scope, construct_id, zone_id=self.id, name=name, type="TXT", records=list(texts), ttl=_TEXT_TTL_SECONDS
        )

    def _point_at(
        self, scope: Construct, alias: Route53RecordAlias, name: str, *, for_each: ITerraformIterator | None = None
    ) -> None:
        for kind, construct_id in (("A", "ipv4"), ("AAAA", "ipv6")):
            Route53Record(scope, construct_id, for_each=for_each, zone_id=self.id, name=name, type=kind, alias=alias)
