"""`groundplan doctor`: the command as a user types it, set-up checks, links, CI."""

from __future__ import annotations

import json
import re
import shutil
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.support.applied import emulated_target
from tests.unit.doctor.conftest import Patient
from tooling.doctor import DIAGNOSES, NAMES, Examination, chosen, examine
from tooling.doctor.ci import check_ci, required
from tooling.doctor.examination import looked
from tooling.doctor.links import links
from tooling.doctor.setup import clock, packages, time_of_aws
from tooling.errors import Exit, ToolError
from tooling.live import Finding, ok

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DENIED = (
    '{"diagnostic": {"severity": "error", "address": "aws_s3_bucket.site", "summary": "creating bucket", '
    '"detail": "AccessDenied: User: u is not authorized to perform: s3:CreateBucket"}}\n'
)
WORKFLOW = """\
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    env:
      AWS_ACCESS_KEY_ID: ${{ secrets.AWS_ACCESS_KEY_ID }}
      AWS_SECRET_ACCESS_KEY: ${{ secrets.AWS_SECRET_ACCESS_KEY }}
      GH_TOKEN: ${{ secrets.GITHUB_TOKEN }}
      ROLE: ${{ vars.AWS_ROLE }}
"""


@pytest.mark.requirement("KF-TRB-01")
def test_the_set_up_is_checked_and_the_command_ends_with_zero(patient: Patient) -> None:
    answer = patient.project.run("doctor", "--json")

    found = {one["name"]: one for one in json.loads(answer.out)}
    assert {"Python packages", "Terraform", "AWS provider", "clock", "credentials and account"} <= set(found)
    assert "cdktf 0.21.0" in found["Python packages"]["saw"]
    assert re.match(r"1\.\d+\.\d+ at /", found["Terraform"]["saw"])
    assert (found["AWS provider"]["status"], found["AWS provider"]["saw"][:5]) == ("ok", "from ")
    assert found["clock"]["status"] == "ok"
    assert found["state bucket"]["status"] == "ok"
    assert [name for name, one in found.items() if one["status"] == "failed"] == []
    assert answer.code == 0


@pytest.mark.requirement("KF-TRB-01")
def test_a_package_that_is_missing_is_named_with_the_command_that_installs_it() -> None:
    def version(name: str) -> str:
        if name == "cdktf":
            raise PackageNotFoundError(name)
        return "1.0"

    with pytest.raises(ToolError, match="cdktf is not installed") as caught:
        packages(version)

    assert caught.value.hint == "make setup"


@pytest.mark.parametrize(
    ("apart", "status", "says"),
    [
        (0, "ok", "the same as AWS's"),
        (-59, "ok", "59 s behind AWS's"),
        (60, "warned", "60 s ahead of AWS's"),
        (-300, "failed", "300 s behind AWS's"),
    ],
)
def test_a_clock_that_is_wrong_is_told_before_aws_refuses(apart: int, status: str, says: str) -> None:
    found = clock(NOW, NOW + timedelta(seconds=apart))

    assert (found.status, found.saw) == (status, says)


def test_the_time_is_told_by_a_refusal_as_well() -> None:
    then = NOW - timedelta(minutes=10)

    class Refusing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = b"<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>"
            self.send_response(403)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def date_time_string(self, timestamp: float | None = None) -> str:
            del timestamp
            return format_datetime(then, usegmt=True)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        told = time_of_aws(emulated_target(f"http://127.0.0.1:{server.server_port}"))
    finally:
        server.shutdown()
        server.server_close()

    assert told == then


def test_a_look_that_cannot_go_on_keeps_what_it_found_and_says_why() -> None:
    def refused(code: str) -> Iterator[Finding]:
        yield ok("first", "seen")
        answer = {"Error": {"Code": code, "Message": "no"}}
        raise ToolError(f"refused: {code}", hint="do this") from ClientError(answer, "DescribeThing")

    assert [(one.name, one.status, one.next) for one in looked("second", refused("ThingNotFound"))] == [
        ("first", "ok", ""),
        ("second", "failed", "do this"),
    ]
    # Whoever may not ask learns nothing of the stack.
    assert [(one.status, one.saw) for one in looked("second", refused("AccessDeniedException"))][1:] == [
        ("skipped", "cannot be asked with these credentials: refused: AccessDeniedException")
    ]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--ci", "--links"], "choose one of --check, --list, --links and --ci"),
        (["--list", "--check", "dns"], "choose one of --check, --list, --links and --ci"),
        (["--check", "latency", "--url", "127.0.0.1:3000"], "is no address"),
        (["--check", "latency", "--url", "http://127.0.0.1:99999"], "is no address"),
    ],
)
def test_what_makes_no_sense_is_refused_as_usage(patient: Patient, options: list[str], says: str) -> None:
    answer = patient.project.run("doctor", *options)

    assert answer.code == Exit.USAGE
    assert says in answer.err


def test_a_set_up_that_is_not_ready_says_that_the_stack_was_not_looked_at(patient: Patient) -> None:
    ready = patient.project.run("doctor", "--stack", "shop", "--json")
    shutil.rmtree(patient.project.root / "modules")
    answer = patient.project.run("doctor", "--stack", "shop", "--json")

    found = json.loads(answer.out)
    assert answer.code == Exit.FAILED
    assert [one["name"] for one in found if one["status"] == "failed"] == ["generated files"]
    assert (found[-1]["name"], found[-1]["status"]) == ("shop", "skipped")
    assert found[-1]["saw"].startswith("not looked at")
    assert ready.code == 0, ready.said
    assert {one.get("stack") for one in json.loads(ready.out)} == {None, "local/shop"}


