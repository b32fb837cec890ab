"""A server without threads has loaded what every command loads; a command is a fork of it.

It has the environment, the folder and the files of a process that was started, and what it imports itself it still
imports itself. For that, nothing of this project is imported here that a command does not import at once.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import sys
from typing import NoReturn

# The largest request: arguments and environment.
MOST_BYTES = 1 << 20


def serve(descriptor: int) -> None:
    """Fork for each request until nobody is left to make one; a fork returns, as the command that it is to be."""
    requests = socket.socket(fileno=descriptor)
    load()
    # What a fork never changes stays one copy in memory.
    gc.collect()
    gc.freeze()
    # Nobody waits for those who wait.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        request, ancillary = _received(requests)
        if not request:
            return
        if os.fork() == 0:
            requests.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _command(json.loads(request), *ancillary)
            return
        for file in ancillary:
            os.close(file)


def _received(requests: socket.socket) -> tuple[bytes, list[int]]:
    request, files, _, _ = socket.recv_fds(requests, MOST_BYTES, 3)
    return request, files


def load() -> None:
    """What every command loads, and how services are described."""
    importlib.import_module("tooling.cli.main")
    from tooling.target import Target

    environ = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
    target = Target("emulator", "http://127.0.0.1:9", environ, "us-east-1", "123456789012")
    for service in ("s3", "sts"):
        target.client(service)


def _command(request: tuple[list[str], str, dict[str, str]], out: int, err: int, tells: int) -> None:
    """Be a command, below a process that waits for it and tells how it ended."""
    args, cwd, env = request
    child = os.fork()
    if child:
        _wait(child, out, err, tells)
    os.close(tells)
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.close(out)
    os.close(err)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["-c", *args]
    importlib.invalidate_caches()
    from tooling.cli.main import main

    main()


def _wait(child: int, out: int, err: int, tells: int) -> NoReturn:
    os.close(out)
    os.close(err)
    os.write(tells, f"{child}\n".encode())
    _, status = os.waitpid(child, 0)
    os.write(tells, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)
