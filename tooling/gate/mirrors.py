"""What a resource shows of the parts beside it, which a plan tells as it was before it changes them.

A role shows its policies, a security group and a network ACL show their rules. After an apply that ended halfway such a
value is known, and yet not what will be there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class _Resource(Protocol):
    @property
    def type(self) -> str: ...

    @property
    def values(self) -> Mapping[str, Any]: ...

    @property
    def expressions(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class _Kind:
    """A type of part.

    Attributes:
        holder: What it is a part of.
        by: The part's argument that names the holder.
        name: The holder's attribute that this argument gives.
        attribute: The holder's attribute that shows the part.
        number: The part's argument and the shown entry's that say which part it is; None: nothing does.
    """

    holder: str
    by: str
    name: str
    attribute: Callable[[Mapping[str, Any]], str]
    number: tuple[str, str] | None = None


_KINDS: Mapping[str, _Kind] = {
    "aws_iam_role_policy": _Kind("aws_iam_role", "role", "name", lambda _: "inline_policy"),
    "aws_network_acl_rule": _Kind(
        "aws_network_acl",
        "network_acl_id",
        "id",
        lambda rule: "egress" if rule.get("egress") else "ingress",
        ("rule_number", "rule_no"),
    ),
    "aws_vpc_security_group_egress_rule": _Kind("aws_security_group", "security_group_id", "id", lambda _: "egress"),
    "aws_vpc_security_group_ingress_rule": _Kind("aws_security_group", "security_group_id", "id", lambda _: "ingress"),
}
_HOLDERS = frozenset(kind.holder for kind in _KINDS.values())


@dataclass(frozen=True)
class Mirror:
    """What will only be known after the apply, though the plan has a value for it.

    Attributes:
        address: Of the holder.
        attribute: That shows parts of it.
        own: Whether it shows nothing but parts of this plan, which are judged by themselves. Else it may show
            somebody's work by hand.
    """

    address: str
    attribute: str
    own: bool


def stale_mirrors(changes: Sequence[Mapping[str, Any]], resources: Mapping[str, _Resource]) -> Iterator[Mirror]:
    """Every value that the apply changes by changing a part.

    Args:
        changes: ``resource_changes`` of the plan.
        resources: What will be there, by address.
    """
    moving: set[tuple[str, str, str]] = set()
    for change in changes:
        kind = _KINDS.get(str(change.get("type")))
        if kind is None or not _acts(change):
            continue
        planned = resources.get(change["address"])
        for values in (planned.values if planned else {}, change["change"].get("before") or {}):
            if isinstance(name := values.get(kind.by), str):
                moving.add((kind.holder, name, kind.attribute(values)))
    numbers = _numbers(resources)
    for address, holder in resources.items():
        if holder.type not in _HOLDERS:
            continue
        for name, attribute in {(name, attribute) for type_, name, attribute in moving if type_ == holder.type}:
            if attribute not in holder.expressions and name in _names(holder):
                own: frozenset[tuple[str, Any]] | set[tuple[str, Any]] = numbers.get(
                    (holder.type, name, attribute), frozenset()
                )
                yield Mirror(address, attribute, _all_in(holder.values.get(attribute), own))


def _names(holder: _Resource) -> set[Any]:
    return {holder.values.get(kind.name) for kind in _KINDS.values() if kind.holder == holder.type}


def _numbers(resources: Mapping[str, _Resource]) -> Mapping[tuple[str, str, str], set[tuple[str, Any]]]:
    """Which parts each holder has in this plan."""
    found: dict[tuple[str, str, str], set[tuple[str, Any]]] = {}
    for part in resources.values():
        kind = _KINDS.get(part.type)
        if kind is not None and kind.number is not None and isinstance(name := part.values.get(kind.by), str):
            ours, theirs = kind.number
            where = (kind.holder, name, kind.attribute(part.values))
            found.setdefault(where, set()).add((theirs, part.values.get(ours)))
    return found


def _all_in(shown: Any, own: set[tuple[str, Any]] | frozenset[tuple[str, Any]]) -> bool:
    entries = shown if isinstance(shown, list) else []
    return bool(own) and all(any(entry.get(key) == number for key, number in own) for entry in entries)


def _acts(change: Mapping[str, Any]) -> bool:
    return not {"no-op", "read"} & set((change.get("change") or {}).get("actions") or ["no-op"])
