"""The lines of a diagram: from references and from permissions, from card to card, along the data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tooling.diagram.model import INTERNET, Card, Link, Node, Reference
from tooling.diagram.permissions import permissions_of
from tooling.diagram.reading import Reading, node_key

#: What a line would say again that the boxes say already, and what is no use of the other.
_NOT_DRAWN = frozenset(
    "assume_role_policy availability_zone depends_on policy replace_triggered_by route_table_ids security_group_ids "
    "security_groups subnet_id subnet_ids subnets tags triggers vpc_id vpc_security_group_ids "
    "vpc_zone_identifier".split()
)
_FAILURES = "failures"
#: Arguments that name where data comes from, so that the line goes from the other to the one that names it.
_FROM = {
    ("aws_autoscaling_attachment", "lb_target_group_arn"): "",
    ("aws_autoscaling_group", "target_group_arns"): "",
    ("aws_cloudfront_distribution", "web_acl_id"): "guards",
    ("aws_cloudwatch_event_archive", "event_source_arn"): "events",
    ("aws_cloudwatch_event_rule", "event_bus_name"): "events",
    ("aws_cloudwatch_event_rule", "event_pattern"): "events",
    ("aws_db_instance", "replicate_source_db"): "replicates",
    ("aws_dynamodb_table_replica", "global_table_arn"): "replicates",
    ("aws_ecs_service", "load_balancer"): "",
    ("aws_kms_replica_key", "primary_key_arn"): "replicates",
    ("aws_lambda_event_source_mapping", "event_source_arn"): "stream",
    ("aws_lambda_permission", "source_arn"): "invoke",
}
_TO = {
    ("aws_api_gateway_authorizer", "provider_arns"): "signs in",
    ("aws_api_gateway_integration", "uri"): "invoke",
    ("aws_apigatewayv2_authorizer", "jwt_configuration"): "signs in",
    ("aws_apigatewayv2_integration", "integration_uri"): "invoke",
    ("aws_backup_selection", "resources"): "backs up",
    ("aws_cloudfront_distribution", "origin"): "origin",
    ("aws_cloudwatch_event_target", "arn"): "invoke",
    ("aws_cloudwatch_event_target", "dead_letter_config"): _FAILURES,
    ("aws_lambda_function", "dead_letter_config"): _FAILURES,
    ("aws_route53_record", "alias"): "alias",
    ("aws_s3_bucket_replication_configuration", "rule"): "replicates",
    ("aws_wafv2_web_acl_association", "resource_arn"): "guards",
}
#: Support: it matters, but not to the way that data goes.
_QUIET_PARTS = frozenset({"observability", "cost", "network"})
_QUIET_KINDS = frozenset({"aws_kms_key", "aws_kms_replica_key", "aws_acm_certificate", "aws_iam_role"})
_QUIET_ARGUMENTS = frozenset(
    {"container_definitions", "environment", "logging", "access_logs", "cors_configuration", "cluster"}
)
_RULES = {"aws_vpc_security_group_ingress_rule": True, "aws_vpc_security_group_egress_rule": False}
#: Anybody can ask these, unless what they are says otherwise.
_DOORS = frozenset(
    "aws_api_gateway_domain_name aws_api_gateway_rest_api aws_apigatewayv2_api aws_apigatewayv2_domain_name "
    "aws_cloudfront_distribution aws_lambda_function_url".split()
)
_PUBLIC = frozenset({"0.0.0.0/0", "::/0"})


def links_of(reading: Reading, cards: Sequence[Card]) -> tuple[Link, ...]:
    """All lines; between two cards and in one direction there is one at most."""
    return _Links(reading, cards).all()


class _Links:
    def __init__(self, reading: Reading, cards: Sequence[Card]) -> None:
        self._reading = reading
        self._card = {node_key(node): card for card in cards for node in card.nodes}
        self._cards = cards
        self._loud: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._quiet: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._wearers = self._wearers_of_groups()

    def all(self) -> tuple[Link, ...]:
        for reference in self._reading.references:
            self._reference(reference)
        for holder, target, word in permissions_of(self._reading):
            quiet = self._is_quiet(self._of(holder), self._of(target)) or word in ("pass", "use")
            self._add(self._of(holder).key, self._of(target).key, word, quiet=quiet)
        for card, word in self._open_to_all():
            self._add(INTERNET, card.key, word, quiet=False)
        self._origins()
        links = {}
        for ends in {**self._quiet, **self._loud}:
            words = self._loud.get(ends) or self._quiet[ends]
            said_the_other_way = self._loud.get((ends[1], ends[0]), set()) - {""}
            if words - {""} or not said_the_other_way:
                quiet = ends not in self._loud or _FAILURES in words
                links[ends] = Link(*ends, tuple(sorted(words - {""})), quiet)
        return tuple(links[ends] for ends in sorted(links))

    def _of(self, node: Node) -> Card:
        return self._card[node_key(node)]

    def _add(self, source: str, target: str, word: str, *, quiet: bool) -> None:
        if source != target:
            (self._quiet if quiet else self._loud)[source, target].add(word)

    def _reference(self, reference: Reference) -> None:
        user, used, argument = reference.user, reference.used, reference.attribute
        if user.type in _RULES:
            if argument in ("referenced_security_group_id", "source_security_group_id"):
                self._rule(user, used)
            return
        if argument in _NOT_DRAWN or user.type.startswith("aws_iam_"):
            return
        one, other = self._of(user), self._of(used)
        key = (user.type, argument)
        quiet = (
            argument in _QUIET_ARGUMENTS
            or self._is_quiet(one, other)
            or used.type == "aws_iam_role"
            or user.type == "aws_secretsmanager_secret_version"
            or (user.type == "aws_route53_record" and argument != "alias")
        )
        if key in _FROM:
            self._add(other.key, one.key, _FROM[key], quiet=quiet)
        else:
            self._add(one.key, other.key, _TO.get(key, ""), quiet=quiet)

    def _origins(self) -> None:
        """From a distribution to what a record of the plan gives the name of its origin to."""
        named = {
            str(self._reading.values_of(each.user).get("name")): each.used
            for each in self._reading.references
            if each.user.type == "aws_route53_record" and each.attribute == "alias"
        }
        for node in self._reading.nodes.values():
            if node.type == "aws_cloudfront_distribution":
                for origin in self._reading.values_of(node).get("origin") or ():
                    behind = named.get(str(origin.get("domain_name")))
                    if behind is not None:
                        self._add(self._of(node).key, self._of(behind).key, "origin", quiet=False)

    def _is_quiet(self, *ends: Card) -> bool:
        return any(
            card.part in _QUIET_PARTS or (card.node is not None and card.node.type in _QUIET_KINDS) for card in ends
        )

    def _rule(self, rule: Node, other: Node) -> None:
        """A rule that lets another security group in, or out to it: from who wears one to who wears the other."""
        own = [
            each.used
            for each in self._reading.references
            if each.user is rule and each.attribute == "security_group_id"
        ]
        for group in own:
            inside, outside = self._wearers.get(node_key(group), {}), self._wearers.get(node_key(other), {})
            for one in inside:
                for another in outside:
                    ends = (another, one) if _RULES[rule.type] else (one, another)
                    self._add(*ends, _port(self._reading.values_of(rule)), quiet=False)

    def _wearers_of_groups(self) -> Mapping[str, Mapping[str, None]]:
        """By security group: the cards of what it is put on."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for reference in self._reading.references:
            if reference.used.type == "aws_security_group" and reference.user.type not in _RULES:
                found[node_key(reference.used)][self._of(reference.user).key] = None
        return found

    def _open_to_all(self) -> Iterator[tuple[Card, str]]:
        """What anybody can send something to."""
        for node in self._reading.nodes.values():
            values = self._reading.values_of(node)
            if node.action in ("destroy", "forget"):
                continue
            if node.type == "aws_vpc_security_group_ingress_rule":
                if _PUBLIC & {values.get("cidr_ipv4"), values.get("cidr_ipv6")}:
                    yield from ((card, _port(values)) for card in self._wearing(node))
            elif node.type in _DOORS and values.get("disable_execute_api_endpoint") is not True:
                yield self._of(node), "https"

    def _wearing(self, rule: Node) -> Iterator[Card]:
        keys = {card.key: card for card in self._cards}
        for each in self._reading.references:
            if each.user is rule and each.attribute == "security_group_id":
                yield from (keys[key] for key in self._wearers.get(node_key(each.used), {}))


def _port(values: Mapping[str, object]) -> str:
    """What a rule lets through: ``tcp 443``."""
    protocol, first, last = values.get("ip_protocol"), values.get("from_port"), values.get("to_port")
    if protocol in ("-1", None):
        return "all traffic" if protocol else ""
    ports = "" if first is None else f" {first}" if first == last else f" {first}-{last}"
    return f"{protocol}{ports}"
