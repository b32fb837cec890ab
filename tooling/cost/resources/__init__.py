"""How each type of resource is paid: one file a service, and the types that are free."""

from __future__ import annotations

from collections.abc import Mapping

from tooling.cost.component import Pricer
from tooling.cost.resources import (
    apis,
    backups,
    compute,
    containers,
    databases,
    delivery,
    edge,
    functions,
    media,
    messaging,
    monitoring,
    network,
    security,
    storage,
    tables,
)
from tooling.cost.resources.free import FREE

_FILES = (
    apis,
    backups,
    compute,
    containers,
    databases,
    delivery,
    edge,
    functions,
    media,
    messaging,
    monitoring,
    network,
    security,
    storage,
    tables,
)

#: By resource type, how its parts are found.
PRICED: Mapping[str, Pricer] = {kind: pricer for file in _FILES for kind, pricer in file.PRICED.items()}

__all__ = ["FREE", "PRICED"]
