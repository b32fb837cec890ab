"""``plan --changed``: exactly the stacks of which an input moved since their last whole apply, and why."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from tests.support.applied import emulated_target
from tests.support.in_process import run_here
from tests.support.project import Project
from tooling.changed import Changed, find_changed
from tooling.changeset.document import written
from tooling.changeset.inputs import Now, surroundings_of
from tooling.changeset.last_applies import last_applies
from tooling.changeset.receipts import Receipt, receipts_prefix
from tooling.changeset.store import Store, store_of
from tooling.emulator.process import RunningEmulator
from tooling.environment.config import load_environment
from tooling.environment.stacks import Stack, select_stacks
from tooling.errors import ToolError
from tooling.state import make_bucket
from tooling.target import Target, choose_target
from tooling.terraform.binary import Binary
from tooling.workspace import Workspace

ACCOUNT = "666655554444"
EVERYTHING = {"local/one", "local/two", "side/one"}
LOCAL = {"local/one", "local/two"}
BEGAN = datetime(2026, 11, 22, 10, tzinfo=UTC)

ENV_TOML = """\
account_id       = "{ACCOUNT}"
region           = "us-east-1"
target           = "emulator"
confirm          = false
artifacts_bucket = "{BUCKET}"
[state]
bucket = "{BUCKET}"
region = "us-east-1"
[stacks.one]
"""
# Of `local` only: the removable shape of its module.
TWO = """\
[stacks.two]
retain_data = false
"""
ROOT = """\
terraform {
  backend "s3" {
    bucket = "{BUCKET}"
    key    = "{KEY}"
  }
}

variable "secret" {
  type      = string
  sensitive = true
}

module "it" {
  source = "../../../{MODULE}"
}
"""
MODULE = """\
module "shared" {
  source = "{SHARED}"
}
"""


def put(target: Target, bucket: str, key: str, body: bytes) -> str:
    return str(target.client("s3").put_object(Bucket=bucket, Key=key, Body=body)["ETag"])


@dataclass
class Estate:
    """Two environments whose stacks count as applied; one module is used by both, one file by all."""

    project: Project
    target: Target
    bucket: str
    terraform: str = "1.11.4"

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.project.root)

    def stacks(self, env: str) -> tuple[Stack, ...]:
        return select_stacks(self.workspace, env, load_environment(self.workspace, env), ())

    def stack(self, name: str) -> Stack:
        env, _, architecture = name.partition("/")
        return next(stack for stack in self.stacks(env) if stack.architecture == architecture)

    def store(self, env: str = "local") -> Store:
        return store_of(self.target, env, load_environment(self.workspace, env))

    def binary(self) -> Binary:
        return Binary(Path("terraform"), self.terraform)

    def look(self, env: str, *wanted: str) -> Changed:
        return find_changed(self.workspace, env, wanted, terraform=self.binary)

    def reasons(self) -> dict[str, tuple[str, ...]]:
        """Of every stack that counts as changed."""
        return {
            f"{env}/{name}": reasons for env in ("local", "side") for name, reasons in self.look(env).reasons.items()
        }

    def changed(self) -> set[str]:
        return set(self.reasons())

    def receipt(self, stack: Stack, *, began: datetime = BEGAN, state: bytes = b"{}", **more: Any) -> Receipt:
        """What an apply of this moment leaves behind; writes the state, not the receipt."""
        config = load_environment(self.workspace, stack.env)
        target = choose_target(self.workspace, stack.env, config)
        tag = put(self.target, self.bucket, stack.state_key, state)
        values: dict[str, Any] = {
            "changeset": "20261122T100000Z-000000",
            "seal": "a" * 64,
            "env": stack.env,
            "architecture": stack.architecture,
            "kind": "apply",
            "target": "emulator",
            "account_id": ACCOUNT,
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
            "serial": 1,
            "started": began.isoformat(timespec="seconds"),
            "ended": (began + timedelta(minutes=1)).isoformat(timespec="seconds"),
            "resources": (),
            "sources": Now(self.workspace, stack.env, config, target, self.terraform).inputs(stack),
            "state_tag": tag,
            **more,
        }
        return Receipt(**values)

    def keep(self, receipt: Receipt, stack: Stack, content: bytes | None = None) -> str:
        key = receipts_prefix(stack) + receipt.file_name
        put(self.target, self.bucket, key, written(receipt.to_json()) if content is None else content)
        return key

    def apply(self, name: str, **more: Any) -> str:
        """Let the stack count as applied from what is there now; the receipt's key."""
        stack = self.stack(name)
        return self.keep(self.receipt(stack, **more), stack)

    def another(self, name: str, key: str) -> None:
        """Let the last apply have had another value of one input."""
        stack = self.stack(name)
        receipt = self.receipt(stack)
        self.keep(replace(receipt, sources={**receipt.sources, key: "another"}), stack)

    def write(self, path: str, text: str) -> None:
        self.project.write(path, text)

    def append(self, path: str, text: str = "# a comment\n") -> None:
        with (self.project.root / path).open("a") as file:
            file.write(text)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, home: Path, emulator: RunningEmulator) -> Estate:
    root, bucket = tmp_path_factory.mktemp("estate"), f"state-{os.urandom(5).hex()}"
    target = emulated_target(emulator.endpoint, ACCOUNT)
    make_bucket(target, bucket, "us-east-1")
    estate = Estate(Project(root), target, bucket)
    (root / "cdktf_app").mkdir()
    (root / ".groundplan").mkdir()
    (root / ".groundplan/emulator").symlink_to(home)
    toml = ENV_TOML.replace("{BUCKET}", bucket).replace("{ACCOUNT}", ACCOUNT)
    estate.write("envs/local/env.toml", toml + TWO)
    estate.write("envs/side/env.toml", toml)
    for name, module in (("local/one", "one"), ("side/one", "one"), ("local/two", "two/removable")):
        text = ROOT.replace("{BUCKET}", bucket).replace("{KEY}", f"{name}.tfstate")
        estate.write(f"envs/{name}/main.tf", text.replace("{MODULE}", f"modules/{module}"))
        estate.write(f"envs/{name}/variables.tf", 'variable "size" {\n  type = number\n}\n')
        estate.write(f"envs/{name}/terraform.tfvars", "size = 1\n")
        estate.write(f"envs/{name}/.terraform.lock.hcl", "")
    for folder, shared in (("one", "../common"), ("two", "../common"), ("two/removable", "../../common")):
        estate.write(f"modules/{folder}/main.tf", MODULE.replace("{SHARED}", shared))
        estate.write(f"modules/{folder}/README.md", "words\n")
    estate.write("modules/common/main.tf", "")
    estate.write("modules/common/texts/mail.txt", "Hello\n")
    for path in ("one/hear/index.mjs", "two/see/index.mjs", "shared/log.mjs", "package.json"):
        estate.write(f"functions/{path}", "{}\n")
    for path in ("waivers.yaml", "severity.yaml", "own.py"):
        estate.write(f"policies/{path}", "# nothing yet\n")
    for name in EVERYTHING:
        estate.apply(name)
    return estate


