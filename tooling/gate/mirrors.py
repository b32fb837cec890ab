"""What a role shows of the policies beside it, which a plan tells as it was before it changes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

_MIRROR = "inline_policy"


class _Resource(Protocol):
    @property
    def type(self) -> str: ...

    @property
    def values(self) -> Mapping[str, Any]: ...

    @property
    def expressions(self) -> Mapping[str, Any]: ...


def stale_mirrors(
    changes: Sequence[Mapping[str, Any]], resources: Mapping[str, _Resource]
) -> Iterator[tuple[str, str]]:
    """Address and attribute of what will only be known after the apply, though the plan has a value for it.

    Args:
        changes: ``resource_changes`` of the plan.
        resources: What will be there, by address.
    """
    roles = set()
    for change in changes:
        if change.get("type") == "aws_iam_role_policy" and _acts(change):
            planned = resources.get(change["address"])
            roles |= {planned.values.get("role")} if planned is not None else set()
            roles |= {(change["change"].get("before") or {}).get("role")}
    for address, role in resources.items():
        if (
            role.type == "aws_iam_role"
            and role.values.get("name") in roles - {None}
            and _MIRROR not in role.expressions
        ):
            yield address, _MIRROR


def _acts(change: Mapping[str, Any]) -> bool:
    return not {"no-op", "read"} & set((change.get("change") or {}).get("actions") or ["no-op"])
