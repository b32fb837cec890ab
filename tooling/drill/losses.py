"""What a recovery has to leave: reality, state and an undisturbed apply alike, nothing twice, nobody's, or locked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

from tooling.bootstrap import planned_buckets
from tooling.emulator.process import inventory
from tooling.errors import ToolError
from tooling.journal.shelf import journals_prefix
from tooling.state import read_state
from tooling.states.content import instances

if TYPE_CHECKING:
    from tooling.drill.sandbox import Ended, Sandbox
    from tooling.emulator.holding import Holding
    from tooling.environment.stacks import Stack

# So many of a kind are named; the rest is counted.
_SHOWN = 5
RANDOM = "(an id)"

Asked = ParamSpec("Asked")
Things = Counter[tuple[str, str, str, str, str]]


@dataclass(frozen=True)
class Whole:
    """A stack that was applied without a disturbance.

    Attributes:
        addresses: What its state holds.
        holdings: What the emulator holds for it.
        planned: Every text of the plan; a name that is none of these is AWS's own choice.
    """

    addresses: tuple[str, ...]
    holdings: tuple[Holding, ...]
    planned: frozenset[str]


def whole_stack(box: Sandbox, stack: Stack, changeset: Path) -> Whole:
    """The stack as it is now.

    Args:
        box: Where it is applied.
        stack: Which.
        changeset: Folder of the changeset that was applied.
    """
    plan = json.loads((changeset / stack.architecture / "plan.json").read_bytes())
    return Whole(
        addresses_of(box, stack), holdings_of(box), frozenset(_texts([plan["planned_values"], plan.get("variables")]))
    )


def holdings_of(box: Sandbox) -> tuple[Holding, ...]:
    """What the sandbox's emulator holds, without the toolkit's own buckets."""
    own = {name for name, _, _ in planned_buckets(box.config)}
    held = inventory(box.emulator)
    return tuple(one for one in held if one.service != "s3" or own.isdisjoint((one.name, one.within)))


def addresses_of(box: Sandbox, stack: Stack) -> tuple[str, ...]:
    """What the state holds, also twice."""
    found = instances(read_state(box.target(), box.config, stack))
    return tuple(sorted(f"{one.address} (deposed {one.deposed})" if one.deposed else one.address for one in found))


def _with_what_cannot_be_told(look: Callable[Asked, Iterator[str]]) -> Callable[Asked, Iterator[str]]:
    """What cannot be looked at, as a state that is damaged, is lost as well."""

    @wraps(look)
    def losses(*asked: Asked.args, **named: Asked.kwargs) -> Iterator[str]:
        try:
            yield from look(*asked, **named)
        except ToolError as error:
            yield str(error)

    return losses


@_with_what_cannot_be_told
def losses_after_apply(box: Sandbox, stack: Stack, whole: Whole) -> Iterator[str]:
    """What is not as after an undisturbed apply; nothing is what one hopes for."""
    yield from _left_over(box, stack)
    yield from differences("the state", Counter(whole.addresses), Counter(addresses_of(box, stack)))
    yield from differences(
        "the emulator", things(whole.holdings, whole.planned), things(holdings_of(box), whole.planned)
    )
    yield from _changes(box.run("plan", "--env", box.env, "--stack", stack.architecture, "--exit-code", "--json"))


@_with_what_cannot_be_told
def losses_after_destroy(box: Sandbox, stack: Stack, before: Iterable[Holding]) -> Iterator[str]:
    """What is there although all of it was to go; nothing is what one hopes for.

    Args:
        box: Where it was destroyed.
        stack: Which.
        before: What the emulator held before the stack was applied.
    """
    yield from _left_over(box, stack)
    yield from differences("the state", Counter(), Counter(addresses_of(box, stack)))
    yield from differences("the emulator", things(before, frozenset()), things(holdings_of(box), frozenset()))


def things(holdings: Iterable[Holding], planned: frozenset[str]) -> Things:
    """How often there is what: by its name where that was planned, else only by its kind."""

    def known(name: str) -> str:
        return name if not name or name in planned else RANDOM

    return Counter(
        (one.region, one.service, one.kind, " / ".join(map(known, one.within.split(" / "))), known(one.name))
        for one in holdings
    )


def differences(where: str, wanted: Counter[Any], found: Counter[Any]) -> Iterator[str]:
    """In words: what is missing, and what is there more often than it should be."""
    for words, more in (("lacks", wanted - found), ("has too many", found - wanted)):
        named = [f"{_shown(thing)}{f' ({count} times)' if count > 1 else ''}" for thing, count in sorted(more.items())]
        if named:
            rest = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
            yield f"{where} {words}: {', '.join(named[:_SHOWN])}{rest}"


def _left_over(box: Sandbox, stack: Stack) -> Iterator[str]:
    """A lock, or a journal of a run that nobody closed."""
    client = box.target().client("s3", box.config.state.region)
    for what, prefix in (("a lock", f"{stack.state_key}.tflock"), ("a journal", journals_prefix(stack))):
        listed = client.list_objects_v2(Bucket=box.config.state.bucket, Prefix=prefix)
        for entry in listed.get("Contents", []):
            yield f"{what} is left: {entry['Key']}"


def _changes(planned: Ended) -> Iterator[str]:
    if planned.code == 0:
        return
    changes: list[str] = []
    if planned.code == 5:
        stacks = json.loads(planned.out)["stacks"].values()
        changes = [str(change["address"]) for stack in stacks for change in stack["changes"]]
    last = [line for line in planned.err.splitlines() if line][-1:]
    told = ", ".join(changes[:_SHOWN]) or " ".join(last)
    yield f"a plan afterwards is not empty (exit {planned.code}): {told}"


def _shown(thing: object) -> str:
    return " ".join(part for part in thing if part) if isinstance(thing, tuple) else str(thing)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