@pytest.fixture
def estate(made: Estate, tmp_path: Path) -> Iterator[Estate]:
    """The same for every test: files and bucket are put back after it."""
    kept = tmp_path / "kept"
    shutil.copytree(made.project.root, kept, symlinks=True)
    client = made.target.client("s3")
    before = {
        one["Key"]: client.get_object(Bucket=made.bucket, Key=one["Key"])["Body"].read()
        for one in client.list_objects_v2(Bucket=made.bucket)["Contents"]
    }
    yield made
    for one in client.list_objects_v2(Bucket=made.bucket)["Contents"]:
        if one["Key"] not in before:
            client.delete_object(Bucket=made.bucket, Key=one["Key"])
    for key, body in before.items():
        client.put_object(Bucket=made.bucket, Key=key, Body=body)
    shutil.rmtree(made.project.root)
    shutil.copytree(kept, made.project.root, symlinks=True)
    made.terraform = "1.11.4"


def test_what_nobody_moved_is_unchanged(estate: Estate) -> None:
    assert estate.reasons() == {}
    assert estate.look("local").unchanged == ("one", "two")


def removed(path: str) -> Callable[[Estate], object]:
    return lambda estate: (estate.project.root / path).unlink()


def renamed(path: str, to: str) -> Callable[[Estate], object]:
    return lambda estate: (estate.project.root / path).rename(estate.project.root / to)


def wrote(path: str, text: str = "# new\n") -> Callable[[Estate], object]:
    return lambda estate: estate.write(path, text)


def longer(path: str) -> Callable[[Estate], object]:
    return lambda estate: estate.append(path)


def same_size_and_time(path: str) -> Callable[[Estate], object]:
    def edit(estate: Estate) -> None:
        file = estate.project.root / path
        before = file.stat()
        file.write_text(file.read_text().replace("size = 1", "size = 2"))
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    return edit


