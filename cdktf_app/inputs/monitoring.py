"""How long logs stay, and who is told."""

from __future__ import annotations

from cdktf_app.module_stack import Input, ModuleStack, Rule

# What CloudWatch takes; it also knows 0, for ever, which nothing here should ask for.
_RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip


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
