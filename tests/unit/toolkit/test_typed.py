"""What is read as a dataclass is of its types at every depth, or names the field that is not."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import pytest

from tooling.typed import read_as


@dataclass(frozen=True)
class Leaf:
    name: str
    size: int


@dataclass(frozen=True)
class Whole:
    on: date
    share: float
    sure: bool
    leaves: tuple[Leaf, ...]
    counts: dict[str, int]
    note: str | None = None
    later: tuple[str, ...] = field(default=())


WHOLE = Whole(date(2026, 1, 31), 2.5, True, (Leaf("a", 1), Leaf("b", 2)), {"create": 3}, None, ("x",))


def content(**changes: Any) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(json.dumps(asdict(WHOLE), default=str))
    return {**written, **changes}


def test_what_was_written_is_read_as_it_was() -> None:
    assert read_as(Whole, content()) == WHOLE


def test_a_whole_number_may_stand_for_a_measure() -> None:
    assert read_as(Whole, content(share=2)).share == 2.0


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"on": "31.1.2026"}, "on: "),
        ({"share": "2.5"}, "share: "),
        ({"sure": 1}, "sure: "),
        ({"sure": "true"}, "sure: "),
        ({"note": 7}, "note: "),
        ({"leaves": "ab"}, "leaves: "),
        ({"leaves": {"a": 1}}, "leaves: "),
        ({"leaves": [{"name": "a", "size": 1.5}]}, r"leaves\.0\.size: "),
        ({"leaves": [{"name": "a", "size": True}]}, r"leaves\.0\.size: "),
        ({"leaves": [{"name": ["a"], "size": 1}]}, r"leaves\.0\.name: "),
        ({"leaves": [{"name": "a", "size": 1}, {"name": "b"}]}, r"leaves\.1\.size: "),
        ({"leaves": [{"name": "a", "size": 1, "colour": "red"}]}, r"leaves\.0\.colour: is no field"),
        ({"counts": {"create": {"deep": 1}}}, r"counts\.create: "),
        ({"counts": [["create", 1]]}, "counts: "),
        ({"colour": "red"}, "colour: is no field"),
    ],
)
def test_a_field_of_another_type_is_named(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=f"^{named}"):
        read_as(Whole, content(**changes))


@pytest.mark.parametrize("name", sorted(asdict(WHOLE)))
def test_no_default_stands_in_for_what_is_missing(name: str) -> None:
    lacking = content()
    del lacking[name]

    with pytest.raises(ValueError, match=f"^{name}: "):
        read_as(Whole, lacking)


def test_what_may_lack_has_its_default() -> None:
    lacking = content()
    del lacking["later"]

    assert read_as(Whole, lacking, may_lack=frozenset({"later"})).later == ()


@pytest.mark.parametrize("other", [None, [], "text", 7, [["on", 1]]])
def test_something_that_is_no_object_is_refused(other: Any) -> None:
    with pytest.raises(ValueError, match=r"^all of it: "):
        read_as(Whole, other)