FILES: list[tuple[str, Callable[[Estate], object], set[str], str]] = [
    ("a module that two environments share", longer("modules/one/main.tf"), {"local/one", "side/one"}, "the module"),
    ("the removable shape", longer("modules/two/removable/main.tf"), {"local/two"}, "the module"),
    ("the shape that nobody uses", longer("modules/two/main.tf"), set(), ""),
    ("a module that all modules call", longer("modules/common/main.tf"), EVERYTHING, "a module or a file"),
    ("a file that a called module reads", longer("modules/common/texts/mail.txt"), EVERYTHING, "a module or a file"),
    ("a new file of a module", wrote("modules/one/more.tf"), {"local/one", "side/one"}, "the module"),
    ("a module's page", longer("modules/one/README.md"), set(), ""),
    ("a root", longer("envs/local/one/main.tf"), {"local/one"}, "the root module"),
    ("variables", longer("envs/side/one/variables.tf"), {"side/one"}, "the root module"),
    ("tfvars", longer("envs/local/two/terraform.tfvars"), {"local/two"}, "the values"),
    ("tfvars, as long and as old", same_size_and_time("envs/local/two/terraform.tfvars"), {"local/two"}, "the values"),
    ("auto.tfvars", wrote("envs/local/two/new.auto.tfvars"), {"local/two"}, "the values"),
    ("tfvars that are gone", removed("envs/local/two/terraform.tfvars"), {"local/two"}, "the values"),
    (
        "tfvars under another name",
        renamed("envs/local/two/terraform.tfvars", "envs/local/two/two.auto.tfvars"),
        {"local/two"},
        "the values",
    ),
    ("the lock file", longer("envs/local/one/.terraform.lock.hcl"), {"local/one"}, "the lock file"),
    ("the lock file is gone", removed("envs/local/one/.terraform.lock.hcl"), {"local/one"}, "cannot be read"),
    ("a function", longer("functions/one/hear/index.mjs"), {"local/one", "side/one"}, "the functions"),
    ("a function of another", longer("functions/two/see/index.mjs"), {"local/two"}, "the functions"),
    ("what functions share", longer("functions/shared/log.mjs"), EVERYTHING, "the functions"),
    ("a function that is gone", removed("functions/two/see/index.mjs"), {"local/two"}, "the functions"),
    ("env.toml", longer("envs/local/env.toml"), LOCAL, "env.toml"),
    ("the baseline", wrote("envs/local/baseline.yaml"), LOCAL, "the baseline"),
    ("usage", wrote("envs/side/usage.yaml"), {"side/one"}, "usage.yaml"),
    ("a waiver", longer("policies/waivers.yaml"), EVERYTHING, "policies/waivers.yaml"),
    ("the severities", longer("policies/severity.yaml"), EVERYTHING, "policies/severity.yaml"),
    ("a policy", longer("policies/own.py"), EVERYTHING, "the policies"),
    ("a new policy", wrote("policies/new.py"), EVERYTHING, "the policies"),
    ("documentation", wrote("docs/words.md"), set(), ""),
]


@pytest.mark.parametrize(("edit", "expected", "why"), [case[1:] for case in FILES], ids=[case[0] for case in FILES])
def test_a_file_that_moves_affects_exactly_the_stacks_that_use_it(
    estate: Estate, edit: Callable[[Estate], object], expected: set[str], why: str
) -> None:
    edit(estate)

    found = estate.reasons()
    assert set(found) == expected
    assert all(len(reasons) == 1 and why in reasons[0] for reasons in found.values()), found


def test_a_file_that_is_touched_and_stays_as_it_is_moves_nothing(estate: Estate) -> None:
    for path in ("modules/one/main.tf", "envs/local/one/terraform.tfvars", "policies/waivers.yaml"):
        file = estate.project.root / path
        text = file.read_text()
        file.unlink()
        file.write_text(text)
        os.utime(file, (1, 1))

    assert estate.reasons() == {}


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("account_id", "the account"),
        ("region", "the region"),
        ("target", "the target"),
        ("fail_on", "threshold"),
        ("checkov", "checkov's version"),
        ("prices", "the table of prices"),
        ("version", "groundplan's version"),
        ("toolkit", "groundplan's code"),
        ("terraform", "Terraform's version"),
        ("TF_VAR_gone", "the variable TF_VAR_gone"),
    ],
)
def test_what_is_no_file_of_the_project_counts_as_well(estate: Estate, key: str, why: str) -> None:
    estate.another("local/one", key)

    (reasons,) = estate.reasons().values()
    assert estate.changed() == {"local/one"}
    assert len(reasons) == 1
    assert why in reasons[0]


