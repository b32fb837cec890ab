"""The emulator's process: started once, found by what proves it, stopped alone."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from tooling.emulator import record as records
from tooling.emulator.process import down, status, up
from tooling.emulator.record import HOME_IS_SERVED
from tooling.errors import ToolError
from tooling.process import process_birth


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of an emulator that runs when a test begins and must run unchanged when it ends."""
    folder = tmp_path_factory.mktemp("shared") / "emulator"
    up(folder)
    yield folder
    down(folder)


@pytest.fixture
def record(shared_home: Path) -> Iterator[dict[str, object]]:
    """The record in ``shared_home``, put back after the test."""
    kept = _record_of(shared_home)
    yield kept
    (shared_home / records.FILE).write_text(json.dumps(kept))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "emulator"
    yield folder
    down(folder)


def _await_end(pid: int) -> None:
    for _ in range(500):
        if process_birth(pid) is None:
            return
        time.sleep(0.01)
    pytest.fail(f"process {pid} is still there")


def _record_of(home: Path) -> dict[str, object]:
    loaded: dict[str, object] = json.loads((home / records.FILE).read_text())
    return loaded


def test_up_status_down(home: Path) -> None:
    assert status(home) is None

    began = time.monotonic()
    started = up(home)
    seconds = time.monotonic() - began
    found = status(home)
    again = up(home)

    # 0.6 s on a free core; the limit leaves room for a busy machine.
    assert seconds < 5
    assert started == found == again
    assert started.endpoint.startswith("http://127.0.0.1:")
    assert started.log == home / "server.log"
    assert not started.outdated
    assert down(home) is True
    assert process_birth(started.pid) is None
    assert not (home / records.FILE).exists()
    assert status(home) is None
    assert down(home) is False


def test_process_is_its_own_session_and_takes_no_settings_of_aws(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("MOTO_ACCOUNT_ID", "999999999999")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    running = up(home)
    for variable in ("AWS_PROFILE", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(variable)

    assert os.getsid(running.pid) == running.pid
    keys = {"aws_access_key_id": "222222222222", "aws_secret_access_key": "s", "region_name": "us-east-1"}
    assert boto3.client("sts", endpoint_url=running.endpoint, **keys).get_caller_identity()["Account"] == "222222222222"


def test_reset_empties_moto_and_our_backends(shared_home: Path, record: dict[str, object]) -> None:
    session = boto3.Session("444444444444", "s", region_name="us-east-1")
    logs, s3 = (session.client(service, endpoint_url=str(record["endpoint"])) for service in ("logs", "s3"))
    logs.put_query_definition(name="q", queryString="fields @message")
    s3.create_bucket(Bucket="process-reset")

    reset = urllib.request.Request(f"{record['endpoint']}/_groundplan/reset", method="POST")
    with urllib.request.urlopen(reset) as answer:
        assert answer.status == 200

    assert logs.describe_query_definitions()["queryDefinitions"] == []
    assert s3.list_buckets()["Buckets"] == []
    assert status(shared_home) is not None


def test_two_at_once_start_one(home: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tooling.emulator.process import up;print(up(Path(sys.argv[1])).pid)"
    )
    starters = [
        subprocess.Popen([sys.executable, "-c", program, str(home)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]

    pids = {starter.communicate(timeout=60)[0].strip() for starter in starters}

    assert pids == {str(_record_of(home)["pid"])}


def test_command_that_never_ends_is_not_waited_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tooling.emulator.process.LOCK_SECONDS", 0.2)
    home.mkdir()
    with (home / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        with pytest.raises(ToolError, match="another command has been starting or stopping the emulator"):
            up(home)


def test_dead_child_that_nobody_has_reaped_is_no_process() -> None:
    child = subprocess.Popen(["sleep", "60"])
    assert process_birth(child.pid) is not None

    child.kill()

    _await_end(child.pid)
    child.wait()


def test_home_has_one_server_even_without_the_lock_of_up(shared_home: Path) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "tooling.emulator.server", "--home", str(shared_home)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode == HOME_IS_SERVED
    assert "another emulator serves" in second.stderr


def test_killed_server_is_noticed_and_replaced(home: Path) -> None:
    first = up(home)
    os.kill(first.pid, signal.SIGKILL)
    _await_end(first.pid)

    assert status(home) is None
    assert up(home).pid != first.pid


def test_process_id_given_to_somebody_else_is_left_alone(home: Path) -> None:
    # GIVEN the record of a dead emulator whose process id now belongs to another process
    running = up(home)
    record = _record_of(home)
    down(home)
    with subprocess.Popen(["sleep", "60"]) as somebody:
        (home / records.FILE).write_text(json.dumps({**record, "pid": somebody.pid}))

        assert status(home) is None
        assert down(home) is False
        assert somebody.poll() is None
        assert running.endpoint

        somebody.kill()


def test_endpoint_that_answers_as_another_emulator_is_not_ours(shared_home: Path, record: dict[str, object]) -> None:
    (shared_home / records.FILE).write_text(json.dumps({**record, "token": "another"}))

    assert status(shared_home) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}', "null"])
def test_damaged_record_counts_as_none(home: Path, content: str) -> None:
    home.mkdir()
    (home / records.FILE).write_text(content)

    assert status(home) is None
    assert down(home) is False


def test_stopped_process_is_reported_and_not_replaced(
    shared_home: Path, record: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tooling.emulator.process.HEALTH_SECONDS", 0.2)
    pid = int(str(record["pid"]))
    os.kill(pid, signal.SIGSTOP)

    try:
        with pytest.raises(ToolError, match=f"process {pid}.* does not answer") as refused:
            up(shared_home)
        assert "emulator down" in str(refused.value.hint)
    finally:
        os.kill(pid, signal.SIGCONT)


def test_down_kills_what_does_not_end(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tooling.emulator.process.STOP_SECONDS", 0.2)
    running = up(home)
    os.kill(running.pid, signal.SIGSTOP)

    assert down(home) is True

    assert process_birth(running.pid) is None


def test_taken_port_is_said(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(ToolError, match=f"cannot listen on port {port}: Address already in use"):
            up(home, port=port)

    assert status(home) is None


def test_running_on_another_port_is_said(shared_home: Path) -> None:
    with pytest.raises(ToolError, match=r"runs already, on http://127.0.0.1:\d+, not on port 1$"):
        up(shared_home, port=1)


def test_emulator_older_than_its_code_is_marked(shared_home: Path, record: dict[str, object]) -> None:
    (shared_home / records.FILE).write_text(json.dumps({**record, "version": "moto 4.0.0, 000000000000"}))

    found = status(shared_home)

    assert found is not None
    assert found.outdated
