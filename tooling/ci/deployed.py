"""Which image a stack runs: a plan that is to show drift has to be made with the same one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.live import LiveStack


def deployed_tag(live: LiveStack) -> str:
    """The tag of the image that the task definitions of the stack name.

    Raises:
        ToolError: They name none with a tag, or several.
    """
    tags = set()
    for definition in live.of("aws_ecs_task_definition"):
        for container in json.loads(definition["container_definitions"]):
            # Behind an @ is a digest, of whatever tag.
            _, colon, tag = str(container["image"]).partition("@")[0].rpartition("/")[2].partition(":")
            tags |= {tag} if colon else set()
    if len(tags) != 1:
        what = f"the task definitions name {len(tags)} tags of images ({', '.join(sorted(tags)) or 'none'})"
        raise ToolError(what, where=live.stack.name, hint="set TF_VAR_image_tag by hand")
    return str(tags.pop())
