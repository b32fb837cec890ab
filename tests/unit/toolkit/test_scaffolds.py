"""New environments, policies, constructs and architectures: what is written, what is refused, and nothing half."""

from __future__ import annotations

import ast
import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY
from tooling.environment.config import load_environment
from tooling.errors import Exit, ToolError
from tooling.gate import GateConfig, Severity, evaluate
from tooling.gate.canary import plan_of
from tooling.gate.policies_folder import read_policies
from tooling.scaffold.architecture import draft_architecture
from tooling.scaffold.binding import read_binding
from tooling.scaffold.construct import draft_construct
from tooling.scaffold.draft import write
from tooling.scaffold.environment import draft_environment
from tooling.scaffold.policy import draft_policy
from tooling.workspace import Workspace

TODAY = date(2026, 11, 21)


@pytest.fixture
def project(tmp_path: Path) -> Workspace:
    for name in ("envs", "policies", "cdktf_app/architectures", "cdktf_app/bindings"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "functions/shared").mkdir(parents=True)
    return Workspace(tmp_path)


def texts(project: Workspace) -> dict[str, str]:
    return {str(file): file.read_text() for file in project.root.rglob("*") if file.is_file()}


# --- environments


def test_an_environment_has_its_own_account_names_and_waivers(project: Workspace) -> None:
    write(project, draft_environment(project, "qa", like="dev", account_id="222233334444", stacks=["rewind", "kefir"]))

    config = load_environment(project, "qa")
    assert (config.account_id, config.region, set(config.stacks)) == ("222233334444", "us-east-1", {"rewind", "kefir"})
    assert config.state.bucket == "groundplan-state-222233334444-us-east-1"
    new = {path: text for path, text in texts(project).items() if "/envs/qa/" in path}
    assert [path for path, text in new.items() if "111122223333" in text] == []
    values = (project.envs / "qa/rewind/terraform.tfvars").read_text()
    assert 'name_suffix = "-qa"' in values
    assert '"qa.rewindpodcast.com"' in values
    assert "stacks: [dev/kefir, local/kefir, qa/kefir]" in (project.policies / "waivers.yaml").read_text()
    usage = (project.envs / "qa/usage.yaml").read_text()
    assert "\n  rewind:\n" in usage
    assert "\n  doomscroll:\n" not in usage


def test_an_environment_in_another_region_keeps_its_second_one(project: Workspace) -> None:
    write(project, draft_environment(project, "eu", like="prod", account_id="222233334444", region="eu-west-1"))

    config = load_environment(project, "eu")
    assert config.region == config.state.region == "eu-west-1"
    assert config.artifacts_bucket.endswith("222233334444-eu-west-1")
    assert config.stacks["rewind"].aliases["failover"].region == "us-west-2"
    # The document's word for production would give two environments one name.
    assert config.stacks["solemate"].environment is None


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("QA", {"like": "dev"}, "an environment is named 'QA'"),
        ("qa", {"like": "moon"}, "no environment 'moon'"),
        ("qa-", {"like": "dev"}, "an environment is named 'qa-'"),
        ("q" * 17, {"like": "dev"}, "an environment is named"),
        ("qa", {"like": "dev", "stacks": ["solemate"]}, "environment 'dev' has no stack 'solemate'"),
        ("qa", {"like": "dev", "account_id": "12"}, "account_id is '12'"),
        ("qa", {"like": "dev", "region": "us-west-2"}, "that is the environment's own region"),
    ],
)
def test_rejects_what_would_be_no_environment_before_anything_is_written(
    project: Workspace, name: str, arguments: dict[str, str], said: str
) -> None:
    before = texts(project)

    with pytest.raises(ToolError) as refused:
        draft_environment(project, name, **arguments)

    assert said in str(refused.value)
    assert refused.value.exit_code == Exit.USAGE
    assert texts(project) == before


def test_stacks_that_cannot_be_told_apart_are_no_environment(project: Workspace) -> None:
    settings = project.envs / "dev/env.toml"
    settings.write_text(settings.read_text().replace("\n\n[stacks.", "\n[stacks.").replace("\n\n#", "\n#"))

    with pytest.raises(ToolError, match="cannot be told from its neighbours"):
        draft_environment(project, "qa", like="dev", stacks=["kefir"])


def test_what_is_there_is_never_written_over(project: Workspace) -> None:
    before = texts(project)

    with pytest.raises(ToolError, match="is there already"):
        write(project, draft_environment(project, "prod", like="dev"))

    assert texts(project) == before


# --- policies


