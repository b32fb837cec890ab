"""X-Ray: groups, sampling rules and encryption."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]

RULE = {
    "Priority": 1000,
    "FixedRate": 0.05,
    "ReservoirSize": 1,
    "ResourceARN": "*",
    "ServiceName": "*",
    "ServiceType": "*",
    "Host": "*",
    "HTTPMethod": "*",
    "URLPath": "/api/*",
    "Version": 1,
}


@pytest.fixture
def xray(client: Client) -> Any:
    return client("xray")


@pytest.fixture
def group(xray: Any, request: pytest.FixtureRequest) -> dict[str, Any]:
    made = xray.create_group(
        GroupName=request.node.name,
        FilterExpression="fault = true",
        InsightsConfiguration={"InsightsEnabled": True},
        Tags=[{"Key": "team", "Value": "a"}],
    )
    return dict(made["Group"])


@pytest.fixture
def rule(xray: Any, request: pytest.FixtureRequest) -> dict[str, Any]:
    # A name has at most 32 characters.
    made = xray.create_sampling_rule(
        SamplingRule={"RuleName": request.node.name[-32:], **RULE}, Tags=[{"Key": "team", "Value": "a"}]
    )
    return dict(made["SamplingRuleRecord"]["SamplingRule"])


def _rule(xray: Any, name: str) -> dict[str, Any] | None:
    records = [each["SamplingRule"] for each in xray.get_sampling_rules()["SamplingRuleRecords"]]
    return next((each for each in records if each["RuleName"] == name), None)


def test_group_is_found_by_arn_and_by_name(xray: Any, group: dict[str, Any]) -> None:
    assert xray.get_group(GroupARN=group["GroupARN"])["Group"] == group
    assert xray.get_group(GroupName=group["GroupName"])["Group"] == group
    assert group in xray.get_groups()["Groups"]
    assert group["FilterExpression"] == "fault = true"
    assert group["GroupARN"].startswith(f"arn:aws:xray:us-east-1:555555555555:group/{group['GroupName']}/")


def test_group_changes_only_what_is_asked(xray: Any, group: dict[str, Any]) -> None:
    xray.update_group(GroupARN=group["GroupARN"], FilterExpression="error = true")
    xray.update_group(GroupARN=group["GroupARN"], InsightsConfiguration={"NotificationsEnabled": True})

    read = xray.get_group(GroupARN=group["GroupARN"])["Group"]

    assert read["FilterExpression"] == "error = true"
    assert read["InsightsConfiguration"] == {"InsightsEnabled": True, "NotificationsEnabled": True}


def test_second_group_of_a_name_is_refused(xray: Any, group: dict[str, Any]) -> None:
    with pytest.raises(xray.exceptions.InvalidRequestException, match="already exists"):
        xray.create_group(GroupName=group["GroupName"])


def test_deleted_group_is_gone_in_the_words_that_the_provider_knows(xray: Any, group: dict[str, Any]) -> None:
    xray.delete_group(GroupARN=group["GroupARN"])

    with pytest.raises(xray.exceptions.InvalidRequestException, match="Group not found"):
        xray.get_group(GroupARN=group["GroupARN"])
    with pytest.raises(xray.exceptions.InvalidRequestException, match="Group not found"):
        xray.delete_group(GroupName=group["GroupName"])
    with pytest.raises(xray.exceptions.ResourceNotFoundException):
        xray.list_tags_for_resource(ResourceARN=group["GroupARN"])


def test_sampling_rule_is_kept_changed_and_deleted(xray: Any, rule: dict[str, Any]) -> None:
    made = _rule(xray, rule["RuleName"])

    xray.update_sampling_rule(SamplingRuleUpdate={"RuleName": rule["RuleName"], "FixedRate": 0.5})
    changed = _rule(xray, rule["RuleName"])
    xray.delete_sampling_rule(RuleARN=rule["RuleARN"])

    assert made == {"RuleName": rule["RuleName"], **RULE, "RuleARN": rule["RuleARN"], "Attributes": {}}
    assert changed == {**made, "FixedRate": 0.5}
    assert _rule(xray, rule["RuleName"]) is None


def test_sampling_rule_is_made_once(xray: Any, rule: dict[str, Any]) -> None:
    with pytest.raises(xray.exceptions.InvalidRequestException, match="already exists"):
        xray.create_sampling_rule(SamplingRule={"RuleName": rule["RuleName"], **RULE})


def test_sampling_rule_that_is_not_there_is_refused(xray: Any) -> None:
    with pytest.raises(xray.exceptions.InvalidRequestException, match="does not exist"):
        xray.update_sampling_rule(SamplingRuleUpdate={"RuleName": "nosuch", "FixedRate": 0.5})
    with pytest.raises(xray.exceptions.InvalidRequestException, match="does not exist"):
        xray.delete_sampling_rule(RuleName="nosuch")


def test_traces_are_encrypted_as_was_asked(client: Client) -> None:
    xray = client("xray", region="eu-west-1")
    before = xray.get_encryption_config()["EncryptionConfig"]

    xray.put_encryption_config(Type="KMS", KeyId="arn:aws:kms:eu-west-1:555555555555:key/k")

    assert before == {"Type": "NONE", "Status": "ACTIVE"}
    assert xray.get_encryption_config()["EncryptionConfig"] == {
        "Type": "KMS",
        "KeyId": "arn:aws:kms:eu-west-1:555555555555:key/k",
        "Status": "ACTIVE",
    }


def test_tags_change(xray: Any, group: dict[str, Any], rule: dict[str, Any]) -> None:
    for arn in (group["GroupARN"], rule["RuleARN"]):
        made = xray.list_tags_for_resource(ResourceARN=arn)["Tags"]

        xray.tag_resource(ResourceARN=arn, Tags=[{"Key": "cost", "Value": "1"}])
        xray.untag_resource(ResourceARN=arn, TagKeys=["team"])

        assert made == [{"Key": "team", "Value": "a"}]
        assert xray.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "cost", "Value": "1"}]
