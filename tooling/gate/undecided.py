"""Whether what a check looked at is known before the apply, or at least decided by the configuration.

At the first plan of a stack much is unknown. A check then sees the text of a reference, or nothing, and passes. Such a
verdict stands where the configuration decides it whatever AWS will answer, and is undecided otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdktf_app.hcl.errors import UnknownTypeError
from cdktf_app.hcl.schema import BlockSchema
from tooling.gate.documents import DOCUMENT, as_written, document_behind
from tooling.gate.planned import Planned, PlanView

#: What AWS names a thing by: never null, never a wildcard, and nothing that a check would refuse.
_IDENTITIES = frozenset({"arn", "id", "name", "endpoint", "address", "url", "dns_name", "domain_name", "fqdn"})

#: Arguments that are lists of blocks, although the provider's schema calls them attributes.
_LISTS_OF_BLOCKS = frozenset({"egress", "ingress", "managed_policy_arns", "route"})


def awaited(item: Planned, keys: Sequence[str]) -> str | None:
    """The argument that a failed check asked for, when it is given but not known yet.

    An attribute that nobody set is unknown too (the provider fills it in), but there the
    check is right to fail; unless it shows other resources of the plan, half of them made, which are judged by
    themselves.
    """
    for key in keys:
        unknown, given = _at(item.unknown, item.expressions, key.split("/"))
        if unknown is True and given is not None:
            return key.partition("/")[0]
    # Not all checks say what they looked at.
    looked_at = {key.partition("/")[0] for key in keys} or item.half_made
    return next(iter(sorted(item.half_made & looked_at)), None)


def unsettled(item: Planned, keys: Sequence[str], plan: PlanView) -> str | None:
    """The argument that leaves open whether a check that found nothing wrong is right.

    Args:
        item: The resource.
        keys: What the check looked at, as paths of checkov's (``ingress/[0]/cidr_blocks``) or as names of arguments.
        plan: The plan around.
    """
    for key in keys:
        name, *rest = key.split("/")
        if name in item.moving:
            return name
        if name not in item.unknown:
            continue
        unknown, given = _at(item.unknown, item.expressions, [name, *rest])
        if unknown in (None, False):
            continue
        if item.is_data and item.type == DOCUMENT and name == "statement":
            unknown, given = item.unknown["statement"], _statements_as_written(item)
        elif unknown is True and document_behind(item, name, plan) is not None:
            continue  # Its statements are what is judged.
        if not _decided(
            unknown, given, _Argument(item, tuple(step for step in (name, *rest) if step.isidentifier())), plan
        ):
            return name
    return None


def is_settled(item: Planned) -> bool:
    """Whether nothing of a resource is open but the names that AWS gives it."""
    open_ = [name for name, unknown in item.unknown.items() if _any(unknown)]
    return not item.moving and all(_is_identity(name) or name == "tags_all" for name in open_)


@dataclass(frozen=True)
class _Argument:
    """An argument of a resource, by the names of the blocks on the way to it and its own."""

    item: Planned
    path: tuple[str, ...]

    def below(self, name: str) -> _Argument:
        return _Argument(self.item, (*self.path, name))

    @property
    def is_block(self) -> bool:
        """Whether it is a nested block, which a ``dynamic`` block may make, or something inside of one."""
        if self.path[0] in _LISTS_OF_BLOCKS:
            return True
        try:
            tree = BlockSchema.load().tree("data" if self.item.is_data else "resource", self.item.type)
        except UnknownTypeError:
            return True
        for name in self.path:
            inner = tree.nested(name)
            if inner is None:
                return False
            tree = inner
        return True


def _decided(unknown: Any, given: Any, argument: _Argument, plan: PlanView) -> bool:
    """Whether each unknown value below is the name of something that AWS makes, or one that nobody asks for.

    The latter is what the check judged, and AWS fills it in. But a block that is unknown and not in the configuration
    may be one of a ``dynamic`` block.
    """
    if unknown is True and given is None:
        return not argument.is_block
    if unknown is True:
        return _comes_from_names(given, argument, plan, frozenset())
    if isinstance(unknown, Mapping):
        return all(_decided(inner, _below(given, name), argument.below(name), plan) for name, inner in unknown.items())
    if isinstance(unknown, list):
        whole = isinstance(given, Mapping)
        blocks = [given if whole else _item(given, index, len(unknown)) for index in range(len(unknown))]
        return all(
            # Without the block in the configuration nothing says which of its arguments are given.
            not _any(inner) if block is None else _decided(inner, block, argument, plan)
            for inner, block in zip(unknown, blocks, strict=True)
        )
    return True


def _comes_from_names(expression: Any, argument: _Argument, plan: PlanView, seen: frozenset[tuple[str, str]]) -> bool:
    """Whether an expression takes its values from names that AWS gives to resources of the plan, and from no others.

    What a local or an output comes from a plan does not say. Nor does it which attribute of a list of resources is
    meant (``one(aws_kms_key.own[*].arn)``); but an argument that takes a name is given one.
    """
    sources = [source for source in plan.sources(expression, seen_from=argument.item) if source.instances != ()]
    for source in sources:
        if source.instances is None:
            return False
        if not source.attribute and not _is_identity(argument.path[-1]):
            return False
        for instance in source.instances if source.attribute else ():
            name, at = source.attribute, (instance.address, source.attribute)
            if not _any(instance.unknown.get(name)):
                continue
            if name not in instance.expressions:
                if not _is_identity(name):
                    return False
            elif at in seen or not _comes_from_names(
                instance.expressions[name], _Argument(instance, (name,)), plan, seen | {at}
            ):
                return False
    return bool(sources)


def _is_identity(attribute: str) -> bool:
    return attribute in _IDENTITIES or attribute.endswith(("_arn", "_id", "_url", "_name"))


def _statements_as_written(document: Planned) -> list[Any]:
    statements = document.values.get("statement") or ()
    expressions = document.expressions.get("statement")
    return [as_written(expressions, index, raw, len(statements)) for index, raw in enumerate(statements)]


def _at(unknown: Any, given: Any, path: Sequence[str]) -> tuple[Any, Any]:
    """What is unknown, and what the configuration has, at a path of checkov's or on the way to it."""
    if unknown is True or not path or unknown is None:
        return unknown, given
    step, rest = path[0], path[1:]
    if isinstance(unknown, list):
        index = step.strip("[]") if step != "*" else "0"
        if not index.isdigit():  # checkov leaves the index out where a block stands once
            index, rest = "0", path
        if int(index) >= len(unknown):
            return None, None
        return _at(unknown[int(index)], _item(given, int(index), len(unknown)), rest)
    if not isinstance(unknown, Mapping):
        return None, None
    if step.startswith("[") and step not in unknown:  # checkov wraps maps in a list
        return _at(unknown, given, rest)
    return _at(unknown.get(step), _below(given, step), rest)


def _below(given: Any, name: str) -> Any:
    if not isinstance(given, Mapping):
        return None
    return given if "references" in given else given.get(name)  # a map as one expression


def _item(given: Any, index: int, count: int) -> Any:
    """The block of a list; None where a ``dynamic`` block made it, which a plan does not show."""
    if isinstance(given, Mapping):
        return given
    return given[index] if isinstance(given, list) and len(given) == count else None


def _any(unknown: Any) -> bool:
    if isinstance(unknown, Mapping):
        return any(_any(inner) for inner in unknown.values())
    if isinstance(unknown, list):
        return any(_any(inner) for inner in unknown)
    return unknown is True
