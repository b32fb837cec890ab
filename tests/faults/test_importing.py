"""What exists already is found by a stack's configuration, and taken over without a change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.in_process import run_here
from tests.support.project import Project, tiny_project, with_aws
from tooling.importing.finding import Existing
from tooling.importing.ids import import_id
from tooling.importing.writing import judge
from tooling.target import Target

MODULE = """\
variable "size" {
  type = number
}

variable "seconds" {
  type = number
}
"""
RESOURCES = """\
resource "aws_cloudwatch_log_group" "log" {
  name              = "/{NAME}/log"
  retention_in_days = 30
}

resource "aws_sqs_queue" "work" {
  name                      = "{NAME}-work"
  message_retention_seconds = 600
}

resource "aws_s3_bucket" "files" {
  bucket        = "{NAME}-files"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "files" {
  bucket = aws_s3_bucket.files.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_iam_role" "work" {
  name               = "{NAME}-work"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_iam_role_policy_attachment" "read" {
  role       = aws_iam_role.work.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
"""
ADDRESSES = {
    "module.tiny.aws_cloudwatch_log_group.log",
    "module.tiny.aws_iam_role.work",
    "module.tiny.aws_iam_role_policy_attachment.read",
    "module.tiny.aws_s3_bucket.files",
    "module.tiny.aws_s3_bucket_versioning.files",
    "module.tiny.aws_sqs_queue.work",
}


def make(target: Target, name: str, *, retention: int = 30, queue: bool = True) -> None:
    """Everything that the module describes, by hand."""
    target.client("logs").create_log_group(logGroupName=f"/{name}/log")
    target.client("logs").put_retention_policy(logGroupName=f"/{name}/log", retentionInDays=retention)
    if queue:
        # The provider still assumes the limit that SQS had for long, a quarter of today's.
        attributes = {"MessageRetentionPeriod": "600", "MaximumMessageSize": "262144"}
        target.client("sqs").create_queue(QueueName=f"{name}-work", Attributes=attributes)
    target.client("s3").create_bucket(Bucket=f"{name}-files")
    target.client("s3").put_bucket_versioning(Bucket=f"{name}-files", VersioningConfiguration={"Status": "Enabled"})
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    target.client("iam").create_role(RoleName=f"{name}-work", AssumeRolePolicyDocument=trust)
    target.client("iam").attach_role_policy(RoleName=f"{name}-work", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")


@pytest.fixture
def project(tmp_path: Path, home: Path, bucket: str) -> Project:
    """A stack of nothing but what :func:`make` makes, never applied."""
    project = tiny_project(tmp_path, home, bucket)
    project.write("modules/tiny/main.tf", MODULE)
    with_aws(project, RESOURCES.replace("{NAME}", bucket))
    settings = project.root / "envs/local/env.toml"
    settings.write_text(settings.read_text() + '\n[gate]\nfail_on = "CRITICAL"\n')
    project.write("policies/waivers.yaml", "[]\n")
    return project


def test_what_exists_is_taken_over_and_nothing_is_made_or_changed(
    project: Project, target: Target, bucket: str
) -> None:
    # GIVEN
    make(target, bucket)

    # WHEN
    told = run_here(project, "import", "--stack", "tiny")
    again = run_here(project, "plan", "--json")
    listed = run_here(project, "changeset", "show")
    applied = run_here(project, "apply", "--yes")

    # THEN
    assert told.code == 0, told.said
    assert "the plan with them is empty: nothing would change" in told.out
    written = (project.root / "envs/local/tiny/imports.tf").read_text()
    assert {line.split()[-1] for line in written.splitlines() if line.startswith("  to =")} == ADDRESSES
    assert f'"{bucket}-work/arn:aws:iam::aws:policy/ReadOnlyAccess"' in written
    assert again.code == 0, again.said
    counts = json.loads(again.out)["stacks"]["local/tiny"]["counts"]
    assert {action: count for action, count in counts.items() if count} == {"import": 5, "update": 1}
    assert "= module.tiny.aws_sqs_queue.work" in listed.out
    assert applied.code == 0, applied.said
    (state,) = [
        json.loads(target.client("s3").get_object(Bucket=bucket, Key=one["Key"])["Body"].read())
        for one in target.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
        if one["Key"].endswith("tiny.tfstate")
    ]
    assert len(state["resources"]) == len(ADDRESSES)
    assert len(target.client("sqs").list_queues(QueueNamePrefix=bucket)["QueueUrls"]) == 1
    (project.root / "envs/local/tiny/imports.tf").unlink()
    settled = run_here(project, "plan", "--exit-code")
    assert settled.code == 0, settled.said


def test_what_differs_is_named_and_what_is_not_there_too(project: Project, target: Target, bucket: str) -> None:
    # GIVEN
    make(target, bucket, retention=7, queue=False)

    # WHEN
    told = run_here(project, "import", "--stack", "tiny", "--dry-run", "--json")

    # THEN
    assert told.code == 5, told.said
    found = json.loads(told.out)
    assert found["missing"] == {"module.tiny.aws_sqs_queue.work": "it is not there"}
    assert found["recorded"] == {"module.tiny.aws_s3_bucket.files": ["force_destroy"]}
    assert found["differences"] == [
        {
            "address": "module.tiny.aws_cloudwatch_log_group.log",
            "action": "update",
            "attributes": ["retention_in_days"],
            "unread": [],
        },
        {"address": "module.tiny.aws_sqs_queue.work", "action": "create", "attributes": [], "unread": []},
    ]
    assert not (project.root / "envs/local/tiny/imports.tf").exists()


def test_a_file_of_somebody_else_stays_as_it_is(project: Project) -> None:
    # GIVEN
    own = project.write("envs/local/tiny/imports.tf", "# by hand\n")

    # WHEN
    told = run_here(project, "import", "--stack", "tiny")

    # THEN
    assert told.code == 1, told.said
    assert "is not a file of groundplan import" in told.err
    assert own.read_text() == "# by hand\n"


def test_taking_over_is_asked_for_like_any_change_and_a_second_import_finds_nothing_left(
    project: Project, target: Target, bucket: str
) -> None:
    # GIVEN
    make(target, bucket)
    settings = project.root / "envs/local/env.toml"
    settings.write_text(settings.read_text().replace("confirm          = false", "confirm          = true"))
    run_here(project, "import", "--stack", "tiny")
    changes = run_here(project, "plan", "--exit-code")

    # WHEN
    unasked = run_here(project, "apply")
    applied = run_here(project, "apply", "--yes")
    again = run_here(project, "import", "--stack", "tiny")
    known = run_here(project, "import", "--stack", "tiny", "--id", "module.tiny.aws_sqs_queue.work=x")

    # THEN
    assert changes.code == 5, changes.said
    assert unasked.code == 2, unasked.said
    assert "nobody is there to confirm 5 to import, 1 to update" in unasked.err
    assert applied.code == 0, applied.said
    assert again.code == 0, again.said
    assert "everything is in the state; envs/local/tiny/imports.tf may go" in again.out
    assert known.code == 2, known.said
    assert "'module.tiny.aws_sqs_queue.work' is in the state already" in known.err


def test_an_id_of_nothing_is_told_by_terraform_and_nothing_is_written(
    project: Project, target: Target, bucket: str
) -> None:
    # WHEN
    told = run_here(project, "import", "--stack", "tiny", "--id", "module.tiny.aws_iam_role.work=nobody")

    # THEN
    assert told.code == 1, told.said
    assert "Cannot import non-existent remote object" in told.err
    assert "module.tiny.aws_iam_role.work" in told.err
    assert "hint: is the id of --id right?" in told.err
    assert not (project.root / "envs/local/tiny/imports.tf").exists()


def planned(address: str, before: dict[str, Any], after: dict[str, Any], forcing: str = "") -> dict[str, Any]:
    """A plan with one import that moves something."""
    actions = ["delete", "create"] if forcing else ["update"]
    change: dict[str, Any] = {"actions": actions, "before": before, "after": after, "importing": {"id": "x"}}
    if forcing:
        change["replace_paths"] = [[forcing]]
    entry = {"address": address, "type": address.split(".")[0], "mode": "managed", "change": change}
    return {"resource_changes": [entry]}


@pytest.mark.parametrize(("digest", "same"), [("abc=", True), ("xyz=", False)])
def test_a_function_is_the_same_where_the_digest_of_its_code_is(digest: str, same: bool) -> None:
    before = {"code_sha256": digest, "source_code_hash": "", "s3_key": None, "last_modified": "1"}
    plan = planned("aws_lambda_function.f", before, {**before, "source_code_hash": "abc=", "s3_key": "k"})

    recorded, differences = judge(plan, Existing({"aws_lambda_function.f": "f"}))

    assert recorded == ({"aws_lambda_function.f": ("s3_key", "source_code_hash")} if same else {})
    assert [one.address for one in differences] == ([] if same else ["aws_lambda_function.f"])


@pytest.mark.parametrize(("owner", "same"), [("me", True), ("you", False)])
def test_tags_that_are_defaults_of_the_provider_too_move_nothing(owner: str, same: bool) -> None:
    before = {"tags": {}, "tags_all": {"Owner": "me"}}
    plan = planned("aws_budgets_budget.b", before, {"tags": {"Owner": owner}, "tags_all": {"Owner": owner}})

    recorded, differences = judge(plan, Existing({"aws_budgets_budget.b": "b"}))

    assert recorded == ({"aws_budgets_budget.b": ("tags",)} if same else {})
    assert len(differences) == (0 if same else 1)


def test_what_an_import_cannot_read_and_would_replace_is_named() -> None:
    plan = planned("aws_cognito_user_pool_client.c", {"secret": None}, {"secret": False}, forcing="secret")

    recorded, differences = judge(plan, Existing({"aws_cognito_user_pool_client.c": "c"}))

    assert recorded == {}
    assert [(one.action, one.unread) for one in differences] == [("replace", ("secret",))]


@pytest.mark.parametrize("equal", [frozenset({"aws_iam_role_policy.p"}), frozenset()])
def test_what_is_worked_out_anew_is_what_it_was_where_the_copy_says_so(equal: frozenset[str]) -> None:
    plan = planned("aws_iam_role_policy.p", {"policy": "{}"}, {})
    plan["resource_changes"][0]["change"]["after_unknown"] = {"policy": True}
    existing = Existing({"aws_iam_role_policy.p": "p", "aws_cognito_user_pool_client.c": "c"}, equal=equal)
    gone = planned("aws_cognito_user_pool_client.c", {"secret": None}, {"secret": False}, forcing="secret")

    recorded, differences = judge(plan, existing)
    beside = judge({"resource_changes": [*plan["resource_changes"], *gone["resource_changes"]]}, existing)

    assert recorded == ({"aws_iam_role_policy.p": ("policy",)} if equal else {})
    assert len(differences) == (0 if equal else 1)
    # What it is worked out from may be what is made anew.
    assert beside[0] == {}
    assert {one.address for one in beside[1]} == set(existing.ids)


def test_what_has_no_import_and_is_there_moves_nothing() -> None:
    address = "aws_acm_certificate_validation.site"
    plan = planned(address, {}, {})
    plan["resource_changes"][0]["change"] = {"actions": ["create"], "before": None, "after": {}}

    assert judge(plan, Existing({}, remade=frozenset({address}))) == ({address: ()}, ())
    assert [one.action for one in judge(plan, Existing({}))[1]] == ["create"]


@pytest.mark.parametrize(
    ("kind", "attributes", "wanted"),
    [
        ("aws_sqs_queue", {"id": "https://q"}, "https://q"),
        (
            "aws_route",
            {"id": "r-1", "route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0"},
            "rtb-1_0.0.0.0/0",
        ),
        ("aws_route", {"route_table_id": "rtb-1", "destination_ipv6_cidr_block": "::/0"}, "rtb-1_::/0"),
        ("aws_route", {"route_table_id": "rtb-1"}, ""),
        ("aws_lambda_permission", {"id": "s", "function_name": "f", "statement_id": "s"}, "f/s"),
        (
            "aws_lambda_permission",
            {"id": "s", "function_name": "f", "statement_id": "s", "qualifier": "live"},
            "f:live/s",
        ),
        ("aws_ecs_service", {"cluster": "arn:aws:ecs:eu-west-1:1:cluster/c", "name": "s"}, "c/s"),
        (
            "aws_cloudwatch_query_definition",
            {"account_id": "1", "region": "eu-west-1", "id": "q"},
            "arn:aws:logs:eu-west-1:1:query-definition:q",
        ),
        ("aws_backup_restore_testing_selection", {"name": "s", "restore_testing_plan_name": "p"}, "s:p"),
        (
            "aws_network_acl_rule",
            {"network_acl_id": "acl-1", "rule_number": 100, "protocol": "6", "egress": False},
            "acl-1:100:6:false",
        ),
        ("aws_api_gateway_stage", {"rest_api_id": "a", "stage_name": ""}, ""),
    ],
)
def test_an_id_is_what_the_providers_import_wants(kind: str, attributes: dict[str, Any], wanted: str) -> None:
    assert import_id(kind, attributes) == wanted


def test_an_address_that_the_configuration_does_not_make_is_refused(project: Project, target: Target) -> None:
    # WHEN
    told = run_here(project, "import", "--stack", "tiny", "--id", "module.tiny.aws_sqs_queue.other=x")

    # THEN
    assert told.code == 2, told.said
    assert "'module.tiny.aws_sqs_queue.other' is nothing that the configuration would make" in told.err
