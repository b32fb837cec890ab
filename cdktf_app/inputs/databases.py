"""PostgreSQL: version, size, password, backups, windows and replicas."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_app import expressions
from cdktf_app.module_stack import Input, ModuleStack, Rule

# Minutes of a day.
_DAY = 1440


# Since 1 May 2026 RDS creates no instance with a minor version before these.
# https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
_OLDEST_POSTGRES: Mapping[str, int] = {"14": 18, "15": 13, "16": 9, "17": 5}


def postgres_version(stack: ModuleStack, *, default: str, description: str) -> Input:
    """Version of a database that RDS still creates: a major version alone, or one of its newer minor ones."""
    parts = 'split(".", var.engine_version)'
    oldest = expressions.literal(_OLDEST_POSTGRES)
    minor = f"tonumber(try({parts}[1], 1000))"
    known = ", ".join(f"{major}.{minor}" for major, minor in _OLDEST_POSTGRES.items())
    return stack.variable(
        "engine_version",
        "string",
        default=default,
        description=description,
        validation=[
            Rule(
                f"try({minor} >= lookup({oldest}, {parts}[0], 1001), false)",
                f"RDS creates PostgreSQL from {known} on: name one of those or a newer minor version, or the major "
                "version alone, such as 16, and RDS picks the minor one.",
            )
        ],
    )


def given_password(stack: ModuleStack, name: str) -> tuple[Input, Input]:
    """Password of a database's master user, in no plan and no state, and the number that is raised with a new one."""
    # What RDS takes in a master password, but for the quotes of shells.
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.Constraints
    taken = "^[A-Za-z0-9!#$%^&*()_+=.,:;<>?~|{}-]{20,128}$"
    return (
        stack.variable(
            name,
            "string",
            description=f"Password of the database's master user, given as TF_VAR_{name}.",
            sensitive=True,
            ephemeral=True,
            validation=[
                Rule(
                    f'can(regex("{taken}", var.{name}))',
                    "The password must be 20 to 128 letters, digits and signs, without / @ quotes and spaces.",
                )
            ],
        ),
        stack.whole_number(
            f"{name}_version",
            default=1,
            least=1,
            most=1000000,
            description=f"Raise it to have a new {name} set.",
        ),
    )


def database_class(stack: ModuleStack, *, default: str) -> Input:
    return stack.variable(
        "db_instance_class",
        "string",
        default=default,
        description="Class of the database instance.",
        validation=[
            Rule(
                'can(regex("^db[.][a-z0-9]+[.][a-z0-9]+$", var.db_instance_class))',
                f"The class of the database must be one of RDS, with db. before it, such as {default}.",
            )
        ],
    )


def database_storage(stack: ModuleStack) -> tuple[Input, Input]:
    """Storage of a database: at first, and the most that RDS lets it grow to."""
    first = stack.whole_number(
        "db_allocated_storage",
        default=20,
        least=20,
        most=65536,
        description="Storage of the database at first, in GiB.",
    )
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
    most = stack.variable(
        "db_max_allocated_storage",
        "number",
        default=100,
        description="Most storage that RDS lets the database grow to, in GiB.",
        validation=[
            Rule(
                "var.db_max_allocated_storage >= 1.1 * var.db_allocated_storage",
                "The most storage must be at least a tenth more than db_allocated_storage.",
            )
        ],
    )
    return first, most


def database_backup_days(stack: ModuleStack) -> Input:
    # A replica is made from backups, so there is no 0.
    return stack.whole_number(
        "db_backup_retention_days",
        default=7,
        least=1,
        most=35,
        description="Days that the database can be restored to any moment of.",
    )


def database_windows(stack: ModuleStack, *, backup: str, maintenance: str) -> tuple[Input, Input]:
    """Daily backup window and weekly maintenance window of a database, in UTC.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
    """
    clock = "([01][0-9]|2[0-3]):[0-5][0-9]"
    day = "(mon|tue|wed|thu|fri|sat|sun)"
    daily = 'split("-", var.db_backup_window)'
    weekly = 'split("-", var.db_maintenance_window)'
    backup_from, backup_length = _window(_minute_of_day(f"{daily}[0]"), _minute_of_day(f"{daily}[1]"), _DAY)
    from_, length = _window(_minute_of_week(f"{weekly}[0]"), _minute_of_week(f"{weekly}[1]"), 7 * _DAY)
    # The maintenance may run over the end of its week: two days of backups before the week and after it count too.
    apart = (
        f"alltrue([for start in [for day in range(-1, 9) : day * {_DAY} + {backup_from}] : "
        f"start + {backup_length} <= {from_} || start >= {from_} + {length}])"
    )
    return (
        stack.variable(
            "db_backup_window",
            "string",
            default=backup,
            description="When the daily backup is taken, in UTC.",
            validation=[
                Rule(
                    f'can(regex("^{clock}-{clock}$", var.db_backup_window))',
                    f"The backup window must be hours of a day in UTC, such as {backup}.",
                ),
                Rule(
                    f"try({backup_length} >= 30, true)",
                    "The backup window must last 30 minutes or longer.",
                ),
            ],
        ),
        stack.variable(
            "db_maintenance_window",
            "string",
            default=maintenance,
            description="When RDS may restart the database, in UTC.",
            validation=[
                Rule(
                    f'can(regex("^{day}:{clock}-{day}:{clock}$", var.db_maintenance_window))',
                    f"The maintenance window must be days and hours in UTC, such as {maintenance}.",
                ),
                Rule(
                    f"try({length} >= 30 && {length} < {_DAY}, true)",
                    "The maintenance window must last 30 minutes or longer, and less than a day.",
                ),
                Rule(
                    f"try({apart}, true)",
                    "The maintenance window must not overlap with the daily db_backup_window.",
                ),
            ],
        ),
    )


def _window(start: str, end: str, cycle: int) -> tuple[str, str]:
    """Beginning and length of a window that may run over the end of its day or week, in minutes."""
    return start, f"(({end} - {start} + {cycle}) % {cycle})"


def _minute_of_day(clock: str) -> str:
    return f'(tonumber(split(":", {clock})[0]) * 60 + tonumber(split(":", {clock})[1]))'


def _minute_of_week(moment: str) -> str:
    """Of a moment such as ``sun:04:00``."""
    days = '["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'
    return (
        f'(index({days}, split(":", {moment})[0]) * {_DAY} + '
        f'tonumber(split(":", {moment})[1]) * 60 + tonumber(split(":", {moment})[2]))'
    )


def read_replica_count(stack: ModuleStack, *, default: int) -> Input:
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.html
    return stack.whole_number(
        "read_replica_count", default=default, least=0, most=15, description="Read replicas of the database."
    )


def database_performance(stack: ModuleStack, name: str, *, least: int, most: int, what: str) -> Input:
    """Performance of gp3 storage beyond what is included.

    RDS for PostgreSQL takes such a figure only from 400 GiB on; below, 3000 operations and 125 MiB a second are
    included and cannot be set, not even to themselves.
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
    """
    return stack.variable(
        name,
        "number",
        default=0,
        description=f"{what}, from 400 GiB on; 0 for what is included.",
        validation=[
            Rule(
                f"var.{name} == 0 || var.db_allocated_storage >= 400",
                f"{name} must be 0 below 400 GiB of db_allocated_storage: RDS includes 3000 operations and 125 MiB a "
                "second and refuses a figure.",
            ),
            Rule(
                f"var.{name} == 0 || (var.{name} >= {least} && var.{name} <= {most})",
                f"{name} must be 0 or from {least} to {most}.",
            ),
        ],
    )
