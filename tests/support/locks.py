"""Locks of runs that live, died, or are of another machine."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import Any

from tooling.lock_object import LockInfo
from tooling.process import ProcessId, this_process

LOCK = "local/tiny.tfstate.tflock"


def gone() -> ProcessId:
    """A process of this machine that has ended."""
    process = subprocess.Popen(["sleep", "60"])
    ours = this_process()
    process.kill()
    process.wait()
    return ProcessId(ours.host, process.pid, "1")


def of(owner: ProcessId, lock: LockInfo) -> LockInfo:
    """The lock, as if that process had taken it."""
    return replace(lock, info=lock.info.replace(this_process().to_text(), owner.to_text()))


def put_lock(s3: Any, bucket: str, lock: LockInfo) -> None:
    """Write it without asking what is there."""
    s3.put_object(Bucket=bucket, Key=LOCK, Body=lock.to_bytes())
