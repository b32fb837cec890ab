"""A statement over ``*`` holds for the other systems in the account as well."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tooling.gate.documents import Statement, Unreadable, hangs_on_one_thing, policies_of
from tooling.gate.engine.check import PlanCheck, Subject, Violation

#: ``function:*``, ``table/*``: everything of one type.
_WHOLE_TYPE = re.compile(r"/?[A-Za-z][A-Za-z0-9-]*[/:]\*")

#: In these the part before the slash is a name (bucket, API id), not a type.
_NAME_FIRST = frozenset({"s3", "execute-api"})

#: They know no resource, or list what there is, so that ``*`` is all that can be written.
#: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
#: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
#: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
#: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
#: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
_WITHOUT_RESOURCE = frozenset(
    {
        "cloudwatch:GetMetricData",
        "ecr:GetAuthorizationToken",
        "events:ListRules",
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }
)


class NoResourceIsWild(PlanCheck):
    """Statements that allow name what they hold for. A wildcard below a named thing is fine."""

    def __init__(self) -> None:
        super().__init__(
            id="GP_IAM_2",
            name="IAM policies name the resources that they hold for",
            resources=["aws_*", "data.aws_iam_policy_document"],
        )

    def violations(self, subject: Subject) -> Iterator[Violation]:
        resource, plan = subject.resource, subject.plan
        if hangs_on_one_thing(resource, plan):
            return
        for part in policies_of(resource, plan):
            if isinstance(part, Unreadable):
                yield Violation(f"the policy in {part.where} is known only after apply", undecided=True)
            elif part.allows:
                yield from _violations(part)


def _violations(statement: Statement) -> Iterator[Violation]:
    if statement.not_resources:
        yield Violation(f"{statement.where} holds for everything but what it lists")
    wild = [name for name in statement.resources if name is not None and is_wild(name)]
    if wild and not set(statement.actions) <= _WITHOUT_RESOURCE:
        names = ", ".join(f"'{name}'" for name in wild)
        yield Violation(f"{statement.where} allows {', '.join(map(str, statement.actions))} on {names}")
    if None in statement.resources and not statement.computed:
        yield Violation(f"a resource of {statement.where} is known only after apply", undecided=True)


def is_wild(name: str) -> bool:
    """Whether an ARN in a statement holds for more than one named thing and what is in it."""
    parts = name.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        return "*" in name or "?" in name
    _, _, service, _, account, thing = parts
    if "*" in service or "*" in account or thing[:1] in {"*", "?"}:
        return True
    return service not in _NAME_FIRST and _WHOLE_TYPE.fullmatch(thing) is not None


check = NoResourceIsWild()
