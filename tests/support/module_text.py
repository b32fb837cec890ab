"""Reading a module's own text, for what a plan does not say."""

from __future__ import annotations

import re

from tests.support.plans import Resource


def dynamic_content(sources: str, resource: Resource, block: str) -> dict[str, str]:
    """Arguments of the content of a dynamic block, as the module's sources write them.

    A plan's configuration leaves such blocks out: where it does not know a value before the apply, only the module says
    what it is made from.
    """
    kind, name = resource.block.split(".")
    (whole,) = re.findall(rf'^resource "{kind}" "{name}" {{\n(.*?)^}}$', sources, re.MULTILINE | re.DOTALL)
    (content,) = re.findall(
        rf'^  dynamic "{block}" {{.*?^    content {{\n(.*?)^    }}$', whole, re.MULTILINE | re.DOTALL
    )
    return dict(re.findall(r"^      (\w+) += (.+)$", content, re.MULTILINE))