def test_a_policy_is_held_to_its_own_examples_by_the_gate(project: Workspace, tmp_path: Path) -> None:
    attribute = "message_retention_seconds"
    draft = draft_policy(
        project,
        "queue_retention",
        check_id="GP_QUEUE_1",
        resource="aws_sqs_queue",
        attribute=attribute,
        severity="HIGH",
    )
    write(project, draft)

    policies = read_policies(project.policies)
    examples = policies.examples["GP_QUEUE_1"]
    waivers = tmp_path / "none.yaml"
    waivers.write_text("[]\n")
    config = GateConfig(
        fail_on=Severity.LOW,
        waivers=waivers,
        policies=project.policies,
        today=TODAY,
        requirements=REPOSITORY / "specs/requirements.yaml",
    )
    result = evaluate(plan_of([*examples.failing, *examples.passing]), stack="local/x", config=config)
    refused = {one.address for one in result.findings if one.check_id == "GP_QUEUE_1"}
    assert refused == {"aws_sqs_queue.without_it", "aws_sqs_queue.not_known_yet"}
    assert policies.severity_of("GP_QUEUE_1") == Severity.HIGH
    assert (
        "| `GP_QUEUE_1` | `aws_sqs_queue` without `message_retention_seconds` |"
        in (project.policies / "README.md").read_text()
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"check_id": "QUEUE"}, "a check's id is 'QUEUE'"),
        ({"check_id": "GP_LOGS_1"}, "GP_LOGS_1 is taken"),
        ({"resource": "aws_sqs_pipe"}, "the bindings have no resource 'aws_sqs_pipe'"),
        ({"attribute": "colour"}, "aws_sqs_queue has no attribute 'colour'"),
        ({"attribute": "lifecycle"}, "aws_sqs_queue has no attribute 'lifecycle'"),
        ({"topic": "Queue-1"}, "a policy is named 'Queue-1'"),
    ],
)
def test_rejects_a_policy_about_nothing(project: Workspace, arguments: dict[str, str], said: str) -> None:
    given = {
        "topic": "queues",
        "check_id": "GP_QUEUE_1",
        "resource": "aws_sqs_queue",
        "attribute": "policy",
    } | arguments

    with pytest.raises(ToolError) as refused:
        draft_policy(project, severity="LOW", **given)

    assert said in str(refused.value)


def test_a_policy_may_be_about_a_block(project: Workspace) -> None:
    resource = "aws_s3_bucket_ownership_controls"

    draft = draft_policy(project, "owners", check_id="GP_OWNER_1", resource=resource, attribute="rule", severity="INFO")

    rated = draft.changed[Path("policies/severity.yaml")]
    own = rated.partition("# Our own.\n")[2].partition("\n\n")[0].splitlines()
    assert own == sorted(own)
    assert f"GP_OWNER_1: INFO        # {resource} without rule" in own
    assert len(rated.splitlines()) == len((project.policies / "severity.yaml").read_text().splitlines()) + 1


def test_a_list_of_checks_that_is_no_list_is_told(project: Workspace) -> None:
    (project.policies / "severity.yaml").write_text("# nothing\n")

    with pytest.raises(ToolError, match="has no list of the project's own checks") as refused:
        draft_policy(project, "q1", check_id="GP_QUEUE_1", resource="aws_sqs_queue", attribute="policy", severity="LOW")

    assert refused.value.where == "policies/severity.yaml"


# --- constructs


def test_the_class_of_a_type_is_found_with_what_it_needs() -> None:
    found = read_binding("aws_sns_topic_subscription")

    assert (found.module, found.name) == ("sns_topic_subscription", "SnsTopicSubscription")
    assert found.required == {"endpoint": "str", "protocol": "str", "topic_arn": "str"}


def test_a_class_whose_name_javascript_has_taken_is_found_too() -> None:
    assert read_binding("aws_s3_bucket_logging").name == "S3BucketLoggingA"


@pytest.mark.parametrize(
    ("name", "resource", "said"),
    [
        ("owners", "aws_s3_bucket_ownership_controls", "needs rule, which is a block or a map"),
        ("sqs_queue", "aws_sqs_queue", "SqsQueue is the name of a class"),
        ("construct", "aws_sqs_queue", "Construct is the name of a class"),
        ("Queue", "aws_sqs_queue", "a construct is named 'Queue'"),
        ("queue", "sqs_queue", "the bindings have no resource 'sqs_queue'"),
    ],
)
def test_rejects_a_construct_that_would_not_run(project: Workspace, name: str, resource: str, said: str) -> None:
    with pytest.raises(ToolError) as refused:
        draft_construct(project, name, resource=resource)

    assert said in str(refused.value)
    assert refused.value.exit_code == Exit.USAGE


def names_of(bindings: str) -> tuple[list[str], list[str]]:
    """What a file of bindings exports, and what it imports."""
    body = ast.parse(bindings).body
    imported = [one.name for node in body if isinstance(node, ast.ImportFrom) for one in node.names]
    return ast.literal_eval(bindings.partition("__all__ = ")[2]), imported


