"""Plans of tests are kept from run to run: never one that another input would have changed, and no more than fit."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import tftest

from tests.plan.hcl.conftest import Workspace
from tests.support import kept as keeping
from tests.support.kept import FRESH_VARIABLE, Kept, contents, key_of, tools
from tests.support.planner import BARE, Planner
from tests.support.plans import Json

ROOT = """\
module "small" {
  source = "../../../modules/small"
  size   = 1
}
"""
ENV = 'account_id = "123456789012"\nregion = "us-east-1"\n'
FILES = {
    "envs/dev/env.toml": ENV,
    "envs/dev/small/main.tf": ROOT,
    "envs/dev/small/terraform.tfvars": "size = 1\n",
    "envs/dev/other/main.tf": ROOT.replace("small", "other"),
    "envs/prod/env.toml": ENV,
    "envs/prod/small/main.tf": ROOT,
    **{
        f"modules/{name}/{file}": text
        for name in ("small", "other", "inner")
        for file, text in {
            "main.tf": 'module "inner" {\n  source = "../inner"\n}\n' if name == "small" else "",
            "handler.mjs": "export const handler = 1;\n",
            "variables.tf": 'variable "size" {}\n',
            "outputs.tf": "",
            "versions.tf": "",
        }.items()
    },
}


class Counted(Planner):
    """A planner that counts what it asks Terraform for, and answers by itself.

    Attributes:
        asked: The roots whose plan was made.
        answer: What it answers; an error is raised.
    """

    def __init__(self, work: Path, kept: Kept, source: Path) -> None:
        super().__init__(work, lambda: "http://127.0.0.1:9", kept, source=source)
        self.asked: list[str] = []
        self.answer: Json | tftest.TerraformTestError = {"planned_values": {"outputs": {}}}

    def made(self, root: Path, values: Path) -> Json:
        self.asked.append(f"{root.parent.name}/{root.name}")
        if isinstance(self.answer, tftest.TerraformTestError):
            raise self.answer
        return {**self.answer, "given": json.loads(values.read_text())}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        file = tmp_path / "source" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path / "source"


@pytest.fixture
def runs(tmp_path: Path, source: Path) -> Callable[..., Counted]:
    """Another run of the tests, in a folder of its own, beside the same kept plans."""
    numbers = iter(range(100))

    def run(*, fresh: bool = False) -> Counted:
        return Counted(tmp_path / f"run-{next(numbers)}", Kept(tmp_path / "kept", fresh=fresh), source)

    return run


Runs = Callable[..., Counted]


def test_second_run_asks_terraform_for_nothing(runs: Runs) -> None:
    first, second = runs(), runs()

    made, again = first.plan("dev", "small", size=2), second.plan("dev", "small", size=2)

    assert (first.asked, second.asked) == (["dev/small"], [])
    assert dict(made) == dict(again)
    assert again["given"] == {"size": 2}


def test_fresh_run_makes_every_plan_and_keeps_it(runs: Runs) -> None:
    runs().plan("dev", "small")
    fresh, after = runs(fresh=True), runs()
    fresh.answer = {"planned_values": {"outputs": {"new": {"value": 1}}}}

    fresh.plan("dev", "small")

    assert fresh.asked == ["dev/small"]
    assert after.plan("dev", "small")["planned_values"]["outputs"] == {"new": {"value": 1}}
    assert after.asked == []


def test_fresh_is_what_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Kept(tmp_path, fresh=False).put("a" * 64, b"kept")
    monkeypatch.setenv(FRESH_VARIABLE, "1")

    assert Kept(tmp_path).get("a" * 64) is None
    monkeypatch.delenv(FRESH_VARIABLE)
    assert Kept(tmp_path).get("a" * 64) == b"kept"


def _another_module(source: Path) -> None:
    """A call of one that was not called before."""
    (source / "envs/dev/small/main.tf").write_text(ROOT + 'module "more" {\n  source = "../../../modules/other"\n}\n')


def _appended(name: str) -> Callable[[Path], None]:
    def change(source: Path) -> None:
        file = source / name
        file.write_text(file.read_text() + "# changed\n")

    return change


def _removed(name: str) -> Callable[[Path], None]:
    return lambda source: (source / name).unlink()


def _added(name: str) -> Callable[[Path], None]:
    def change(source: Path) -> None:
        (source / name).write_text("")

    return change


# A change of the project, and the stacks whose plans it concerns.
ALL = {"dev/small", "dev/other", "prod/small"}
CHANGES: list[tuple[str, Callable[[Path], None], set[str]]] = [
    ("root", _appended("envs/dev/small/main.tf"), {"dev/small"}),
    ("values", _appended("envs/dev/small/terraform.tfvars"), {"dev/small"}),
    ("values-gone", _removed("envs/dev/small/terraform.tfvars"), {"dev/small"}),
    ("more-values", _added("envs/dev/small/more.auto.tfvars"), {"dev/small"}),
    ("settings", _appended("envs/dev/env.toml"), {"dev/small", "dev/other"}),
    ("settings-gone", _removed("envs/prod/env.toml"), {"prod/small"}),
    ("module", _appended("modules/small/main.tf"), {"dev/small", "prod/small"}),
    ("other-module", _appended("modules/other/main.tf"), {"dev/other"}),
    ("module-of-the-module", _appended("modules/inner/main.tf"), {"dev/small", "prod/small"}),
    ("file-that-a-module-reads", _appended("modules/small/handler.mjs"), {"dev/small", "prod/small"}),
    ("file-gone", _removed("modules/small/handler.mjs"), {"dev/small", "prod/small"}),
    ("another-call", _another_module, {"dev/small"}),
    ("readme", _added("README.md"), set()),
]


@pytest.mark.parametrize(("change", "concerned"), [each[1:] for each in CHANGES], ids=[each[0] for each in CHANGES])
def test_change_of_the_project_makes_exactly_the_plans_that_it_concerns(
    runs: Runs, source: Path, change: Callable[[Path], None], concerned: set[str]
) -> None:
    before = runs()
    for stack in ALL:
        before.plan(*stack.split("/"))
    change(source)

    after = runs()
    for stack in ALL:
        after.plan(*stack.split("/"))

    assert sorted(before.asked) == sorted(ALL)
    assert set(after.asked) == concerned


def test_every_input_is_in_the_key(runs: Runs) -> None:
    planner = runs()
    given: list[Mapping[str, Any]] = [{}, {"size": 1}, {"size": "1"}, {"size": None}, {"sizes": 1}, {"size": [1]}]

    keys = {planner.key(env, "small", inputs) for inputs in given for env in ("dev", "prod", BARE)}

    assert len(keys) == 3 * len(given)


def test_file_that_an_input_names_is_in_the_key_and_the_folder_of_the_run_is_not(runs: Runs, tmp_path: Path) -> None:
    def planned(run: Counted, content: str) -> Json:
        package = tmp_path / run_folder(run) / "own.zip"
        package.write_text(content)
        return dict(run.plan("dev", "small", packages={"one": {"filename": str(package)}}))

    def run_folder(run: Counted) -> str:
        return f"run-{order.index(run)}"

    order = [runs(), runs(), runs()]
    first, same, other = order

    planned(first, "one")
    again = planned(same, "one")
    planned(other, "two")

    assert (len(first.asked), len(same.asked), len(other.asked)) == (1, 0, 1)
    assert again["given"]["packages"]["one"]["filename"] == str(tmp_path / "run-1/own.zip")


@pytest.mark.parametrize("name", ["terraform", "provider", "emulator", "kept"])
def test_every_tool_is_in_the_key(runs: Runs, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    planner = runs()
    before = planner.key("dev", "small", {})

    monkeypatch.setitem(tools(), name, "another")

    assert planner.key("dev", "small", {}) != before


def test_tools_are_the_ones_in_use() -> None:
    assert tools()["terraform"].startswith("1.")
    assert 'version     = "5.100.0"' in tools()["provider"]
    assert tools()["emulator"].startswith("moto ")
    assert Path(keeping.__file__).read_text() == tools()["kept"]


def test_what_terraform_leaves_in_a_folder_changes_no_key(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("")
    before = contents(tmp_path)

    (tmp_path / ".terraform/modules").mkdir(parents=True)
    (tmp_path / ".terraform/modules/modules.json").write_text("{}")
    (tmp_path / ".terraform.lock.hcl").write_text("")
    (tmp_path / "terraform.tfstate").write_text("{}")

    assert contents(tmp_path) == before
    assert set(before) == {"main.tf"}


REFUSED = "Error: Invalid value for variable\n\n  size must be small.\n"
UNREACHABLE = "Error: Retrieving AWS account details: dial tcp 127.0.0.1:9: connection refused\n"


@pytest.mark.parametrize(
    ("refusal", "times"),
    [(REFUSED, 1), (UNREACHABLE, 2), (REFUSED + UNREACHABLE, 2), ("killed", 2)],
    ids=["of-an-input", "no-answer", "both", "no-reason"],
)
def test_refusal_is_kept_where_it_follows_from_the_inputs_alone(runs: Runs, refusal: str, times: int) -> None:
    order = [runs(), runs()]

    for run in order:
        run.answer = tftest.TerraformTestError(refusal)
        with pytest.raises(tftest.TerraformTestError) as raised:
            run.plan("dev", "small")
        assert str(raised.value) == refusal

    assert sum(len(run.asked) for run in order) == times


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-1]),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:40] + b"\0" + file.read_bytes()[41:]),
        lambda file: shutil.copy(file.with_stem(key_of("another")), file),
    ],
    ids=["cut", "empty", "other-byte", "another-plan"],
)
def test_damaged_result_is_none_and_is_made_anew(folder: Path, spoil: Callable[[Path], None]) -> None:
    kept = Kept(folder, fresh=False)
    for name in ("one", "another"):
        kept.put(key_of(name), name.encode() * 20)

    spoil(folder / f"plans/{key_of('one')}.kept")

    assert kept.get(key_of("one")) is None
    assert kept.made(key_of("one"), lambda: b"anew") == b"anew"
    assert kept.get(key_of("one")) == b"anew"
    assert kept.get(key_of("another")) == b"another" * 20


def test_what_was_not_used_for_longest_makes_room(folder: Path) -> None:
    kept = Kept(folder, fresh=False, most_bytes=5_000)
    for age, name in enumerate("abcd"):
        kept.put(name, os.urandom(1_000))
        os.utime(folder / f"plans/{name}.kept", (1_000 + age, 1_000 + age))

    kept.get("a")
    for name in "ef":
        kept.put(name, os.urandom(1_000))

    assert kept.get("a") is not None
    assert kept.get("b") is None
    assert sum(file.stat().st_size for file in (folder / "plans").iterdir()) <= 5_000


def test_kept_results_are_their_owners_only(folder: Path) -> None:
    Kept(folder).put("one", b"db_password")

    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "plans/one.kept").stat().st_mode & 0o777 == 0o600


SMALL = 'variable "size" {\n  default = 1\n}\n\nresource "terraform_data" "one" {\n  input = var.size\n}\n'


def test_plan_of_a_folder_is_kept_by_its_files_and_values(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept", fresh=False)
    started: list[str] = []

    def environment() -> Mapping[str, str]:
        started.append("terraform")
        return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "CHECKPOINT_DISABLE": "1"}

    def planned(name: str, text: str, values: Mapping[str, Any]) -> tuple[Any, bool]:
        """What would be made, and whether Terraform was asked."""
        started.clear()
        (tmp_path / name).mkdir(exist_ok=True)
        workspace = Workspace(tmp_path / name, environment, kept)
        workspace.write({"main.tf": text})
        (change,) = workspace.plan(values)["resource_changes"]
        return change["change"]["after"]["input"], bool(started)

    assert planned("first", SMALL, {"size": 2}) == ("2", True)
    assert planned("second", SMALL, {"size": 2}) == ("2", False)
    assert planned("third", SMALL, {"size": 3}) == ("3", True)
    assert planned("fourth", SMALL.replace("input = var.size", 'input = "x"'), {"size": 2}) == ("x", True)
    assert planned("first", SMALL, {"size": 2}) == ("2", False)
