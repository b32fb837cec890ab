"""What a stack left behind and nobody uses: old snapshots, volumes on nothing, logs that are kept for ever.

Only what belongs to the stack is cleaned up, and of snapshots only those that this toolkit took. What may be somebody
else's, or a last copy, is told and left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tooling.aws_calls import asking_aws
from tooling.databases.model import databases, utc
from tooling.databases.snapshots import TAG
from tooling.moments import shown
from tooling.progress import StackProgress

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack

SNAPSHOT, VOLUME, LOG_GROUP = "snapshot", "volume", "log group"
# Log groups that a service of AWS makes by itself for a resource: then nothing says for how long they are kept.
_LOGS_OF: Mapping[str, Callable[[LiveResource], str]] = {
    "aws_lambda_function": lambda one: f"/aws/lambda/{one['function_name']}",
    "aws_db_instance": lambda one: f"/aws/rds/instance/{one['identifier']}/",
    "aws_api_gateway_rest_api": lambda one: f"API-Gateway-Execution-Logs_{one.id}/",
    "aws_ecs_cluster": lambda one: f"/aws/ecs/containerinsights/{one['name']}/",
    "aws_codebuild_project": lambda one: f"/aws/codebuild/{one['name']}",
}


@dataclass(frozen=True)
class Leftover:
    """One thing that nobody seems to use.

    Attributes:
        kind: ``snapshot``, ``volume`` or ``log group``.
        name: Its name or id.
        region: Where it is.
        saw: Why it is here.
        keep: Why it is left alone; empty when it is cleaned up.
    """

    kind: str
    name: str
    region: str
    saw: str
    keep: str = ""


def leftovers(live: LiveStack, before: datetime) -> tuple[Leftover, ...]:
    """All that was left behind, in every region of the stack.

    Args:
        live: The stack.
        before: Snapshots and volumes from before this moment count.
    """
    config = live.session.config
    aliases = config.stacks[live.stack.architecture].aliases.values()
    found: list[Leftover] = []
    for region in dict.fromkeys((config.region, *(one.region for one in aliases))):
        with live.asking(f"leftovers in {region}"):
            found += _snapshots(live, region, before)
            found += _volumes(live, region, before)
            found += _log_groups(live, region)
    return tuple(found)


def in_words(going: Sequence[Leftover], retention_days: int) -> str:
    """What is about to be done to what was left behind.

    >>> in_words([Leftover(VOLUME, "vol-1", "eu-west-1", "")], 30)
    '1 volume deleted'
    """

    def counted(kind: str) -> list[str]:
        count = sum(one.kind == kind for one in going)
        return [f"{count} {kind}{'s' if count > 1 else ''}"] if count else []

    deleted, kept = [*counted(SNAPSHOT), *counted(VOLUME)], counted(LOG_GROUP)
    parts = [f"{', '.join(deleted)} deleted"] if deleted else []
    return "; ".join([*parts, *(f"{logs} kept {retention_days} days" for logs in kept)])


def clean(live: LiveStack, found: Sequence[Leftover], *, retention_days: int) -> int:
    """Delete snapshots and volumes, and give log groups an end; how many.

    Args:
        live: The stack.
        found: What was left behind; what is to be kept is not touched.
        retention_days: How long log groups keep their events from now on.
    """
    going = [one for one in found if not one.keep]
    progress = StackProgress(live.session.progress, live.stack.name, "cleanup", total=len(going))
    with asking_aws(progress, hint="what is left is cleaned up by running it again"):
        for one in going:
            if one.kind == SNAPSHOT:
                live.client("rds", one.region).delete_db_snapshot(DBSnapshotIdentifier=one.name)
            elif one.kind == VOLUME:
                live.client("ec2", one.region).delete_volume(VolumeId=one.name)
            else:
                logs = live.client("logs", one.region)
                logs.put_retention_policy(logGroupName=one.name, retentionInDays=retention_days)
            progress.step(one.name)
    progress.end(f"{len(going)} cleaned up")
    return len(going)


def _snapshots(live: LiveStack, region: str, before: datetime) -> Iterator[Leftover]:
    """Manual ones: RDS lets go of its own."""
    client = live.client("rds", region)
    here = [one for one in databases(live) if one.region == region]
    ours = {str(one["identifier"]) for one in here}
    final = {str(one.attributes.get("final_snapshot_identifier") or "") for one in here}
    instances = {
        one["DBInstanceIdentifier"]
        for page in client.get_paginator("describe_db_instances").paginate()
        for one in page["DBInstances"]
    }
    all_of_them = [
        one
        for page in client.get_paginator("describe_db_snapshots").paginate(SnapshotType="manual")
        for one in page["DBSnapshots"]
        if one.get("SnapshotCreateTime") and one["Status"] == "available"
    ]
    newest = {
        database: max(
            (one for one in all_of_them if one["DBInstanceIdentifier"] == database),
            key=lambda one: (utc(one["SnapshotCreateTime"]), one["DBSnapshotIdentifier"]),
        )["DBSnapshotIdentifier"]
        for database in {one["DBInstanceIdentifier"] for one in all_of_them}
    }
    for one in all_of_them:
        taken, name, of = utc(one["SnapshotCreateTime"]), one["DBSnapshotIdentifier"], one["DBInstanceIdentifier"]
        if taken >= before:
            continue
        keep = ""
        if of not in instances:
            keep = f"{of} is gone, and this may be all that is left of it"
        elif of not in ours:
            keep = f"{of} is not this stack's"
        elif name in final:
            keep = "it is the snapshot of an end"
        elif name == newest[of]:
            keep = f"it is the newest of {of}"
        elif all(tag["Key"] != TAG for tag in one.get("TagList", [])):
            keep = "somebody took it by other means, and may have had a reason"
        saw = f"of {of}, {one.get('AllocatedStorage', 0)} GiB, from {shown(taken)}"
        yield Leftover(SNAPSHOT, name, region, saw, keep)


def _volumes(live: LiveStack, region: str, before: datetime) -> Iterator[Leftover]:
    """Those on no instance; for how long, EC2 does not tell."""
    managed = {one.id for one in live.of("aws_ebs_volume")}
    pages = live.client("ec2", region).get_paginator("describe_volumes")
    for page in pages.paginate(Filters=[{"Name": "status", "Values": ["available"]}]):
        for one in page["Volumes"]:
            if utc(one["CreateTime"]) >= before:
                continue
            saw = f"on no instance, {one['Size']} GiB, from {shown(one['CreateTime'])}"
            keep = "" if _is_ours(live, one.get("Tags", [])) else "its tags do not name this stack"
            if one["VolumeId"] in managed:
                keep = "it is in the state"
            yield Leftover(VOLUME, one["VolumeId"], region, saw, keep)


def _is_ours(live: LiveStack, tags: Sequence[Mapping[str, str]]) -> bool:
    """Everything that a stack makes has these, by the root's default_tags."""
    config = live.session.config.stacks[live.stack.architecture]
    has = {one["Key"]: one["Value"] for one in tags}
    return (has.get("Architecture"), has.get("Environment")) == (
        live.stack.architecture,
        config.environment or live.stack.env,
    )


def _log_groups(live: LiveStack, region: str) -> Iterator[Leftover]:
    """Those that keep their events for ever; the state's own are Terraform's to mend."""
    managed = {str(one.attributes.get("name")) for one in live.of("aws_cloudwatch_log_group") if one.region == region}
    begins = [_LOGS_OF[one.type](one) for one in live.of(*_LOGS_OF) if one.region == region]
    for page in live.client("logs", region).get_paginator("describe_log_groups").paginate():
        for one in page["logGroups"]:
            name = one["logGroupName"]
            if one.get("retentionInDays") or name in managed:
                continue
            ours = any(name == begin or (begin.endswith("/") and name.startswith(begin)) for begin in begins)
            keep = "" if ours else "no resource of this stack writes it"
            yield Leftover(LOG_GROUP, name, region, _size(one), keep)


def _size(group: Mapping[str, Any]) -> str:
    return f"kept for ever, {int(group.get('storedBytes') or 0) / 1024**2:.1f} MiB"
