"""What a user gets wrong: one clear error with what to do, no traceback, nothing changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.project import Answer, Project


def no_traceback(answer: Answer) -> None:
    assert "Traceback" not in answer.said, answer.said


@pytest.mark.parametrize("command", ["plan", "apply", "verify", "output", "gate", "destroy", "doctor", "bootstrap"])
def test_an_unknown_environment_is_named_with_those_that_exist(tiny: Project, command: str) -> None:
    answer = tiny.run(command, "--env", "prodd")

    assert answer.code == (1 if command == "doctor" else 2)
    assert "no environment 'prodd'" in answer.said
    assert "there are: local" in answer.said
    no_traceback(answer)


@pytest.mark.parametrize("command", ["plan", "apply", "verify", "output"])
def test_an_unknown_stack_is_named_with_those_that_exist(tiny: Project, command: str) -> None:
    if command == "apply":
        assert tiny.run("plan").code == 0

    answer = tiny.run(command, "--stack", "kefri")

    assert answer.code == 2
    assert "error: environment 'local' has no stack 'kefri'" in answer.err
    assert "hint: there are: tiny" in answer.err


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('account_id = "1\n', 1, "is no valid TOML"),
        ('account_id = "123456789012"\nregion = \n', 2, "is no valid TOML"),
        ("", 1, "account_id is missing"),
    ],
)
def test_a_broken_env_toml_is_reported_with_file_and_line(tiny: Project, text: str, line: int, says: str) -> None:
    tiny.write("envs/local/env.toml", text)

    answer = tiny.run("plan")

    assert answer.code == 2
    assert f"error: envs/local/env.toml:{line}: {says}" in answer.err
    no_traceback(answer)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('"us-east-1"\ntarget', '"eu-wst-1"\ntarget', 2, "region is 'eu-wst-1': no AWS region"),
        ("123456789012", "12345678901", 1, "account_id is '12345678901'"),
        ("[stacks.tiny]", "[stacks.tiny]\nretain_data = 3", 12, "stacks.tiny.retain_data is 3"),
        ("confirm ", "confrim ", 4, "confrim is not a setting of env.toml"),
        ("[state]", '[gate]\nfail_on = "SEVERE"\n[state]', 8, "gate.fail_on is 'SEVERE'"),
    ],
)
def test_a_setting_that_breaks_the_schema_is_reported_with_its_line_and_value(
    tiny: Project, old: str, new: str, line: int, says: str
) -> None:
    file = tiny.root / "envs/local/env.toml"
    tiny.write("envs/local/env.toml", file.read_text().replace(old, new, 1))

    answer = tiny.run("plan")

    assert answer.code == 2, answer.said
    assert f"envs/local/env.toml:{line}: {says}" in answer.err
    no_traceback(answer)


def test_broken_tfvars_are_reported_with_file_and_line(tiny: Project) -> None:
    tiny.tfvars("size = 1\nsize == = 3\n")

    answer = tiny.run("plan")

    assert answer.code == 2, answer.said
    assert "envs/local/tiny/terraform.tfvars:2" in answer.err
    no_traceback(answer)


def test_a_value_that_a_validation_refuses_is_reported_with_its_message_and_value(tiny: Project) -> None:
    tiny.tfvars("size = 100\n")

    answer = tiny.run("plan")

    assert answer.code == 2, answer.said
    assert "size must be below 100." in answer.err
    assert "var.size is 100" in answer.err
    assert "mend the value in envs/local/tiny/terraform.tfvars" in answer.err


def test_apply_without_a_changeset_says_to_plan(tiny: Project) -> None:
    answer = tiny.run("apply")

    assert answer.code == 2
    assert "there is no changeset" in answer.err
    assert "groundplan plan" in answer.err


def test_a_missing_root_says_to_synthesise(tiny: Project) -> None:
    (tiny.root / "envs/local/tiny/main.tf").unlink()

    answer = tiny.run("plan")

    assert answer.code == 2
    assert "groundplan synth" in answer.err


def test_a_missing_state_bucket_says_how_to_make_it(tiny: Project, bucket: str) -> None:
    for name in ("envs/local/env.toml", "envs/local/tiny/main.tf"):
        tiny.write(name, (tiny.root / name).read_text().replace(bucket, "nobody-made-this-one"))

    answer = tiny.run("plan")

    assert answer.code == 1, answer.said
    assert "the bucket nobody-made-this-one does not exist" in answer.err
    assert "groundplan bootstrap --env local" in answer.err


def test_a_root_of_other_settings_is_refused_before_it_looks_for_its_state_elsewhere(
    tiny: Project, bucket: str
) -> None:
    settings = tiny.root / "envs/local/env.toml"
    settings.write_text(settings.read_text().replace(bucket, "another-state-bucket"))

    answer = tiny.run("plan")

    assert answer.code == 2, answer.said
    assert "envs/local/tiny/main.tf: was generated from other settings" in answer.err
    assert "groundplan synth" in answer.err


def test_terraform_that_is_too_old_is_refused_in_one_sentence(tiny: Project, tmp_path: Path) -> None:
    fake = tmp_path / "old-terraform"
    fake.write_text('#!/bin/sh\necho \'{"terraform_version": "1.9.8"}\'\n')
    fake.chmod(0o755)

    answer = tiny.run("plan", environ={"GROUNDPLAN_TERRAFORM": str(fake)})

    assert answer.code == 1
    assert "terraform is 1.9.8, groundplan needs 1.11 or newer" in answer.err
    assert "developer.hashicorp.com/terraform/install" in answer.err


def test_terraform_that_is_missing_is_refused_in_one_sentence(tiny: Project) -> None:
    answer = tiny.run("plan", environ={"GROUNDPLAN_TERRAFORM": "/nowhere/terraform"})

    assert answer.code == 1
    assert "no terraform at '/nowhere/terraform'" in answer.err


def test_terraform_that_prints_something_unexpected_is_quoted(tiny: Project, tmp_path: Path) -> None:
    fake = tmp_path / "odd-terraform"
    fake.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = version ]; then echo \'{"terraform_version": "1.11.4"}\'; exit 0; fi\n'
        "echo 'all is well, trust me'\n"
    )
    fake.chmod(0o755)

    answer = tiny.run("plan", environ={"GROUNDPLAN_TERRAFORM": str(fake)})

    assert answer.code == 1
    assert "ended without a summary; the last it printed: 'all is well, trust me'" in answer.err
    no_traceback(answer)


def test_a_read_only_work_folder_is_said_in_one_sentence(tiny: Project) -> None:
    # A file where the folder should be refuses root as well, whom permissions do not stop.
    (tiny.root / ".groundplan/changesets").write_text("")

    answer = tiny.run("plan")

    assert answer.code == 1, answer.said
    assert ".groundplan/changesets" in answer.err
    no_traceback(answer)


def test_outside_a_project_the_error_says_where_it_looked(
    tiny: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    answer = tiny.run("plan", environ={"GROUNDPLAN_ROOT": str(elsewhere)})

    assert answer.code == 2
    assert f"no groundplan project in {elsewhere}" in answer.err


def test_a_full_disk_is_said_in_one_sentence_and_leaves_no_changeset(tiny: Project) -> None:
    # GIVEN work files that land on a device without space
    assert tiny.run("plan").code == 0
    before = tiny.latest
    stack = tiny.root / ".groundplan/stacks/local/tiny"
    (stack / "init.key").unlink()
    shutil.rmtree(stack / "terraform")
    (stack / "terraform").symlink_to("/dev/full")

    answer = tiny.run("plan")

    assert answer.code == 1, answer.said
    assert "error:" in answer.err
    assert tiny.latest == before
    no_traceback(answer)
