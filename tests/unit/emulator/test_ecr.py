"""ECR: scanning that is switched off."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from tooling.emulator.process import RunningEmulator

Client = Callable[..., Any]

_HEADERS = {
    "Authorization": (
        "AWS4-HMAC-SHA256 Credential=555555555555/20250101/us-east-1/ecr/aws4_request, SignedHeaders=h, Signature=s"
    ),
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "AmazonEC2ContainerRegistry_V20150921.PutImageScanningConfiguration",
}


def test_scanning_is_switched_off_as_go_asks_for_it(client: Client, emulator: RunningEmulator) -> None:
    ecr = client("ecr")
    ecr.create_repository(repositoryName="scanned", imageScanningConfiguration={"scanOnPush": True})
    connection = http.client.HTTPConnection(urlsplit(emulator.endpoint).netloc)

    request = {"repositoryName": "scanned", "imageScanningConfiguration": {}}
    connection.request("POST", "/", json.dumps(request), _HEADERS)

    assert connection.getresponse().status == 200
    (read,) = ecr.describe_repositories(repositoryNames=["scanned"])["repositories"]
    assert read["imageScanningConfiguration"] == {"scanOnPush": False}


def test_scanning_is_switched_on(client: Client) -> None:
    ecr = client("ecr")
    ecr.create_repository(repositoryName="unscanned")

    ecr.put_image_scanning_configuration(repositoryName="unscanned", imageScanningConfiguration={"scanOnPush": True})

    (read,) = ecr.describe_repositories(repositoryNames=["unscanned"])["repositories"]
    assert read["imageScanningConfiguration"] == {"scanOnPush": True}
