"""Tags by which the account's bills are broken down."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.costexplorer import CeCostAllocationTag
from cdktf_app.module_stack import Input


class CostAllocationTags(Construct):
    """Activated tags, which are the account's and not the stack's.

    AWS knows a tag only a day after the first resource has it, and refuses to activate it before.

    Args:
        keys: Keys of the tags.
        managed: Whether this stack looks after them.
    """

    def __init__(self, scope: Construct, construct_id: str, *, keys: Sequence[str], managed: Input) -> None:
        super().__init__(scope, construct_id)
        CeCostAllocationTag(
            self,
            "this",
            for_each=expressions.each_of(
                f"{{ for key in {expressions.literal(list(keys))} : key => key if {managed.expression} }}"
            ),
            tag_key="${each.key}",
            status="Active",
        )
