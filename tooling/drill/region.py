"""What is done when a whole region is lost, with the names of this stack and how fresh its copy is. Nothing is changed.

Run from the region that is still there: all that it asks is the state, if its bucket answers, and the other region.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tooling.databases.model import databases, utc
from tooling.errors import Exit, ToolError
from tooling.moments import shown

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack

_COPY = "aws_db_instance_automated_backups_replication"


@dataclass(frozen=True)
class Step:
    """One step of a runbook.

    Attributes:
        what: What is done, and why now.
        commands: What to type; words in < > are yours to fill in.
    """

    what: str
    commands: tuple[str, ...] = ()


@dataclass(frozen=True)
class Region:
    """What there is to go on with.

    Attributes:
        lost: The region that is thought lost.
        other: Where the copy of the backups is.
        database: Identifier of what they are of.
        copy: ARN of the copy.
        latest: The last moment that can be restored there; None if RDS tells none yet.
        steps: What to do, in order.
    """

    lost: str
    other: str
    database: str
    copy: str
    latest: datetime | None
    steps: tuple[Step, ...]


def region_runbook(live: LiveStack) -> Region:
    """The steps for a stack whose database's backups are copied to another region.

    Raises:
        ToolError: They are not, so that with the region all would be gone.
    """
    copies = live.of(_COPY)
    if not databases(live):
        raise ToolError(
            "has no database whose backups could be in another region",
            where=live.stack.name,
            hint="a stack whose module has a second region tries it by groundplan drill failover",
            exit_code=Exit.USAGE,
        )
    if not copies:
        raise ToolError(
            "no backup of it is in another region: with its region all would be gone",
            where=live.stack.name,
            hint="where its module has it: enable_cross_region_backup = true in its terraform.tfvars, and apply",
            exit_code=Exit.USAGE,
        )
    copy = copies[0]
    source = str(copy["source_db_instance_arn"]).rpartition(":")[2]
    told = _told(live, copy)
    arn = str(told.get("DBInstanceAutomatedBackupsArn") or copy.id)
    latest = told.get("RestoreWindow", {}).get("LatestTime")
    database = next((one for one in databases(live) if str(one["identifier"]) == source), None)
    steps = _steps(live, copy.region, source, arn, database)
    return Region(live.session.config.region, copy.region, source, arn, utc(latest) if latest else None, steps)


def _told(live: LiveStack, copy: LiveResource) -> dict[str, Any]:
    client = live.client("rds", copy.region)
    with live.asking(f"the copy of the backups in {copy.region}"):
        found = client.describe_db_instance_automated_backups(DBInstanceAutomatedBackupsArn=copy.id)
    backups: list[dict[str, Any]] = found["DBInstanceAutomatedBackups"]
    return backups[0] if backups else {}


def _steps(live: LiveStack, other: str, database: str, arn: str, resource: LiveResource | None) -> tuple[Step, ...]:
    env, stack = live.stack.env, live.stack.architecture
    new, attributes = f"{env}-dr", resource.attributes if resource else {}
    size = str(attributes.get("instance_class") or "<class>")
    zones = ", ".join(sorted({str(one["name"]) for one in live.of("aws_route53_zone")})) or "<zone>"
    return (
        Step(
            "Make sure that the region is lost, not a part of it, and tell whoever waits: it takes two to three hours.",
            (f"groundplan doctor --env {env} --stack {stack}",),
        ),
        Step(
            "See up to which moment the copy goes: what came later is lost.",
            (
                f"aws rds describe-db-instance-automated-backups --region {other} "
                f"--db-instance-automated-backups-arn {arn}",
            ),
        ),
        Step(
            "Make an environment of the other region, with a state bucket there; a module that takes one region only "
            "says so in its variables.tf, and needs that change first.",
            (
                f"cp -r envs/{env} envs/{new}    # in its env.toml: region, state and artifacts buckets of {other}; "
                f"keep [stacks.{stack}] alone",
                "groundplan synth",
                f"groundplan bootstrap --env {new} && groundplan secrets init --env {new}",
            ),
        ),
        Step(
            "Plan and apply it: network, service and an empty database.",
            (f"groundplan plan --env {new} --stack {stack}", f"groundplan apply --env {new} --stack {stack}"),
        ),
        Step(
            "Restore the copy beside the empty database, in its network.",
            (
                f"aws rds restore-db-instance-to-point-in-time --region {other} --use-latest-restorable-time "
                f"--source-db-instance-automated-backups-arn {arn} --target-db-instance-identifier {database}-restored "
                f"--db-instance-class {size} --db-subnet-group-name <of the new database> "
                "--vpc-security-group-ids <of the new database> --no-publicly-accessible",
                f"aws rds wait db-instance-available --region {other} --db-instance-identifier {database}-restored",
            ),
        ),
        Step(
            "Take its rows over, from a task of the new cluster or through a tunnel. The restored instance has the "
            f"master password of the lost region's: kept where `secrets init --env {env}` was run; else give it "
            "another one in the console.",
            (
                f"pg_dump --format=custom --no-owner --no-acl --host <{database}-restored> <database> > rows.dump",
                "pg_restore --no-owner --no-acl --clean --if-exists --host <new database> --dbname <database> "
                "rows.dump",
            ),
        ),
        Step(
            "Look at it before anybody is sent there.",
            (f"groundplan verify --env {new} --stack {stack}", f"groundplan smoke --env {new} --stack {stack}"),
        ),
        Step(
            f"Switch DNS: the names of {zones} to the new addresses; at the registrar, if the zone is a new one.",
            (f"groundplan output --env {new} --stack {stack}",),
        ),
        Step(
            "Delete the restored instance once its rows are taken over, and plan the way back.",
            (
                f"aws rds delete-db-instance --region {other} --db-instance-identifier {database}-restored "
                "--skip-final-snapshot",
            ),
        ),
    )


def latest_in_words(found: Region) -> str:
    return shown(found.latest) if found.latest else "no moment yet"
