"""A changeset goes from one checkout to another, encrypted, and is applied there as it was reviewed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.in_process import run_here
from tests.support.project import Project
from tooling.target import Target

PASSPHRASE = {"GROUNDPLAN_PASSPHRASE": "correct horse battery staple"}


def git(folder: Path, *args: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *args],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=60,
    )


@pytest.fixture
def planned(tiny: Project) -> Project:
    """A committed project with a changeset."""
    tiny.write("cdktf_app/.gitkeep", "")
    tiny.write(".gitignore", ".groundplan/\n*.gpc\n*.key\n")
    git(tiny.root, "init", "--quiet")
    git(tiny.root, "add", ".")
    git(tiny.root, "commit", "--quiet", "-m", "first")
    answer = run_here(tiny, "plan")
    assert answer.code == 0, answer.said
    return tiny


@pytest.fixture
def clone(planned: Project, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Another checkout of the same commit, as the next CI job has it."""
    root = tmp_path_factory.mktemp("clone") / "project"
    subprocess.run(["git", "clone", "--quiet", str(planned.root), str(root)], check=True, timeout=60)
    (root / ".groundplan").mkdir()
    (root / ".groundplan/emulator").symlink_to(home)
    return Project(root)


@pytest.fixture
def kms_key(target: Target) -> str:
    return str(target.client("kms").create_key()["KeyMetadata"]["Arn"])


def seal(project: Project) -> str:
    return str(json.loads((project.latest / "changeset.json").read_text())["seal"])


def test_what_was_planned_in_one_checkout_is_applied_in_another(planned: Project, clone: Project) -> None:
    # GIVEN a key that both have
    made = run_here(planned, "changeset", "key", "--to", str(planned.root / "a.key"))
    shutil.copy(planned.root / "a.key", clone.root / "a.key")
    key = ("--key-file", str(clone.root / "a.key"))

    # WHEN the changeset is exported here, imported and applied there
    file = str(planned.root / "x.gpc")
    exported = run_here(planned, "changeset", "export", "--to", file, "--key-file", str(planned.root / "a.key"))
    imported = run_here(clone, "changeset", "import", file, *key)
    verified = run_here(clone, "changeset", "verify")
    applied = run_here(clone, "apply", "--json")
    again = run_here(planned, "apply")

    # THEN that very seal was applied, the report came with it, and nobody applies it twice
    for answer in (made, exported, imported, verified, applied):
        assert answer.code == 0, answer.said
    assert seal(clone) == seal(planned)
    assert json.loads(applied.out)["seal"] == seal(planned)
    assert json.loads(applied.out)["applied"][0]["counts"]["add"] == 1
    assert (clone.latest / "report.md").read_bytes() == (planned.latest / "report.md").read_bytes()
    assert Path(file).stat().st_mode & 0o777 == 0o600
    assert again.code == 4
    assert "this changeset was applied at" in again.err


def test_a_data_key_of_kms_opens_it_where_the_identity_may_decrypt(
    planned: Project, clone: Project, kms_key: str
) -> None:
    file = planned.root / "x.gpc"

    exported = run_here(planned, "changeset", "export", "--to", str(file), "--kms-key", kms_key, "--json")
    imported = run_here(clone, "changeset", "import", str(file))

    assert exported.code == 0, exported.said
    assert json.loads(exported.out)["key"] == "kms"
    assert imported.code == 0, imported.said
    assert seal(clone) == seal(planned)


def test_a_data_key_of_kms_is_tied_to_environment_and_seal(
    planned: Project, clone: Project, kms_key: str, target: Target
) -> None:
    # GIVEN two exports with one key
    first, second = planned.root / "1.gpc", planned.root / "2.gpc"
    assert run_here(planned, "changeset", "export", "--to", str(first), "--kms-key", kms_key).code == 0
    planned.tfvars("size = 2\n")
    assert run_here(planned, "plan").code == 0
    assert run_here(planned, "changeset", "export", "--to", str(second), "--kms-key", kms_key).code == 0

    # WHEN the sealed data key of one stands in the header of the other
    one, other = header(first), header(second)
    raw = second.read_bytes()
    second.write_bytes(raw.replace(other["key"]["data_key"].encode(), one["key"]["data_key"].encode()))
    refused = run_here(clone, "changeset", "import", str(second))

    # THEN KMS itself refuses it
    assert other["key"]["data_key"] not in second.read_text(errors="replace")
    assert refused.code == 4, refused.said
    assert "the key does not open it" in refused.err
    assert "Traceback" not in refused.err