def test_another_terraform_means_every_stack(estate: Estate) -> None:
    estate.terraform = "1.12.0"

    assert estate.reasons() == dict.fromkeys(sorted(EVERYTHING), ("Terraform's version moved",))


LOCKED = """\
provider "registry.terraform.io/hashicorp/null" {
  version = "3.2.0"
}
"""


def a_provider(estate: Estate, content: str) -> None:
    base = estate.workspace.stack_work("local", "one") / "terraform/providers"
    file = base / "registry.terraform.io/hashicorp/null/3.2.0/linux_amd64/terraform-provider-null"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)


def test_another_executable_of_the_provider_counts_on_the_same_platform_only(estate: Estate) -> None:
    estate.write("envs/local/one/.terraform.lock.hcl", LOCKED)
    a_provider(estate, "the first")
    estate.apply("local/one")
    assert estate.reasons() == {}

    a_provider(estate, "another one")
    assert estate.reasons() == {"local/one": ("the provider's executable moved",)}

    estate.another("local/one", "platform")
    assert estate.reasons() == {}


def test_a_checkout_without_a_provider_yet_takes_the_word_of_the_lock_file(estate: Estate) -> None:
    estate.write("envs/local/one/.terraform.lock.hcl", LOCKED)
    a_provider(estate, "the first")
    estate.apply("local/one")

    shutil.rmtree(estate.workspace.stack_work("local", "one") / "terraform")

    assert estate.reasons() == {}


def test_an_exported_variable_counts_where_it_is_declared(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_VAR_nobody_declares_this", "1")
    assert estate.reasons() == {}

    estate.append("envs/local/two/variables.tf", 'variable "own" {}\n')
    estate.apply("local/two")
    monkeypatch.setenv("TF_VAR_own", "a")
    assert estate.reasons() == {"local/two": ("the variable TF_VAR_own moved",)}

    estate.apply("local/two")
    assert estate.reasons() == {}
    monkeypatch.setenv("TF_VAR_own", "b")
    assert estate.changed() == {"local/two"}


def test_a_kept_secret_counts_and_is_nowhere_in_clear(estate: Estate) -> None:
    file = estate.workspace.work / "secrets/local/one.env"
    estate.write(str(file.relative_to(estate.project.root)), "TF_VAR_secret='swordfish'\n")
    assert estate.reasons() == {"local/one": ("the variable TF_VAR_secret moved",)}

    estate.apply("local/one")
    assert estate.reasons() == {}
    receipt = estate.store().get(estate.store().keys("local/receipts/one/")[-1]).decode()
    memory = (estate.workspace.work / "applied/local.json").read_text()
    assert "TF_VAR_secret" in receipt
    assert "swordfish" not in receipt + memory

    file.write_text("TF_VAR_secret='catfish'\n")
    assert estate.changed() == {"local/one"}


def test_equal_secrets_of_two_environments_do_not_look_alike(estate: Estate) -> None:
    def of(env: str) -> str:
        stack, config = estate.stack(f"{env}/one"), load_environment(estate.workspace, env)
        return surroundings_of(estate.workspace, config, stack, {"TF_VAR_secret": "swordfish"})["TF_VAR_secret"]

    assert of("local") != of("side")


def test_a_package_that_the_values_name_counts(estate: Estate) -> None:
    values = 'size = 1\nfunction_packages = {\n  hear = { filename = "../../../build/hear.zip" }\n}\n'
    estate.write("envs/local/one/terraform.tfvars", values)
    estate.write("build/hear.zip", "one")
    estate.apply("local/one")
    assert estate.reasons() == {}

    estate.write("build/hear.zip", "two")
    assert estate.reasons() == {"local/one": ("a module or a file that it uses moved",)}


# What the bucket shows


def test_a_state_that_somebody_else_wrote_counts(estate: Estate) -> None:
    put(estate.target, estate.bucket, "local/one.tfstate", b'{"serial": 2}')

    ((name, (reason,)),) = estate.reasons().items()
    assert name == "local/one"
    assert reason.startswith("its state was written since the apply of 2026-11-22")


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda e: e.target.client("s3").delete_object(Bucket=e.bucket, Key="local/one.tfstate"), "its state is gone"),
        (lambda e: put(e.target, e.bucket, "local/one.tfstate.tflock", b"{}"), "its state is locked"),
        (lambda e: put(e.target, e.bucket, "local/journals/one/R1.jsonl", b"{}"), "the run R1 is not over"),
        (lambda e: e.apply("local/one", whole=False, error="no", state_tag=""), "ended half way"),
        (lambda e: e.apply("local/one", kind="destroy"), "was destroyed at"),
        (lambda e: e.apply("local/one", kind="adopt"), "was no apply of the whole stack"),
        (lambda e: e.apply("local/one", kind="revert"), "was no apply of the whole stack"),
        (lambda e: e.apply("local/one", sources={"module": "m"}), "left no digests"),
        (lambda e: e.apply("local/one", state_tag=""), "left no digests"),
        (lambda e: e.apply("local/one", env="side"), "of another stack"),
        (lambda e: e.keep(e.receipt(e.stack("local/one")), e.stack("local/one"), b"{}"), "was edited, or is none"),
        (lambda e: e.keep(e.receipt(e.stack("local/one")), e.stack("local/two")), "of another stack"),
    ],
)
def test_what_nobody_can_tell_counts_as_changed(estate: Estate, edit: Callable[[Estate], object], why: str) -> None:
    edit(estate)

    ((name, (reason,)),) = estate.reasons().items()
    assert name in LOCAL
    assert why in reason


