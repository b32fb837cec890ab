"""What became of a changeset, as this checkout's receipts tell."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.changesets import ID, a_changeset, a_finding, a_verdict, a_workspace
from tooling import digest
from tooling.changeset import Changeset
from tooling.changeset.document import written
from tooling.changeset.folder import read_changeset
from tooling.changeset.listing import list_changesets
from tooling.changeset.receipts import Receipt
from tooling.errors import Exit, ToolError
from tooling.workspace import Workspace

OLDER = "20251231T030405Z-000000"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return a_workspace(tmp_path, "dev")


def receipt(changeset: Changeset, architecture: str, **more: Any) -> bytes:
    values: dict[str, Any] = {
        "changeset": changeset.id,
        "seal": changeset.seal,
        "env": "dev",
        "architecture": architecture,
        "kind": "apply",
        "target": "emulator",
        "account_id": "123456789012",
        "commit": "",
        "dirty": False,
        "planned_by": "a",
        "approved_by": (),
        "by": "a",
        "glass": (),
        "whole": True,
        "error": "",
        "counts": {},
        "lineage": "l",
        "serial": 8,
        "started": "2026-01-02T04:00:00+00:00",
        "ended": "2026-01-02T04:01:00+00:00",
        "resources": (),
        **more,
    }
    return written(Receipt(**values).to_json())


def status(workspace: Workspace, changeset: Changeset, after: timedelta = timedelta(hours=1)) -> str:
    now = datetime.fromisoformat(changeset.created) + after
    return list_changesets(workspace, "dev", now)[0].status


def test_the_newest_comes_first_and_latest_is_no_second_one(workspace: Workspace) -> None:
    a_changeset(workspace, id=OLDER)
    changeset, _ = a_changeset(workspace)

    found = list_changesets(workspace, "dev", changeset.created_at)

    assert [one.id for one in found] == [ID, OLDER]


def test_an_environment_without_changesets_has_none(workspace: Workspace) -> None:
    assert list_changesets(workspace, "dev", datetime.now()) == ()


def test_a_fresh_one_is_ready_and_expires(workspace: Workspace) -> None:
    changeset, _ = a_changeset(workspace)

    assert status(workspace, changeset) == "ready"
    assert status(workspace, changeset, timedelta(days=3)) == "expired"


def test_one_that_the_gate_refused_says_so(workspace: Workspace) -> None:
    changeset, _ = a_changeset(workspace, verdicts={"kefir": a_verdict("dev/kefir", [a_finding("CKV_AWS_1")])})

    assert status(workspace, changeset) == "refused"


def test_receipts_tell_what_was_applied(workspace: Workspace) -> None:
    changeset, folder = a_changeset(workspace, stacks={"kefir": {}, "rewind": {}})

    (folder / "kefir/receipt-1.json").write_bytes(receipt(changeset, "kefir", whole=False, error="died"))
    failed = status(workspace, changeset)
    (folder / "kefir/receipt-2.json").write_bytes(receipt(changeset, "kefir"))
    partly = status(workspace, changeset)
    (folder / "rewind/receipt-1.json").write_bytes(receipt(changeset, "rewind"))

    assert (failed, partly, status(workspace, changeset)) == ("failed", "partly applied", "applied")


def test_receipts_of_another_seal_and_edited_ones_prove_nothing(workspace: Workspace) -> None:
    changeset, folder = a_changeset(workspace)
    (folder / "kefir/receipt-1.json").write_bytes(receipt(changeset, "kefir", seal="0" * 64))
    (folder / "kefir/receipt-2.json").write_bytes(receipt(changeset, "kefir", whole=False).replace(b"false", b"true"))

    assert status(workspace, changeset) == "ready"


def test_a_damaged_one_is_listed_as_such(workspace: Workspace) -> None:
    changeset, folder = a_changeset(workspace)
    file = folder / "changeset.json"
    file.write_text(file.read_text().replace('"serial": 7', '"serial": 8'))

    found = list_changesets(workspace, "dev", changeset.created_at)

    assert (found[0].status, found[0].changeset) == ("damaged", None)
    assert "edited after it was sealed" in found[0].trouble


@pytest.mark.parametrize(
    "odd",
    [{"architecture": ["kefir"]}, {"whole": "no"}, {"started": 7}, {"resources": [{"address": "a"}]}, {"counts": []}],
    ids=lambda odd: next(iter(odd)),
)
def test_a_receipt_of_other_types_proves_nothing_though_its_digest_is_right(
    workspace: Workspace, odd: dict[str, Any]
) -> None:
    changeset, folder = a_changeset(workspace)
    content = {**json.loads(receipt(changeset, "kefir")), **odd}
    del content["digest"]
    (folder / "kefir" / "receipt-20260102T040000Z-0.json").write_bytes(written(content))

    assert status(workspace, changeset) == "ready"


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ({"architecture": "../../envs"}, "is no name of a stack"),
        ({"architecture": ["kefir"]}, "architecture"),
        ({"changes": {"create": {}}}, "changes.create"),
        ({"files": {"../env.toml": "0"}}, "is no file of a changeset"),
        ({"serial": "7"}, "serial"),
    ],
)
def test_a_changeset_of_other_types_is_none_though_its_seal_is_right(
    workspace: Workspace, part: dict[str, Any], told: str
) -> None:
    _, folder = a_changeset(workspace)
    file = folder / "changeset.json"
    content = json.loads(file.read_text())
    content["stacks"][0].update(part)
    del content["seal"]
    file.write_text(json.dumps({**content, "seal": digest.of_value(content)}, indent=2, sort_keys=True) + "\n")

    with pytest.raises(ToolError, match=re.escape(told)) as caught:
        read_changeset(folder, "latest")

    assert caught.value.exit_code == Exit.USAGE
