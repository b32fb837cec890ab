"""What Personalize learns from, what it trains and when."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.plan.rewind.parts import AWAY, bucket, home, of_bucket, suffix
from tests.support.plans import Plan, Resource

MAPPING = "aws_lambda_event_source_mapping"
MACHINE = "aws_sfn_state_machine"
RULE = "aws_cloudwatch_event_rule"
TARGET = "aws_cloudwatch_event_target"
QUEUE = "aws_sqs_queue"
PERSONALIZE = ("Service", "personalize.amazonaws.com")


def template(plan: Plan) -> dict[str, Any]:
    stack = plan.one("aws_cloudformation_stack")
    assert stack["name"] == f"rewind-personalize{suffix(plan)}"
    body: dict[str, Any] = json.loads(stack["template_body"])
    return body


def models(plan: Plan) -> dict[str, dict[str, Any]]:
    """Properties of each resource of Personalize, by its type."""
    resources = template(plan)["Resources"].values()
    found = {each["Type"].removeprefix("AWS::Personalize::"): each["Properties"] for each in resources}
    assert len(found) == len(resources)
    return found


def arn_of(logical_id: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [logical_id, f"{logical_id}Arn"]}


def retraining(plan: Plan) -> tuple[Resource, Resource]:
    """The rule and its one target."""
    rule = plan.one(RULE, name=f"rewind-retrain{suffix(plan)}")
    (target,) = [each for each in plan.all(TARGET) if plan.referred(each, "rule", RULE) == rule]
    return rule, target


@pytest.mark.requirement("RW-PZ-01")
def test_dataset_group_has_the_documents_name(everywhere: Plan, prod: Plan) -> None:
    assert models(prod)["DatasetGroup"] == {"Name": "RewindDatasetGroup"}
    assert models(everywhere)["DatasetGroup"] == {"Name": f"RewindDatasetGroup{suffix(everywhere)}"}
    assert everywhere.one("aws_cloudformation_stack").block in everywhere.output_references(
        "personalize_dataset_group_arn"
    )


@pytest.mark.requirement("RW-PZ-01", "RW-PZ-05")
def test_dataset_holds_interactions(everywhere: Plan) -> None:
    found = models(everywhere)
    schema = json.loads(found["Schema"]["Schema"])

    assert found.keys() == {"DatasetGroup", "Schema", "Dataset", "Solution"}
    assert found["Dataset"] == {
        "Name": f"rewind-interactions{suffix(everywhere)}",
        "DatasetType": "Interactions",
        "DatasetGroupArn": arn_of("DatasetGroup"),
        "SchemaArn": arn_of("Schema"),
    }
    # https://docs.aws.amazon.com/personalize/latest/dg/interactions-dataset-requirements.html
    assert (schema["type"], schema["name"]) == ("record", "Interactions")
    assert schema["namespace"] == "com.amazonaws.personalize.schema"
    assert {each["name"]: each["type"] for each in schema["fields"]} == {
        "USER_ID": "string",
        "ITEM_ID": "string",
        "TIMESTAMP": "long",
        "EVENT_TYPE": "string",
    }


@pytest.mark.requirement("RW-PZ-03")
def test_solution_uses_the_recipe_of_similar_items(every: Plan, chosen: Plan) -> None:
    for plan, recipe in ((every, "aws-sims"), (chosen, "aws-similar-items")):
        assert models(plan)["Solution"] == {
            "Name": f"rewind-similar-podcasts{suffix(plan)}",
            "DatasetGroupArn": arn_of("DatasetGroup"),
            "RecipeArn": f"arn:aws:personalize:::recipe/{recipe}",
        }
        assert template(plan)["Resources"]["Solution"]["DependsOn"] == ["Dataset"]


@pytest.mark.requirement("RW-PZ-01", "RW-PZ-03")
def test_stack_tells_arns(everywhere: Plan) -> None:
    assert template(everywhere)["Outputs"] == {
        f"{each}Arn": {"Value": arn_of(each)} for each in ("DatasetGroup", "Dataset", "Solution")
    }


@pytest.mark.requirement("RW-PZ-04")
def test_recommendations_are_trained_weekly(every: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan in (every, minimal):
        rule, _ = retraining(plan)
        assert rule["schedule_expression"] == "rate(7 days)"
        assert rule["state"] == "ENABLED"
        assert rule["event_pattern"] is None
    assert retraining(chosen)[0]["schedule_expression"] == "cron(0 3 ? * SUN *)"


@pytest.mark.requirement("RW-PZ-04")
def test_the_rule_starts_the_training(everywhere: Plan) -> None:
    rule, target = retraining(everywhere)
    machine = everywhere.one(MACHINE)
    starter = everywhere.referred(target, "role_arn", "aws_iam_role")
    (trust,) = everywhere.statements(starter, "assume_role_policy")

    assert everywhere.referred(target, "arn", MACHINE) == machine
    assert json.loads(target["input"]) == {"action": "retrain"}
    assert (machine["name"], machine["type"]) == (f"rewind-training{suffix(everywhere)}", "STANDARD")
    assert trust.principals == {("Service", "events.amazonaws.com")}
    assert trust.conditions == {("ArnEquals", "aws:SourceArn", f"{rule.block}.arn")}
    assert f"{machine.block}.arn" in everywhere.output_references("retraining_arn")


@pytest.mark.requirement("RW-PZ-05")
def test_changes_of_the_table_go_to_the_recommendation_handler(everywhere: Plan) -> None:
    mapping = everywhere.one(MAPPING)
    table = everywhere.one("aws_dynamodb_table")
    handler = home(everywhere).function("recommendationHandler")

    assert everywhere.references(mapping, "event_source_arn") == {table.block, f"{table.block}.stream_arn"}
    assert everywhere.referred(mapping, "function_name", "aws_lambda_function") == handler
    assert mapping["starting_position"] == "LATEST"
    assert mapping["enabled"] is True
    assert mapping["filter_criteria"] == []
    # In batches: few objects, and each soon enough for a weekly training.
    assert (mapping["batch_size"], mapping["maximum_batching_window_in_seconds"]) == (100, 60)


@pytest.mark.requirement("RW-PZ-05")
def test_a_change_that_cannot_be_exported_holds_up_nothing(everywhere: Plan) -> None:
    mapping = everywhere.one(MAPPING)
    queue = everywhere.one(QUEUE)

    assert mapping["maximum_retry_attempts"] == 5
    assert mapping["bisect_batch_on_function_error"] is True
    assert mapping["function_response_types"] == ["ReportBatchItemFailures"]
    assert mapping["destination_config"] == [
        {"on_failure": [{"destination_arn": home(everywhere).arn("sqs", queue["name"])}]}
    ]
    assert queue["name"] == f"rewind-not-exported{suffix(everywhere)}"
    assert queue["sqs_managed_sse_enabled"] is True
    # As long as SQS keeps anything: 14 days.
    assert queue["message_retention_seconds"] == 1209600


@pytest.mark.requirement("RW-PZ-05")
def test_queue_takes_what_is_left_out_and_no_plain_http(everywhere: Plan) -> None:
    queue = everywhere.one(QUEUE)
    policy = everywhere.one("aws_sqs_queue_policy")
    arn = home(everywhere).arn("sqs", queue["name"])
    statements = everywhere.statements(policy, "policy")

    assert everywhere.referred(policy, "queue_url", QUEUE) == queue
    (deny,) = [each for each in statements if not each.allows]
    (send,) = [each for each in statements if each.allows]
    # Rules of this account may send too, to any queue for what is left out.
    assert send.grants == {("sqs:SendMessage", arn)}
    assert send.principals == {("Service", "events.amazonaws.com")}
    assert send.conditions == {("ArnLike", "aws:SourceArn", home(everywhere).arn("events", "rule/*"))}
    assert deny.grants == {("sqs:*", arn)}
    assert deny.principals == {("*", "*")}
    assert deny.conditions == {("Bool", "aws:SecureTransport", "false")}


@pytest.mark.requirement("RW-PZ-05")
def test_export_bucket_is_private_and_encrypted(everywhere: Plan) -> None:
    exports = bucket(everywhere, "personalize-export")
    block = of_bucket(everywhere, "aws_s3_bucket_public_access_block", exports)
    encryption = of_bucket(everywhere, "aws_s3_bucket_server_side_encryption_configuration", exports)
    (rule,) = encryption["rule"]

    assert exports["bucket"] == f"rewind-personalize-export-{everywhere.input('account_id')}{suffix(everywhere)}"
    assert everywhere.outputs["export_bucket_name"] == exports["bucket"]
    assert [block[name] for name in ("block_public_acls", "block_public_policy")] == [True, True]
    assert [block[name] for name in ("ignore_public_acls", "restrict_public_buckets")] == [True, True]
    assert [each["sse_algorithm"] for each in rule["apply_server_side_encryption_by_default"]] == ["AES256"]


@pytest.mark.requirement("RW-PZ-05")
def test_export_bucket_lets_personalize_of_this_account_in(everywhere: Plan) -> None:
    exports = bucket(everywhere, "personalize-export")
    arn = f"arn:aws:s3:::{exports['bucket']}"
    statements = everywhere.statements(of_bucket(everywhere, "aws_s3_bucket_policy", exports), "policy")
    allowing = [each for each in statements if each.allows]

    # https://docs.aws.amazon.com/personalize/latest/dg/granting-personalize-s3-access.html
    assert {pair for each in allowing for pair in each.grants} == {
        ("s3:GetObject", f"{arn}/*"),
        ("s3:PutObject", f"{arn}/*"),
        ("s3:ListBucket", arn),
    }
    for each in allowing:
        assert each.principals == {PERSONALIZE}
        assert each.conditions == {("StringEquals", "aws:SourceAccount", everywhere.input("account_id"))}


@pytest.mark.requirement("RW-PZ-05")
def test_personalize_has_a_role_of_its_own(everywhere: Plan) -> None:
    role = everywhere.one("aws_iam_role", name=f"rewind-personalize{suffix(everywhere)}")
    (trust,) = everywhere.statements(role, "assume_role_policy")

    assert trust.principals == {PERSONALIZE}
    assert trust.conditions == {("StringEquals", "aws:SourceAccount", everywhere.input("account_id"))}


@pytest.mark.requirement("RW-PZ-02")
def test_there_is_no_campaign_before_the_training_has_made_one(everywhere: Plan) -> None:
    for parameter in everywhere.all("aws_ssm_parameter"):
        assert (parameter["type"], parameter["value"]) == ("String", "none")
    # Terraform makes none: neither the provider nor CloudFormation knows campaigns.
    assert "Campaign" not in models(everywhere)


@pytest.mark.requirement("RW-PZ-01", "RW-PZ-04")
def test_learning_is_in_the_first_region_only(doubled: Plan) -> None:
    for kind in ("aws_cloudformation_stack", MACHINE, MAPPING, QUEUE, RULE):
        assert doubled.all(kind)
        assert not [each.address for each in doubled.all(kind) if doubled.provider(each) == AWAY]