def test_each_question_has_a_name_of_its_own_and_fits_by_what_a_stack_holds(patient: Patient) -> None:
    examination = patient.examination({"aws_sns_topic.alerts": {"arn": "arn:aws:sns:us-east-1:1:gone", "name": "a"}})

    assert len(set(NAMES)) == len(DIAGNOSES)
    assert [one.name for one in DIAGNOSES if one.fits(examination.types)] == ["permissions", "latency", "alarms"]
    assert [one.name for one in chosen(["alarms", "database"])] == ["database", "alarms"]
    (found,) = examine(examination, chosen(["database"]), named=True)
    assert [(one.status, one.saw) for one in found.findings] == [
        ("skipped", "the stack holds nothing that this is about")
    ]
    assert examine(examination, chosen(["database"]), named=False) == ()


def test_a_question_that_nobody_asks_is_refused_with_those_there_are(patient: Patient) -> None:
    answer = patient.project.run("doctor", "--check", "databse")

    assert answer.code == Exit.USAGE
    assert "there is no check 'databse'" in answer.err
    assert "task-start, database, health-check" in answer.err


def test_a_question_that_does_not_fit_says_so_where_it_was_asked_for(patient: Patient) -> None:
    answer = patient.project.run("doctor", "--stack", "shop", "--check", "network", "--check", "latency", "--json")

    assert answer.code == 0, answer.said
    found = [(one["stack"], one["check"], one["name"], one["status"]) for one in json.loads(answer.out)]
    assert found == [
        ("local/shop", "network", "network", "skipped"),
        ("local/shop", "latency", "AWS in us-east-1", "ok"),
    ]


def test_what_is_wrong_ends_the_command_with_one_and_its_name(patient: Patient) -> None:
    patient.project.write(".groundplan/changesets/local/c1/shop/run-1.jsonl", DENIED)

    answer = patient.project.run("doctor", "--stack", "shop", "--check", "permissions")

    assert answer.code == Exit.FAILED
    assert "local/shop permissions: why is a deployment refused?" in answer.out
    assert "  ✗ denied in the last apply: s3:CreateBucket (aws_s3_bucket.site)" in answer.out
    assert "    means: AWS refused it" in answer.out
    assert "error: local: wrong: denied in the last apply" in answer.err


@pytest.mark.requirement("KF-TRB-09")
def test_links_lead_to_logs_console_and_the_last_apply(patient: Patient) -> None:
    log = patient.project.write(".groundplan/changesets/local/c1/shop/run-1.jsonl", "{}\n")
    examination: Examination = patient.examination(
        {
            "aws_cloudwatch_log_group.own": {"name": "/aws/lambda/kefir-app-dev-handleAuth"},
            "aws_lambda_function.own": {"function_name": "kefir-app-dev-handleAuth"},
            "aws_dynamodb_table.own": {"name": "no page of its own"},
        }
    )

    found = {link.what: link.where for link in links(examination)}

    console = "https://us-east-1.console.aws.amazon.com"
    assert found == {
        "log /aws/lambda/kefir-app-dev-handleAuth": f"{console}/cloudwatch/home?region=us-east-1"
        "#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fkefir-app-dev-handleAuth",
        "function kefir-app-dev-handleAuth": f"{console}/lambda/home?region=us-east-1"
        "#/functions/kefir-app-dev-handleAuth?tab=monitoring",
        "last apply": str(log.relative_to(patient.project.root)),
        "help": "docs/troubleshooting.md",
    }


@pytest.mark.requirement("KF-CI-11")
def test_the_secrets_that_the_workflows_ask_for_are_listed(tmp_path: Path) -> None:
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    (folder / "deploy.yml").write_text(WORKFLOW)

    assert [(one.kind, one.name, one.files) for one in required(tmp_path)] == [
        ("secret", "AWS_ACCESS_KEY_ID", ("deploy.yml",)),
        ("secret", "AWS_SECRET_ACCESS_KEY", ("deploy.yml",)),
        ("variable", "AWS_ROLE", ("deploy.yml",)),
    ]
    unasked = check_ci(tmp_path, gh=str(tmp_path / "no-gh"))
    assert {one.status for one in unasked} == {"manual"}
    assert unasked[0].next.startswith("gh secret set AWS_ACCESS_KEY_ID")


def test_a_secret_that_github_has_not_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    (folder / "deploy.yml").write_text(WORKFLOW)
    gh = tmp_path / "gh"
    gh.write_text(
        '#!/bin/sh\ncase "$*" in\n'
        '"secret list --json name") echo \'[{"name": "AWS_ACCESS_KEY_ID"}]\' ;;\n'
        '"api"*) echo \'[{"name": "dev"}]\' ;;\n'
        '"variable list --env dev"*) echo \'[{"name": "AWS_ROLE"}]\' ;;\n'
        "*) echo '[]' ;;\nesac\n"
    )
    gh.chmod(gh.stat().st_mode | stat.S_IXUSR)

    found = {one.name: one.status for one in check_ci(tmp_path, gh=str(gh))}

    assert found == {
        "secret AWS_ACCESS_KEY_ID": "ok",
        "secret AWS_SECRET_ACCESS_KEY": "failed",
        "variable AWS_ROLE": "ok",
    }
