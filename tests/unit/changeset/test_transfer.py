"""Exported changesets come in as they were sealed, or not at all."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.changesets import ID, a_changeset, a_workspace
from tooling.changeset.parcel import pack
from tooling.changeset.transfer import Moved, export_changeset, import_changeset
from tooling.encryption import KeyFile, KeySource, make_key_file, write_encrypted
from tooling.errors import Exit, ToolError
from tooling.workspace import Workspace


@pytest.fixture
def here(tmp_path: Path) -> Workspace:
    return a_workspace(tmp_path / "here", "dev", "prod")


@pytest.fixture
def there(tmp_path: Path) -> Workspace:
    return a_workspace(tmp_path / "there", "dev")


@pytest.fixture
def key(tmp_path: Path) -> KeyFile:
    make_key_file(tmp_path / "x.key")
    return KeyFile(tmp_path / "x.key")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "x.gpc"


def take(workspace: Workspace, file: Path, key: KeySource, **more: Any) -> Moved:
    return import_changeset(workspace, file, lambda _kind, _env: key, **more)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def landed(workspace: Workspace) -> list[Path]:
    """Whatever an import may have left, locks apart."""
    return [path for path in workspace.work.rglob("*") if path.is_file() and path.suffix != ".lock"]


def test_an_imported_changeset_is_file_by_file_the_exported_one(
    here: Workspace, there: Workspace, key: KeyFile, file: Path
) -> None:
    changeset, folder = a_changeset(here)

    export_changeset(here, "dev", "latest", file, key)
    moved = take(there, file, key)

    assert moved.changeset == changeset
    assert moved.folder == there.changesets("dev") / ID
    assert tree(moved.folder) == tree(folder)
    assert (there.changesets("dev") / "latest").resolve() == moved.folder
    assert moved.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in moved.folder.rglob("*") if path.is_file()} == {0o600}


def test_the_file_is_private_and_shows_no_secret(here: Workspace, key: KeyFile, file: Path) -> None:
    a_changeset(here)

    export_changeset(here, "dev", ID, file, key)

    assert file.stat().st_mode & 0o777 == 0o600
    assert b"password" not in file.read_bytes()
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []


def test_a_failed_export_leaves_an_older_file_alone(here: Workspace, key: KeyFile, file: Path) -> None:
    _, folder = a_changeset(here)
    file.write_bytes(b"older")
    (folder / "kefir/plan.json").write_text("{ }")

    with pytest.raises(ToolError, match=r"plan.json changed after the plan was sealed") as refused:
        export_changeset(here, "dev", ID, file, key)

    assert refused.value.exit_code == Exit.REFUSED
    assert file.read_bytes() == b"older"


def test_receipts_stay_where_they_were_written(here: Workspace, there: Workspace, key: KeyFile, file: Path) -> None:
    _, folder = a_changeset(here)
    (folder / "kefir/receipt-x.json").write_text("{}")

    export_changeset(here, "dev", ID, file, key)

    assert "kefir/receipt-x.json" not in tree(take(there, file, key).folder)


def test_the_same_changeset_twice_is_no_failure(here: Workspace, there: Workspace, key: KeyFile, file: Path) -> None:
    a_changeset(here)
    export_changeset(here, "dev", ID, file, key)
    first = take(there, file, key)
    (first.folder / "kefir/receipt-x.json").write_text("{}")

    again = take(there, file, key)

    assert (first.known, again.known) == (False, True)
    assert (first.folder / "kefir/receipt-x.json").is_file()


def test_another_changeset_of_the_same_id_is_left_alone(
    here: Workspace, there: Workspace, key: KeyFile, file: Path
) -> None:
    a_changeset(here)
    export_changeset(here, "dev", ID, file, key)
    a_changeset(there, plan=b"another plan")
    before = tree(there.changesets("dev"))

    with pytest.raises(ToolError, match="another changeset is at") as refused:
        take(there, file, key)

    assert refused.value.exit_code == Exit.REFUSED
    assert tree(there.changesets("dev")) == before


def test_another_key_a_flipped_byte_and_a_cut_file_leave_nothing_behind(
    here: Workspace, there: Workspace, key: KeyFile, file: Path, tmp_path: Path
) -> None:
    a_changeset(here)
    export_changeset(here, "dev", ID, file, key)
    whole = file.read_bytes()
    make_key_file(tmp_path / "other.key")
    flipped = bytearray(whole)
    flipped[-20] ^= 1

    for content, used in ((whole, KeyFile(tmp_path / "other.key")), (bytes(flipped), key), (whole[:-1], key)):
        file.write_bytes(content)
        with pytest.raises(ToolError) as refused:
            take(there, file, used)

        assert refused.value.exit_code == Exit.REFUSED
        assert landed(there) == []


def test_an_environment_that_this_checkout_has_not_is_refused_before_the_key_is_asked_for(
    here: Workspace, there: Workspace, key: KeyFile, file: Path
) -> None:
    a_changeset(here, "prod")
    export_changeset(here, "prod", ID, file, key)

    def no_key(kind: object, env: str) -> KeySource:
        raise AssertionError("asked for the key")

    with pytest.raises(ToolError, match="'prod', which this checkout has not") as refused:
        import_changeset(there, file, no_key)
    with pytest.raises(ToolError, match="of 'prod', not of 'dev'"):
        import_changeset(here, file, no_key, env="dev")

    assert refused.value.exit_code == Exit.USAGE


def forged(folder: Path, key: KeyFile, file: Path, about: dict[str, Any], architectures: list[str]) -> None:
    """A file that was made by somebody who has the key."""
    out = io.BytesIO()
    secret, _ = key.new({})
    write_encrypted(out, pack(folder, architectures), about=about, key=secret, found_by={"kind": "key-file"})
    file.write_bytes(out.getvalue())


def add(path: str, more: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / path).write_bytes((folder / path).read_bytes() + more)


def edit_seal(folder: Path) -> None:
    content = json.loads((folder / "changeset.json").read_text())
    content["stacks"][0]["serial"] = 8
    (folder / "changeset.json").write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        pytest.param(add("kefir/plan.tfplan", b"x"), "plan.tfplan is not what was sealed", id="plan"),
        pytest.param(add("kefir/gate.json", b" "), "gate.json is not what was sealed", id="gate"),
        pytest.param(edit_seal, "edited after it was sealed", id="seal"),
        pytest.param(lambda folder: (folder / "kefir/gate.sarif").unlink(), "gate.sarif is not in it", id="file gone"),
        pytest.param(lambda folder: shutil.rmtree(folder / "kefir"), "holds other stacks", id="stack gone"),
        pytest.param(
            lambda folder: (folder / "kefir/cost.json").write_text("{}"), "cost.json is not what was sealed", id="added"
        ),
        pytest.param(lambda folder: (folder / "changeset.json").unlink(), "no changeset", id="changeset gone"),
        pytest.param(add("changeset.json", b"]"), "is no changeset", id="no changeset"),
    ],
)
def test_rejects_a_parcel_whose_files_are_not_what_was_sealed(
    here: Workspace, there: Workspace, key: KeyFile, file: Path, tamper: Callable[[Path], object], says: str
) -> None:
    changeset, folder = a_changeset(here)
    tamper(folder)
    forged(folder, key, file, {"env": "dev", "id": ID, "seal": changeset.seal}, ["kefir"])

    with pytest.raises(ToolError, match=says) as refused:
        take(there, file, key)

    assert refused.value.exit_code in (Exit.USAGE, Exit.REFUSED)
    assert landed(there) == []


@pytest.mark.parametrize(
    "other",
    [
        {"env": "../../envs"},
        {"env": 5},
        {"env": None},
        {"id": "../../../latest"},
        {"id": "latest"},
        {"id": f"{ID}\n"},
        {"id": "20260102T030405Z-ffffff"},
        {"seal": "0" * 64},
        {"seal": "x"},
        {"seal": None},
    ],
)
def test_rejects_a_header_that_names_something_else(
    here: Workspace, there: Workspace, key: KeyFile, file: Path, other: dict[str, Any]
) -> None:
    changeset, folder = a_changeset(here)
    forged(folder, key, file, {"env": "dev", "id": ID, "seal": changeset.seal} | other, ["kefir"])

    with pytest.raises(ToolError) as refused:
        take(there, file, key)

    assert refused.value.exit_code in (Exit.USAGE, Exit.REFUSED)
    assert landed(there) == []


@pytest.mark.parametrize("name", ["", "..", ".", "../prod", "a/b", ".hidden", "a\\b"])
def test_rejects_names_that_lead_out_of_the_folder_of_changesets(
    here: Workspace, key: KeyFile, file: Path, name: str
) -> None:
    with pytest.raises(ToolError, match="no changeset's id") as refused:
        export_changeset(here, "dev", name, file, key)

    assert refused.value.exit_code == Exit.USAGE
    assert not file.exists()


def test_a_file_or_a_folder_that_is_not_there_is_said(here: Workspace, key: KeyFile, tmp_path: Path) -> None:
    a_changeset(here)

    with pytest.raises(ToolError, match="no such file"):
        take(here, tmp_path / "none.gpc", key)
    with pytest.raises(ToolError, match="no such folder"):
        export_changeset(here, "dev", ID, tmp_path / "none" / "x.gpc", key)


def test_a_large_plan_travels(here: Workspace, there: Workspace, key: KeyFile, file: Path) -> None:
    plan = os.urandom(5 * 1024**2 + 3)
    a_changeset(here, stacks={"kefir": {}, "solemate": {}}, plan=plan)

    export_changeset(here, "dev", ID, file, key)

    assert (take(there, file, key).folder / "solemate/plan.tfplan").read_bytes() == plan
