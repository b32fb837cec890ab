"""``plan --changed`` after a real apply: what the receipt holds is what the next look compares with."""

from __future__ import annotations

import json
from typing import Any

from tests.support.in_process import run_here
from tests.support.project import MODULE, Project
from tooling.target import Target


def look(tiny: Project, **environ: str) -> Any:
    answer = run_here(tiny, "plan", "--changed", "--list", "--json", environ=environ)
    assert answer.code == 0, answer.said
    return json.loads(answer.out)["changed"]


def plan_and_apply(tiny: Project, *args: str, **environ: str) -> None:
    for command in (("plan", *args), ("apply", "--yes")):
        answer = run_here(tiny, *command, environ=environ)
        assert answer.code == 0, answer.said


def test_what_was_applied_is_unchanged_until_something_moves(tiny: Project, target: Target, bucket: str) -> None:
    assert look(tiny) == {"local/tiny": ["was never applied, as far as receipts say"]}
    plan_and_apply(tiny, "--changed")
    assert look(tiny) == {}

    tiny.tfvars("size = 2\n")
    assert look(tiny) == {"local/tiny": ["the values of the root module (tfvars) moved"]}
    assert look(tiny, TF_VAR_seconds="0") == {
        "local/tiny": ["the values of the root module (tfvars) moved", "the variable TF_VAR_seconds moved"]
    }
    plan_and_apply(tiny, "--changed", TF_VAR_seconds="0")
    assert look(tiny, TF_VAR_seconds="0") == {}
    assert look(tiny) == {"local/tiny": ["the variable TF_VAR_seconds moved"]}

    plan_and_apply(tiny)
    key = "local/tiny.tfstate"
    client = target.client("s3")
    state = json.loads(client.get_object(Bucket=bucket, Key=key)["Body"].read())
    body = json.dumps({**state, "serial": state["serial"] + 1}).encode()
    client.put_object(Bucket=bucket, Key=key, Body=body)
    ((reason,),) = look(tiny).values()
    assert reason.startswith("its state was written since the apply of ")


def test_an_apply_that_ended_half_way_is_planned_again(tiny: Project) -> None:
    failing = MODULE.replace('"sleep ${var.seconds}"', '"exit 1"')
    tiny.write("modules/tiny/main.tf", failing)
    assert run_here(tiny, "plan").code == 0
    assert run_here(tiny, "apply", "--yes").code == 1

    ((reason,),) = look(tiny).values()

    assert reason.endswith("ended half way")


def test_only_what_changed_is_in_the_changeset(tiny: Project) -> None:
    toml = tiny.root / "envs/local/env.toml"
    toml.write_text(toml.read_text() + "\n[stacks.twin]\n")
    root = (tiny.root / "envs/local/tiny/main.tf").read_text()
    tiny.write(
        "envs/local/twin/main.tf", root.replace("local/tiny", "local/twin").replace("modules/tiny", "modules/twin")
    )
    tiny.write("envs/local/twin/.terraform.lock.hcl", "")
    tiny.write("modules/twin/main.tf", MODULE)
    plan_and_apply(tiny)
    tiny.write("modules/twin/main.tf", f"# a comment\n{MODULE}")

    answer = run_here(tiny, "plan", "--changed", "--json", "--exit-code")

    said = json.loads(answer.out)
    assert answer.code == 0, answer.said
    assert list(said["stacks"]) == ["local/twin"]
    assert said["changed"] == {"local/twin": ["the module moved"]}
    assert said["unchanged"] == ["local/tiny"]
    assert [part["architecture"] for part in said["changeset"]["stacks"]] == ["twin"]


def test_an_ephemeral_value_counts_as_it_was_applied(tiny: Project) -> None:
    """A plan holds none of it, so the apply may have been given another."""
    declared = 'variable "{}" {{\n  type      = string\n  default   = ""\n  ephemeral = {}\n}}\n'
    tiny.write("envs/local/tiny/variables.tf", declared.format("password", "true") + declared.format("word", "false"))
    both = {"TF_VAR_password": "swordfish", "TF_VAR_word": "hello"}
    assert run_here(tiny, "plan", environ=both).code == 0
    answer = run_here(tiny, "apply", "--yes", environ={"TF_VAR_password": "catfish"})
    assert answer.code == 0, answer.said

    assert look(tiny, **both) == {"local/tiny": ["the variable TF_VAR_password moved"]}
    assert look(tiny, TF_VAR_password="catfish", TF_VAR_word="hello") == {
        "local/tiny": ["the variable TF_VAR_password moved"]
    }
    plan_and_apply(tiny, **both)
    assert look(tiny, **both) == {}
