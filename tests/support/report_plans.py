"""Plans made by hand: one change of every kind that a report tells in a way of its own, and very many changes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tooling.plan.masking import masked

Json = dict[str, Any]

#: A value that a plan marks as sensitive: no report may hold it.
SECRET = "correct-horse-battery-staple"
#: What somebody could call a thing to get markup, a script, a call or a row of their own into a report.
HOSTILE = "a`b|c<script>window.broken=1</script><img src=x onerror=window.broken=1>\n\n# @team [x](http://evil.example)"


def entry(address: str, actions: Sequence[str], before: Any = None, after: Any = None, **more: Any) -> Json:
    """One entry of ``resource_changes``."""
    kind, _, name = address.split("[")[0].rpartition(".")
    return {
        "address": address,
        "mode": "managed",
        "type": kind.rpartition(".")[2],
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {"actions": list(actions), "before": before, "after": after, "after_unknown": {}, **more},
    }


def create(address: str, after: Mapping[str, Any], **more: Any) -> Json:
    return entry(address, ["create"], None, dict(after), **more)


def update(address: str, before: Mapping[str, Any], after: Mapping[str, Any], **more: Any) -> Json:
    return entry(address, ["update"], dict(before), {**before, **after}, **more)


def plan_of(*entries: Json, configuration: Json | None = None, **more: Any) -> Json:
    """A plan's JSON with these changes, masked as a changeset holds it."""
    resources = [
        {key: each[key] for key in ("address", "mode", "type", "name", "provider_name")}
        | {"values": each["change"]["after"] or {}, "sensitive_values": each["change"].get("after_sensitive") or {}}
        for each in entries
        if each["change"]["after"] is not None
    ]
    return masked(
        {
            "format_version": "1.2",
            "planned_values": {"root_module": {"resources": resources}},
            "resource_changes": list(entries),
            "configuration": configuration or {"root_module": {"resources": []}},
            **more,
        }
    )


def statement(sid: str, action: str | list[str], resource: str | list[str] = "*", **more: Any) -> Json:
    return {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource, **more}


def policy(*statements: Json) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def sample_plan() -> Json:
    """One change of every kind that a report tells in a way of its own, a secret, and a hostile name."""
    role = {"name": "handler", "role": "handler", "policy": policy(statement("Read", "dynamodb:GetItem", "arn:table"))}
    wider = policy(statement("Read", ["dynamodb:GetItem", "dynamodb:Scan"], "arn:table"))
    rule = {"security_group_id": "sg-web", "ip_protocol": "tcp", "from_port": 443, "to_port": 443}
    containers = [{"name": "app", "image": "app:1", "environment": [{"name": "LEVEL", "value": "info"}]}]
    newer = [{"name": "app", "image": "app:2", "environment": [{"name": "LEVEL", "value": "debug"}]}]
    database = {"id": "main", "password": SECRET, "instance_class": "db.t4g.micro"}
    return plan_of(
        entry("aws_dynamodb_table.gone", ["delete"], {"name": "gone", "id": "gone"}),
        entry(
            "aws_ecs_task_definition.app",
            ["delete", "create"],
            {"family": "app", "container_definitions": json.dumps(containers)},
            {"family": "app", "container_definitions": json.dumps(newer)},
            after_unknown={"arn": True},
            replace_paths=[["container_definitions"]],
        ),
        update(
            "aws_db_instance.main",
            database,
            {"instance_class": "db.t4g.small"},
            before_sensitive={"password": True},
            after_sensitive={"password": True},
        ),
        update("aws_iam_role_policy.handler", role, {"policy": wider}),
        entry("aws_security_group.web", ["no-op"], {"id": "sg-web"}, {"id": "sg-web"}),
        update(
            "aws_vpc_security_group_ingress_rule.web", {**rule, "cidr_ipv4": "10.0.0.0/8"}, {"cidr_ipv4": "0.0.0.0/0"}
        ),
        update(
            "aws_lambda_function.handler",
            {"environment": [{"variables": {"LEVEL": "info", "OLD": "1"}}], "memory_size": 128},
            {"environment": [{"variables": {"LEVEL": "debug", "NEW": "1"}}], "memory_size": 256},
        ),
        update(
            "aws_cloudwatch_dashboard.all",
            {"dashboard_body": json.dumps({"widgets": [{"x": 0, "y": 0, "type": "text"}]})},
            {"dashboard_body": json.dumps({"widgets": [{"x": 0, "y": 0, "type": "metric"}]})},
        ),
        update("aws_s3_bucket.tagged", {"bucket": "b", "tags": {"Owner": "me"}}, {"tags": {"Owner": "you"}}),
        create(
            f"aws_sqs_queue.many[{json.dumps(HOSTILE)}]",
            {"name": HOSTILE, "policy": policy(statement(HOSTILE, "sqs:*"))},
        ),
        create("aws_sns_topic.alerts", {"name": "alerts", "display_name": "Alerts"}),
    )


def large_plan(count: int) -> Json:
    """``count`` resources that are made, with what resources of that kind have."""
    kinds = ("aws_lambda_function", "aws_iam_role_policy", "aws_cloudwatch_log_group", "aws_sqs_queue", "aws_s3_bucket")
    grants = policy(*(statement(f"Do{index}", ["s3:GetObject", "s3:PutObject"], f"arn:{index}") for index in range(4)))
    values: Json = {
        "name": "thing",
        "policy": grants,
        "timeout": 30,
        "environment": [{"variables": {f"KEY_{index}": f"value {index}" for index in range(8)}}],
        "tags": {"Environment": "prod", "ManagedBy": "groundplan", "Owner": "platform"},
        **{f"setting_{index}": f"value of the setting {index}" for index in range(12)},
    }
    return plan_of(
        *(
            create(f'{kinds[index % len(kinds)]}.part_{index % 40}["{index}"]', {**values, "name": f"thing-{index}"})
            for index in range(count)
        )
    )
