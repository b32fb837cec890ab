"""Receipts, approvals and clocks, without a bucket."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tooling.applying import Applied, require_receipts
from tooling.changeset import Changeset, SealedCost, SealedGate, Stale
from tooling.changeset.approvals import approvals_of, approve
from tooling.changeset.checking import check_clock, expired
from tooling.changeset.document import read_document, written
from tooling.changeset.receipts import Receipt, Results, check_not_applied, keep_receipt, read_receipt
from tooling.changeset.sealing import sealed
from tooling.changeset.store import Store
from tooling.environment.stacks import Stack
from tooling.errors import Exit, ToolError
from tooling.target import Target
from tooling.terraform.events import Event

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLANNER = "arn:aws:sts::111122223333:assumed-role/deploy/paula"


@dataclass(frozen=True)
class InMemory(Store):
    """A bucket that is a dictionary, and may refuse to be written to."""

    objects: dict[str, bytes] = field(default_factory=dict)
    full: bool = False

    def put(self, key: str, content: bytes) -> None:
        if self.full:
            raise ToolError("PutObject was refused (AccessDenied)", where=self.place(key))
        self.objects[key] = content

    def get(self, key: str) -> bytes:
        return self.objects[key]

    def keys(self, prefix: str) -> tuple[str, ...]:
        return tuple(sorted(key for key in self.objects if key.startswith(prefix)))


def make_store(*, full: bool = False) -> InMemory:
    target = Target("aws", None, {}, "us-east-1", "111122223333")
    return InMemory(target, "states", "us-east-1", "dev", full=full)


def make_changeset() -> Changeset:
    return sealed(
        Changeset(
            id="20261121T120000Z-abcdef",
            env="dev",
            kind="apply",
            target="aws",
            account_id="111122223333",
            region="us-east-1",
            created=NOW.isoformat(),
            expires=(NOW + timedelta(hours=24)).isoformat(),
            by=PLANNER,
            toolkit="0.1.0",
            terraform="1.11.4",
            commit="c0ffee",
            dirty=False,
            settings="",
            gate=SealedGate("", "", "", "", "", "LOW", "3"),
            cost=SealedCost(None, "", "", ""),
            stacks=(),
        )
    )


def make_stack(folder: Path) -> Stack:
    return Stack("dev", "kefir", folder / "root", folder / "module", folder / "work", "dev/kefir.tfstate")


def make_receipt(*, whole: bool = True) -> Receipt:
    changeset = make_changeset()
    return Receipt(
        changeset=changeset.id,
        seal=changeset.seal,
        env="dev",
        architecture="kefir",
        kind="apply",
        target="aws",
        account_id="111122223333",
        commit="c0ffee",
        dirty=False,
        planned_by=PLANNER,
        approved_by=(),
        by=PLANNER,
        glass=(),
        whole=whole,
        error="" if whole else "interrupted",
        counts={"add": 1, "change": 0, "remove": 0},
        lineage="l",
        serial=7,
        started=NOW.isoformat(),
        ended=NOW.isoformat(),
        resources=(),
    )


# Approvals


@pytest.mark.parametrize(
    "who",
    [
        "arn:aws:sts::111122223333:assumed-role/deploy/adam",  # the same role, another session
        "arn:aws:sts::111122223333:assumed-role/approve/paula",  # the same name in another role
        "arn:aws:iam::111122223333:user/paula",
    ],
)
def test_another_identity_is_another_arn(tmp_path: Path, who: str) -> None:
    store, changeset = make_store(), make_changeset()

    approve(changeset, tmp_path, store, who, NOW)

    assert [approval.by for approval in approvals_of(changeset, store)] == [who]
    assert len(list((tmp_path / "approvals").glob("*.json"))) == 1


def test_names_that_read_alike_are_two_approvals(tmp_path: Path) -> None:
    store, changeset = make_store(), make_changeset()

    for who in ("arn:aws:iam::111122223333:user/a+b", "arn:aws:iam::111122223333:user/a=b"):
        approve(changeset, tmp_path, store, who, NOW)

    assert len(approvals_of(changeset, store)) == 2


def test_rejects_the_approval_of_the_planner(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="was planned by you") as caught:
        approve(make_changeset(), tmp_path, make_store(), PLANNER, NOW)

    assert caught.value.exit_code == Exit.REFUSED


# Receipts


def test_a_receipt_comes_back_as_it_was_written(tmp_path: Path) -> None:
    receipt = make_receipt()

    assert keep_receipt(receipt, make_stack(tmp_path), tmp_path, make_store()) is None

    (file,) = tmp_path.glob("receipt-*.json")
    assert file.name == f"receipt-20261121T120000Z-{receipt.seal[:12]}.json"
    assert read_receipt(file.read_bytes(), "here") == receipt


def test_a_bucket_that_refuses_the_receipt_does_not_hide_the_apply(tmp_path: Path) -> None:
    problem = keep_receipt(make_receipt(), make_stack(tmp_path), tmp_path, make_store(full=True))

    assert problem is not None
    assert "PutObject was refused (AccessDenied)" in problem
    assert len(list(tmp_path.glob("receipt-*.json"))) == 1
    applied = Applied("kefir", {"add": 1, "change": 0, "remove": 0}, 7, 1.0, problem)
    with pytest.raises(ToolError, match="applied, but the receipt of kefir is not whole") as caught:
        require_receipts((applied,))
    assert caught.value.exit_code == Exit.FAILED
    assert caught.value.hint is not None


def test_a_folder_that_takes_no_receipt_does_not_hide_the_apply(tmp_path: Path) -> None:
    store = make_store()

    problem = keep_receipt(make_receipt(), make_stack(tmp_path), tmp_path / "gone", store)

    assert problem is not None
    assert "beside the changeset" in problem
    assert len(store.objects) == 1


def test_what_was_applied_in_part_may_be_applied_again(tmp_path: Path) -> None:
    store, stack, changeset = make_store(), make_stack(tmp_path), make_changeset()
    keep_receipt(make_receipt(whole=False), stack, tmp_path, store)

    check_not_applied(changeset, stack, tmp_path, store)

    keep_receipt(replace(make_receipt(), started=(NOW + timedelta(hours=1)).isoformat()), stack, tmp_path, store)
    with pytest.raises(ToolError, match="this changeset was applied at"):
        check_not_applied(changeset, stack, tmp_path, store)


def event(kind: str, address: str, action: str, **more: object) -> Event:
    return Event(kind, "", {"hook": {"resource": {"addr": address}, "action": action, **more}})


def test_each_resource_has_its_result() -> None:
    results = Results()
    told = [
        event("apply_start", "a.read", "read"),
        event("apply_start", "a.old", "delete"),
        event("apply_complete", "a.old", "delete", elapsed_seconds=3),
        event("apply_start", "a.old", "create"),
        event("apply_complete", "a.old", "create", id_key="id", id_value="i-1", elapsed_seconds=2),
        event("apply_start", "a.bad", "update", id_value="i-2"),
        event("apply_errored", "a.bad", "update", elapsed_seconds=1),
        event("apply_start", "a.cut", "create"),
    ]

    for each in told:
        results(each)

    assert [(one.address, one.action, one.result, one.id, one.seconds) for one in results.all()] == [
        ("a.old", "delete", "done", "", 3),
        ("a.old", "create", "done", "i-1", 2),
        ("a.bad", "update", "failed", "", 1),
        ("a.cut", "create", "unfinished", "", 0),
    ]


@pytest.mark.parametrize("edit", [b"", b"{}", b"[]", b"null", b"[" * 100_000, b'{"digest": 1}', b"\xff"])
def test_rejects_a_document_that_is_none(edit: bytes) -> None:
    with pytest.raises(ToolError, match="the receipt was edited, or is none") as caught:
        read_document(edit, "receipt", "here")

    assert caught.value.exit_code == Exit.REFUSED


def test_rejects_a_document_that_is_written_otherwise() -> None:
    data = written({"a": 1})

    assert read_document(data, "receipt", "here") == {"a": 1}
    with pytest.raises(ToolError, match="was edited"):
        read_document(data + b"\n", "receipt", "here")


# Clocks


@pytest.mark.parametrize(("minutes", "refused"), [(-6, True), (-4, False), (0, False), (60, False)])
def test_a_changeset_of_tomorrow_is_refused(minutes: int, refused: bool) -> None:
    messages = []
    try:
        check_clock(make_changeset(), NOW + timedelta(minutes=minutes))
    except ToolError as error:
        messages.append(error.what)

    assert [("in the future" in message) for message in messages] == [True] * refused


@pytest.mark.parametrize(("hours", "late"), [(0, False), (23, False), (24, True), (99, True)])
def test_a_changeset_expires(hours: int, late: bool) -> None:
    assert (expired(make_changeset(), NOW + timedelta(hours=hours)) is not None) == late


def test_what_moved_is_said_of_every_stack() -> None:
    stale = Stale({"dev": (), "dev/kefir": ("the module changed",), "dev/rewind": ("the lock file changed",)})

    assert str(stale) == "dev/kefir: the module changed (and 1 more)"
    assert stale.exit_code == Exit.REFUSED
    assert stale.moved["dev/rewind"] == ("the lock file changed",)
