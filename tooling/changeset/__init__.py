"""Changesets: the sealed set of plans of one run; what was reviewed, and the only thing that apply takes.

A changeset is a folder ``.groundplan/changesets/<env>/<id>/`` with ``changeset.json`` and per stack
``plan.tfplan``, ``plan.json`` (sensitive values masked), the gate's result in several forms and the cost. The seal is
one digest over every part; a part that moves by one byte breaks it. docs/changesets.md says what that protects from.
"""

from tooling.changeset.folder import point_to, read_changeset, write_changeset
from tooling.changeset.model import (
    CHANGESET,
    COST,
    FACTS,
    FORMAT,
    GATE,
    JUNIT,
    LATEST,
    PAGE,
    PLAN,
    PLAN_JSON,
    REPORT,
    SARIF,
    STACK_FILES,
    Changeset,
    Glass,
    SealedCost,
    SealedGate,
    SealedStack,
)
from tooling.changeset.sealing import module_digest, root_digest, seal_stack, sealed
from tooling.changeset.stale import Stale

__all__ = [
    "CHANGESET",
    "COST",
    "FACTS",
    "FORMAT",
    "GATE",
    "JUNIT",
    "LATEST",
    "PAGE",
    "PLAN",
    "PLAN_JSON",
    "REPORT",
    "SARIF",
    "STACK_FILES",
    "Changeset",
    "Glass",
    "SealedCost",
    "SealedGate",
    "SealedStack",
    "Stale",
    "module_digest",
    "point_to",
    "read_changeset",
    "root_digest",
    "seal_stack",
    "sealed",
    "write_changeset",
]
