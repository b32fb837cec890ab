"""A stack of this project on an emulator, used through the toolkit as a user would."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.emulator.account import Account
from tests.support.applied import emulated_target
from tests.support.lookups import made, mismatches, phantoms
from tests.support.project import Answer, Project, copy_of_this_project


def must(answer: Answer) -> Answer:
    assert answer.code == 0, answer.said
    return answer


def project_of(root: Path, home: Path, *, env: str, stack: str) -> Project:
    """A copy of the project with the emulator at ``home`` made ready for one environment."""
    copied = copy_of_this_project(root, home)
    project = Project(copied.root, {"EMULATOR": "1", "GROUNDPLAN_ENV": env, "GROUNDPLAN_STACK": stack})
    must(project.run("emulator", "ready", "--env", env))
    return project


def apply(project: Project, stack: str) -> dict[str, Any]:
    """Plan, gate and apply; the outputs."""
    must(project.run("plan", seconds=300))
    must(project.run("apply", "--yes", seconds=900))
    return dict(json.loads(must(project.run("output", "--json")).out)[stack])


def verified(project: Project) -> int:
    """How many resources there are: all that the state says, with nothing left to change."""
    answer = must(project.run("verify", seconds=300))
    found = re.search(r"(\d+) of (\d+) resources are there", answer.out)
    assert found, answer.said
    there, of_all = map(int, found.groups())
    assert there == of_all
    assert "no changes" in must(project.run("plan", "--exit-code", seconds=300)).out
    return there


def not_found_again(project: Project, account: Account) -> list[str]:
    """What of an applied stack is not found by what was planned of it, or is found in an account that holds nothing."""
    env, stack = project.environ["GROUNDPLAN_ENV"], project.environ["GROUNDPLAN_STACK"]
    plans = project.root.glob(f".groundplan/changesets/{env}/*/{stack}/plan.json")
    # The first of them made everything.
    plan = json.loads(min(path for path in plans if "latest" not in path.parts).read_text())
    bucket = f"groundplan-state-{account.account_id}-us-east-1"
    state = json.loads(account.client("s3").get_object(Bucket=bucket, Key=f"{env}/{stack}.tfstate")["Body"].read())
    endpoint = account.emulator.endpoint
    everything = list(made(state, plan, emulated_target(endpoint, account.account_id)))
    assert everything
    return [*mismatches(everything), *phantoms(everything, emulated_target(endpoint, "999999999999"))]


def entered_again(project: Project, account: Account) -> list[str]:
    """What differs once a stack is taken over that is in no state any more: its state and all versions are deleted."""
    env, stack = project.environ["GROUNDPLAN_ENV"], project.environ["GROUNDPLAN_STACK"]
    s3, bucket = account.client("s3"), f"groundplan-state-{account.account_id}-us-east-1"
    key = f"{env}/{stack}.tfstate"
    held = len(json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())["resources"])
    for version in s3.list_object_versions(Bucket=bucket, Prefix=key)["Versions"]:
        s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
    answer = project.run("import", "--stack", stack, "--enter", "--yes", "--json", seconds=900)
    assert answer.code in (0, 5), answer.said
    told = json.loads(answer.out)
    state = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    managed = [one for one in state["resources"] if one["mode"] == "managed"]
    assert len(managed) > held / 2
    return [f"{one['address']}: {one['action']} {', '.join(one['attributes'])}" for one in told["differences"]]


def change(file: Path, **values: str) -> None:
    """Set top-level values of a file of Terraform or TOML, by name."""
    text = file.read_text()
    for name, value in values.items():
        text, count = re.subn(rf"^{name}(\s*)= .*$", rf"{name}\1= {value}", text, flags=re.MULTILINE)
        assert count, f"{file.name} does not set {name}"
    file.write_text(text)


def let_go(project: Project, env: str, stack: str) -> None:
    """Say in ``env.toml`` that a stack and what it holds may go: the step that a reviewer sees before anything does."""
    settings = project.root / f"envs/{env}/env.toml"
    before, table, after = settings.read_text().partition(f"[stacks.{stack}]")
    after, count = re.subn(r"^retain_data(\s*)= true$", r"retain_data\1= false", after, count=1, flags=re.MULTILINE)
    assert count, f"{stack} holds nothing in {env}"
    settings.write_text(before + table + after)
    change(settings, max_destroys="500", max_replaces="500", stateful_may_go='["*"]', protected="[]")
