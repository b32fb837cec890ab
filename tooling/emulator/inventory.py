"""Everything that the emulator holds, so that it can be asked whether a thing is there twice or belongs to nobody.

moto keeps what is made as objects of its own classes, in containers of its backends and of other such objects. All of
them are walked, so a new service needs nothing here. What counts as one thing is an object in a container; what hangs
on it alone, as the ACL on a bucket, is a setting of it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend

from tooling.emulator.holding import BETWEEN, Holding
from tooling.emulator.inventory_rules import BY_AWS, SETTINGS, counts, name_of, parts_of
from tooling.emulator.store import Stores

# What our stores hold is of no service of moto's.
OURS = "groundplan"


def take_inventory(stores: Stores) -> list[Holding]:
    """What was made in any account and is still there, sorted, each once.

    Left out is what AWS itself brings (default networks, managed policies, images), what is on its way out (a key
    that waits for its deletion, a secret in its recovery window) and what only tells of the past.
    """
    # Making a backend to compare with may make another: the list is taken first.
    services = [one for one in list(BackendDict._instances) if one.service_name != "moto_api"]
    backends = [(one.service_name, *entry) for one in services for entry in list(one.iter_backends())]
    found = [
        Holding(account, region, service, thing.kind, BETWEEN.join(thing.within), thing.name)
        for service, account, region, backend in backends
        for thing in _made(backend)
    ]
    for account, region, kind, entries in stores.all():
        if kind not in SETTINGS:
            made = [_text(key) for key in list(entries) if (kind, key) not in BY_AWS]
            found += [Holding(account, region or "aws", OURS, kind, "", name) for name in made]
    return sorted(found)


@dataclass(frozen=True)
class _Thing:
    kind: str
    within: tuple[str, ...]
    name: str


def _made(backend: BaseBackend) -> Iterator[_Thing]:
    """What a backend holds beyond what it began with."""
    began = Counter(_walk(type(backend)(backend.region_name, backend.account_id)))
    for thing in _walk(backend):
        if began[thing]:
            began[thing] -= 1
        else:
            yield thing


def _walk(backend: BaseBackend) -> Iterator[_Thing]:
    seen = {id(backend)}
    counted: deque[tuple[tuple[str, ...], Any]] = deque([((), backend)])
    hanging: deque[tuple[tuple[str, ...], Any]] = deque()
    while counted or hanging:
        if counted:
            within, holder = counted.popleft()
        else:
            # Last: an instance hangs on its volume, and counts where it is in a list.
            within, holder = hanging.popleft()
            if id(holder) in seen:
                continue
            seen.add(id(holder))
        for value in list(vars(holder).values()):
            if _is_model(value, backend):
                hanging.append((within, value))
                continue
            for key, element in _elements(value, backend):
                if id(element) in seen or not counts(element, backend):
                    continue
                seen.add(id(element))
                name = name_of(element, key)
                yield _Thing(type(element).__name__, within, name)
                yield from (_Thing(kind, (*within, name), part) for kind, part in parts_of(element))
                counted.append(((*within, name), element))


def _elements(value: Any, backend: BaseBackend) -> Iterator[tuple[Any, Any]]:
    """The objects in a container, however deep, by the key or place of each."""
    if isinstance(value, Mapping):
        entries = list(value.items())
    elif isinstance(value, (list, tuple, set, frozenset, deque)):
        entries = [("", element) for element in list(value)]
    else:
        return
    for key, element in entries:
        if _is_model(element, backend):
            yield key, element
        else:
            yield from _elements(element, backend)


def _is_model(value: Any, backend: BaseBackend) -> bool:
    """An object of the backend's own service; links to other services lead to what is counted there."""
    service = type(backend).__module__.split(".")[:2]
    return (
        type(value).__module__.split(".")[:2] == service
        and not isinstance(value, (BaseBackend, BackendDict, Mapping, type))
        and hasattr(value, "__dict__")
    )


def _text(key: object) -> str:
    return BETWEEN.join(map(str, key)) if isinstance(key, tuple) else str(key)
