"""``plan --changed``: exactly the stacks of which an input moved since their last whole apply, and why."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date

import pytest

from tests.support.changed_estate import EVERYTHING, LOCAL, Estate
from tooling.changeset.inputs import surroundings_of
from tooling.environment.config import load_environment


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


@pytest.mark.parametrize(
    ("last_day", "today", "reasons"),
    [
        ("2026-11-22", "2026-11-22", ()),
        ("2026-11-22", "2026-11-23", ("a waiver may have ended on 2026-11-22",)),
        ("2026-11-24", "2026-11-24", ()),
        ("2026-11-24", "2027-01-01", ("a waiver may have ended on 2026-11-24",)),
        # Its finding was back already when the stack was planned.
        ("2026-11-21", "2027-01-01", ()),
    ],
)
def test_a_waiver_that_ended_since_the_plan_counts(
    estate: Estate, last_day: str, today: str, reasons: tuple[str, ...]
) -> None:
    estate.write("policies/waivers.yaml", f"- check: CKV_AWS_309\n  expires: {last_day}\n")
    for name in EVERYTHING:
        estate.apply(name)

    estate.today = date.fromisoformat(today)

    assert estate.reasons() == (dict.fromkeys(sorted(EVERYTHING), reasons) if reasons else {})
