"""CloudFormation: stacks by name."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.recovery.answers import needs, tags_in
from tooling.recovery.asking import answer
from tooling.recovery.lookup import Found, Wanted, finds


@finds("aws_cloudformation_stack")
@needs("name")
def stack(wanted: Wanted) -> Iterator[Found]:
    """One that is deleted has lost its name, and is not told of."""
    told = answer(wanted.client("cloudformation").describe_stacks, StackName=wanted.values["name"]) or {}
    for item in told.get("Stacks", ()):
        yield Found(item["StackId"], tags=tags_in(item.get("Tags")), created=item["CreationTime"])
