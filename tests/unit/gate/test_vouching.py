"""The gate vouches for having looked at everything, and that is little work beside the looking."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.unit.gate.conftest import planted
from tooling.errors import Exit, ToolError
from tooling.gate.engine.scan import Scan
from tooling.gate.planned import PlanView, view_of
from tooling.gate.policies_folder import DEFAULT, Policies, read_policies
from tooling.gate.vouching import must_have_looked
from tooling.plan.masking import masked

Pair = tuple[str, str]


class Counted(set[Pair]):
    """A set that counts how many of its elements are gone through or copied: to look for one is neither."""

    gone_through = 0

    def __iter__(self) -> Iterator[Pair]:
        self.gone_through += len(self)
        return super().__iter__()

    def __or__(self, other: Set[Any]) -> set[Any]:
        self.gone_through += len(self)
        return super().__or__(other)

    __ror__ = __or__

    def union(self, *others: Any) -> set[Any]:
        self.gone_through += len(self)
        return super().union(*others)


@pytest.fixture(scope="module")
def policies() -> Policies:
    return read_policies(DEFAULT)


def buckets(count: int) -> PlanView:
    plan = planted({f"aws_s3_bucket.b{number}": {"bucket": f"b-{number}"} for number in range(count)})
    return view_of(masked(plan), today=date(2026, 1, 2))


def looked_at(view: PlanView, policies: Policies) -> Scan:
    """What a run saw in which every own check judged every resource, and found nothing wrong."""
    pairs = ((own.id, address) for own in policies.own for address in view.resources)
    return Scan(seen=set(view.resources), looked=Counted(pairs))


def test_what_was_looked_at_is_gone_through_once_however_many_resources_there_are(policies: Policies) -> None:
    view = buckets(60)
    found = looked_at(view, policies)
    assert isinstance(found.looked, Counted)

    must_have_looked(found, view, policies, "dev/kefir")

    assert len(view.resources) == 60
    assert found.looked.gone_through <= len(found.looked)


def test_one_pair_that_was_not_looked_at_refuses(policies: Policies) -> None:
    view = buckets(2)
    found = looked_at(view, policies)
    own = next(own for own in policies.own if own.judges_plans and fnmatchcase("aws_s3_bucket", own.entity))
    found.looked.discard((own.id, "aws_s3_bucket.b1"))

    with pytest.raises(ToolError, match=f"not evaluated were {own.id} on aws_s3_bucket.b1") as refused:
        must_have_looked(found, view, policies, "dev/kefir")

    assert refused.value.exit_code == Exit.REFUSED


def test_a_resource_that_checkov_did_not_take_in_refuses(policies: Policies) -> None:
    view = buckets(2)
    found = looked_at(view, policies)
    found.seen.discard("aws_s3_bucket.b0")

    with pytest.raises(ToolError, match=r"not evaluated were aws_s3_bucket\.b0"):
        must_have_looked(found, view, policies, "dev/kefir")
