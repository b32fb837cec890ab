"""What ends ``cost refresh``, or one price of it; refusals and answers are played as price_list_server.py says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import Project
from tests.unit.cost.conftest import TABLE
from tests.unit.cost.price_list_server import PriceList, refusal, reply
from tests.unit.cost.refreshing import entry, run
from tooling.cost.refresh import client_for, refresh
from tooling.errors import Exit, ToolError

BOTH = ("us-east-1", "us-west-2")


def test_throttled_calls_are_tried_again(aws: PriceList, table: Path) -> None:
    # GIVEN
    aws.has("nat_gateway")
    aws.before = [refusal("ThrottlingException", "Rate exceeded"), refusal("ThrottlingException", "Rate exceeded")]

    # WHEN
    run(table, "--id", "nat_gateway.hour", "--region", "us-east-1")

    # THEN
    assert len(aws.asked) == 3
    assert "usd: 0.045, as_of: 2026-08-12" in table.read_text()


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("ThrottlingException", "AWS throttles the price list"),
        ("ExpiredTokenException", "the AWS credentials have expired"),
        ("UnrecognizedClientException", "AWS refused the credentials"),
        ("AccessDeniedException", "AWS refused the credentials"),
        ("InternalErrorException", "AWS's price list failed"),
    ],
)
def test_a_refusal_of_the_caller_ends_the_run(
    aws: PriceList, impatient: Any, table: Path, code: str, what: str
) -> None:
    # GIVEN
    aws.before = [refusal(code, "as it is") for _ in range(10)]

    # WHEN
    with pytest.raises(ToolError) as raised:
        refresh(impatient, [entry(table, "nat_gateway.hour")], BOTH)

    # THEN
    assert raised.value.what.startswith(what)
    assert raised.value.exit_code == Exit.FAILED
    assert raised.value.hint


def test_expired_credentials_leave_the_table_as_it_is(aws: PriceList, table: Path) -> None:
    # GIVEN
    aws.before = [refusal("ExpiredTokenException", "The security token included in the request is expired")] * 20

    # WHEN
    with pytest.raises(ToolError, match="the AWS credentials have expired"):
        run(table)

    # THEN
    assert table.read_text() == TABLE


def test_a_query_that_aws_does_not_take_is_one_price_left_not_a_failed_run(aws: PriceList, table: Path) -> None:
    # GIVEN
    aws.has("nat_gateway")
    aws.before = [refusal("InvalidParameterException", "unknown field productFamily")]

    # WHEN
    result = run(table, "--id", "nat_gateway.hour", "--region", "us-east-1")

    # THEN
    assert "stays: AWS does not take the query: unknown field productFamily" in result.stdout


@pytest.mark.parametrize(
    "body",
    [
        b"<html>a proxy</html>",
        b"{}",
        json.dumps({"FormatVersion": "aws_v1", "PriceList": ["not JSON"]}).encode(),
        json.dumps({"FormatVersion": "aws_v1", "PriceList": ['{"product": {}}']}).encode(),
        json.dumps({"FormatVersion": "aws_v1", "PriceList": ["[1, 2]"]}).encode(),
    ],
)
def test_an_answer_that_is_no_price_list_ends_the_run_and_writes_nothing(
    aws: PriceList, table: Path, body: bytes
) -> None:
    # GIVEN
    aws.before = [reply(body)]

    # WHEN
    with pytest.raises(ToolError, match="AWS's price list answered something that is none") as raised:
        run(table, "--id", "nat_gateway.hour", "--region", "us-east-1")

    # THEN
    assert "AWS_ENDPOINT_URL_PRICING" in str(raised.value.hint)
    assert table.read_text() == TABLE


def test_without_credentials_the_error_says_which_do(
    aws: PriceList, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    # WHEN
    with pytest.raises(ToolError, match="there are no AWS credentials") as raised:
        run(table)

    # THEN
    assert "pricing:GetProducts" in str(raised.value.hint)
    assert aws.asked == []


def test_an_endpoint_that_nobody_answers_is_an_error_not_an_empty_list(
    aws: PriceList, impatient: Any, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN
    import boto3
    from botocore.config import Config

    monkeypatch.setenv("AWS_ENDPOINT_URL_PRICING", "http://127.0.0.1:9")
    client = boto3.session.Session().client(
        "pricing", region_name="us-east-1", config=Config(retries={"max_attempts": 0}, connect_timeout=2)
    )

    # WHEN / THEN
    with pytest.raises(ToolError, match="no answer that reads from AWS's price list"):
        refresh(client, [entry(table, "nat_gateway.hour")], BOTH)


def test_the_emulator_is_never_asked(aws: PriceList, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN
    monkeypatch.setenv("EMULATOR", "1")

    # WHEN / THEN
    with pytest.raises(ToolError, match="EMULATOR is set, and the emulator has no price list"):
        client_for(None)
    monkeypatch.delenv("EMULATOR")
    with pytest.raises(ToolError, match="local runs on the emulator, and the emulator has no price list"):
        client_for("local")


def test_a_glob_that_means_nothing_and_a_region_that_is_none_are_wrong_usage(aws: PriceList, table: Path) -> None:
    for args, what in (
        (("--id", "nat.*"), "no price is called 'nat.*'"),
        (("--region", "us-est-1"), "there is no region"),
    ):
        with pytest.raises(ToolError) as raised:
            run(table, *args)
        assert raised.value.what.startswith(what)
        assert raised.value.exit_code == Exit.USAGE
    assert aws.asked == []


def test_the_command_line_refreshes_a_table_and_ends_with_1_when_the_credentials_have_expired(
    aws: PriceList, table: Path, tmp_path: Path
) -> None:
    # GIVEN
    project = Project(tmp_path, {name: value for name, value in os.environ.items() if name.startswith("AWS_")})
    aws.has("nat_gateway")

    # WHEN
    done = project.run("cost", "refresh", "--table", str(table), "--id", "nat_gateway.hour")
    aws.before = [refusal("ExpiredTokenException", "expired")] * 20
    failed = project.run("cost", "refresh", "--table", str(table), "--id", "nat_gateway.hour")

    # THEN
    assert done.code == Exit.DONE, done.said
    assert "nat_gateway.hour  us-east-1  0.04 -> 0.045 (+12.5 %)  per hour\n" in done.out
    assert "price list" in done.err
    assert failed.code == Exit.FAILED
    assert "error: the AWS credentials have expired" in failed.err
    assert failed.out == ""
