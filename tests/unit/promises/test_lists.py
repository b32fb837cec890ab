"""The lists themselves: what they may hold, who confirms what, and the items that no resource answers for."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.in_process import run_here
from tests.support.project import REPOSITORY
from tests.unit.promises.conftest import Shop
from tests.unit.promises.test_checklists import CHECK_ROWS, MANUAL, confirm, with_list
from tests.unit.promises.web_server import WebServer
from tooling.checklists import ACCEPTANCE, CHECKLIST, Confirmations, Given, Item, read_checklist, walk
from tooling.checklists.looks import LOOKS
from tooling.errors import ToolError
from tooling.workspace import Workspace

ACCEPT_ROWS = [f"SM-AC-{number:02}" for number in range(1, 13)]


@pytest.mark.requirement("FD-CHK-16")
def test_a_confirmation_says_who_and_when_and_can_be_taken_back(shop: Shop) -> None:
    with_list(shop, "doomscroll", CHECKLIST)
    confirm(shop, "FD-CHK-16")

    kept = shop.target.client("s3").get_object(Bucket=shop.bucket, Key="local/shop.tfstate.confirmations.json")
    entry = json.loads(kept["Body"].read())["FD-CHK-16"]
    assert entry["name"] == "Ada Lovelace"
    assert entry["caller"].startswith(f"arn:aws:sts::{shop.target.account_id}:")
    assert entry["at"].endswith("Z")

    taken = run_here(shop.project, "checklist", "--stack", "shop", "--withdraw", "FD-CHK-16", "--yes")

    assert taken.code == 0, taken.said
    session = shop.live({}).session
    assert Confirmations.of(session, session.stack).all == {}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--confirm", "FD-CHK-04", "--by", "Ada"], "FD-CHK-04 is looked at, not confirmed"),
        (["--confirm", "FD-CHK-99", "--by", "Ada"], "FD-CHK-99 is no item of the list"),
        (["--confirm", "FD-CHK-16"], "a confirmation needs a name"),
        (["--withdraw", "FD-CHK-16"], "FD-CHK-16 is not confirmed"),
        (["--withdraw", "FD-CHK-16", "--confirm", "FD-CHK-05", "--by", "Ada"], "--confirm and --withdraw are two runs"),
        (["--by", "Ada"], "--by and --note go with --confirm"),
        (["--url", "https://ada:secret@shop.example.com"], "is no address to ask"),
    ],
)
def test_rejects_a_confirmation_that_says_nothing(shop: Shop, args: list[str], message: str) -> None:
    with_list(shop, "doomscroll", CHECKLIST)

    answer = run_here(shop.project, "checklist", "--stack", "shop", *args, "--yes")

    assert answer.code == 2
    assert message in answer.err
    assert "secret" not in answer.said


@pytest.mark.requirement("SM-AC-11")
@pytest.mark.parametrize(("pause", "status"), [(0.0, "ok"), (0.3, "failed")])
def test_an_item_about_load_sends_it_and_compares(shop: Shop, server: WebServer, pause: float, status: str) -> None:
    server.answers["GET /"], server.pause_seconds = (200, {}), pause
    item = {"row": "SM-AC-11", "says": "fast", "load": {"p95_ms": 200, "rps": 10, "seconds": 1}}
    shop.project.write("cdktf_app/architectures/shop/acceptance.yaml", json.dumps({"title": "t", "items": [item]}))
    live = shop.live({})
    wanted = read_checklist(live.session.workspace, "shop", ACCEPTANCE)
    said = Confirmations.of(live.session, live.stack)

    (here,) = walk(live, wanted, said, Given(f"{server.url}/"))
    (elsewhere,) = walk(live, wanted, said, Given("https://shop.example.com/"))
    (nowhere,) = walk(live, wanted, said, Given())

    assert [one.finding.status for one in (here, elsewhere, nowhere)] == [status, "manual", "skipped"]
    # On AWS it could be tried, and is not accepted untried.
    on_aws = replace(live, session=replace(live.session, target=replace(live.session.target, endpoint=None)))
    (untried,) = walk(on_aws, wanted, said, Given())
    assert untried.finding.status == "manual"


ROWS = """\
- {id: SM-A-01, says: a, kind: resource, env: all}
- {id: SM-T-01, says: b, kind: toolkit, env: all}
- {id: SM-AC-12, says: all of it, kind: toolkit, env: all}
"""
TESTS = "import pytest\n\n@pytest.mark.requirement('SM-A-01')\ndef test_one():\n    pass\n"


@pytest.mark.requirement("SM-AC-12")
@pytest.mark.parametrize(("outcome", "status"), [("passed", "ok"), ("failed", "failed")])
def test_every_row_of_the_architecture_has_to_be_proved_or_recorded(
    shop: Shop, tmp_path: Path, outcome: str, status: str
) -> None:
    root = tmp_path / "rows"
    files = {
        "specs/requirements.yaml": ROWS,
        "specs/open.yaml": 'SM-T-01: "why it cannot be"\n',
        "tests/test_it.py": TESTS,
        "pytest.ini": "[pytest]\naddopts = -p tooling.requirements.plugin\n"
        f"pythonpath = {REPOSITORY}\nmarkers =\n  requirement: ids\n",
        ".groundplan/trace.json": json.dumps({"tests/test_it.py::test_one": outcome}),
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    live = shop.live({})
    live = replace(
        live,
        session=replace(live.session, workspace=Workspace(root)),
        stack=replace(live.stack, architecture="solemate"),
    )

    (found,) = LOOKS["rows"](live, Item(row="SM-AC-12", says="all of it", rows=True), Given())

    assert found.status == status
    assert found.saw == ("1 proved by tests, 1 recorded as open with a reason" if status == "ok" else found.saw)


@pytest.mark.requirement("FD-CHK-01", "SM-AC-12")
def test_the_lists_of_the_architectures_have_every_row_of_their_document() -> None:
    workspace = Workspace(REPOSITORY)

    checklist = read_checklist(workspace, "doomscroll", CHECKLIST)
    acceptance = read_checklist(workspace, "solemate", ACCEPTANCE)

    assert [item.row for item in checklist.items] == CHECK_ROWS
    assert [item.row for item in checklist.items if item.manual] == MANUAL
    assert [item.row for item in acceptance.items] == ACCEPT_ROWS
    looked = {item.row: item for item in acceptance.items}
    assert looked["SM-AC-01"].plan
    assert looked["SM-AC-10"].gate
    assert looked["SM-AC-11"].load is not None
    assert looked["SM-AC-11"].load.p95_ms == 200
    assert looked["SM-AC-12"].rows


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({"row": "FD-CHK-01", "says": "x"}, "either manual or says what to look at"),
        ({"row": "FD-CHK-01", "says": "x", "manual": "look", "plan": True}, "either manual or says"),
        ({"row": "FD-CHK-01", "says": "x", "promises": {"bucket-shut": 1}}, "no promise 'bucket-shut'"),
        ({"row": "FD-CHK-01", "says": "x", "colour": "red"}, "colour"),
    ],
)
def test_rejects_a_list_that_asks_for_what_there_is_not(shop: Shop, item: dict[str, Any], message: str) -> None:
    shop.project.write("cdktf_app/architectures/shop/checklist.yaml", json.dumps({"title": "t", "items": [item]}))

    with pytest.raises(ToolError, match=message) as caught:
        read_checklist(Workspace(shop.project.root), "shop", CHECKLIST)

    assert caught.value.exit_code == 2


def test_an_architecture_without_a_list_is_told_which_have_one(shop: Shop) -> None:
    with_list(shop, "doomscroll", CHECKLIST)

    answer = run_here(shop.project, "accept", "--stack", "shop")

    assert answer.code == 2
    assert "shop has no such list (cdktf_app/architectures/shop/acceptance.yaml)" in answer.err


def test_everything_that_keeps_an_item_from_its_tick_is_told(shop: Shop, name: str) -> None:
    item = {"row": "FD-CHK-12", "says": "alarms configured", "promises": {"alarm-wired": 2}}
    unasked = {"row": "FD-CHK-15", "says": "smoke tests pass", "smoke": True}
    items = {"title": "t", "items": [item, unasked]}
    shop.project.write("cdktf_app/architectures/shop/checklist.yaml", json.dumps(items))
    shop.holds({f"aws_cloudwatch_metric_alarm.a{number}": {"alarm_name": f"{name}-{number}"} for number in range(2)})

    answer = run_here(shop.project, "checklist", "--stack", "shop")

    assert answer.code == 1
    assert f"there is no alarm {name}-0" in answer.out
    assert f"also ✗ alarms act: module.shop.aws_cloudwatch_metric_alarm.a1: there is no alarm {name}-1" in answer.out
    # What was not asked is no tick either.
    assert "0 of 2 ticked; open: FD-CHK-12" in answer.err


def test_rejects_a_list_that_names_a_row_twice(shop: Shop) -> None:
    item = {"row": "FD-CHK-01", "says": "x", "plan": True}
    shop.project.write("cdktf_app/architectures/shop/checklist.yaml", json.dumps({"title": "t", "items": [item, item]}))

    with pytest.raises(ToolError, match="FD-CHK-01 is there twice"):
        read_checklist(Workspace(shop.project.root), "shop", CHECKLIST)


def test_of_two_who_confirm_at_the_same_moment_one_is_told(shop: Shop) -> None:
    session = shop.live({}).session
    mine, theirs = (Confirmations.of(session, session.stack) for _ in range(2))
    given: dict[str, Any] = {"caller": "arn:caller", "now": session.clock()}
    theirs.confirm("FD-CHK-05", name="Grace Hopper", **given)

    with pytest.raises(ToolError, match="somebody else wrote at the same moment"):
        mine.confirm("FD-CHK-16", name="Ada Lovelace", **given)

    assert list(Confirmations.of(session, session.stack).all) == ["FD-CHK-05"]
