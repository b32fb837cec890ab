"""Each kind of fault, as a real client meets it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    HTTPClientError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)

from tests.unit.faultproxy.conftest import Client, make_client
from tooling.emulator.process import RunningEmulator
from tooling.faultproxy import KINDS, FaultPlan, FaultProxy, Kind, Rule

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    # One service of each protocol, and those with codes of their own.
    "s3": ("list_buckets", {}),
    "sts": ("get_caller_identity", {}),
    "ec2": ("describe_vpcs", {}),
    "iam": ("list_roles", {}),
    "dynamodb": ("list_tables", {}),
    "cognito-idp": ("list_user_pools", {"MaxResults": 1}),
    "secretsmanager": ("list_secrets", {}),
    "lambda": ("list_functions", {}),
    "route53": ("list_hosted_zones", {}),
}
REFUSED = {
    Kind.ERROR500: {
        "s3": (500, "InternalError"),
        "ec2": (500, "InternalError"),
        "iam": (500, "ServiceFailure"),
        "dynamodb": (500, "InternalServerError"),
        "cognito-idp": (500, "InternalErrorException"),
        "lambda": (500, "ServiceException"),
        "*": (500, "InternalFailure"),
    },
    Kind.SLOWDOWN503: {"s3": (503, "SlowDown"), "*": (503, "ServiceUnavailable")},
    Kind.THROTTLE: {
        "s3": (503, "SlowDown"),
        "ec2": (503, "RequestLimitExceeded"),
        "dynamodb": (400, "ThrottlingException"),
        "secretsmanager": (400, "ThrottlingException"),
        "cognito-idp": (400, "TooManyRequestsException"),
        "lambda": (429, "TooManyRequestsException"),
        "*": (400, "Throttling"),
    },
    Kind.EXPIRED: {
        "s3": (400, "ExpiredToken"),
        "ec2": (400, "RequestExpired"),
        "dynamodb": (400, "ExpiredTokenException"),
        "cognito-idp": (400, "ExpiredTokenException"),
        "secretsmanager": (400, "ExpiredTokenException"),
        "lambda": (403, "ExpiredTokenException"),
        "*": (403, "ExpiredToken"),
    },
}


def test_without_a_rule_every_call_passes_unchanged(emulator: RunningEmulator, bucket: str) -> None:
    content = bytes(range(256)) * 4096

    with FaultProxy(emulator.endpoint) as proxy:
        s3 = make_client(proxy.endpoint, "s3")
        s3.put_object(Bucket=bucket, Key="a/b c+d.bin", Body=content)
        got = s3.get_object(Bucket=bucket, Key="a/b c+d.bin")["Body"].read()
        size = s3.head_object(Bucket=bucket, Key="a/b c+d.bin")["ContentLength"]

    assert (got, size) == (content, len(content))
    assert proxy.counts == {}
    assert [(entry.asked.operation, entry.asked.key, entry.status) for entry in proxy.log] == [
        ("PutObject", "a/b c+d.bin", 200),
        ("GetObject", "a/b c+d.bin", 200),
        ("HeadObject", "a/b c+d.bin", 200),
    ]
    assert {entry.asked.caller for entry in proxy.log} == {"boto3"}


def test_an_address_in_an_answer_is_the_emulators_own(emulator: RunningEmulator) -> None:
    with FaultProxy(emulator.endpoint) as proxy:
        url = make_client(proxy.endpoint, "sqs").create_queue(QueueName="kept")["QueueUrl"]

    assert url.startswith(emulator.endpoint)


@pytest.mark.parametrize("service", CALLS)
@pytest.mark.parametrize("kind", REFUSED)
def test_a_refusal_is_written_as_the_service_writes_it(emulator: RunningEmulator, kind: Kind, service: str) -> None:
    name, arguments = CALLS[service]

    with FaultProxy(emulator.endpoint, FaultPlan(rules=(Rule(kind),))) as proxy, pytest.raises(ClientError) as refused:
        getattr(make_client(proxy.endpoint, service), name)(**arguments)

    expected = REFUSED[kind].get(service, REFUSED[kind]["*"])
    told = refused.value.response
    assert (told["ResponseMetadata"]["HTTPStatusCode"], told["Error"]["Code"]) == expected
    assert told["Error"]["Message"]
    assert proxy.counts == {kind: 1}
    assert not proxy.log[0].carried_out


# How a service says that calls are too many is its own; all else is alike everywhere.
@pytest.mark.parametrize(
    ("kind", "service"),
    [
        *((kind, "s3") for kind in KINDS if kind not in (Kind.EXPIRED, Kind.DELAY, Kind.THROTTLE)),
        *((Kind.THROTTLE, service) for service in CALLS),
    ],
)
def test_clients_try_again_what_may_be_tried_again(emulator: RunningEmulator, kind: Kind, service: str) -> None:
    name, arguments = CALLS[service]
    rule = Rule(kind, times=1, seconds=0.1)

    with FaultProxy(emulator.endpoint, FaultPlan(rules=(rule,))) as proxy:
        answer = getattr(make_client(proxy.endpoint, service, attempts=2), name)(**arguments)

    assert answer["ResponseMetadata"]["RetryAttempts"] == 1
    assert [entry.fault for entry in proxy.log] == [kind, None]


def test_an_expired_token_is_not_tried_again(emulator: RunningEmulator) -> None:
    with (
        FaultProxy(emulator.endpoint, FaultPlan(rules=(Rule("expired", times=1),))) as proxy,
        pytest.raises(ClientError, match="expired"),
    ):
        make_client(proxy.endpoint, "sts", attempts=3).get_caller_identity()

    assert len(proxy.log) == 1


def test_a_delay_comes_late_and_whole(emulator: RunningEmulator) -> None:
    with FaultProxy(emulator.endpoint, FaultPlan(rules=(Rule("delay", seconds=0.4),))) as proxy:
        began = time.monotonic()
        answer = make_client(proxy.endpoint, "sts").get_caller_identity()

    assert time.monotonic() - began >= 0.4
    assert answer["Account"] == "444444444444"


def test_a_reset_gives_no_answer(emulator: RunningEmulator) -> None:
    with (
        FaultProxy(emulator.endpoint, FaultPlan(rules=(Rule("reset"),))) as proxy,
        pytest.raises(ConnectionClosedError),
    ):
        make_client(proxy.endpoint, "sts").get_caller_identity()

    assert (proxy.log[0].status, proxy.log[0].carried_out) == (0, False)


def test_a_truncated_answer_ends_in_the_middle_of_what_was_carried_out(
    emulator: RunningEmulator, direct: Client, bucket: str
) -> None:
    direct("s3").put_object(Bucket=bucket, Key="whole", Body=b"x" * 1000)

    with FaultProxy(emulator.endpoint, FaultPlan(rules=(Rule("truncate", key="*"),))) as proxy:
        s3 = make_client(proxy.endpoint, "s3")
        with pytest.raises((HTTPClientError, IncompleteReadError, ResponseStreamingError)):
            s3.get_object(Bucket=bucket, Key="whole")["Body"].read()
        # An answer without a body is cut in its head.
        with pytest.raises(HTTPClientError):
            s3.put_object(Bucket=bucket, Key="new", Body=b"kept")

    assert [entry.carried_out for entry in proxy.log] == [True, True]
    assert direct("s3").get_object(Bucket=bucket, Key="new")["Body"].read() == b"kept"


def test_a_call_that_hangs_ends_with_the_clients_patience(emulator: RunningEmulator) -> None:
    with FaultProxy(emulator.endpoint, FaultPlan(rules=(Rule("hang", seconds=30),))) as proxy:
        began = time.monotonic()
        with pytest.raises(ReadTimeoutError):
            make_client(proxy.endpoint, "sts", read_timeout=0.5).get_caller_identity()

    assert time.monotonic() - began < 10


def test_a_call_that_hangs_ends_after_its_seconds(emulator: RunningEmulator) -> None:
    with (
        FaultProxy(emulator.endpoint, FaultPlan(rules=(Rule("hang", seconds=0.5),))) as proxy,
        pytest.raises(ConnectionClosedError),
    ):
        make_client(proxy.endpoint, "sts").get_caller_identity()


@pytest.mark.parametrize("kind", [Kind.ERROR500, Kind.SLOWDOWN503, Kind.THROTTLE, Kind.RESET, Kind.EXPIRED, Kind.HANG])
@pytest.mark.parametrize("after", [False, True])
def test_after_means_that_the_call_was_carried_out_and_its_answer_lost(
    emulator: RunningEmulator, direct: Client, bucket: str, kind: Kind, after: bool
) -> None:
    rule = Rule(kind, operation="PutObject", after=after, seconds=0.2)

    with (
        FaultProxy(emulator.endpoint, FaultPlan(rules=(rule,))) as proxy,
        pytest.raises((ClientError, HTTPClientError)),
    ):
        make_client(proxy.endpoint, "s3").put_object(Bucket=bucket, Key="k", Body=json.dumps(1).encode())

    there = direct("s3").list_objects_v2(Bucket=bucket).get("KeyCount")
    assert there == (1 if after else 0)
    assert proxy.log[0].carried_out is after


def test_an_emulator_that_is_gone_looks_like_a_connection_that_ends() -> None:
    with FaultProxy("http://127.0.0.1:9") as proxy, pytest.raises(ConnectionClosedError):
        make_client(proxy.endpoint, "sts").get_caller_identity()


@pytest.mark.parametrize("address", ["http://192.0.2.1:80", "https://127.0.0.1:80", "http://example.com", "127.0.0.1"])
def test_faults_are_for_loopback_only(address: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        FaultProxy(address)


def test_requests_with_chunks_and_with_expectations_arrive_whole(
    emulator: RunningEmulator, direct: Client, bucket: str
) -> None:
    import http.client
    from urllib.parse import urlsplit

    credential = "AWS4-HMAC-SHA256 Credential=444444444444/20260101/us-east-1/s3/aws4_request, Signature=x"

    with FaultProxy(emulator.endpoint) as proxy:
        connection = http.client.HTTPConnection(urlsplit(proxy.endpoint).netloc, timeout=20)
        # Two requests on one connection: the second starts where the first ended.
        for name in ("one", "two"):
            body = iter([name.encode() * 1000, b"-end"])
            headers = {"Authorization": credential, "Transfer-Encoding": "chunked", "Expect": "100-continue"}
            connection.request("PUT", f"/{bucket}/{name}", body, headers, encode_chunked=True)
            assert connection.getresponse().read() == b""
        connection.close()

    assert direct("s3").get_object(Bucket=bucket, Key="two")["Body"].read() == b"two" * 1000 + b"-end"
