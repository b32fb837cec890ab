"""What the tests of reminderProcessor share: the clock, the invocation, the counts it answers with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.unit.functions.expo_standin import ExpoStandin
from tests.unit.functions.kefir_table import KefirTable
from tests.unit.functions.lambda_standin import Invocation, Outcome

NOW = "2025-06-01T12:00:00.000Z"
EARLIER = "2025-06-01T11:58:00.000Z"
LATER = "2025-06-01T12:00:00.001Z"
NEXT_RUN = "2025-06-01T12:05:00.000Z"
TWO_DAYS_AGO = "2025-05-30T12:00:00.000Z"

# The fixture `run`: one run of the function, with `now`, `remaining_ms` and `failures` to choose.
Run = Callable[..., Outcome]

_EVENT = {"source": "kefir.scheduler", "stage": "dev"}


def invocation(table: KefirTable, expo: ExpoStandin, *, now: str = NOW, remaining_ms: int = 30_000) -> Invocation:
    env = {"TABLE_NAME": table.name, "EXPO_PUSH_URL": expo.url, "AWS_ENDPOINT_URL": table.endpoint}
    return Invocation(function="reminderProcessor", event=_EVENT, env=env, now=now, remaining_ms=remaining_ms)


def counts(**given: Any) -> dict[str, Any]:
    return {"due": 0, "sent": 0, "undeliverable": 0, "retried": 0, "taken": 0, "complete": True} | given
