"""`groundplan output --format`: what other programs read is what they would have been given."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import REPOSITORY
from tests.unit.toolkit.conftest import Applied
from tooling.errors import Exit, ToolError
from tooling.output_formats import client_variables, table_rows, tfvars
from tooling.plan.masking import MASK
from tooling.target import Target
from tooling.workspace import Workspace

FORMS = ("text", "json", "table", "dotenv", "tfvars")
OUTPUTS: dict[str, Any] = {
    "alerts_topic_arn": None,
    "api_url": "https://abc123.execute-api.us-east-1.amazonaws.com",
    "function_names": {"handleAuth": "kefir-app-dev-handleAuth"},
    "key": "-----BEGIN-----\n$a \\n `b`\n-----END-----\n",
    "letter": "it's\non two lines",
    "motto": 'it\'s $HOME, `and` "more" ${x} %{y}',
    "user_pool_client_id": "client1",
    "user_pool_id": "us-east-1_abc",
}


def with_client_names(root: Path) -> None:
    """The names that the committed architecture gives to its clients."""
    folder = root / "cdktf_app/architectures/kefir"
    folder.mkdir(parents=True)
    shutil.copy(REPOSITORY / "cdktf_app/architectures/kefir/client.yaml", folder)


def parsed(text: str) -> dict[str, str]:
    """What a POSIX shell makes of an .env file."""
    done = subprocess.run(
        ["sh", "-c", 'set -a; . "$1"; env -0', "sh", "/dev/stdin"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin"},
    )
    return dict(entry.split("=", 1) for entry in done.stdout.split("\0") if entry)


@pytest.mark.requirement("KF-NX-02")
def test_a_client_gets_its_settings_by_its_own_names(applied: Applied) -> None:
    project = applied("kefir", OUTPUTS)
    with_client_names(project.root)

    answer = project.run("output", "--stack", "kefir", "--format", "dotenv")

    assert answer.code == 0, answer.said
    found = parsed(answer.out)
    assert found["EXPO_PUBLIC_API_URL"] == found["API_URL"] == OUTPUTS["api_url"]
    assert found["EXPO_PUBLIC_USER_POOL_ID"] == "us-east-1_abc"
    assert found["EXPO_PUBLIC_USER_POOL_CLIENT_ID"] == "client1"
    assert found["EXPO_PUBLIC_AWS_REGION"] == found["AWS_REGION"] == "us-east-1"
    assert [found[name.upper()] for name in ("key", "letter", "motto")] == [
        OUTPUTS[name] for name in ("key", "letter", "motto")
    ]
    assert json.loads(found["FUNCTION_NAMES"]) == OUTPUTS["function_names"]
    assert "ALERTS_TOPIC_ARN" not in found


@pytest.mark.requirement("KF-NX-02")
def test_the_names_of_the_committed_architecture_are_outputs_that_it_has() -> None:
    declared = (REPOSITORY / "modules/kefir/outputs.tf").read_text()

    names = client_variables(Workspace(REPOSITORY), "kefir")

    assert names["EXPO_PUBLIC_API_URL"] == "api_url"
    assert [output for output in names.values() if output != "region" and f'output "{output}"' not in declared] == []


def test_a_name_of_an_output_that_is_not_there_is_told(applied: Applied) -> None:
    project = applied("kefir", {"user_pool_id": "us-east-1_abc"})
    with_client_names(project.root)

    answer = project.run("output", "--stack", "kefir", "--format", "dotenv")

    assert answer.code == 1
    assert "EXPO_PUBLIC_API_URL is the output api_url, which there is not" in answer.err


def test_terraform_reads_the_values_as_they_are(tmp_path: Path) -> None:
    values = {**OUTPUTS, "numbers": [1, 2.5, True], "bell": "\x07\\ é"}
    (tmp_path / "main.tf").write_text(
        "".join(f'variable "{name}" {{}}\noutput "{name}" {{ value = var.{name} }}\n' for name in values)
    )
    (tmp_path / "terraform.tfvars").write_text(tfvars(values))
    console = f"jsonencode({{ {', '.join(f'{name} = var.{name}' for name in values)} }})"
    terraform = shutil.which("terraform") or pytest.skip("no terraform")

    done = subprocess.run(
        [terraform, "console"], cwd=tmp_path, input=console, capture_output=True, text=True, check=True
    )

    assert json.loads(json.loads(done.stdout)) == values


def test_a_character_beyond_four_digits_has_eight() -> None:
    assert tfvars({"tag": "\U000e0001"}) == 'tag = "\\U000e0001"\n'


def test_what_is_secret_is_left_out_and_said() -> None:
    assert tfvars({"db": MASK, "size": 1}) == "# db is sensitive: --reveal prints it\nsize = 1\n"


def test_the_table_has_a_row_for_every_part_of_a_value(applied: Applied) -> None:
    project = applied("kefir", OUTPUTS)

    answer = project.run("output", "--stack", "kefir", "--format", "table")

    assert answer.code == 0, answer.said
    rows = {tuple(line.split()[:3]) for line in answer.out.splitlines()}
    assert ("kefir", "function_names.handleAuth", "kefir-app-dev-handleAuth") in rows
    assert ("STACK", "OUTPUT", "VALUE") in rows
    assert list(table_rows("kefir", None)) == [("kefir", "", "not applied")]


def test_json_is_the_same_by_both_names(applied: Applied) -> None:
    project = applied("kefir", OUTPUTS)

    one = project.run("output", "--stack", "kefir", "--format", "json")
    other = project.run("output", "--stack", "kefir", "--json")

    assert one.code == other.code == 0, one.said + other.said
    assert json.loads(one.out) == json.loads(other.out) == {"kefir": OUTPUTS}


@pytest.mark.parametrize("text", ["variables: [A]", "variables: {A: 1}", "variables: {'a b': x}", "{", "- a", ""])
def test_a_file_of_names_that_says_none_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "cdktf_app/architectures/kefir/client.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text)

    with pytest.raises(ToolError) as refused:
        client_variables(Workspace(tmp_path), "kefir")

    assert refused.value.exit_code == Exit.USAGE
    assert refused.value.where == "cdktf_app/architectures/kefir/client.yaml"


def test_json_and_another_form_are_not_both_given(applied: Applied) -> None:
    project = applied("kefir", OUTPUTS)

    answer = project.run("output", "--stack", "kefir", "--format", "dotenv", "--json")

    assert answer.code == 2
    assert "give either --json or --format dotenv" in answer.err
    assert answer.out == ""


def test_what_is_secret_stands_in_no_form_unless_it_is_asked_for(applied: Applied, target: Target, name: str) -> None:
    project = applied("kefir", {"size": 1})
    store, key = target.client("s3"), "local/kefir.tfstate"
    state = json.loads(store.get_object(Bucket=f"state-{name}", Key=key)["Body"].read())
    state["outputs"]["db"] = {"value": "hidden-word", "sensitive": True}
    store.put_object(Bucket=f"state-{name}", Key=key, Body=json.dumps(state).encode())

    masked = {form: project.run("output", "--stack", "kefir", "--format", form) for form in FORMS}
    shown = {form: project.run("output", "--stack", "kefir", "--format", form, "--reveal") for form in FORMS}

    assert [form for form, answer in masked.items() if answer.code or "hidden-word" in answer.said] == []
    assert [form for form, answer in shown.items() if answer.code or "hidden-word" not in answer.out] == []
    for form in ("dotenv", "tfvars"):
        assert "# db is sensitive: --reveal prints it" in masked[form].out
        assert [line for line in masked[form].out.splitlines() if line.lower().startswith("db")] == []
