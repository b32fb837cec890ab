"""Start, find and stop the emulator. ``home`` is its folder, ``.groundplan/emulator/`` in a checkout."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tooling.emulator import record as records
from tooling.emulator.holding import Holding
from tooling.emulator.record import HOME_IS_SERVED, Record
from tooling.emulator.settings import server_environment
from tooling.errors import ToolError

START_SECONDS = 15
STOP_SECONDS = 5
HEALTH_SECONDS = 5
INVENTORY_SECONDS = 60
LOCK_SECONDS = START_SECONDS + STOP_SECONDS
_POLL_SECONDS = 0.02
_LOG_LINES = 15
_SOURCES = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class RunningEmulator:
    """An emulator that answers.

    Attributes:
        endpoint: ``http://127.0.0.1:PORT``, for AWS_ENDPOINT_URL.
        pid: Its process id.
        started_at: UTC, ISO 8601.
        log: Its log file.
        outdated: Whether it runs other code than this checkout has; it keeps running, for it may hold resources.
    """

    endpoint: str
    pid: int
    started_at: str
    log: Path
    outdated: bool = False


def up(home: Path, *, port: int | None = None) -> RunningEmulator:
    """Return the running emulator of ``home``, started if need be. Two callers at once start one.

    Args:
        port: TCP port to listen on. Default: a free one.

    Raises:
        ToolError: It does not start, or it runs on another port than the one asked for.
    """
    with _locked(home):
        if running := status(home):
            return _on_port(running, port, home)
        _refuse_if_hung(home)
        return _start(home, port or 0)


def status(home: Path) -> RunningEmulator | None:
    """The emulator of ``home`` if its process lives and its endpoint answers as that process; else None."""
    record = records.read(home)
    if record is None or not record.names_living_process() or not _answers(record):
        return None
    outdated = record.version != records.source_version()
    return RunningEmulator(record.endpoint, record.pid, record.started_at, _log(home), outdated)


def down(home: Path) -> bool:
    """Stop the emulator of ``home`` and wait for its end; False when none runs.

    Only the process that wrote the record is ever signalled, not one that was given its id since.
    """
    with _locked(home):
        return _stop(home)


@contextmanager
def outage(running: RunningEmulator, region: str) -> Iterator[None]:
    """As long as it is held, every call that is signed for ``region`` fails with 503.

    Services that AWS runs from everywhere stay: IAM, STS, Route 53, CloudFront, Budgets, Cost Explorer. One region at a
    time: a second outage takes the place of the first.
    """
    _control(running.endpoint, "POST", "outage", {"region": region})
    try:
        yield
    finally:
        _control(running.endpoint, "DELETE", "outage")


def reset(running: RunningEmulator) -> None:
    """Let it forget everything that it holds, states included."""
    _control(running.endpoint, "POST", "reset", {})


def inventory(running: RunningEmulator) -> tuple[Holding, ...]:
    """Everything that it holds for its accounts, sorted, without what AWS itself brings.

    See :mod:`tooling.emulator.inventory` for what counts as one thing.
    """
    told = _control(running.endpoint, "GET", "inventory", seconds=INVENTORY_SECONDS)
    assert isinstance(told, dict)
    return tuple(Holding(**one) for one in told["holdings"])


def _start(home: Path, port: int) -> RunningEmulator:
    log = _log(home)
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    command = [sys.executable, "-m", "tooling.emulator.server", "--home", str(home.resolve()), "--port", str(port)]
    path = os.pathsep.join(filter(None, [str(_SOURCES), os.environ.get("PYTHONPATH")]))
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=home,
            env=server_environment(os.environ) | {"PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Out of this terminal's reach: an interrupt of the command that started it is not meant for it.
            start_new_session=True,
        )
    # Reaps it when it ends before us; else a dead child would still look like a process.
    threading.Thread(target=process.wait, daemon=True).start()
    return _await_start(process, home)


def _await_start(process: subprocess.Popen[bytes], home: Path) -> RunningEmulator:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if running := status(home):
            return running
        # Another server may be on its way in this home, started by a command that was killed: its record will come.
        if process.poll() not in (None, HOME_IS_SERVED):
            raise _start_failure(f"the emulator ended with code {process.returncode} before it answered", home)
        time.sleep(_POLL_SECONDS)
    process.kill()
    raise _start_failure(f"the emulator did not answer within {START_SECONDS} s", home)


def _start_failure(what: str, home: Path) -> ToolError:
    lines = _log(home).read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:]
    said = "\n".join(lines) or "(nothing)"
    return ToolError(
        f"{what}; it said:\n{said}",
        where=str(_log(home)),
        hint="leave out the port to take a free one; else see the log",
    )


def _refuse_if_hung(home: Path) -> None:
    """A process that lives and does not answer may be busy with somebody's apply: ending it is the user's decision."""
    record = records.read(home)
    if record and record.names_living_process():
        raise ToolError(
            f"the emulator (process {record.pid}) runs but does not answer on {record.endpoint}",
            where=str(_log(home)),
            hint="try again, or stop it and lose its resources: groundplan emulator down",
        )


def _stop(home: Path) -> bool:
    record = records.read(home)
    if record is None or not record.names_living_process():
        (home / records.FILE).unlink(missing_ok=True)
        return False
    os.kill(record.pid, signal.SIGTERM)
    if not _ends(record, STOP_SECONDS):
        os.kill(record.pid, signal.SIGKILL)
        _ends(record, STOP_SECONDS)
    record.remove(home)
    return True


def _ends(record: Record, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while record.names_living_process():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _answers(record: Record) -> bool:
    try:
        health = _control(record.endpoint, "GET", "health")
    except (urllib.error.URLError, OSError, ValueError):
        return False
    return isinstance(health, dict) and health.get("token") == record.token


def _control(
    endpoint: str, method: str, what: str, body: Mapping[str, object] | None = None, seconds: float = HEALTH_SECONDS
) -> object:
    # No proxy is asked: HTTP_PROXY in the environment does not concern loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{endpoint}/_groundplan/{what}", data, method=method)
    with opener.open(request, timeout=seconds) as answer:
        told: object = json.load(answer)
    return told


def _on_port(running: RunningEmulator, port: int | None, home: Path) -> RunningEmulator:
    if port and not running.endpoint.endswith(f":{port}"):
        raise ToolError(
            f"the emulator runs already, on {running.endpoint}, not on port {port}",
            where=str(home),
            hint="leave out the port, or stop it first: groundplan emulator down",
        )
    return running


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    """Hold the home's lock; the operating system lets go of it when this process dies."""
    home.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + LOCK_SECONDS
    with (home / "lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ToolError(
                        f"another command has been starting or stopping the emulator for {LOCK_SECONDS} s",
                        where=str(home / "lock"),
                        hint="wait for it, or end it",
                    ) from None
                time.sleep(_POLL_SECONDS)
        yield


def _log(home: Path) -> Path:
    return home / "server.log"
