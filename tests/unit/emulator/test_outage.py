"""A region that is down, switched on and off from outside."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tooling.emulator.process import RunningEmulator, outage

Client = Callable[..., Any]


@pytest.fixture
def once(emulator: RunningEmulator) -> Client:
    """Clients that do not try again: a region that is down stays down for as long as the test wants."""

    def make(service: str, region: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=emulator.endpoint,
            region_name=region,
            aws_access_key_id="555555555555",
            aws_secret_access_key="unchecked",
            config=Config(retries={"total_max_attempts": 1}),
        )

    return make


@pytest.fixture
def switch(emulator: RunningEmulator) -> Iterator[Callable[..., tuple[int, str]]]:
    def ask(method: str, body: str = "") -> tuple[int, str]:
        connection = http.client.HTTPConnection(urlsplit(emulator.endpoint).netloc)
        connection.request(method, "/_groundplan/outage", body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    yield ask
    ask("DELETE")


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("dynamodb", "list_tables"),
        ("s3", "list_buckets"),
        ("sns", "list_topics"),
        ("ec2", "describe_vpcs"),
        ("lambda", "list_functions"),
    ],
)
def test_every_protocol_says_that_the_region_is_down(
    emulator: RunningEmulator, once: Client, service: str, operation: str
) -> None:
    with outage(emulator, "us-east-1"), pytest.raises(ClientError) as refused:
        getattr(once(service, "us-east-1"), operation)()

    response = refused.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert response["Error"]["Code"] == "ServiceUnavailable"
    assert "us-east-1 is down" in response["Error"]["Message"]


def test_other_region_answers(emulator: RunningEmulator, once: Client) -> None:
    with outage(emulator, "us-east-1"):
        assert once("dynamodb", "us-west-2").list_tables()["TableNames"] is not None


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("cloudfront", "list_distributions"),
        ("iam", "list_roles"),
        ("route53", "list_hosted_zones"),
        ("sts", "get_caller_identity"),
    ],
)
def test_global_services_answer(emulator: RunningEmulator, once: Client, service: str, operation: str) -> None:
    with outage(emulator, "us-east-1"):
        assert getattr(once(service, "us-east-1"), operation)()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_outage_ends_also_when_the_test_fails(emulator: RunningEmulator, once: Client) -> None:
    with pytest.raises(ZeroDivisionError), outage(emulator, "us-east-1"):
        raise ZeroDivisionError

    once("dynamodb", "us-east-1").list_tables()


def test_object_that_anybody_may_read_is_gone_with_its_region(emulator: RunningEmulator, client: Client) -> None:
    s3 = client("s3", region="us-west-2")
    s3.create_bucket(Bucket="outage-west", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.put_object(Bucket="outage-west", Key="k", Body=b"1", ACL="public-read")

    def read() -> int:
        connection = http.client.HTTPConnection(urlsplit(emulator.endpoint).netloc)
        connection.request("GET", "/outage-west/k")
        return connection.getresponse().status

    with outage(emulator, "us-east-1"):
        while_east_is_down = read()
    with outage(emulator, "us-west-2"):
        while_west_is_down = read()
    assert (while_east_is_down, while_west_is_down) == (200, 503)


def test_switch_tells_what_it_is_set_to(switch: Callable[..., tuple[int, str]]) -> None:
    told = [
        switch("GET"),
        switch("POST", '{"region": "us-east-1"}'),
        switch("GET"),
        switch("DELETE"),
        switch("GET"),
    ]

    assert [status for status, _ in told] == [200] * 5
    assert [json.loads(body)["region"] for _, body in told] == [None, "us-east-1", "us-east-1", None, None]


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"region": 1}', '{"region": ""}'])
def test_switch_refuses_what_names_no_region(switch: Callable[..., tuple[int, str]], body: str) -> None:
    status, said = switch("POST", body)

    assert (status, "an outage is a JSON object with a region" in said) == (400, True)
    assert json.loads(switch("GET")[1]) == {"region": None}