def header(file: Path) -> dict[str, Any]:
    raw = file.read_bytes()
    start = raw.index(b"{")
    return dict(json.JSONDecoder().raw_decode(raw[start : start + 8000].decode("latin-1"))[0])


def test_a_key_that_kms_does_not_have_is_said(planned: Project) -> None:
    nobody = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"

    refused = run_here(planned, "changeset", "export", "--to", str(planned.root / "x.gpc"), "--kms-key", nobody)

    assert refused.code == 1, refused.said
    assert f"{nobody}: there is no such key" in refused.err
    assert not (planned.root / "x.gpc").exists()


def test_a_passphrase_opens_it_and_another_does_not(planned: Project, clone: Project) -> None:
    file = str(planned.root / "x.gpc")
    (clone.root / "words").write_text("correct horse battery stable\n")

    exported = run_here(planned, "changeset", "export", "--to", file, environ=PASSPHRASE)
    other = run_here(clone, "changeset", "import", file, "--passphrase-file", str(clone.root / "words"))
    none = run_here(clone, "changeset", "import", file)
    imported = run_here(clone, "changeset", "import", file, environ=PASSPHRASE)

    assert exported.code == 0, exported.said
    assert other.code == 4, other.said
    assert "the key does not open it" in other.err
    assert none.code == 2, none.said
    assert "GROUNDPLAN_PASSPHRASE" in none.err
    assert imported.code == 0, imported.said
    assert PASSPHRASE["GROUNDPLAN_PASSPHRASE"] not in exported.said + other.said + imported.said


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param([], "no key was named", id="no key"),
        pytest.param(["--key-file", "a", "--kms-key", "b"], "one key is enough", id="two keys"),
        pytest.param(["--key-file", "none.key"], "there is no such key file", id="no such file"),
        pytest.param(["--passphrase-file", "none"], "the passphrase cannot be read", id="no passphrase"),
    ],
)
def test_nothing_leaves_without_a_key(planned: Project, options: list[str], says: str) -> None:
    refused = run_here(planned, "changeset", "export", "--to", str(planned.root / "x.gpc"), *options)

    assert refused.code == 2, refused.said
    assert says in refused.err
    assert not (planned.root / "x.gpc").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip", b"{}", b"groundplan encrypted changeset 1\n"])
def test_files_of_another_kind_are_refused_in_a_sentence(tiny: Project, content: bytes) -> None:
    (tiny.root / "x.gpc").write_bytes(content)

    refused = run_here(tiny, "changeset", "import", str(tiny.root / "x.gpc"))

    assert refused.code == 2, refused.said
    assert "x.gpc: is" in refused.err
    assert "Traceback" not in refused.err


def test_a_checkout_of_another_commit_does_not_apply_it(planned: Project, clone: Project) -> None:
    file = str(planned.root / "x.gpc")
    assert run_here(planned, "changeset", "export", "--to", file, environ=PASSPHRASE).code == 0
    assert run_here(clone, "changeset", "import", file, environ=PASSPHRASE).code == 0
    git(clone.root, "commit", "--quiet", "--allow-empty", "-m", "second")

    verified = run_here(clone, "changeset", "verify", "--offline", "--json")
    refused = run_here(clone, "apply")

    assert verified.code == 4, verified.said
    assert [one["part"] for one in json.loads(verified.out) if one["verdict"] == "differs"] == ["commit"]
    assert refused.code == 4, refused.said
    assert "the checkout is at commit" in refused.err


