"""One emulator for all tests of lookups, and the question that a lookup is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from tests.support.applied import emulated_target
from tests.support.emulated import emulator_in
from tooling.recovery.lookup import Found, Wanted, lookup_of
from tooling.target import Target

Client = Callable[..., Any]
Look = Callable[..., list[Found]]


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with emulator_in(tmp_path_factory.mktemp("emulator")) as running:
        yield emulated_target(running.endpoint)


@pytest.fixture(scope="session")
def client(target: Target) -> Client:
    """``client("s3")``, or of another region: ``client("s3", "us-west-2")``."""
    return cache(lambda service, region="us-east-1": target.client(service, region))


@pytest.fixture(scope="session")
def look(client: Client, target: Target) -> Look:
    """``look("aws_s3_bucket", bucket="b")``: what is found of a resource that was planned so."""

    def ask(kind: str, *, region: str = "us-east-1", **planned: Any) -> list[Found]:
        lookup = lookup_of(kind)
        assert lookup is not None, kind
        wanted = Wanted(
            address=f"{kind}.it",
            type=kind,
            values=planned,
            region=region,
            account_id=target.account_id,
            client=lambda service, elsewhere=region: client(service, elsewhere),
        )
        return list(lookup(wanted))

    return ask
