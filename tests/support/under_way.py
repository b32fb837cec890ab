"""An apply in the middle: waited for, in a terminal of its own, looked at afterwards."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import time
from contextlib import suppress
from typing import Any

from tests.support.project import Project, signals_of_a_shell


def wait_until_it_applies(project: Project, stack: str = "tiny", begun: int = 1) -> None:
    """Until Terraform has begun ``begun`` resources of the newest changeset, as the journal says."""
    for _ in range(400):
        files = project.latest.glob(f"{stack}/run-*.jsonl")
        if sum(file.read_bytes().count(b'"apply_start"') for file in files) >= begun:
            return
        time.sleep(0.05)
    raise AssertionError("nothing was begun")


def in_a_terminal(project: Project, *args: str) -> tuple[subprocess.Popen[bytes], int]:
    """Start a command in a terminal of its own, as its only session; gives back the terminal's other end."""
    master, slave = pty.openpty()
    name = os.ttyname(slave)

    def take_the_terminal() -> None:
        # The first terminal that the leader of a session opens is the one whose end it is told of.
        os.close(os.open(name, os.O_RDWR))
        signals_of_a_shell()

    process = subprocess.Popen(
        project.command(*args),
        cwd=project.root,
        env=project.environment({"TERM": "xterm"}),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=take_the_terminal,
    )
    os.close(slave)
    return process, master


def shown(master: int) -> str:
    """What a terminal shows so far."""
    os.set_blocking(master, False)
    found = b""
    with suppress(OSError):
        while chunk := os.read(master, 1 << 16):
            found += chunk
    return found.decode(errors="replace")


def resources_in_state(s3: Any, bucket: str, key: str = "local/tiny.tfstate") -> int:
    """How many the state holds; none where there is no state."""
    if not s3.list_objects_v2(Bucket=bucket, Prefix=key).get("KeyCount"):
        return 0
    state = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    return sum(len(resource["instances"]) for resource in state["resources"])


def locked(s3: Any, bucket: str, key: str = "local/tiny.tfstate") -> bool:
    return "Contents" in s3.list_objects_v2(Bucket=bucket, Prefix=f"{key}.tflock")
