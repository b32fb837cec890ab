"""A call that nobody implements, or that moto breaks on, ends at once with its name."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from tooling.emulator.process import RunningEmulator

Client = Callable[..., Any]
Ask = Callable[[Client], object]

_MISSING: dict[str, tuple[str, Ask]] = {
    "json": (
        "stepfunctions:RedriveExecution",
        lambda client: client("stepfunctions").redrive_execution(executionArn="e"),
    ),
    "query": (
        "autoscaling:DescribeAccountLimits",
        lambda client: client("autoscaling").describe_account_limits(),
    ),
    "ec2": ("ec2:CreateIpam", lambda client: client("ec2").create_ipam()),
    "rest-json": ("xray:GetInsight", lambda client: client("xray").get_insight(InsightId="i")),
    "rest-json, unknown to moto": (
        "mediatailor:ListChannels",
        lambda client: client("mediatailor").list_channels(),
    ),
    "json, unknown to moto": (
        "cloudcontrol:ListResources",
        lambda client: client("cloudcontrol").list_resources(TypeName="AWS::S3::Bucket"),
    ),
    "rest-xml": (
        "cloudfront:ListStreamingDistributions",
        lambda client: client("cloudfront").list_streaming_distributions(),
    ),
    "rest-xml of s3": (
        "s3:PutBucketMetricsConfiguration",
        lambda client: client("s3").put_bucket_metrics_configuration(
            Bucket="b", Id="i", MetricsConfiguration={"Id": "i"}
        ),
    ),
    "one of several services of a name": (
        "elbv2:GetTrustStoreCaCertificatesBundle",
        lambda client: client("elbv2").get_trust_store_ca_certificates_bundle(TrustStoreArn="a"),
    ),
}


@pytest.mark.parametrize("protocol", _MISSING)
def test_missing_operation_is_refused_by_name_and_not_tried_again(client: Client, protocol: str) -> None:
    operation, ask = _MISSING[protocol]

    with pytest.raises(ClientError) as refused:
        ask(client)

    response = refused.value.response
    assert response["Error"]["Code"] == "NotImplementedByEmulator"
    assert response["Error"]["Message"] == f"the emulator has no {operation}"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert response["ResponseMetadata"]["RetryAttempts"] == 0


def test_missing_operation_is_written_down(client: Client, home: Path) -> None:
    with pytest.raises(ClientError):
        client("xray", account="666666666666", region="eu-west-1").get_insight(InsightId="i")

    entries = [json.loads(line) for line in (home / "missing.jsonl").read_text().splitlines()]
    (entry,) = [entry for entry in entries if entry["account"] == "666666666666"]
    assert entry.pop("time").startswith("20")
    assert entry == {"service": "xray", "operation": "GetInsight", "region": "eu-west-1", "account": "666666666666"}


def test_lambda_is_not_invoked(client: Client) -> None:
    with pytest.raises(ClientError, match="the emulator has no lambda:Invoke"):
        client("lambda").invoke(FunctionName="f")


def test_crash_of_moto_is_an_error_that_is_not_tried_again(client: Client, home: Path) -> None:
    # GIVEN a template that moto 5.2.5 breaks on: an output from a resource that is not there
    template = {
        "Resources": {"T": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["S", "SchemaArn"]}}},
    }

    with pytest.raises(ClientError) as refused:
        client("cloudformation").create_stack(StackName="s", TemplateBody=json.dumps(template))

    response = refused.value.response
    assert response["Error"]["Code"] == "EmulatorError"
    assert response["Error"]["Message"].startswith("the emulator failed in cloudformation:CreateStack: TypeError")
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert response["ResponseMetadata"]["RetryAttempts"] == 0
    assert "in validate_outputs" in (home / "server.log").read_text()


def _ask(emulator: RunningEmulator, method: str, path: str, headers: dict[str, str]) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(emulator.endpoint).netloc)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", {}),
        ("GET", "/no-such-bucket/key", {}),
        ("POST", "/", {"X-Amz-Target": "DynamoDB_20120810.ListTables"}),
        ("GET", "/", {"Authorization": "Basic dTpw"}),
        ("GET", "/_groundplan/nothing", {}),
        ("GET", "/_groundplan/reset", {}),
    ],
)
def test_request_of_nobody_is_answered_plainly(
    emulator: RunningEmulator, method: str, path: str, headers: dict[str, str]
) -> None:
    status, body = _ask(emulator, method, path, headers)

    assert status == 404
    assert "emulator" in body


def test_service_that_nobody_knows_is_refused_in_the_words_of_the_request(emulator: RunningEmulator) -> None:
    signed = "AWS4-HMAC-SHA256 Credential=k/20250101/us-east-1/nosuch/aws4_request, SignedHeaders=h, Signature=s"

    status, body = _ask(emulator, "GET", "/v1/things", {"Authorization": signed})

    assert status == 400
    assert json.loads(body)["message"] == "the emulator has no nosuch:GET /v1/things"
