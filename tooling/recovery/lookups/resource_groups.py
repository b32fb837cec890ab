"""Resource groups by name."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.recovery.answers import needs
from tooling.recovery.asking import answer
from tooling.recovery.lookup import Found, Wanted, finds


@finds("aws_resourcegroups_group")
@needs("name")
def group(wanted: Wanted) -> Iterator[Found]:
    """No time is told of groups."""
    client, name = wanted.client("resource-groups"), wanted.values["name"]
    told = answer(client.get_group, GroupName=name)
    if told:
        tags = answer(client.get_tags, Arn=told["Group"]["GroupArn"]) or {}
        yield Found(name, tags=tags.get("Tags") or {})
