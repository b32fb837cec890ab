"""Every promise there is, in the order in which they are told."""

from __future__ import annotations

from tooling.errors import Exit, ToolError
from tooling.promises import (
    alarms,
    apis,
    audit,
    backups,
    buckets,
    caches,
    certificates,
    databases,
    distributions,
    dns,
    email,
    functions,
    identities,
    images,
    logs,
    networks,
    queues,
    scaling,
    tables,
    targets,
)
from tooling.promises.promise import Promise

PROMISES: tuple[Promise, ...] = (
    *networks.PROMISES,
    *dns.PROMISES,
    *certificates.PROMISES,
    *distributions.PROMISES,
    *targets.PROMISES,
    *apis.PROMISES,
    *functions.PROMISES,
    *images.PROMISES,
    *scaling.PROMISES,
    *databases.PROMISES,
    *caches.PROMISES,
    *tables.PROMISES,
    *buckets.PROMISES,
    *queues.PROMISES,
    *email.PROMISES,
    *identities.PROMISES,
    *backups.PROMISES,
    *logs.PROMISES,
    *alarms.PROMISES,
    *audit.PROMISES,
)
_BY_ID = {promise.id: promise for promise in PROMISES}


def promise(identifier: str, *, where: str) -> Promise:
    """The promise of this id.

    Raises:
        ToolError: Exit 2: there is none.
    """
    if identifier not in _BY_ID:
        raise ToolError(
            f"no promise '{identifier}'",
            where=where,
            hint=f"there are: {', '.join(sorted(_BY_ID))}",
            exit_code=Exit.USAGE,
        )
    return _BY_ID[identifier]
