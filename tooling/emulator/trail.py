"""What was written in the emulator, by whom and when: what CloudTrail tells of the management of an account.

Only what a request says by itself is looked at while it is answered; its model is loaded when somebody asks.
"""

from __future__ import annotations

import re
import uuid
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from tooling.emulator.identity import user_of
from tooling.emulator.reply import Reply

if TYPE_CHECKING:
    from tooling.emulator.call import Call

_MOST_EVENTS = 5_000
_MOST_BYTES = 16 * 1024**2
# Whoever sends more sends a package or an object, not a setting.
_LARGEST = 64 * 1024

_READS = re.compile(
    r"(Get|List|Describe|Head|Lookup|Search|Select|Query|Scan|BatchGet|TransactGet|Check|Test|Validate|Simulate|"
    r"Estimate|Preview|Filter|Receive|AssumeRole|Decode)"
)
# Calls on data, of which LookupEvents knows nothing.
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
_ON_DATA = frozenset(
    "PutItem UpdateItem DeleteItem BatchWriteItem TransactWriteItems ExecuteStatement Invoke InvokeAsync SendMessage "
    "SendMessageBatch DeleteMessage DeleteMessageBatch ChangeMessageVisibility Publish PublishBatch PutEvents "
    "PutLogEvents PutMetricData PutTraceSegments PutRecord PutRecords PutObject CopyObject DeleteObject DeleteObjects "
    "CompleteMultipartUpload CreateMultipartUpload UploadPart AbortMultipartUpload InitiateAuth RespondToAuthChallenge "
    "SendEmail SendRawEmail Encrypt Decrypt GenerateDataKey StartExecution".split()
)
_NAMES = re.compile(r"(names?|arns?|ids?|identifiers?|bucket|url|resource|rule|role|cluster|service)$", re.IGNORECASE)
_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")
_DEPTH = 3


@dataclass(frozen=True)
class Written:
    """A call that changed something.

    Attributes:
        id: Unique.
        time: UTC.
        account, region: Where.
        access_key: With which key.
        name, source: As ``PutBucketTagging`` and ``s3.amazonaws.com``.
        user, arn: Who.
        resources: Names, ids and ARNs that the call and its answer name.
    """

    id: str
    time: datetime
    account: str
    region: str
    access_key: str
    name: str
    source: str
    user: str
    arn: str
    resources: tuple[str, ...]


@dataclass(frozen=True)
class _Kept:
    id: str
    time: datetime
    call: Call
    reply: Reply

    @property
    def size(self) -> int:
        return len(self.call.body) + len(self.reply.body)


class Trail:
    """The newest writes, as many as fit into the room that there is."""

    def __init__(self, *, most_events: int = _MOST_EVENTS, most_bytes: int = _MOST_BYTES) -> None:
        self._most_events, self._most_bytes = most_events, most_bytes
        self._kept: deque[_Kept] = deque()
        self._bytes = 0
        self._lock = Lock()

    def record(self, call: Call, reply: Reply) -> None:
        """Keep a call that may have changed something; called after each answer."""
        if reply.status >= 300 or not _may_write(call) or len(call.body) + len(reply.body) > _LARGEST:
            return
        kept = _Kept(str(uuid.uuid4()), datetime.now(UTC), call.to_remember(), reply)
        with self._lock:
            self._kept.append(kept)
            self._bytes += kept.size
            while len(self._kept) > self._most_events or self._bytes > self._most_bytes:
                self._bytes -= self._kept.popleft().size

    def newest_first(self, account: str, region: str) -> Iterator[Written]:
        """What was written in an account and region."""
        with self._lock:
            kept = [one for one in self._kept if (one.call.account, one.call.region) == (account, region)]
        for one in reversed(kept):
            if (written := _written(one)) is not None:
                yield written

    def clear(self) -> None:
        """As after a reset: nothing happened."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0


def _may_write(call: Call) -> bool:
    if call.method in ("GET", "HEAD"):
        return False
    if call.identity.service == "s3" and call.path.strip("/").count("/"):
        return False
    name = call.target.rpartition(".")[2]
    if not name and (action := _ACTION.search(call.body[:4096])):
        name = action[1].decode()
    return not name or _is_write(name)


def _is_write(name: str) -> bool:
    return not _READS.match(name) and name not in _ON_DATA


def _written(kept: _Kept) -> Written | None:
    call, operation = kept.call, kept.call.operation
    if operation.model is None or not _is_write(operation.name):
        return None
    values = [_parsed(lambda: call.params), _parsed(lambda: call.read(kept.reply))]
    user, arn = _who(call)
    return Written(
        id=kept.id,
        time=kept.time,
        account=call.account,
        region=call.region,
        access_key=call.identity.access_key,
        name=operation.name,
        source=f"{operation.model.service_model.endpoint_prefix}.amazonaws.com",
        user=user,
        arn=arn,
        resources=tuple(dict.fromkeys(name for value in values for name in _names(value, _DEPTH))),
    )


def _parsed(read: Any) -> Mapping[str, Any]:
    try:
        found = read()
    except Exception:  # noqa: BLE001 - moto answers in ways that the models do not foresee: then it names nothing
        return {}
    return found if isinstance(found, Mapping) else {}


def _names(value: Any, depth: int) -> Iterator[str]:
    if not isinstance(value, Mapping) or not depth:
        return
    for key, item in value.items():
        items = item if isinstance(item, list) else [item]
        if _NAMES.search(str(key)):
            yield from (one for one in items if isinstance(one, str) and 0 < len(one) <= 1024)
        for one in items:
            yield from _names(one, depth - 1)


def _who(call: Call) -> tuple[str, str]:
    """The name and the ARN of a caller; a key that is an account's alone is its root user."""
    key = call.identity.access_key
    if user := user_of(key):
        return user, f"arn:aws:iam::{call.account}:user/{user}"
    if key and key != call.account:
        from moto.sts.models import sts_backends

        if role := sts_backends[call.account]["aws"].get_assumed_role_from_access_key(key):
            name = role.role_arn.rpartition("/")[2]
            return role.session_name, f"arn:aws:sts::{call.account}:assumed-role/{name}/{role.session_name}"
    return "root", f"arn:aws:iam::{call.account}:root"
