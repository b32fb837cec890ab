"""Whether everything that an apply made can be found again by what was planned, without the state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from tooling.gate.planned import Planned, view_of
from tooling.plan.masking import MASK
from tooling.recovery.lookup import Found, Wanted, lookup_of
from tooling.target import Target

# The provider makes up an id of 26 characters behind a name; it reads by other attributes.
_MADE_UP = frozenset({"aws_autoscaling_attachment", "aws_iam_role_policy_attachment"})
_UNIQUE = 26
# AWS tells neither tags nor a time of these, and they are part of nothing.
_UNPROVEN = frozenset({"aws_cloudfront_origin_access_control"})


@dataclass(frozen=True)
class Made:
    """A resource of a state, and what of it a create that was cut short would be looked for by.

    Attributes:
        wanted: The question.
        id: The right answer.
        tags: All tags that the state has for it.
    """

    wanted: Wanted
    id: str
    tags: Mapping[str, str]


def made(state: Mapping[str, Any], plan: Mapping[str, Any], target: Target) -> Iterator[Made]:
    """Every managed resource of a state.

    Args:
        state: As it lies in the bucket.
        plan: The JSON of the plan that made everything; what is sensitive may be masked.
        target: Where it was made.
    """
    client = _clients(target)
    view = view_of(plan, today=date.min)
    for block in state["resources"]:
        for instance in block["instances"] if block["mode"] == "managed" else ():
            address = _address(block, instance)
            item = view.resources[address]
            region = item.region or target.region
            attributes = instance["attributes"]
            wanted = Wanted(
                address=address,
                type=block["type"],
                values=planned_values(item, attributes),
                region=region,
                account_id=target.account_id,
                client=lambda service, where=region: client(service, where),
            )
            yield Made(wanted, attributes["id"], attributes.get("tags_all") or {})


def planned_values(item: Planned, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """What is known when the creation of a resource begins.

    That is what the first plan knew, and what the configuration takes from resources that were made before: of that,
    the value is in the state.
    """
    return {
        name: _known(item.values.get(name), item.unknown.get(name), item.expressions.get(name), attributes[name])
        for name in attributes
    }


def _known(value: Any, unknown: Any, expression: Any, real: Any) -> Any:
    if isinstance(value, str) and MASK in value:
        return real
    if unknown is True:
        return real if isinstance(expression, Mapping) and "references" in expression else None
    if isinstance(value, Mapping) and isinstance(real, Mapping):
        below = expression if isinstance(expression, Mapping) else {}
        unknown = unknown if isinstance(unknown, Mapping) else {}
        whole = below if "references" in below else None
        return {
            key: _known(value.get(key), unknown.get(key), whole or below.get(key), real.get(key))
            for key in {**value, **unknown}
        }
    if isinstance(value, list) and isinstance(real, list) and isinstance(unknown, list) and len(value) == len(real):
        each = (
            expression if isinstance(expression, list) and len(expression) == len(value) else [expression] * len(value)
        )
        unknown = [*unknown, *[False] * (len(value) - len(unknown))]
        return [_known(*parts) for parts in zip(value, unknown, each, real, strict=True)]
    return value


def mismatches(made_here: Iterable[Made]) -> list[str]:
    """What is not found again by its id alone or, where there are tags, not with all of them; one sentence each."""
    return [sentence for one in made_here for sentence in _mismatches(one)]


def _mismatches(one: Made) -> Iterator[str]:
    wanted = one.wanted
    if lookup_of(wanted.type) is None:
        yield f"{wanted.address}: nobody knows how to look for it"
        return
    candidates = _look(wanted)
    if [_told(found.id, one) for found in candidates] != [_told(one.id, one)]:
        yield f"{wanted.address}: {one.id} is what was made, found is {[found.id for found in candidates]}"
        return
    (found,) = candidates
    if not one.tags.items() <= (found.tags or {}).items():
        yield f"{wanted.address}: its tags are {dict(one.tags)}, found are {found.tags}"
    if found.created is not None and found.created.utcoffset() is None:
        yield f"{wanted.address}: {found.created} is a time of no zone"
    if bool(found.within or found.tags or found.created) == (wanted.type in _UNPROVEN):
        yield f"{wanted.address}: what shows who made it is not as known: {found}"


def phantoms(made_here: Iterable[Made], empty: Target) -> list[str]:
    """What is found in an account that holds nothing of it, and what AWS refuses there; one sentence each."""
    client = _clients(empty)
    return [sentence for one in made_here for sentence in _phantoms(one.wanted, empty.account_id, client)]


def _phantoms(wanted: Wanted, account_id: str, client: Callable[[str, str], Any]) -> Iterator[str]:
    def there(service: str, region: str = wanted.region) -> Any:
        return client(service, region)

    try:
        found = [one.id for one in _look(replace(wanted, account_id=account_id, client=there)) if one.there]
    except ClientError as error:
        found = [str(error)]
    if found:
        yield f"{wanted.address}: {found} where nothing is"


def _look(wanted: Wanted) -> list[Found]:
    lookup = lookup_of(wanted.type)
    return [] if lookup is None else list(lookup(wanted))


def _told(identifier: str, one: Made) -> str:
    return f"{identifier[:-_UNIQUE]}({len(identifier)})" if one.wanted.type in _MADE_UP else identifier


def _address(block: Mapping[str, Any], instance: Mapping[str, Any]) -> str:
    key = instance.get("index_key")
    index = "" if key is None else f'["{key}"]' if isinstance(key, str) else f"[{key}]"
    return ".".join(filter(None, (block.get("module"), block["type"], f"{block['name']}{index}")))


def _clients(target: Target) -> Callable[[str, str], Any]:
    """Each client once: making one takes longer than most calls."""
    return cache(lambda service, region: target.client(service, region))
