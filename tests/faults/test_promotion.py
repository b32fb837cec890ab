"""The same commit is applied to the environment below first, as its receipts tell."""

from __future__ import annotations

import secrets

import pytest

from tests.support.conditions import ask_for, commit, in_git, run
from tests.support.project import Project
from tooling.state import make_bucket
from tooling.target import Target


@pytest.fixture
def committed(tiny: Project) -> Project:
    return in_git(tiny)


PROMOTED = '[approval]\non_emulator = true\n\n[stacks.tiny]\npromoted_from = "dev"\n'


def make_dev(project: Project, target: Target, account: str) -> str:
    """An environment dev with the same stack, in that account. Returns its state bucket."""
    bucket = f"dev-{secrets.token_hex(6)}"
    environ = {**target.environ, "AWS_ACCESS_KEY_ID": account}
    make_bucket(Target("emulator", target.endpoint, environ, "us-east-1", account), bucket, "us-east-1")
    local = (project.root / "envs/local/env.toml").read_text()
    own = local.split('bucket = "')[1].split('"')[0]
    project.write("envs/dev/env.toml", local.replace(own, bucket).replace("123456789012", account))
    main = (project.root / "envs/local/tiny/main.tf").read_text()
    project.write("envs/dev/tiny/main.tf", main.replace(own, bucket).replace("local/tiny", "dev/tiny"))
    project.write("envs/dev/tiny/.terraform.lock.hcl", "")
    ask_for(project, PROMOTED)
    commit(project)
    return bucket


@pytest.mark.requirement("RW-NOTE-01")
def test_the_same_commit_is_applied_to_the_environment_below_first(committed: Project, target: Target) -> None:
    make_dev(committed, target, "123456789012")
    assert run(committed, "plan").code == 0

    before = run(committed, "apply")
    for command in ("plan", "apply"):
        answer = run(committed, command, "--env", "dev")
        assert answer.code == 0, answer.said
    after = run(committed, "apply")

    assert before.code == 4
    assert "was not applied to dev/tiny first" in before.err
    assert after.code == 0, after.said


@pytest.mark.requirement("RW-NOTE-01")
def test_another_commit_in_the_environment_below_does_not_count(committed: Project, target: Target) -> None:
    make_dev(committed, target, "123456789012")
    for command in ("plan", "apply"):
        assert run(committed, command, "--env", "dev").code == 0
    committed.tfvars("size = 2\n")
    commit(committed)
    assert run(committed, "plan").code == 0

    answer = run(committed, "apply")

    assert answer.code == 4
    assert "was not applied to dev/tiny first" in answer.err


@pytest.mark.requirement("RW-NOTE-01")
def test_uncommitted_files_in_the_environment_below_do_not_count(committed: Project, target: Target) -> None:
    make_dev(committed, target, "123456789012")
    file = committed.write("envs/dev/tiny/terraform.tfvars", "size = 3\n")
    for command in ("plan", "apply"):
        assert run(committed, command, "--env", "dev").code == 0
    file.unlink()
    assert run(committed, "plan").code == 0

    answer = run(committed, "apply")

    assert answer.code == 4
    assert "was not applied to dev/tiny first" in answer.err


def test_an_edited_receipt_of_the_environment_below_is_refused(committed: Project, target: Target) -> None:
    bucket = make_dev(committed, target, "123456789012")
    for command in ("plan", "apply"):
        assert run(committed, command, "--env", "dev").code == 0
    assert run(committed, "plan").code == 0
    client = target.client("s3")
    (entry,) = client.list_objects_v2(Bucket=bucket, Prefix="dev/receipts/tiny/")["Contents"]
    content = client.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read()
    client.put_object(Bucket=bucket, Key=entry["Key"], Body=content.replace(b'"dirty": false', b'"dirty": true'))

    answer = run(committed, "apply")

    assert answer.code == 4
    assert "the receipt was edited" in answer.err


@pytest.mark.requirement("RW-NOTE-01")
def test_a_receipt_can_be_handed_over_where_its_bucket_is_out_of_reach(committed: Project, target: Target) -> None:
    # GIVEN a lower environment in another account, whose bucket refuses us
    make_dev(committed, target, "210987654321")
    for command in ("plan", "apply"):
        answer = run(committed, command, "--env", "dev")
        assert answer.code == 0, answer.said
    (receipt,) = (committed.root / ".groundplan/changesets/dev/latest/tiny").glob("receipt-*.json")
    edited = committed.root / ".groundplan/edited.json"
    edited.write_bytes(receipt.read_bytes().replace(b'"kind": "apply"', b'"kind": "Apply"'))
    assert run(committed, "plan").code == 0

    without = run(committed, "apply")
    forged = run(committed, "apply", "--receipt", str(edited))
    handed_over = run(committed, "apply", "--receipt", str(receipt))

    assert without.code == 4
    assert "as far as can be seen" in without.err
    assert "--receipt FILE" in without.err
    assert forged.code == 4
    assert "the receipt was edited" in forged.err
    assert handed_over.code == 0, handed_over.said