def test_a_stack_that_was_never_applied_counts(estate: Estate) -> None:
    for key in estate.store().keys("local/receipts/one/"):
        estate.store().delete(key)

    assert estate.reasons() == {"local/one": ("was never applied, as far as receipts say",)}


def test_an_old_receipt_is_read_and_says_too_little(estate: Estate) -> None:
    stack = estate.stack("local/one")
    content = estate.receipt(stack).to_json()
    del content["state_tag"], content["sources"]

    estate.keep(estate.receipt(stack), stack, written(content))

    assert estate.reasons() == {"local/one": ("its last apply left no digests to compare with",)}


def test_the_newest_receipt_counts(estate: Estate) -> None:
    estate.append("modules/two/removable/main.tf")
    assert estate.changed() == {"local/two"}

    estate.apply("local/two", began=BEGAN + timedelta(hours=1))
    assert estate.reasons() == {}

    estate.apply("local/two", began=BEGAN + timedelta(hours=2), whole=False)
    assert estate.changed() == {"local/two"}


def test_clocks_that_differ_make_the_last_apply_uncertain(estate: Estate) -> None:
    # S3 tells times in whole seconds.
    sleep(1.1)
    estate.apply("local/two", began=BEGAN - timedelta(hours=1))

    ((name, (reason,)),) = estate.reasons().items()
    assert (name, "clocks" in reason) == ("local/two", True)


# Few questions, and what is remembered of the answers

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


# The command


def test_with_nothing_changed_the_command_says_so_and_plans_nothing(estate: Estate) -> None:
    text = run_here(estate.project, "plan", "--changed")
    as_json = run_here(estate.project, "plan", "--changed", "--json")

    assert (text.code, as_json.code) == (0, 0), text.said + as_json.said
    assert text.out.splitlines() == [
        "unchanged since the last apply: one, two",
        "nothing moved: there is nothing to plan (without --changed, plan asks the account)",
    ]
    assert json.loads(as_json.out) == {
        "changeset": None,
        "folder": None,
        "stacks": {},
        "changed": {},
        "unchanged": ["local/one", "local/two"],
    }
    assert not (estate.workspace.work / "changesets").exists()


def test_the_list_names_what_is_changed_and_why(estate: Estate) -> None:
    estate.append("modules/two/removable/main.tf")

    text = run_here(estate.project, "plan", "--changed", "--list")
    as_json = run_here(estate.project, "plan", "--changed", "--list", "--json")
    one = run_here(estate.project, "plan", "--changed", "--list", "--stack", "one", "--json")

    assert text.out == "local/two: the module moved\nunchanged since the last apply: one\n", text.said
    assert json.loads(as_json.out) == {"changed": {"local/two": ["the module moved"]}, "unchanged": ["local/one"]}
    assert json.loads(one.out) == {"changed": {}, "unchanged": ["local/one"]}
    assert not (estate.workspace.work / "changesets").exists()


def test_a_list_of_everything_is_wrong_usage(estate: Estate) -> None:
    answer = run_here(estate.project, "plan", "--list")

    assert answer.code == 2
    assert "--list goes with --changed" in answer.err
