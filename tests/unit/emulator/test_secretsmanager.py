"""Secrets Manager: the versions of a secret."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]


def test_versions_keep_the_time_at_which_they_were_made(client: Client) -> None:
    secrets = client("secretsmanager")
    made = secrets.create_secret(Name="versions/kept", SecretString="first")
    (before,) = secrets.list_secret_version_ids(SecretId=made["ARN"])["Versions"]

    # Times are told to the second.
    time.sleep(1.1)
    (version,) = secrets.list_secret_version_ids(SecretId=made["ARN"])["Versions"]

    assert version["VersionId"] == made["VersionId"]
    assert version["VersionStages"] == ["AWSCURRENT"]
    assert version["CreatedDate"] == before["CreatedDate"]


def test_versions_of_a_secret_that_is_not_there_are_refused(client: Client) -> None:
    with pytest.raises(ClientError) as refused:
        client("secretsmanager").list_secret_version_ids(SecretId="versions/nowhere")

    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"