def test_list_show_and_diff_read_the_sealed_parts(planned: Project) -> None:
    # GIVEN an applied changeset and one that adds a resource
    first = planned.latest.name
    assert run_here(planned, "apply").code == 0
    planned.tfvars("size = 2\n")
    assert run_here(planned, "plan").code == 0
    second = planned.latest.name
    (planned.latest / "report.md").write_text("everything is fine\n")

    listed = json.loads(run_here(planned, "changeset", "list", "--json").out)
    shown = run_here(planned, "changeset", "show", "--offline")
    differing = run_here(planned, "changeset", "diff", first, "--exit-code")
    same = run_here(planned, "changeset", "diff", first, first, "--exit-code")

    assert [(one["id"], one["status"], one["changes"]["create"]) for one in listed] == [
        (second, "ready", 1),
        (first, "applied", 1),
    ]
    assert shown.code == 0, shown.said
    assert "+ module.tiny.terraform_data.item[1]" in shown.out
    assert seal(planned) in shown.out
    assert "waived GP_SUPPLY_1" in shown.out
    assert "fine" not in shown.out
    assert differing.code == 5, differing.said
    assert "module.tiny.terraform_data.item[1]: left alone → create" in differing.out
    assert "module.tiny.terraform_data.item[0]: create → left alone" in differing.out
    assert same.code == 0, same.said
    assert "no difference" in same.out


def test_show_refuses_a_part_that_was_edited(planned: Project) -> None:
    file = planned.latest / "tiny/gate.json"
    file.write_text(file.read_text().replace("false", "true"))

    refused = run_here(planned, "changeset", "show", "--offline")

    assert refused.code == 4, refused.said
    assert "gate.json changed after the plan was sealed" in refused.err


def not_holding(project: Project) -> tuple[int, list[tuple[str, str]]]:
    answer = run_here(project, "changeset", "verify", "--json")
    rows = json.loads(answer.out)
    return answer.code, [(one["part"], one["verdict"]) for one in rows if one["verdict"] in ("differs", "missing")]


def test_verify_names_every_part_that_moved(tiny: Project) -> None:
    # GIVEN a changeset, and another one that was applied after it
    assert run_here(tiny, "plan").code == 0
    first = tiny.latest.name
    whole = not_holding(tiny)
    tiny.tfvars("size = 2\n")
    assert run_here(tiny, "plan").code == 0
    assert run_here(tiny, "apply").code == 0

    # WHEN a sealed file, a policy and the module change as well
    latest = tiny.root / ".groundplan/changesets/local/latest"
    latest.unlink()
    latest.symlink_to(first)
    for path in ("modules/tiny/main.tf", "policies/waivers.yaml"):
        (tiny.root / path).write_text((tiny.root / path).read_text() + "\n# a remark\n")
    (latest / "tiny/gate.sarif").write_text("{}")

    # THEN each is named, and nothing else
    assert whole == (0, [])
    assert not_holding(tiny) == (
        4,
        [
            ("policies", "differs"),
            ("waivers", "differs"),
            ("gate.sarif", "differs"),
            ("module", "differs"),
            ("tfvars", "differs"),
            ("state", "differs"),
        ],
    )


def test_show_and_verify_say_which_approvals_there_are_and_are_missing(tiny: Project) -> None:
    # GIVEN an environment that asks for an approval
    file = tiny.root / "envs/local/env.toml"
    file.write_text(file.read_text() + "\n[approval]\napprovals   = 1\non_emulator = true\n")
    assert run_here(tiny, "plan").code == 0

    before = json.loads(run_here(tiny, "changeset", "show", "--json").out)["standing"]
    missing = not_holding(tiny)
    approved = run_here(tiny, "approve", "--yes", environ={"EMULATOR_USER": "alice"})
    shown = run_here(tiny, "changeset", "show")
    after = not_holding(tiny)

    assert before["approvals"] == []
    assert "has 0 of 1 approvals" in before["missing"][0]
    assert missing == (4, [("conditions of apply", "missing")])
    assert approved.code == 0, approved.said
    assert "alice" in shown.out
    assert "in the way" not in shown.out
    assert after == (0, [])


def test_without_an_account_show_says_what_is_not_known(planned: Project) -> None:
    (planned.root / ".groundplan/emulator").unlink()

    shown = run_here(planned, "changeset", "show")
    verified = run_here(planned, "changeset", "verify", "--offline")

    assert shown.code == 0, shown.said
    assert "are not known: the emulator is not running" in shown.out
    assert verified.code == 0, verified.said
    assert re.search(r"^local/tiny +state +left out: offline$", verified.out, re.MULTILINE)
