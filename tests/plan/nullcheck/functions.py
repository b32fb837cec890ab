"""The functions of nullcheck in a plan, and what the plan does not know before the apply."""

from __future__ import annotations

from tests.support.plans import Plan, Resource

GROUPS = {
    "episode": ("createEpisode", "getEpisode", "listEpisodes", "updateEpisode", "createUploadUrl"),
    "event": ("onUploadCompleted", "onMediaConvertJobChange", "cleanupEpisode"),
    "agent": ("analyzeTranscript",),
    "mediaconvert": ("startChunking",),
}
FUNCTIONS = tuple(name for names in GROUPS.values() for name in names)


def suffix(plan: Plan) -> str:
    return plan.input("name_suffix") or ""


def function(plan: Plan, name: str) -> Resource:
    return plan.one("aws_lambda_function", function_name=name + suffix(plan))


def functions(plan: Plan) -> list[Resource]:
    """All of them; a plan that lacks one, or has one more, must not pass for complete."""
    found = plan.all("aws_lambda_function")
    assert sorted(each["function_name"] for each in found) == sorted(name + suffix(plan) for name in FUNCTIONS)
    return found


def arn(plan: Plan, service: str, resource: str) -> str:
    """ARN of something in the plan's region and account."""
    return f"arn:aws:{service}:{plan.input('region') or 'us-east-1'}:{plan.input('account_id')}:{resource}"


def table_arn(plan: Plan) -> str:
    return arn(plan, "dynamodb", f"table/{plan.one('aws_dynamodb_table')['name']}")


def in_bucket(plan: Plan, path: str) -> str:
    """ARN of something in the bucket; where AWS makes its name up, the reference that the plan has instead."""
    bucket = plan.one("aws_s3_bucket")
    return f"arn:aws:s3:::{bucket['bucket']}{path}" if "bucket" in bucket.values else f"{bucket.block}.bucket"
