"""The last applies are read with few questions, and what is remembered of the answers is believed with care."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.changed_estate import BEGAN, Estate
from tooling.changeset.last_applies import last_applies
from tooling.changeset.store import store_of
from tooling.environment.config import load_environment
from tooling.errors import ToolError
from tooling.target import Target

LISTINGS = ["local/", "local/receipts/"]


def asked(estate: Estate) -> list[str]:
    """What one look asks S3 for: prefixes of listings, and keys."""
    calls: list[str] = []
    target = estate.target

    def said(params: dict[str, Any]) -> str:
        return str(params.get("Key") or params["Prefix"])

    class Counting(Target):
        def client(self, service: str, region: str | None = None, **more: Any) -> Any:
            # Of a target of its own: what is registered on a shared client would be told by each one after it.
            client = replace(target).client(service, region, **more)
            client.meta.events.register("provide-client-params.s3", lambda params, **_: calls.append(said(params)))
            return client

    counting = Counting(target.name, target.endpoint, target.environ, target.region, target.account_id)
    store = store_of(counting, "local", load_environment(estate.workspace, "local"))
    last_applies(estate.workspace, "local", estate.stacks("local"), store)
    # Where an object was deleted the emulator goes on naming its folder, which S3 does not: one more, empty listing.
    return [call for call in calls if call != "local/journals/"]


def memory(estate: Estate) -> Path:
    return estate.workspace.work / "applied/local.json"


def test_a_second_look_takes_two_listings_and_fetches_nothing(estate: Estate) -> None:
    memory(estate).unlink(missing_ok=True)

    first, second = asked(estate), asked(estate)

    assert first[:2] == second == LISTINGS
    assert sorted(one.split("/")[2] for one in first[2:]) == ["one", "two"]


def test_only_a_receipt_that_is_new_is_fetched(estate: Estate) -> None:
    asked(estate)
    key = estate.apply("local/two", began=BEGAN + timedelta(hours=1))

    assert asked(estate) == [*LISTINGS, key]


def test_a_receipt_that_was_written_again_under_its_name_is_fetched(estate: Estate) -> None:
    asked(estate)
    key = estate.apply("local/two", whole=False)

    assert asked(estate) == [*LISTINGS, key]
    assert estate.changed() == {"local/two"}


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('"whole": true', '"whole": false'),
        lambda text: text.replace('"format": 1', '"format": 2'),
        lambda text: text[:0],
        lambda text: f"[{text}]",
        lambda text: f"\x00{text}",
    ],
)
def test_a_damaged_memory_is_not_believed(estate: Estate, damage: Callable[[str], str]) -> None:
    asked(estate)
    memory(estate).write_text(damage(memory(estate).read_text()))

    assert estate.look("local").reasons == {}
    assert asked(estate) == LISTINGS


def forge(estate: Estate, edit: Callable[[dict[str, Any]], None]) -> None:
    """Another memory, with a digest that fits."""
    from tooling import digest

    content = json.loads(memory(estate).read_text())
    del content["digest"]
    edit(content)
    memory(estate).write_text(json.dumps({**content, "digest": digest.of_value(content)}))


@pytest.mark.parametrize("field", ["key", "tag", "architecture"])
def test_a_memory_of_another_object_is_not_believed(estate: Estate, field: str) -> None:
    """It says that nothing can be compared: believed, it would make both stacks count as changed."""
    asked(estate)

    def edit(content: dict[str, Any]) -> None:
        for one in content["receipts"]:
            one[field] = f"{one[field]}x"
            one["whole"] = False

    forge(estate, edit)

    assert estate.look("local").reasons == {}


def test_a_memory_of_another_bucket_is_not_believed(estate: Estate) -> None:
    asked(estate)

    def edit(content: dict[str, Any]) -> None:
        content["place"] = "aws 111122223333 another"
        for one in content["receipts"]:
            one["whole"] = False

    forge(estate, edit)

    assert estate.look("local").reasons == {}


def test_a_bucket_that_is_not_there_is_no_reason_to_plan(estate: Estate) -> None:
    text = (estate.project.root / "envs/side/env.toml").read_text().replace(estate.bucket, "state-nobody-made")
    estate.write("envs/side/env.toml", text)
    root = (estate.project.root / "envs/side/one/main.tf").read_text().replace(estate.bucket, "state-nobody-made")
    estate.write("envs/side/one/main.tf", root)

    with pytest.raises(ToolError, match="the bucket state-nobody-made does not exist"):
        estate.look("side")
