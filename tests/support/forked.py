"""The command line in a process of its own that need not load first what every command loads."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.support.fork_server import MOST_BYTES
from tests.support.project import REPOSITORY, Answer, Project

# Read where Python starts, which a fork does not.
_READ_AT_THE_START = ("PYTHON", "LANG", "LC_")


class ForkedProject(Project):
    """A project whose commands are forks."""

    def run(self, *args: str, seconds: float = 120, environ: Mapping[str, str] | None = None) -> Answer:
        if any(name.startswith(_READ_AT_THE_START) for name in (*self.environ, *(environ or {}))):
            return super().run(*args, seconds=seconds, environ=environ)
        return answer(args, cwd=self.root, env=self.environment(environ or {}), seconds=seconds)


def answer(args: Sequence[str], *, cwd: Path, env: Mapping[str, str], seconds: float) -> Answer:
    """What ``groundplan`` with these arguments ends with.

    Raises:
        subprocess.TimeoutExpired: It took longer; it was killed.
    """
    out, err = os.memfd_create("out"), os.memfd_create("err")
    told, tells = os.pipe()
    try:
        request = json.dumps([list(args), str(cwd), dict(env)]).encode()
        server = _server()
        socket.send_fds(server, [request], [out, err, tells])
        os.close(tells)
        with os.fdopen(told) as said:
            pid = int(said.readline())
            if not select.select([said], [], [], seconds)[0]:
                os.kill(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(["groundplan", *args], seconds, _text(out), _text(err))
            return Answer(int(said.readline()), _text(out), _text(err))
    finally:
        os.close(out)
        os.close(err)


def _text(file: int) -> str:
    size = os.fstat(file).st_size
    return os.pread(file, size, 0).decode().replace("\r\n", "\n").replace("\r", "\n")


@cache
def _server() -> socket.socket:
    """The server of this process; it ends with it."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for side in (here, there):
        side.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST_BYTES)
    process = subprocess.Popen(
        # Started as a command is, so that a fork takes itself for one.
        [sys.executable, "-c", f"from tests.support.fork_server import serve; serve({there.fileno()})"],
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        pass_fds=[there.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    there.close()

    def finish() -> None:
        here.close()
        process.wait()

    atexit.register(finish)
    return here
