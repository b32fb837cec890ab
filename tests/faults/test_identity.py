"""Wrong credentials, account or region: refused before Terraform starts. STS is the emulator's."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.support.project import Project
from tooling.emulator.process import RunningEmulator


@pytest.fixture
def on_aws(tiny: Project) -> Project:
    """The tiny project as one that targets AWS; AWS_ENDPOINT_URL lets the emulator answer for it."""
    file = tiny.root / "envs/local/env.toml"
    file.write_text(file.read_text().replace('"emulator"', '"aws"'))
    # Terraform would leave its data here; these tests want to see that it never ran.
    return tiny


def started(project: Project) -> bool:
    return (project.root / ".groundplan/stacks").exists()


def keys(emulator: RunningEmulator, account: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": emulator.endpoint,
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_REGION": "us-east-1",
    }


def test_no_credentials_are_said_so_and_what_to_set(on_aws: Project, emulator: RunningEmulator) -> None:
    answer = on_aws.run(
        "plan",
        environ={
            "AWS_ENDPOINT_URL": emulator.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
            "AWS_CONFIG_FILE": "/nowhere",
        },
    )

    assert answer.code == 1, answer.said
    assert "there are no AWS credentials" in answer.err
    assert "AWS_PROFILE" in answer.err
    assert not started(on_aws)


def test_credentials_of_another_account_are_refused(on_aws: Project, emulator: RunningEmulator) -> None:
    answer = on_aws.run("plan", environ=keys(emulator, "999999999999"))

    assert answer.code == 1
    assert "the credentials are of account 999999999999, the environment is account 123456789012" in answer.err
    assert not started(on_aws)


def test_another_region_in_the_shell_is_refused(on_aws: Project, emulator: RunningEmulator) -> None:
    answer = on_aws.run("plan", environ=keys(emulator, "123456789012") | {"AWS_REGION": "eu-west-1"})

    assert answer.code == 1
    assert "AWS_REGION is eu-west-1, the environment is in us-east-1" in answer.err
    assert not started(on_aws)


def test_the_right_account_and_region_plan(on_aws: Project, emulator: RunningEmulator) -> None:
    answer = on_aws.run("plan", environ=keys(emulator, "123456789012"))

    assert answer.code == 0, answer.said
    assert started(on_aws)


EXPIRED = b"""<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error>
<RequestId>0</RequestId></ErrorResponse>"""


class ExpiredTokens(BaseHTTPRequestHandler):
    """Answers as AWS STS does to a token that ran out; the emulator knows no expiry."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(403)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(EXPIRED)))
        self.end_headers()
        self.wfile.write(EXPIRED)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def expired_sts() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), ExpiredTokens)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_expired_credentials_are_said_so(on_aws: Project, emulator: RunningEmulator, expired_sts: str) -> None:
    answer = on_aws.run("plan", environ=keys(emulator, "123456789012") | {"AWS_ENDPOINT_URL": expired_sts})

    assert answer.code == 1, answer.said
    assert "the AWS credentials have expired" in answer.err
    assert "renew them" in answer.err
    assert not started(on_aws)
