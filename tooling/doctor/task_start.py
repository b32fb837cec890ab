"""Why does a task not start: what ECS says, the log, the environment, the way to the database, the roles."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tooling.doctor.examination import Diagnosis, Part, looked
from tooling.doctor.loglines import Line, last_lines
from tooling.doctor.network import ways_to_database
from tooling.doctor.policies import missing_of_applied, role
from tooling.doctor.services import applied_containers, services
from tooling.live import failed, ok, skipped, warned
from tooling.moments import shown

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.doctor.policies import Role
    from tooling.doctor.services import Service
    from tooling.live import Finding

_LINES = 5
_TASKS = "ecs-tasks.amazonaws.com"
# What pulls an image. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
_PULL = ("GetAuthorizationToken", "BatchGetImage", "GetDownloadUrlForLayer")
# So many tasks are described in one call: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
_AT_ONCE = 100
# What ECS says of a task that a deployment or scaling took away.
_ORDINARY = "Scaling activity initiated"


def stopped_tasks(examination: Examination) -> Iterator[Finding]:
    """The newest stopped task of each service, with why it stopped and the last it said."""
    for service in services(examination):
        wanted, running = service.described["desiredCount"], service.described["runningCount"]
        name = f"tasks of {service.name}"
        task = _newest_stopped(examination, service)
        if task is None:
            if running < wanted:
                yield failed(
                    name,
                    f"{running} of {wanted} run, and ECS knows no stopped one: {_last_event(service)}",
                    means="none was started, or it stopped more than an hour ago",
                    next=f"aws ecs describe-services --cluster {service.cluster_name} --services {service.name} "
                    "--query 'services[0].events[:5]'",
                    address=service.address,
                )
            else:
                yield ok(name, f"{running} of {wanted} run, none stopped lately", address=service.address)
            continue
        about = _why(task) + _said(examination, service, task)
        yield judged(service, str(task["taskArn"]), str(task.get("stoppedReason", "")), about)


def judged(service: Service, task: str, reason: str, about: str) -> Finding:
    """What a stopped task means for its service.

    Args:
        service: The service.
        task: ARN of the task.
        reason: Why it stopped, in the words of ECS.
        about: The same, with what it said.
    """
    wanted, running = service.described["desiredCount"], service.described["runningCount"]
    name, address = f"tasks of {service.name}", service.address
    next_step = f"aws ecs describe-tasks --cluster {service.cluster_name} --tasks {task.rpartition('/')[2]}"
    if running < wanted:
        means = "the service cannot keep as many tasks as it wants"
        return failed(name, f"{running} of {wanted} run; {about}", means=means, next=next_step, address=address)
    if reason.startswith(_ORDINARY):
        return ok(name, f"all {wanted} run; {about}", address=address)
    means = "the service replaced it; if it happens again, what it said last is the reason"
    return warned(name, f"all {wanted} run; {about}", means=means, next=next_step, address=address)


def environment(examination: Examination) -> Iterator[Finding]:
    """Variables and secrets of the definition that runs, against those that were applied."""
    for service in services(examination):
        applied = {one["name"]: one for one in applied_containers(examination, str(service.definition["family"]))}
        for container in service.containers:
            name = f"environment of {container['name']}"
            required = _names(applied.get(container["name"], {}))
            found = _names(container)
            empty = sorted(_empty(container) - _empty(applied.get(container["name"], {})))
            lacking = sorted(required - found)
            if container["name"] not in applied:
                yield skipped(name, "the stack has no definition of this container to compare with")
            elif lacking or empty:
                lacks = [f"lacks {', '.join(lacking)}"] if lacking else []
                lacks += [f"empty: {', '.join(empty)}"] if empty else []
                yield failed(
                    name,
                    f"revision {service.definition['revision']} {'; '.join(lacks)}",
                    means="the task that runs is not the one that was applied",
                    next=f"groundplan plan {examination.command}, then apply: it registers a whole definition",
                    address=service.address,
                )
            else:
                seen = f"revision {service.definition['revision']} has all {len(required)} names that were applied"
                yield ok(name, seen, address=service.address)
            yield from _secrets(examination, service, container)


def database_way(examination: Examination) -> Iterator[Finding]:
    """Whether the tasks may reach the database."""
    yield from ways_to_database(examination)


def roles(examination: Examination) -> Iterator[Finding]:
    """What the two roles of a task are allowed, against what they need."""
    for service in services(examination):
        for kind, needed in (("executionRoleArn", _needed(service)), ("taskRoleArn", ())):
            if arn := str(service.definition.get(kind) or ""):
                name = f"role {arn.rpartition('/')[2]}"
                yield from looked(name, _role(examination, name, service, arn, needed))


def _role(
    examination: Examination, name: str, service: Service, arn: str, needed: tuple[tuple[str, str], ...]
) -> Iterator[Finding]:
    found = role(examination, arn)
    missing = [
        f"{action} on {one}" if one != "*" else action for action, one in needed if not _allowed(found, action, one)
    ]
    missing = list(dict.fromkeys([*missing, *missing_of_applied(examination, found)]))
    if not found.trusts(_TASKS):
        missing.insert(0, f"sts:AssumeRole for {_TASKS}")
    if missing:
        yield failed(
            name,
            f"is not allowed {'; '.join(missing)}",
            means="ECS cannot prepare the task" if needed else "the application is refused what it calls",
            next=f"groundplan plan {examination.command}, then apply",
            address=service.address,
        )
    else:
        yield ok(name, "allowed all that a task needs of it", address=service.address)


def _allowed(found: Role, action: str, resource: str) -> bool:
    """A policy may name a secret with the six characters that Secrets Manager adds to the end of its name."""
    whole = [resource, f"{resource}-AbCdEf"] if action.startswith("secretsmanager:") else [resource]
    return any(found.allows(action, one) for one in whole)


def _newest_stopped(examination: Examination, service: Service) -> Mapping[str, Any] | None:
    client = examination.client("ecs", service.region)
    with examination.live.asking(f"tasks of {service.name}"):
        arns = [
            arn
            for page in client.get_paginator("list_tasks").paginate(
                cluster=service.cluster, serviceName=service.name, desiredStatus="STOPPED"
            )
            for arn in page["taskArns"]
        ]
        found = [
            task
            for begin in range(0, len(arns), _AT_ONCE)
            for task in client.describe_tasks(cluster=service.cluster, tasks=arns[begin : begin + _AT_ONCE])["tasks"]
        ]
    return max(found, key=lambda task: (str(task.get("stoppedAt") or ""), task["taskArn"]), default=None)


def _why(task: Mapping[str, Any]) -> str:
    when = f" at {shown(task['stoppedAt'])}" if task.get("stoppedAt") else ""
    parts = [f"the newest stopped{when}: {task.get('stoppedReason') or 'no reason was given'}"]
    for container in task.get("containers", []):
        code = container.get("exitCode")
        if code or container.get("reason"):
            parts.append(f"{container['name']} exit code {code}: {container.get('reason') or 'no reason'}")
    return "; ".join(parts)


def _said(examination: Examination, service: Service, task: Mapping[str, Any]) -> str:
    """The last lines of the task's log."""
    lines: list[Line] = []
    for container in service.containers:
        options = (container.get("logConfiguration") or {}).get("options", {})
        if "awslogs-group" not in options:
            continue
        stream = f"{options.get('awslogs-stream-prefix')}/{container['name']}/{task['taskArn'].rpartition('/')[2]}"
        region = str(options.get("awslogs-region") or service.region)
        lines += last_lines(examination, options["awslogs-group"], stream, _LINES, region)
    return "".join(f"\n      {line}" for line in lines) or "; its log is empty: it stopped before it said anything"


