"""Security groups and network lists as who can reach which ports of what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tooling.gate.addresses import parse_address
from tooling.plan.summary import UNKNOWN
from tooling.report.semantic.context import Context
from tooling.report.semantic.model import ADDED, REMOVED, Entry
from tooling.report.semantic.statements import awaited

GROUPS = frozenset({"aws_security_group", "aws_default_security_group"})
_RULES = {"aws_vpc_security_group_ingress_rule": True, "aws_vpc_security_group_egress_rule": False}
_LISTS = frozenset({"aws_network_acl_rule"})
KINDS = GROUPS | _RULES.keys() | _LISTS | {"aws_security_group_rule"}
# Arguments whose change a sentence about reach tells already.
TOLD = frozenset(
    {"cidr_blocks", "cidr_block", "cidr_ipv4", "cidr_ipv6", "egress", "from_port", "ingress", "ip_protocol"}
    | {"ipv6_cidr_block", "ipv6_cidr_blocks", "prefix_list_id", "prefix_list_ids", "protocol", "rule_action"}
    | {"referenced_security_group_id", "rule_number", "security_group_id", "self", "source_security_group_id"}
    | {"to_port", "type"}
)
_PROTOCOLS = {"-1": "every protocol", "all": "every protocol", "6": "TCP", "17": "UDP", "1": "ICMP"}
_EVERYWHERE = {"0.0.0.0/0": "the internet (0.0.0.0/0)", "::/0": "the internet (::/0)"}


@dataclass(frozen=True, order=True)
class Way:
    """One way in or out.

    Attributes:
        source, target: Addresses of groups, address ranges, or what will be known after apply.
        ports: As ``TCP 443``.
        refused: A network list keeps it shut.
        note: The place in a list of rules that are tried in order.
    """

    source: str
    target: str
    ports: str
    refused: bool = False
    note: str = ""

    def __str__(self) -> str:
        verb = "cannot reach" if self.refused else "can reach"
        return f"{self.source} {verb} {self.target} on {self.ports}{f' ({self.note})' if self.note else ''}"


def ways(entry: Mapping[str, Any], values: Mapping[str, Any] | None, context: Context) -> frozenset[Way]:
    """What a rule, a list or a group with rules of its own lets through, with these values."""
    if values is None:
        return frozenset()
    kind = entry["type"]
    if kind in _RULES:
        return frozenset(_of_rule(entry, values, context, inwards=_RULES[kind]))
    if kind == "aws_security_group_rule":
        return frozenset(_of_block(entry, values, _end(entry, values, "security_group_id", context), context))
    if kind in GROUPS:
        return frozenset(
            way
            for direction in ("ingress", "egress")
            for block in values.get(direction) or ()
            if isinstance(block, Mapping)
            for way in _of_block(entry, {**block, "type": direction}, entry["address"], context)
        )
    return frozenset(_of_list(entry, values, context)) if kind in _LISTS else frozenset()


def _of_rule(entry: Mapping[str, Any], values: Mapping[str, Any], context: Context, *, inwards: bool) -> Iterator[Way]:
    group = _end(entry, values, "security_group_id", context)
    expressions = context.expressions(entry["address"])
    for attribute in ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"):
        if values.get(attribute) is not None or (attribute in expressions and _awaited(values, entry, attribute)):
            other = _end(entry, values, attribute, context)
            yield Way(*((other, group) if inwards else (group, other)), _ports(values, "ip_protocol"))


def _of_block(entry: Mapping[str, Any], values: Mapping[str, Any], group: str, context: Context) -> Iterator[Way]:
    others = [
        _shown(text, context)
        for key in ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")
        for text in values.get(key) or ()
    ]
    if values.get("source_security_group_id") or _awaited(values, entry, "source_security_group_id"):
        others.append(_end(entry, values, "source_security_group_id", context))
    if values.get("self"):
        others.append(group)
    for other in others:
        yield Way(*((other, group) if values.get("type") == "ingress" else (group, other)), _ports(values, "protocol"))


def _of_list(entry: Mapping[str, Any], values: Mapping[str, Any], context: Context) -> Iterator[Way]:
    subnets = f"the subnets of {_end(entry, values, 'network_acl_id', context)}"
    for key in ("cidr_block", "ipv6_cidr_block"):
        if values.get(key):
            outside = _shown(values[key], context)
            source, target = (subnets, outside) if values.get("egress") else (outside, subnets)
            yield Way(
                source,
                target,
                _ports(values, "protocol"),
                refused=values.get("rule_action") == "deny",
                note=f"rule {values.get('rule_number')}",
            )


def _awaited(values: Mapping[str, Any], entry: Mapping[str, Any], attribute: str) -> bool:
    return values.get(attribute) == UNKNOWN or bool((entry["change"].get("after_unknown") or {}).get(attribute))


def _end(entry: Mapping[str, Any], values: Mapping[str, Any], attribute: str, context: Context) -> str:
    """The group or range at one end: by its address where it is a resource of the plan."""
    value = values.get(attribute)
    if isinstance(value, str) and value != UNKNOWN:
        return _shown(value, context)
    written = context.expressions(entry["address"]).get(attribute)
    meant = context.meant(written, parse_address(entry["address"]))
    return meant[0] if len(meant) == 1 else awaited(written)


def _shown(text: Any, context: Context) -> str:
    return _EVERYWHERE.get(str(text)) or context.owner(str(text)) or str(text)


def _ports(values: Mapping[str, Any], protocol: str) -> str:
    name = str(values.get(protocol) or "-1")
    shown = _PROTOCOLS.get(name, name.upper())
    first, last = values.get("from_port"), values.get("to_port")
    if name in ("-1", "all") or first is None or (first, last) in ((-1, -1), (0, 65535)):
        return shown if name in ("-1", "all") else f"{shown}, every port"
    if shown.startswith("ICMP"):
        return f"{shown} type {first}"
    return f"{shown} {first}" if first == last else f"{shown} {first}–{last}"


def compare(before: Iterable[Way], after: Iterable[Way]) -> tuple[Entry, ...]:
    """Ways that open and ways that close."""
    was, will = frozenset(before), frozenset(after)
    opened = (Entry(ADDED, str(way)) for way in sorted(will - was))
    closed = (Entry(REMOVED, str(way)) for way in sorted(was - will))
    return (*opened, *closed)


def whole(context: Context) -> tuple[Entry, ...]:
    """Ways that the plan opens and closes, over all rules: one that moves to another rule is neither."""
    was: set[Way] = set()
    will: set[Way] = set()
    for entry in context.entries.values():
        if entry["type"] in KINDS and entry.get("mode") != "data":
            was |= ways(entry, entry["change"].get("before"), context)
            will |= ways(entry, entry["change"].get("after"), context)
    return compare(was, will)
