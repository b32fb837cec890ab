"""docs/runbooks.md: rows that were lost come back by its own command, between PostgreSQL databases that really run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace

import pytest

from tests.support.postgres import can_run, postgres_running
from tests.support.project import REPOSITORY

pytestmark = pytest.mark.skipif(not (can_run() and shutil.which("pg_dump")), reason="no PostgreSQL on this machine")


def test_rows_that_are_missing_come_back_and_nothing_else_changes() -> None:
    section = (REPOSITORY / "docs/runbooks.md").read_text().split("## A database, back to a moment")[1]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block is not None
    command = block[1].replace("--host <restored> fckdoomscroll", "restored").replace("--host <database>", "")
    with postgres_running("fckdoomscroll", "fckadmin") as server:
        # GIVEN rows as they were: one that was changed since, one that was deleted; and one that came since
        server.ask("CREATE DATABASE restored")
        before = replace(server, database="restored")
        for one in (server, before):
            one.ask("CREATE TABLE posts (id serial PRIMARY KEY, body text)")
            one.ask("INSERT INTO posts (body) VALUES ('first'), ('second')")
        server.ask("UPDATE posts SET body = 'changed' WHERE id = 1")
        server.ask("DELETE FROM posts WHERE id = 2")
        server.ask("INSERT INTO posts (body) VALUES ('third')")

        # WHEN the runbook's command is run
        way = {"PGHOST": "127.0.0.1", "PGPORT": str(server.port), "PGUSER": server.owner, "PGPASSWORD": server.password}
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            env={**os.environ, **way},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

        # THEN the deleted row is back, the others are as they were, and the next one has a number of its own
        assert done.returncode == 0, done.stderr
        server.ask("INSERT INTO posts (body) VALUES ('fourth')")
        rows = server.ask("SELECT id, body FROM posts ORDER BY id").stdout.split()
        assert rows == ["1|changed", "2|second", "3|third", "4|fourth"]