def _last_event(service: Service) -> str:
    events = service.described.get("events") or []
    return str(events[0]["message"]) if events else "the service says nothing"


def _empty(container: Mapping[str, Any]) -> set[str]:
    """Variables without a value; one that was applied so is meant so."""
    return {str(one["name"]) for one in container.get("environment") or [] if not str(one.get("value") or "").strip()}


def _names(container: Mapping[str, Any]) -> set[str]:
    return {str(one["name"]) for key in ("environment", "secrets") for one in container.get(key) or []}


def _secrets(examination: Examination, service: Service, container: Mapping[str, Any]) -> Iterator[Finding]:
    """Whether every secret is there, with the key that is taken from it."""
    wanted: dict[str, set[str]] = {}
    for one in container.get("secrets", []):
        arn, rest = _split(str(one["valueFrom"]))
        if arn:
            wanted.setdefault(arn, set()).add(rest)
    client = examination.client("secretsmanager", service.region)
    for arn, keys in sorted(wanted.items()):
        name = f"secret {arn.partition(':secret:')[2]}"
        yield from looked(name, _secret(examination, client, service, name, arn, keys - {""}))


def _secret(
    examination: Examination, client: Any, service: Service, name: str, arn: str, keys: set[str]
) -> Iterator[Finding]:
    with examination.live.asking(name):
        try:
            secret = client.get_secret_value(SecretId=arn).get("SecretString", "")
        except client.exceptions.ResourceNotFoundException:
            yield _no_secret(examination, service, name, "has no value")
            return
    lacking = sorted(keys - _keys(secret))
    if lacking:
        yield _no_secret(examination, service, name, f"lacks {', '.join(lacking)}")
    else:
        yield ok(name, f"has {', '.join(sorted(keys)) or 'a value'}", address=service.address)


def _no_secret(examination: Examination, service: Service, name: str, saw: str) -> Finding:
    return failed(
        name,
        saw,
        means="ECS stops every task before it starts (ResourceInitializationError)",
        next=f"groundplan plan {examination.command}, then apply: it writes the secret again",
        address=service.address,
    )


def _keys(secret: str) -> set[str]:
    try:
        found = json.loads(secret)
    except ValueError:
        return set()
    return set(found) if isinstance(found, dict) else set()


def _split(value_from: str) -> tuple[str, str]:
    """ARN of a secret, and the key of its JSON: ``arn:aws:secretsmanager:R:A:secret:NAME:KEY:STAGE:VERSION``."""
    parts = value_from.split(":")
    if parts[0] != "arn" or parts[2:3] != ["secretsmanager"]:
        return "", ""
    return ":".join(parts[:7]), parts[7] if len(parts) > 7 else ""


def _needed(service: Service) -> tuple[tuple[str, str], ...]:
    """What the execution role has to be allowed for these containers."""
    needed: list[tuple[str, str]] = []
    for container in service.containers:
        if ".dkr.ecr." in str(container.get("image", "")):
            needed += [(f"ecr:{call}", "*") for call in _PULL]
        if (container.get("logConfiguration") or {}).get("logDriver") == "awslogs":
            needed += [("logs:CreateLogStream", "*"), ("logs:PutLogEvents", "*")]
        for one in container.get("secrets", []):
            arn = _split(str(one["valueFrom"]))[0]
            needed += [("secretsmanager:GetSecretValue", arn)] if arn else []
    return tuple(dict.fromkeys(needed))


DIAGNOSIS = Diagnosis(
    "task-start",
    "why does a task not start",
    ("aws_ecs_service",),
    (
        Part("stopped tasks", stopped_tasks),
        Part("environment", environment),
        Part("way to the database", database_way),
        Part("roles", roles),
    ),
)
