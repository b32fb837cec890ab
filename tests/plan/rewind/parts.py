"""The parts of rewind in a plan: names by their account and environment, functions by region, and the two regions."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.plans import Plan, Resource

FUNCTIONS = ("podcastHandler", "recommendationHandler", "shareHandler")
HOME, AWAY = "aws", "aws.failover"
# Everything that Terraform and an administrator do with a key, but use it.
KEY_ADMINISTRATION = {
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
}


@dataclass(frozen=True)
class Side:
    """One region's resources of a plan.

    Attributes:
        plan: The plan.
        provider: Configuration of the provider that makes them.
    """

    plan: Plan
    provider: str

    @property
    def region(self) -> str:
        name = "region" if self.provider == HOME else "failover_region"
        return self.plan.input(name) or {"region": "us-east-1", "failover_region": "us-west-2"}[name]

    @property
    def suffix(self) -> str:
        """End of every name."""
        return suffix(self.plan) + (f"-{self.region}" if self.provider == AWAY else "")

    def all(self, kind: str, **values: object) -> list[Resource]:
        return [each for each in self.plan.all(kind, **values) if self.plan.provider(each) == self.provider]

    def one(self, kind: str, **values: object) -> Resource:
        found = self.all(kind, **values)
        assert len(found) == 1, f"{kind} {values or ''} in {self.region}: {[each.address for each in found]}"
        return found[0]

    def function(self, name: str) -> Resource:
        return self.one("aws_lambda_function", function_name=name + self.suffix)

    def functions(self) -> list[Resource]:
        """All three; a side that lacks one, or has one more, must not pass for complete."""
        found = self.all("aws_lambda_function")
        assert sorted(each["function_name"] for each in found) == [name + self.suffix for name in FUNCTIONS]
        return found

    def arn(self, service: str, resource: str) -> str:
        """ARN of something in this region and the plan's account."""
        return f"arn:aws:{service}:{self.region}:{self.plan.input('account_id')}:{resource}"


def suffix(plan: Plan) -> str:
    return plan.input("name_suffix") or ""


def home(plan: Plan) -> Side:
    """The first region."""
    return Side(plan, HOME)


def away(plan: Plan) -> Side:
    """The second."""
    return Side(plan, AWAY)


def sides(plan: Plan) -> list[Side]:
    """The regions that there are."""
    with_failover = any(plan.provider(each) == AWAY for each in plan.resources)
    return [home(plan), away(plan)] if with_failover else [home(plan)]


def bucket_name(plan: Plan, name: str) -> str:
    return f"rewind-{name}-{plan.input('account_id')}{suffix(plan)}"


def bucket(plan: Plan, name: str) -> Resource:
    return plan.one("aws_s3_bucket", bucket=bucket_name(plan, name))


def of_bucket(plan: Plan, kind: str, of: Resource) -> Resource:
    """The one resource of a type that belongs to a bucket."""
    (found,) = [each for each in plan.all(kind) if plan.referred(each, "bucket", "aws_s3_bucket") == of]
    return found


def domain_name(plan: Plan) -> str:
    return plan.input("domain_name") or "rewindpodcast.com"
