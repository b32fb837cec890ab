"""DynamoDB: tables by name."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.recovery.answers import needs, tags_in
from tooling.recovery.asking import answer, each
from tooling.recovery.lookup import Found, Wanted, finds


@finds("aws_dynamodb_table")
@needs("name")
def table(wanted: Wanted) -> Iterator[Found]:
    client, name = wanted.client("dynamodb"), wanted.values["name"]
    told = answer(client.describe_table, TableName=name)
    if told:
        tags = tags_in(each(client, "list_tags_of_resource", "Tags", ResourceArn=told["Table"]["TableArn"]))
        yield Found(name, tags=tags, created=told["Table"]["CreationDateTime"])
