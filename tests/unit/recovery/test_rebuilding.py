"""A state is put together from a journal and from plans, which a small stand-in for Terraform plays here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.unit.journal.journals import hook, journal
from tooling.errors import ToolError
from tooling.journal import read_journal
from tooling.progress import Silent, StackProgress
from tooling.recovery import lookup
from tooling.recovery.doubts import Inquiry
from tooling.recovery.lookup import Found
from tooling.recovery.rebuilding import Rebuilt, rebuild
from tooling.terraform.failures import Unreadable

QUEUE, ALARM = "test_queue.q", "test_alarm.a"


@dataclass
class Cloud:
    """What there is, by id, and a Terraform that refreshes and plans one queue and an alarm that names its address.

    Attributes:
        ids: What is there.
        replaces: Addresses that a plan would make anew although they are there.
        unreadable: Addresses that the provider fails to read once they are gone.
        by_arn: Addresses that are read by their ``arn``, not by their id.
    """

    ids: set[str]
    replaces: set[str] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)
    by_arn: set[str] = field(default_factory=set)
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def terraform(self) -> Any:
        return type("T", (), {"stack": "dev/kefir"})()

    def write_state(self, content: bytes) -> None:
        self.state = json.loads(content)

    def plan(self, _on_event: Any, *, destroy: bool = False) -> dict[str, Any]:
        self._fail_to_read()
        read = {
            f"{entry['type']}.{entry['name']}": {**body["attributes"], "read": True}
            for entry in self.state["resources"]
            for body in entry["instances"]
            if "deposed" not in body
            and body["attributes"]["id"] in self.ids
            and ("arn" in body["attributes"] or f"{entry['type']}.{entry['name']}" not in self.by_arn)
        }
        changes = (
            [] if destroy else [self._change(QUEUE, {}, read), self._change(ALARM, {"url": QUEUE not in read}, read)]
        )
        blocks = [self._block(QUEUE, {}), self._block(ALARM, {"url": {"references": ["test_queue.q.url"]}})]
        resources = [
            {"address": address, "mode": "managed", "type": address.partition(".")[0], "values": values}
            for address, values in read.items()
        ]
        return {
            "configuration": {"root_module": {"resources": blocks}},
            "resource_changes": changes,
            "prior_state": {"values": {"root_module": {"resources": resources}}},
        }

    def _fail_to_read(self) -> None:
        there = {f"{entry['type']}.{entry['name']}": entry["instances"][0] for entry in self.state["resources"]}
        failing = [one for one in self.unreadable if one in there and there[one]["attributes"]["id"] not in self.ids]
        if failing:
            raise Unreadable(ToolError("reading it: 400, UnknownThing"), tuple(failing))

    def _change(self, address: str, unknown: dict[str, bool], read: dict[str, Any]) -> dict[str, Any]:
        kind, _, name = address.partition(".")
        actions = ["delete", "create"] if address in self.replaces else ["no-op"] if address in read else ["create"]
        change = {"actions": actions, "after": {"name": name}, "after_unknown": {"id": True, **unknown}}
        named = {"address": address, "mode": "managed", "type": kind, "name": name, "provider_name": "p"}
        return {**named, "change": change}

    def _block(self, address: str, expressions: dict[str, Any]) -> dict[str, Any]:
        return {"address": address, "provider_config_key": "p", "schema_version": 0, "expressions": expressions}


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Found]]:
    """What a lookup of each type finds."""
    found: dict[str, list[Found]] = {"test_queue": [], "test_alarm": []}
    lookup.known_types()
    for kind in found:
        monkeypatch.setitem(lookup._LOOKUPS, kind, lambda wanted: found[wanted.type])
    return found


def run(cloud: Cloud, *events: dict[str, Any], base: dict[str, Any] | None = None) -> Rebuilt:
    inquiry = Inquiry(region_of=lambda _a: "us-east-1", account_id="1", client=lambda _s, _r: None)
    progress = StackProgress(Silent(), "dev/kefir", "resume")
    played: Any = cloud
    return rebuild(played, read_journal(journal(*events), "j"), base, inquiry, progress, terraform="1.11.4")


def state_of(**ids: str) -> dict[str, Any]:
    entries = [
        {"mode": "managed", "type": f"test_{name}", "name": name[0], "instances": [{"attributes": {"id": identifier}}]}
        for name, identifier in ids.items()
    ]
    return {"version": 4, "lineage": "l", "serial": 3, "resources": entries}


def ids_in(rebuilt: Rebuilt) -> list[str]:
    return [body["attributes"]["id"] for entry in rebuilt.state["resources"] for body in entry["instances"]]


def made(address: str, identifier: str, began: str = "1", ended: str = "2") -> list[dict[str, Any]]:
    return [hook("apply_start", address, at=began), hook("apply_complete", address, at=ended, id_value=identifier)]


@pytest.mark.usefixtures("known")
def test_what_was_made_is_entered_in_the_order_of_what_it_depends_on_as_it_was_read() -> None:
    rebuilt = run(Cloud({"q1", "a1"}), *made(QUEUE, "q1"), *made(ALARM, "a1", "3", "4"))

    assert rebuilt.recovered == (QUEUE, ALARM)
    assert ids_in(rebuilt) == ["q1", "a1"]
    assert rebuilt.state["resources"][1]["instances"][0]["attributes"] == {"name": "a", "id": "a1", "read": True}


@pytest.mark.usefixtures("known")
def test_what_was_made_and_somebody_deleted_since_is_told_and_left_out() -> None:
    rebuilt = run(Cloud(set()), *made(QUEUE, "q1"))

    assert rebuilt.gone == (QUEUE,)
    assert ids_in(rebuilt) == []


def test_what_is_read_by_more_than_its_id_gets_that_from_aws(known: dict[str, list[Found]]) -> None:
    # GIVEN a queue that is read by its ARN, and an alarm that names it
    known["test_queue"].append(Found("q1", within=True, attributes={"arn": "arn:q1"}))

    rebuilt = run(Cloud({"q1", "a1"}, by_arn={QUEUE}), *made(QUEUE, "q1"), *made(ALARM, "a1", "3", "4"))

    assert rebuilt.recovered == (QUEUE, ALARM)
    assert rebuilt.state["resources"][0]["instances"][0]["attributes"]["arn"] == "arn:q1"


def test_another_of_that_name_is_not_what_was_made(known: dict[str, list[Found]]) -> None:
    known["test_queue"].append(Found("q2", within=True, attributes={"arn": "arn:q2"}))

    rebuilt = run(Cloud({"q2"}, by_arn={QUEUE}), *made(QUEUE, "q1"))

    assert (rebuilt.gone, ids_in(rebuilt)) == ((QUEUE,), [])


def test_what_was_in_doubt_is_taken_when_it_is_found_and_proven(known: dict[str, list[Found]]) -> None:
    known["test_queue"].append(Found("q1", within=True))

    rebuilt = run(Cloud({"q1"}), hook("apply_start", QUEUE, at="1"))

    assert rebuilt.adopted == (QUEUE,)
    assert ids_in(rebuilt) == ["q1"]


@pytest.mark.usefixtures("known")
def test_what_was_in_doubt_and_is_nowhere_made_nothing() -> None:
    rebuilt = run(Cloud(set()), hook("apply_start", QUEUE, at="1"))

    assert rebuilt.not_made == (QUEUE,)
    assert not rebuilt.unsure


def test_what_exists_and_is_not_proven_is_a_question(known: dict[str, list[Found]]) -> None:
    known["test_queue"].append(Found("q1"))

    rebuilt = run(Cloud({"q1"}), hook("apply_start", QUEUE, at="1"))

    assert rebuilt.unsure == {QUEUE: "q1 exists, and nothing shows that this run made it"}
    assert ids_in(rebuilt) == []


@pytest.mark.usefixtures("known")
def test_a_journal_that_was_cut_short_does_not_turn_the_states_own_object_out() -> None:
    # GIVEN a journal whose last words a full disk did not take, and a state that was stored all the same
    rebuilt = run(Cloud({"q1"}), hook("apply_start", QUEUE, at="1"), base=state_of(queue="q1"))

    assert ids_in(rebuilt) == ["q1"]
    assert "deposed" not in json.dumps(rebuilt.state)
    assert not rebuilt.unsure


def test_a_replacement_that_was_made_first_deposes_what_it_replaces(known: dict[str, list[Found]]) -> None:
    # GIVEN a queue that was being replaced, the new one first, and both are there
    known["test_queue"] += [Found("q1", within=True), Found("q2", within=True)]

    rebuilt = run(Cloud({"q1", "q2"}, replaces={QUEUE}), hook("apply_start", QUEUE, at="1"), base=state_of(queue="q1"))

    old, new = rebuilt.state["resources"][0]["instances"]
    assert (old["attributes"]["id"], bool(old["deposed"])) == ("q1", True)
    assert (new["attributes"]["id"], "deposed" in new) == ("q2", False)


@pytest.mark.usefixtures("known")
def test_a_replacement_after_its_predecessor_was_deleted_takes_its_place() -> None:
    gone = [hook("apply_start", QUEUE, "delete", id_value="q1"), hook("apply_complete", QUEUE, "delete")]

    rebuilt = run(Cloud({"q2"}), *gone, *made(QUEUE, "q2"), base=state_of(queue="q1"))

    assert ids_in(rebuilt) == ["q2"]


def test_what_was_deleted_for_certain_is_not_read_again(known: dict[str, list[Found]]) -> None:
    # GIVEN that AWS goes on listing it for a while
    known["test_queue"].append(Found("q1"))
    gone = [hook("apply_start", QUEUE, "delete", id_value="q1"), hook("apply_complete", QUEUE, "delete")]

    rebuilt = run(Cloud(set(), unreadable={QUEUE}), *gone, base=state_of(queue="q1"))

    assert ids_in(rebuilt) == []


@pytest.mark.usefixtures("known")
def test_what_may_have_been_deleted_and_cannot_be_read_is_looked_for() -> None:
    going = hook("apply_start", QUEUE, "delete", id_value="q1")

    rebuilt = run(Cloud({"a1"}, unreadable={QUEUE}), going, base=state_of(queue="q1", alarm="a1"))

    assert ids_in(rebuilt) == ["a1"]


def test_what_cannot_be_read_and_is_still_listed_is_a_failure(known: dict[str, list[Found]]) -> None:
    known["test_queue"].append(Found("q1"))
    going = hook("apply_start", QUEUE, "delete", id_value="q1")

    with pytest.raises(ToolError, match="reading it: 400"):
        run(Cloud(set(), unreadable={QUEUE}), going, base=state_of(queue="q1"))


@pytest.mark.usefixtures("known")
def test_what_nobody_was_deleting_and_cannot_be_read_is_a_failure() -> None:
    with pytest.raises(ToolError, match="reading it: 400"):
        run(Cloud(set(), unreadable={QUEUE}), hook("apply_start", ALARM, at="1"), base=state_of(queue="q1"))


@pytest.mark.usefixtures("known")
def test_what_the_configuration_does_not_make_any_more_cannot_be_entered() -> None:
    with pytest.raises(ToolError, match=r"test_queue.other was made as q9, and the configuration as it is now"):
        run(Cloud({"q9"}), *made("test_queue.other", "q9"))


def test_of_several_runs_that_died_each_says_what_it_left() -> None:
    first = Rebuilt({}, recovered=("a",), adopted=("b",), unsure={"c": "two of them", "d": "strange"})
    second = Rebuilt({"serial": 9}, recovered=("a", "c"), not_made=("e",), unsure={"f": "strange too"})

    both = second.after(first)

    assert both.state == {"serial": 9}
    assert (both.recovered, both.adopted, both.not_made) == (("a", "c"), ("b",), ("e",))
    assert both.unsure == {"d": "strange", "f": "strange too"}
