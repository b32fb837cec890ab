"""The stacks as they are committed, and their plans, which all tests of a run share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.plan.doomscroll.conftest import SECRETS as OF_DOOMSCROLL
from tests.plan.nullcheck.conftest import SECRET as OF_NULLCHECK
from tests.plan.solemate.conftest import SECRETS as OF_SOLEMATE
from tests.support.planner import Planner
from tests.support.plans import Json
from tests.support.project import REPOSITORY

# Environment and architecture.
STACKS = sorted((path.parent.parent.name, path.parent.name) for path in (REPOSITORY / "envs").glob("*/*/main.tf"))
# What the user gives; the same as the tests of each architecture give, so that all share one plan.
SECRETS: Mapping[str, Mapping[str, Any]] = {
    "doomscroll": OF_DOOMSCROLL,
    "nullcheck": {"encryption_key": OF_NULLCHECK},
    "solemate": OF_SOLEMATE,
}


def committed_plan(planner: Planner, env: str, architecture: str) -> Json:
    """The plan of a stack with its environment's values: local has examples of the secrets, the others have none."""
    secrets = {} if env == "local" else SECRETS.get(architecture, {})
    return dict(planner.plan(env, architecture, **secrets))
