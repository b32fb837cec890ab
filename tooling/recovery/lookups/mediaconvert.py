"""MediaConvert: queues by name."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.recovery.answers import needs
from tooling.recovery.asking import answer
from tooling.recovery.lookup import Found, Wanted, finds


@finds("aws_media_convert_queue")
@needs("name")
def queue(wanted: Wanted) -> Iterator[Found]:
    client, name = wanted.client("mediaconvert"), wanted.values["name"]
    told = answer(client.get_queue, Name=name)
    if told:
        tags = answer(client.list_tags_for_resource, Arn=told["Queue"]["Arn"]) or {}
        yield Found(name, tags=tags.get("ResourceTags", {}).get("Tags") or {}, created=told["Queue"].get("CreatedAt"))
