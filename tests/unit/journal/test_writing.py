"""The journal is on the disk and in the bucket before anything happens, and a copy that lags is told, not raised."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.unit.journal.journals import HEADER, hook
from tooling.errors import ToolError
from tooling.journal import Journaling, read_journal
from tooling.process import ProcessId
from tooling.terraform.events import parse_event
from tooling.terraform.output import Record
from tooling.terraform.runner import Terraform
from tooling.terraform.running import Running

ENDED = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)


@dataclass
class Bucket:
    """Stands for the state bucket; refuses from the call on that is named."""

    refuses_from: int = 99
    calls: int = 0
    objects: dict[str, bytes] = field(default_factory=dict)

    def put(self, key: str, content: bytes) -> None:
        self.calls += 1
        if self.calls >= self.refuses_from:
            raise ToolError("PutObject was refused (AccessDenied)", where=key)
        self.objects[key] = content


def begin(path: Path, bucket: Any, notes: list[str]) -> Journaling:
    return Journaling(path, HEADER, bucket, "dev/journals/kefir/r.jsonl", notes.append)


def event(kind: str, address: str, **more: Any) -> Any:
    return parse_event(json.dumps(hook(kind, address, **more)))


def test_the_header_is_in_both_places_before_anything_else(tmp_path: Path) -> None:
    bucket = Bucket()

    journal = begin(tmp_path / "run.jsonl", bucket, [])

    assert read_journal((tmp_path / "run.jsonl").read_bytes(), "j").header == HEADER
    assert read_journal(bucket.objects["dev/journals/kefir/r.jsonl"], "j").header == HEADER
    assert (tmp_path / "run.jsonl").stat().st_mode & 0o777 == 0o600
    journal.end("", ENDED)


def test_nothing_begins_when_the_bucket_does_not_take_it(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="AccessDenied"):
        begin(tmp_path / "run.jsonl", Bucket(refuses_from=1), [])

    assert not (tmp_path / "run.jsonl").exists()


def test_at_its_end_the_copy_says_all_that_the_file_says(tmp_path: Path) -> None:
    bucket, path = Bucket(), tmp_path / "run.jsonl"
    journal = begin(path, bucket, [])
    journal.terraform_started(ProcessId("build-7", 12, "77"))
    for one in (event("apply_start", "aws_x.a"), event("apply_complete", "aws_x.a", id_value="i")):
        with path.open("a") as file:
            file.write(json.dumps(one.body) + "\n")
        journal(one)
    journal.end("terraform apply was ended by SIGKILL", ENDED)

    written = read_journal(path.read_bytes(), "j")
    copied = read_journal(bucket.objects["dev/journals/kefir/r.jsonl"], "j")

    assert written == copied
    assert written.done("create")["aws_x.a"].id == "i"
    assert written.ending is not None
    assert written.ending.error == "terraform apply was ended by SIGKILL"


def test_a_copy_that_falls_behind_is_told_once_and_stops_nothing(tmp_path: Path) -> None:
    bucket, notes = Bucket(refuses_from=2), list[str]()
    journal = begin(tmp_path / "run.jsonl", bucket, notes)

    journal(event("apply_start", "aws_x.a"))
    journal.end("", ENDED)

    assert bucket.calls >= 2
    assert len(notes) == 1
    assert "the journal's copy is behind" in notes[0]


def test_a_process_that_writes_its_events_itself_is_followed_to_its_last_word(tmp_path: Path) -> None:
    # GIVEN a stand-in for Terraform that prints three events with pauses, the last without an end of line
    script = tmp_path / "terraform"
    script.write_text(
        f"#!{sys.executable}\n"
        "import json, sys, time\n"
        "for word in ('one', 'two'):\n"
        "    print(json.dumps({'type': word, '@message': word}), flush=True)\n"
        "    time.sleep(0.2)\n"
        "sys.stdout.write(json.dumps({'type': 'change_summary', '@message': 'ä' * 70000}))\n"
    )
    script.chmod(0o755)
    record = tmp_path / "run.jsonl"
    record.write_text('{"groundplan": "run"}\n')
    started: list[int] = []
    terraform = Terraform(
        binary=script,
        root=tmp_path,
        data=tmp_path / "data",
        environ=dict(os.environ),
        stack="dev/tiny",
        running=Running(),
    )

    outcome = terraform.apply(tmp_path / "plan", lambda _event: None, record=Record(record, started.append))

    assert [one.kind for one in outcome.events] == ["one", "two", "change_summary"]
    assert len(outcome.events[-1].message) == 70000
    assert len(started) == 1
    assert record.read_text().startswith('{"groundplan": "run"}\n{"type": "one"')


def test_it_goes_on_when_its_reader_is_killed(tmp_path: Path) -> None:
    # GIVEN a process that appends to a record, started by one that is killed at once
    record = tmp_path / "run.jsonl"
    record.touch()
    loop = "import time\nfor n in range(20): print(n, flush=True); time.sleep(0.05)\n"
    child = f"{loop}open({str(tmp_path / 'done')!r}, 'w')"
    parent = (
        "import os, subprocess, sys\n"
        f"out = os.open({str(record)!r}, os.O_WRONLY | os.O_APPEND)\n"
        f"subprocess.Popen([sys.executable, '-c', {child!r}], stdout=out, start_new_session=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )

    died = subprocess.run([sys.executable, "-c", parent], check=False)

    assert died.returncode == -9
    for _ in range(200):
        if (tmp_path / "done").exists():
            break
        time.sleep(0.05)
    assert record.read_text().split() == [str(number) for number in range(20)]