@pytest.mark.parametrize(
    ("resource", "file"),
    [
        ("aws_sqs_queue", None),
        # Its import stands on one line.
        ("aws_sns_topic_subscription", None),
        ("aws_sqs_queue_redrive_policy", "sqs"),
        ("aws_sns_topic_data_protection_policy", "sns"),
        ("aws_acmpca_permission", "acmpca"),
        ("aws_kinesis_stream", "kinesis"),
    ],
)
def test_a_construct_gets_its_binding_where_there_is_none(project: Workspace, resource: str, file: str | None) -> None:
    draft = draft_construct(project, "work_queue", resource=resource)

    bindings = {
        path.stem: text for path, text in {**draft.new, **draft.changed}.items() if path.parent.name == "bindings"
    }
    assert set(bindings) == ({file} if file else set())
    for stem, text in bindings.items():
        exported, imported = names_of(text)
        assert exported == sorted(imported)
        assert read_binding(resource).name in exported
        before = project.root / "cdktf_app/bindings" / f"{stem}.py"
        lost = set(before.read_text().splitlines()) - set(text.splitlines()) if before.is_file() else set()
        assert lost == set()
    for path, text in draft.new.items():
        compile(text, str(path), "exec")


def test_another_class_of_the_same_module_stays_imported(project: Workspace) -> None:
    folder = project.root / "cdktf_app/bindings"
    shutil.rmtree(folder)
    folder.mkdir()
    module = "cdktf_cdktf_provider_aws.sqs_queue_policy"
    before = f'"""Queues."""\n\nfrom {module} import SqsQueuePolicyConfig\n\n__all__ = ["SqsQueuePolicyConfig"]\n'
    (folder / "queues.py").write_text(before)

    draft = draft_construct(project, "door_of_work", resource="aws_sqs_queue_policy")

    text = draft.changed[Path("cdktf_app/bindings/queues.py")]
    assert f"from {module} import SqsQueuePolicy, SqsQueuePolicyConfig\n" in text
    assert names_of(text)[0] == ["SqsQueuePolicy", "SqsQueuePolicyConfig"]


# --- architectures


def test_an_architecture_gets_a_stack_and_waivers_that_end(project: Workspace) -> None:
    draft = draft_architecture(project, "jobs", env="local", function="resizePhoto", ticket="OPS-7", today=TODAY)
    write(project, draft)

    assert "jobs" in load_environment(project, "local").stacks
    waivers = (project.policies / "waivers.yaml").read_text().partition("# jobs:")[2]
    assert waivers.count("ticket: OPS-7") == waivers.count("expires: 2027-02-19") == 9
    code = (project.root / "cdktf_app/architectures/jobs/work.py").read_text()
    assert "self.resize_photo = LambdaFunction(" in code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"name": "Jobs"}, "an architecture is named 'Jobs'"),
        ({"name": "my_jobs"}, "an architecture is named 'my_jobs'"),
        ({"name": "class"}, "an architecture is named 'class'"),
        ({"name": "x"}, "an architecture is named 'x'"),
        ({"name": "kefir"}, "cdktf_app/architectures/kefir: 'kefir' is taken"),
        # What all functions share.
        ({"name": "shared"}, "functions/shared: 'shared' is taken"),
        ({"function": "Work"}, "a function is named 'Work'"),
        ({"function": "lambda"}, "a function is named 'lambda'"),
        ({"function": "node"}, "a function is named 'node'"),
        ({"function": "toString"}, "a function is named 'toString'"),
        ({"function": "my_work"}, "a function is named 'my_work'"),
        ({"name": "j" * 30, "function": "w" * 30}, "has 67 characters"),
        ({"ticket": "a: b"}, "--ticket is 'a: b'"),
        ({"env": "moon"}, "no environment 'moon'"),
    ],
)
def test_rejects_a_name_that_no_architecture_can_have(project: Workspace, arguments: dict[str, str], said: str) -> None:
    given = {"name": "jobs", "env": "local", "function": "work", "ticket": "T-1"} | arguments

    with pytest.raises(ToolError) as refused:
        draft_architecture(project, given.pop("name"), today=TODAY, **given)

    assert said in str(refused.value)
    assert refused.value.exit_code == Exit.USAGE


@pytest.mark.parametrize(("env", "kept"), [("local", False), ("prod", True)])
def test_a_stack_keeps_its_data_where_its_neighbours_do(project: Workspace, env: str, kept: bool) -> None:
    write(project, draft_architecture(project, "jobs", env=env, function="work", ticket="T-1", today=TODAY))

    assert load_environment(project, env).stacks["jobs"].retain_data is kept
    assert ("force_destroy = true" in (project.envs / env / "jobs/terraform.tfvars").read_text()) is not kept


def test_nothing_is_half_written_where_a_file_cannot_be(project: Workspace) -> None:
    draft = draft_architecture(project, "jobs", env="local", function="work", ticket="T-1", today=TODAY)
    (project.root / "docs").mkdir()
    (project.root / "docs/architectures").write_text("a file where a folder has to be")
    before = texts(project)

    with pytest.raises(OSError, match="architectures"):
        write(project, draft)

    assert texts(project) == before
