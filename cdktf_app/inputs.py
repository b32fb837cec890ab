"""Inputs that mean the same in every architecture: declared once, so that names, checks and words stay alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_app import expressions
from cdktf_app.constructs.function_packages import OVERRIDES_TYPE
from cdktf_app.module_stack import Input, ModuleStack, Rule

# What CloudWatch takes; it also knows 0, for ever, which nothing here should ask for.
_RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip
# Minutes of a day.
_DAY = 1440


def environment(stack: ModuleStack) -> Input:
    return stack.variable(
        "environment",
        "string",
        description="Name of the environment, part of every resource's name.",
        validation=[
            Rule(
                'can(regex("^[a-z][a-z0-9-]{1,15}$", var.environment))',
                "The environment must be 2 to 16 lower-case letters, digits and hyphens, a letter first.",
            )
        ],
    )


def account_id(stack: ModuleStack) -> Input:
    return stack.variable(
        "account_id",
        "string",
        description="AWS account that the module is applied in.",
        validation=[Rule('can(regex("^[0-9]{12}$", var.account_id))', "The account id must be 12 digits.")],
    )


def region(stack: ModuleStack, *, beside_cloudfront: bool = False) -> Input:
    """The region of the module.

    Args:
        stack: The module.
        beside_cloudfront: One certificate and one kind of web ACL serve CloudFront and the rest, which is possible only
            where CloudFront takes them from. Default: any region will do.
            https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
    """
    cloudfront = Rule(
        'var.region == "us-east-1"',
        "The region must be us-east-1: CloudFront takes certificates and web ACLs from no other.",
    )
    return stack.variable(
        "region",
        "string",
        default="us-east-1",
        description="AWS region that the module is applied in.",
        validation=[
            Rule(
                'can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))',
                "The region must be an AWS region such as us-east-1.",
            ),
            *([cloudfront] if beside_cloudfront else []),
        ],
    )


def tags(stack: ModuleStack) -> Input:
    return stack.variable("tags", "map(string)", default={}, description="Tags of every resource that can carry any.")


def log_retention_days(stack: ModuleStack, *, default: int) -> Input:
    known = ", ".join(map(str, _RETENTION_DAYS))
    return stack.variable(
        "log_retention_days",
        "number",
        default=default,
        description="Days until a log entry is deleted.",
        validation=[
            Rule(
                f"contains([{known}], var.log_retention_days)",
                f"The log retention must be one that CloudWatch takes: {known}.",
            )
        ],
    )


def encrypt_logs(stack: ModuleStack) -> Input:
    return stack.switch(
        "encrypt_logs",
        default=True,
        description="Encrypt logs and alerts with a key of our own, paid by the month.",
    )


def alert_emails(stack: ModuleStack) -> Input:
    return stack.variable(
        "alert_emails",
        "list(string)",
        default=[],
        description="Addresses that get the alarms; each has to confirm by mail.",
        validation=[
            Rule(
                'alltrue([for email in var.alert_emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", email))])',
                "Each alert e-mail must be an address.",
            )
        ],
    )


def alert_phone_numbers(stack: ModuleStack) -> Input:
    return stack.variable(
        "alert_phone_numbers",
        "list(string)",
        default=[],
        description="Phone numbers that get the alarms by SMS.",
        validation=[
            Rule(
                'alltrue([for phone in var.alert_phone_numbers : can(regex("^[+][1-9][0-9]{6,14}$", phone))])',
                "Each alert phone number must be in E.164 form, such as +15555550100.",
            )
        ],
    )


def optional_domain_name(stack: ModuleStack) -> Input:
    """Domain name that may be empty; goes with :func:`hosted_zone_id` and :func:`certificate_arn`."""
    return stack.variable(
        "domain_name",
        "string",
        default="",
        description="Domain name of the API; empty for the one that AWS makes up.",
        validation=[
            Rule(
                'var.domain_name == "" || can(regex("^([a-z0-9-]+[.])+[a-z]{2,}$", var.domain_name))',
                "The domain name must be empty or a name such as api.example.com.",
            ),
            Rule(
                'var.domain_name == "" || var.hosted_zone_id != ""',
                "A domain name needs hosted_zone_id, the Route 53 zone for its records.",
            ),
        ],
    )


def hosted_zone_id(stack: ModuleStack) -> Input:
    return stack.variable("hosted_zone_id", "string", default="", description="Route 53 zone of the domain name.")


def certificate_arn(stack: ModuleStack, *, beside_cloudfront: bool = False, placeholders: Sequence[str] = ()) -> Input:
    """Certificate that there is already.

    Args:
        stack: The module.
        beside_cloudfront: CloudFront takes it too, as it does from us-east-1 only. Default: any region will do.
        placeholders: Ids that the document has for want of real ones, which nobody is to copy. Default: none.
    """
    own = "var.certificate_arn"
    cloudfront = Rule(
        f'{own} == "" || startswith({own}, "arn:aws:acm:us-east-1:")',
        "The certificate must be one of us-east-1: CloudFront takes it from no other region.",
    )
    real = Rule(
        f'!contains({expressions.literal(list(placeholders))}, reverse(split("/", {own}))[0])',
        "The certificate is a placeholder of the document's: give the ARN of a real one, or leave it empty.",
    )
    return stack.variable(
        "certificate_arn",
        "string",
        default="",
        description="Certificate of the domain name, in this region; empty to have one made.",
        validation=[
            Rule(
                f'{own} == "" || can(regex("^arn:aws:acm:", {own}))',
                "The certificate must be empty or the ARN of an ACM certificate.",
            ),
            *([cloudfront] if beside_cloudfront else []),
            *([real] if placeholders else []),
        ],
    )


def domain_name(stack: ModuleStack, *, default: str, description: str) -> Input:
    """Domain name that there has to be."""
    return stack.variable(
        "domain_name",
        "string",
        default=default,
        description=description,
        validation=[
            Rule(
                'can(regex("^([a-z0-9-]+[.])+[a-z]{2,}$", var.domain_name))',
                f"The domain name must be a name such as {default}.",
            )
        ],
    )


def zone_to_delegate(stack: ModuleStack) -> Input:
    """Zone of :func:`domain_name`, made if it is not given."""
    return stack.variable(
        "hosted_zone_id",
        "string",
        default="",
        description="Route 53 zone of the domain name; empty to have one made, which must then be delegated to.",
    )


def second_region(stack: ModuleStack, name: str, *, alias: str, description: str) -> Input:
    """Region of the provider that the caller gives as ``aws.<alias>``."""
    return stack.variable(
        name,
        "string",
        default="us-west-2",
        description=description,
        validation=[
            Rule(
                f'can(regex("^[a-z]{{2}}(-[a-z]+)+-[0-9]$", var.{name})) && var.{name} != var.region',
                f"The region of aws.{alias} must be an AWS region such as us-west-2, and not the first.",
            )
        ],
    )


def monthly_budget(stack: ModuleStack, *, default: int) -> Input:
    return stack.whole_number(
        "monthly_budget", default=default, least=1, most=1000000, description="Budget in US dollars a month."
    )


def anomaly_monitor_arn(stack: ModuleStack) -> Input:
    return stack.variable(
        "anomaly_monitor_arn",
        "string",
        default="",
        description="The account's cost anomaly monitor, of which AWS allows one; empty to have it made.",
        validation=[
            Rule(
                'var.anomaly_monitor_arn == "" || can(regex("^arn:aws:ce::[0-9]{12}:anomalymonitor/", '
                "var.anomaly_monitor_arn))",
                "The anomaly monitor must be empty or the ARN of one.",
            )
        ],
    )


def anomaly_least_impact(stack: ModuleStack) -> Input:
    return stack.whole_number(
        "anomaly_least_impact",
        default=5,
        least=0,
        most=1000000,
        description="Cost anomalies below so many US dollars are left out of the weekly report.",
    )


def waf_rate_limit(stack: ModuleStack) -> Input:
    return stack.whole_number(
        "waf_rate_limit",
        default=2000,
        least=10,
        most=2000000000,
        description="Requests that one address may make in 5 minutes.",
    )


def artifacts_bucket(stack: ModuleStack) -> Input:
    return stack.variable(
        "artifacts_bucket",
        "string",
        description="Bucket that the functions' packages are uploaded to before an apply.",
        validation=[Rule('var.artifacts_bucket != ""', "There must be a bucket that holds the functions' packages.")],
    )


def function_packages(stack: ModuleStack, *, functions: Sequence[str]) -> Input:
    """Packages of the user's own.

    Args:
        stack: The module.
        functions: Names of the functions that there are.
    """
    return stack.variable(
        "function_packages",
        OVERRIDES_TYPE,
        default={},
        description="Packages to use instead of the module's own, by function: a local zip or an object in S3.",
        validation=[
            Rule(
                f"length(setsubtract(keys(var.function_packages), {expressions.literal(list(functions))})) == 0",
                f"The function packages must be named after functions: {', '.join(functions)}.",
            ),
            Rule(
                "alltrue([for own in values(var.function_packages) : (own.filename == null) != (own.s3_key == null)])",
                "Each function package must have either a filename or an s3_key.",
            ),
        ],
    )


def name_suffix(stack: ModuleStack, *, rules: Sequence[Rule] = ()) -> Input:
    """End of every name, so that environments of one account stay apart where a document fixes the name.

    Args:
        stack: The module.
        rules: What else it must be. Default: nothing.
    """
    return stack.variable(
        "name_suffix",
        "string",
        default="",
        description="End of every resource's name, such as -dev; empty for the document's own names.",
        validation=[
            Rule(
                'var.name_suffix == "" || can(regex("^-[a-z][a-z0-9-]{0,15}$", var.name_suffix))',
                "The name suffix must be empty or a hyphen and 1 to 16 lower-case letters, digits and hyphens.",
            ),
            *rules,
        ],
    )


def manage_api_gateway_account(stack: ModuleStack) -> Input:
    return stack.switch(
        "manage_api_gateway_account",
        default=True,
        description="Look after the account's role for API Gateway's logs; off where another stack does.",
    )


def function_overrides(stack: ModuleStack, *, functions: Sequence[str]) -> Input:
    """Sizes of single functions.

    Args:
        stack: The module.
        functions: Names of the functions that there are.
    """
    return stack.variable(
        "function_overrides",
        "map(object({ memory_mb = optional(number), timeout_seconds = optional(number) }))",
        default={},
        description="Memory or longest run of single functions, by function, where they differ from the rest.",
        validation=[
            Rule(
                f"length(setsubtract(keys(var.function_overrides), {expressions.literal(list(functions))})) == 0",
                f"The function overrides must be named after functions: {', '.join(functions)}.",
            ),
            Rule(
                "alltrue([for own in values(var.function_overrides) : "
                "try(own.memory_mb >= 128 && own.memory_mb <= 10240, own.memory_mb == null)])",
                "Each memory must be from 128 to 10240 MB.",
            ),
            Rule(
                "alltrue([for own in values(var.function_overrides) : "
                "try(own.timeout_seconds >= 1 && own.timeout_seconds <= 900, own.timeout_seconds == null)])",
                "Each longest run must be from 1 to 900 seconds.",
            ),
        ],
    )


def overridden(overrides: Input, function: str, field: str, default: Input) -> float:
    """The size of one function: its override, else what all have."""
    own = f'lookup({overrides.expression}, "{function}", {{ memory_mb = null, timeout_seconds = null }}).{field}'
    return expressions.number(f"coalesce({own}, {default.expression})")


def vpc_cidr(stack: ModuleStack, *, default: str) -> Input:
    """Addresses of a network; a /16, of which each subnet takes a /24."""
    return stack.variable(
        "vpc_cidr",
        "string",
        default=default,
        description="Addresses of the VPC, a private /16.",
        validation=[
            Rule(
                'can(regex("^(10[.][0-9]{1,3}|172[.](1[6-9]|2[0-9]|3[01])|192[.]168)[.]0[.]0/16$", var.vpc_cidr)) && '
                "can(cidrhost(var.vpc_cidr, 0))",
                "The VPC must be a private /16 such as 10.0.0.0/16.",
            )
        ],
    )


# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
_FARGATE_MEMORY_MB: Mapping[int, Sequence[int]] = {
    256: (512, 1024, 2048),
    512: range(1024, 4096 + 1, 1024),
    1024: range(2048, 8192 + 1, 1024),
    2048: range(4096, 16384 + 1, 1024),
    4096: range(8192, 30720 + 1, 1024),
    8192: range(16384, 61440 + 1, 4096),
    16384: range(32768, 122880 + 1, 8192),
}


def fargate_cpu(stack: ModuleStack, name: str, *, default: int) -> Input:
    sizes = ", ".join(map(str, _FARGATE_MEMORY_MB))
    return stack.variable(
        name,
        "number",
        default=default,
        description="CPU of a task, in units of which a vCPU has 1024.",
        validation=[Rule(f"contains([{sizes}], var.{name})", f"{name} must be one of {sizes}.")],
    )


def fargate_memory(stack: ModuleStack, name: str, *, default: int, cpu: Input) -> Input:
    """Memory of a task; Fargate takes only some with each size of CPU."""
    table = expressions.literal({str(size): list(memory) for size, memory in _FARGATE_MEMORY_MB.items()})
    known = "; ".join(f"with {size} of {cpu.name} {_steps(memory)}" for size, memory in _FARGATE_MEMORY_MB.items())
    return stack.variable(
        name,
        "number",
        default=default,
        description="Memory of a task, in MB.",
        validation=[
            Rule(
                f"contains(lookup({table}, tostring({cpu.expression}), []), var.{name})",
                f"{name} must be one that Fargate takes: {known}.",
            )
        ],
    )


def _steps(sizes: Sequence[int]) -> str:
    if len(sizes) <= 3:
        return ", ".join(map(str, sizes))
    return f"{sizes[0]} to {sizes[-1]} in steps of {sizes[1] - sizes[0]}"


def container_port(stack: ModuleStack) -> Input:
    return stack.whole_number(
        "container_port", default=3000, least=1, most=65535, description="Port that the container listens on."
    )


def health_check_path(stack: ModuleStack, *, default: str) -> Input:
    return stack.variable(
        "health_check_path",
        "string",
        default=default,
        description="Path that answers 200 while the application is well.",
        validation=[
            Rule(
                'can(regex("^/[^ ]*$", var.health_check_path)) && length(var.health_check_path) <= 1024',
                f"The path of the health check must begin with a slash, such as {default}.",
            )
        ],
    )


def webhook_url(stack: ModuleStack, name: str, *, description: str) -> Input:
    """HTTPS address that a topic reports to; who knows it may report there as well, so it is a secret."""
    return stack.variable(
        name,
        "string",
        default="",
        description=description,
        sensitive=True,
        validation=[
            Rule(
                f'var.{name} == "" || can(regex("^https://[^ ]+$", var.{name}))',
                f"{name} must be empty or an address that begins with https://.",
            )
        ],
    )


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


def subnet_cidrs(
    stack: ModuleStack, name: str, *, default: Sequence[str], what: str, beside: Input | None = None
) -> Input:
    """Addresses of two subnets, one in each zone, within :func:`vpc_cidr`.

    Args:
        stack: The module.
        name: Name of the variable.
        default: Its default.
        what: What the subnets are.
        beside: Addresses of other subnets, which they must not overlap.
    """
    all_of_them = f"concat({beside.expression}, var.{name})" if beside is not None else f"var.{name}"
    # Two ranges overlap if they begin alike, as far as the larger one's prefix goes.
    apart = " != ".join(
        f'cidrhost("${{split("/", pair[{side}])[0]}}/${{min(split("/", pair[0])[1], split("/", pair[1])[1])}}", 0)'
        for side in (0, 1)
    )
    return stack.variable(
        name,
        "list(string)",
        default=default,
        description=f"Addresses of the {what} subnets, one in each of the two zones.",
        validation=[
            Rule(
                f"length(var.{name}) == 2 && alltrue([for cidr in var.{name} : "
                'can(regex("/(1[6-9]|2[0-8])$", cidr)) && '
                'try(cidrhost("${split("/", cidr)[0]}/16", 0) == cidrhost(var.vpc_cidr, 0), false)])',
                f"There must be two {what} subnets of /16 to /28, each within vpc_cidr, such as {default[0]}.",
            ),
            Rule(
                f"try(length(toset({all_of_them})) == length({all_of_them}) && "
                f"alltrue([for pair in setproduct({all_of_them}, {all_of_them}) : "
                f"pair[0] == pair[1] || {apart}]), true)",
                f"The {what} subnets must not overlap{' the others' if beside is not None else ''}.",
            ),
        ],
    )
