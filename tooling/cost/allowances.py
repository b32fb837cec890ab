"""What AWS gives each account every month for ever; taken off only where ``usage.yaml`` says ``free_tier: true``.

An account has each of these once, whichever stack uses it up, so taking them off is right for one stack alone.
Allowances of an account's first year are not among them. https://aws.amazon.com/free/ ("Always free"), and the pricing
page of each service.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

#: By price: the allowance that it draws on (some share one), and how much that is in single units.
ALLOWANCES: Mapping[str, tuple[str, Decimal]] = {
    price: (pool, Decimal(quantity))
    for pool, quantity, prices in (
        ("CloudFront data", 1024, ("cloudfront.data_out",)),
        ("CloudFront requests", 10_000_000, ("cloudfront.request.https",)),
        ("CloudWatch alarms", 10, ("cloudwatch.alarm.standard",)),
        ("CloudWatch dashboards", 3, ("cloudwatch.dashboard",)),
        ("CloudWatch metrics", 10, ("cloudwatch.metric",)),
        ("CloudWatch logs taken in", 5, ("cloudwatch.logs.ingested", "cloudwatch.logs.vended")),
        ("CloudWatch logs kept", 5, ("cloudwatch.logs.stored",)),
        ("Cognito users", 10_000, ("cognito.mau.lite", "cognito.mau.essentials")),
        ("data to the internet", 100, ("data_transfer.internet_out",)),
        ("DynamoDB storage", 25, ("dynamodb.storage",)),
        ("KMS requests", 20_000, ("kms.request",)),
        ("Lambda requests", 1_000_000, ("lambda.request",)),
        ("Lambda duration", 400_000, ("lambda.arm.gb_second", "lambda.x86.gb_second")),
        ("SNS requests", 1_000_000, ("sns.request",)),
        ("SNS e-mails", 1_000, ("sns.delivery.email",)),
        ("SNS calls", 100_000, ("sns.delivery.https",)),
        ("SQS requests", 1_000_000, ("sqs.request.standard", "sqs.request.fifo")),
        ("Step Functions transitions", 4_000, ("step_functions.transition",)),
        ("X-Ray traces", 100_000, ("xray.trace_recorded",)),
    )
    for price in prices
}


class Free:
    """What is left of the allowances while an estimate goes through its lines.

    Args:
        used: Whether there are any.
    """

    def __init__(self, *, used: bool) -> None:
        self.used = used
        self._left = dict(ALLOWANCES.values()) if used else {}

    def take(self, price: str, quantity: Decimal) -> Decimal:
        """How much of a quantity the allowance covers."""
        pool, _ = ALLOWANCES.get(price, ("", Decimal(0)))
        covered = min(self._left.get(pool, Decimal(0)), quantity)
        if covered:
            self._left[pool] -= covered
        return covered
