"""What exists is taken into the state when it is proven to be of the run that died, and only then."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tooling.errors import ToolError
from tooling.journal import Step
from tooling.recovery import lookup
from tooling.recovery.doubts import Inquiry, Proof
from tooling.recovery.lookup import Found, Wanted
from tooling.recovery.planned import Planned

TAGS = {"Project": "kefir", "Environment": "dev"}
BEGAN = "2026-11-21T10:00:00.000000Z"
AFTER, BEFORE = datetime(2026, 11, 21, 10, 0, 1, tzinfo=UTC), datetime(2026, 11, 21, 9, 59, tzinfo=UTC)
PLANNED = Planned("aws_x.y", "", "test_doubt", "y", None, "p", "", 0, {"name": "n", "tags_all": TAGS}, complete=True)
STEP = Step("aws_x.y", "create", "unfinished", began=BEGAN)
REFUSED = Step("aws_x.y", "create", "refused", began=BEGAN)


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> list[Found]:
    """What a lookup of the type finds."""
    found: list[Found] = []

    def look(_wanted: Wanted) -> list[Found]:
        return found

    lookup.known_types()
    monkeypatch.setitem(lookup._LOOKUPS, "test_doubt", look)
    return found


def inquiry(**choices: Any) -> Inquiry:
    return Inquiry(region_of=lambda _alias: "us-east-1", account_id="1", client=lambda _s, _r: None, **choices)


@pytest.mark.parametrize(
    ("found", "taken"),
    [
        (Found("a", tags={**TAGS, "more": "x"}), True),
        (Found("a", tags={"Project": "kefir"}), False),
        (Found("a", tags={}, created=AFTER), True),
        (Found("a", created=BEFORE), False),
        (Found("a", within=True), True),
        (Found("a"), False),
    ],
    ids=["same tags", "some tags", "born after", "born before", "within ours", "nothing known"],
)
def test_tags_birth_or_belonging_prove_it(there: list[Found], found: Found, taken: bool) -> None:
    there.append(found)

    proof = inquiry().look(PLANNED, STEP)

    assert proof.found == (found if taken else None)
    assert bool(proof.unsure) is not taken


def test_nothing_there_means_that_nothing_was_made(there: list[Found]) -> None:
    proof = inquiry().look(PLANNED, STEP)

    assert there == []
    assert proof.found is None
    assert proof.unsure == ""


def test_of_several_the_only_proven_one_is_taken(there: list[Found]) -> None:
    there += [Found("old", tags={}, created=BEFORE), Found("new", tags={}, created=AFTER)]

    assert inquiry().look(PLANNED, STEP).found == there[1]


def test_what_it_takes_the_place_of_is_not_it(there: list[Found]) -> None:
    there += [Found("old", tags=TAGS), Found("new", tags=TAGS)]

    assert inquiry().look(PLANNED, STEP, "old").found == there[1]
    del there[1]
    proof = inquiry().look(PLANNED, STEP, "old")
    assert (proof.found, proof.unsure) == (None, "")


def test_what_belongs_to_another_address_is_not_it_where_there_is_a_choice(there: list[Found]) -> None:
    there += [Found("sister", tags=TAGS), Found("new", tags=TAGS)]

    assert inquiry().look(PLANNED, STEP, others=["sister"]).found == there[1]
    del there[1]
    assert inquiry().look(PLANNED, STEP, others=["sister"]).found == there[0]


def test_several_proven_ones_are_for_a_person_to_decide(there: list[Found]) -> None:
    there += [Found("one", tags=TAGS), Found("two", tags=TAGS)]

    proof = inquiry().look(PLANNED, STEP)

    assert proof.found is None
    assert proof.unsure == "there are 2 that may be it: one, two"


def test_a_person_may_say_that_it_is_or_that_it_is_not(there: list[Found]) -> None:
    there.append(Found("a", created=BEFORE))

    assert inquiry(adopt=["aws_x.y"]).look(PLANNED, STEP).found == there[0]
    left = inquiry(leave=["aws_x.y"]).look(PLANNED, STEP)
    assert (left.found, left.unsure) == (None, "")


def test_a_type_that_nobody_can_look_for_is_said() -> None:
    strange = Planned("aws_x.y", "", "aws_strange", "y", None, "p", "", 0, {}, complete=True)

    assert inquiry().look(strange, STEP).unsure == "nobody here knows how to look for a aws_strange"


def test_what_terraform_read_under_a_derived_id_is_judged_by_its_tags() -> None:
    derived = Found("a", there=False)

    ours = inquiry().judge_read(PLANNED, STEP, derived, {"tags_all": TAGS})
    foreign = inquiry().judge_read(PLANNED, STEP, derived, {"tags_all": {"Project": "other"}})

    assert ours.found == derived
    assert foreign.found is None
    assert foreign.unsure == "a exists, and nothing shows that this run made it"


def test_what_aws_refused_halfway_is_taken_when_it_is_there_and_proven(there: list[Found]) -> None:
    there.append(Found("a", tags={}, created=AFTER))

    assert inquiry().look(PLANNED, REFUSED).found == there[0]


def test_what_aws_refused_is_not_in_doubt_for_what_others_have_under_that_name(there: list[Found]) -> None:
    there.append(Found("a", tags={"Project": "other"}, created=BEFORE))
    derived = Found("a", there=False)

    assert inquiry().look(PLANNED, REFUSED) == Proof(None)
    assert inquiry().judge_read(PLANNED, REFUSED, derived, {"tags_all": {"Project": "other"}}) == Proof(None)
    assert inquiry(adopt=["aws_x.y"]).look(PLANNED, REFUSED).found == there[0]


def test_whoever_may_neither_make_nor_list_it_is_not_kept_from_resuming(monkeypatch: pytest.MonkeyPatch) -> None:
    def look(_wanted: Wanted) -> list[Found]:
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "ListThings")

    lookup.known_types()
    monkeypatch.setitem(lookup._LOOKUPS, "test_doubt", look)

    assert inquiry().look(PLANNED, REFUSED) == Proof(None)
    with pytest.raises(ToolError, match=r"ListThings was refused \(AccessDenied\)"):
        inquiry().look(PLANNED, STEP)
