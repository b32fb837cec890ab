"""Inputs that mean the same in every architecture: declared once, so that names, checks and words stay alike."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_app import expressions
from cdktf_app.constructs.function_packages import OVERRIDES_TYPE
from cdktf_app.module_stack import Input, ModuleStack, Rule

# What CloudWatch takes; it also knows 0, for ever, which nothing here should ask for.
_RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip


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


def region(stack: ModuleStack) -> Input:
    return stack.variable(
        "region",
        "string",
        default="us-east-1",
        description="AWS region that the module is applied in.",
        validation=[
            Rule(
                'can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))',
                "The region must be an AWS region such as us-east-1.",
            )
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


def certificate_arn(stack: ModuleStack) -> Input:
    return stack.variable(
        "certificate_arn",
        "string",
        default="",
        description="Certificate of the domain name, in this region; empty to have one made.",
        validation=[
            Rule(
                'var.certificate_arn == "" || can(regex("^arn:aws:acm:", var.certificate_arn))',
                "The certificate must be empty or the ARN of an ACM certificate.",
            )
        ],
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


def name_suffix(stack: ModuleStack) -> Input:
    """End of every name, so that environments of one account stay apart where a document fixes the name."""
    return stack.variable(
        "name_suffix",
        "string",
        default="",
        description="End of every resource's name, such as -dev; empty for the document's own names.",
        validation=[
            Rule(
                'var.name_suffix == "" || can(regex("^-[a-z][a-z0-9-]{0,15}$", var.name_suffix))',
                "The name suffix must be empty or a hyphen and 1 to 16 lower-case letters, digits and hyphens.",
            )
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
