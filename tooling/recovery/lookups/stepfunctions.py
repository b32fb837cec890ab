"""Step Functions: state machines by name."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.recovery.answers import fits_name, tags_in
from tooling.recovery.asking import answer, each
from tooling.recovery.lookup import Found, Wanted, finds


@finds("aws_sfn_state_machine")
def state_machine(wanted: Wanted) -> Iterator[Found]:
    client = wanted.client("stepfunctions")
    for item in each(client, "list_state_machines", "stateMachines"):
        if fits_name(wanted, item["name"]):
            arn = item["stateMachineArn"]
            tags = answer(client.list_tags_for_resource, resourceArn=arn) or {}
            yield Found(arn, tags=tags_in(tags.get("tags")), created=item["creationDate"])
