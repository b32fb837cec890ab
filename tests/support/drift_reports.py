"""A report of drift with something in every part of it, and what must stay text in every form of it."""

from __future__ import annotations

from tooling.drift.model import (
    CODE,
    REALITY,
    CodeMove,
    Deed,
    DriftedResource,
    DriftReport,
    Failed,
    Moved,
    StackDrift,
    StateMove,
)

DEED = Deed("arn:aws:iam::1:user/alice", "PutBucketTagging", "2026-03-01T12:00:00+00:00", "s3.amazonaws.com", "e-1")
NASTY = "</script><img src=x> | @somebody `x`"


def drifted_resource(number: int, value: str = '"a"') -> DriftedResource:
    attributes = (Moved("tags.by", "", value, REALITY), Moved("delay", "0", "9", CODE))
    return DriftedResource(
        f"module.tiny.aws_s3_bucket.b[{number}]",
        "aws_s3_bucket",
        "update",
        False,
        (REALITY, CODE),
        attributes,
        "",
        "modules/tiny/main.tf:3",
        deeds=(DEED,),
    )


def drift_report(*resources: DriftedResource) -> DriftReport:
    stack = StackDrift(
        "local",
        "tiny",
        resources,
        7,
        code=CodeMove(("the module",), ("modules/tiny/main.tf",)),
        state=StateMove(False, 3, 5, "2026-03-01T11:00:00+00:00", joined=("aws_a.b",), left=(), changed=()),
    )
    fine = StackDrift("local", "fine", (), 3)
    return DriftReport("local", "account 1", "2026-03-01T12:30:00+00:00", (stack, fine), (Failed("local/bad", "why"),))
