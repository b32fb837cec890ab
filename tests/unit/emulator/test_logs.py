"""CloudWatch Logs: saved queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]


@pytest.fixture
def logs(client: Client) -> Any:
    return client("logs")


def _named(logs: Any, prefix: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = logs.describe_query_definitions(queryDefinitionNamePrefix=prefix)["queryDefinitions"]
    return found


def test_query_definition_is_kept_as_sent(logs: Any) -> None:
    made = logs.put_query_definition(name="kept/a", queryString="fields @message", logGroupNames=["g"])
    logs.put_query_definition(name="other", queryString="stats count()")

    (query,) = _named(logs, "kept/")

    assert query["queryDefinitionId"] == made["queryDefinitionId"]
    assert (query["queryString"], query["logGroupNames"]) == ("fields @message", ["g"])


def test_query_definition_is_changed_under_its_id(logs: Any) -> None:
    query_id = logs.put_query_definition(name="changed", queryString="fields @message")["queryDefinitionId"]

    logs.put_query_definition(queryDefinitionId=query_id, name="changed", queryString="stats count()")

    assert [query["queryString"] for query in _named(logs, "changed")] == ["stats count()"]


def test_query_definition_is_deleted_once(logs: Any) -> None:
    query_id = logs.put_query_definition(name="deleted", queryString="fields @message")["queryDefinitionId"]

    assert logs.delete_query_definition(queryDefinitionId=query_id)["success"] is True
    assert _named(logs, "deleted") == []
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.delete_query_definition(queryDefinitionId=query_id)


def test_unknown_query_definition_is_not_changed(logs: Any) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.put_query_definition(queryDefinitionId="nosuch", name="n", queryString="fields @message")


def test_key_of_a_group_is_set_and_dropped(logs: Any) -> None:
    key = "arn:aws:kms:us-east-1:555555555555:key/k"
    logs.create_log_group(logGroupName="keyed")

    logs.associate_kms_key(logGroupName="keyed", kmsKeyId=key)
    assert logs.describe_log_groups(logGroupNamePrefix="keyed")["logGroups"][0]["kmsKeyId"] == key

    logs.disassociate_kms_key(logGroupName="keyed")
    assert "kmsKeyId" not in logs.describe_log_groups(logGroupNamePrefix="keyed")["logGroups"][0]


def test_key_of_no_group_is_refused(logs: Any) -> None:
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.associate_kms_key(logGroupName="nosuch", kmsKeyId="arn:aws:kms:us-east-1:555555555555:key/k")


def test_group_made_again_has_only_its_own_tags(logs: Any) -> None:
    logs.create_log_group(logGroupName="again", tags={"old": "1"})

    logs.delete_log_group(logGroupName="again")
    logs.create_log_group(logGroupName="again", tags={"new": "2"})

    arn = logs.describe_log_groups(logGroupNamePrefix="again")["logGroups"][0]["arn"].removesuffix(":*")
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"new": "2"}
