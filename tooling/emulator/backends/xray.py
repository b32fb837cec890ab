"""X-Ray: groups, sampling rules and encryption, which moto lacks; the traces themselves are moto's."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("xray")


@backend.answers("CreateGroup")
def create_group(call: Call) -> Mapping[str, Any]:
    """aws_xray_group, create."""
    given = call.params
    if _group_named(call, given["GroupName"]):
        raise AwsError("InvalidRequestException", f"Group {given['GroupName']} already exists.")
    arn = call.arn(f"group/{given['GroupName']}/{_suffix()}")
    insights = {"InsightsEnabled": False, "NotificationsEnabled": False, **given.get("InsightsConfiguration", {})}
    group = {
        "GroupName": given["GroupName"],
        "GroupARN": arn,
        "FilterExpression": given.get("FilterExpression", ""),
        "InsightsConfiguration": insights,
    }
    _groups(call)[arn] = group
    _tags(call)[arn] = _by_key(given.get("Tags", []))
    return {"Group": group}


@backend.answers("GetGroup")
def get_group(call: Call) -> Mapping[str, Any]:
    """aws_xray_group, read."""
    return {"Group": _group(call)}


@backend.answers("GetGroups")
def get_groups(call: Call) -> Mapping[str, Any]:
    """Reading back a region's groups; the console's view."""
    return {"Groups": list(_groups(call).values())}


@backend.answers("UpdateGroup")
def update_group(call: Call) -> Mapping[str, Any]:
    """aws_xray_group, update."""
    group = _group(call)
    if "FilterExpression" in call.params:
        group["FilterExpression"] = call.params["FilterExpression"]
    group["InsightsConfiguration"] = {**group["InsightsConfiguration"], **call.params.get("InsightsConfiguration", {})}
    return {"Group": group}


@backend.answers("DeleteGroup")
def delete_group(call: Call) -> Mapping[str, Any]:
    """aws_xray_group, delete."""
    arn = _group(call)["GroupARN"]
    del _groups(call)[arn]
    del _tags(call)[arn]
    return {}


@backend.answers("CreateSamplingRule")
def create_sampling_rule(call: Call) -> Mapping[str, Any]:
    """aws_xray_sampling_rule, create."""
    given = call.params["SamplingRule"]
    name = given["RuleName"]
    if name in _rules(call):
        raise AwsError("InvalidRequestException", f"Sampling rule {name} already exists.")
    arn, now = call.arn(f"sampling-rule/{name}"), datetime.now(UTC)
    rule = {"Attributes": {}, **given, "RuleARN": arn}
    record = {"SamplingRule": rule, "CreatedAt": now, "ModifiedAt": now}
    _rules(call)[name] = record
    _tags(call)[arn] = _by_key(call.params.get("Tags", []))
    return {"SamplingRuleRecord": record}


@backend.answers("GetSamplingRules")
def get_sampling_rules(call: Call) -> Mapping[str, Any]:
    """aws_xray_sampling_rule, read: the provider lists and picks by name."""
    return {"SamplingRuleRecords": list(_rules(call).values())}


@backend.answers("UpdateSamplingRule")
def update_sampling_rule(call: Call) -> Mapping[str, Any]:
    """aws_xray_sampling_rule, update."""
    changes = call.params["SamplingRuleUpdate"]
    record = _rule(call, changes)
    record["SamplingRule"] = {**record["SamplingRule"], **changes}
    record["ModifiedAt"] = datetime.now(UTC)
    return {"SamplingRuleRecord": record}


@backend.answers("DeleteSamplingRule")
def delete_sampling_rule(call: Call) -> Mapping[str, Any]:
    """aws_xray_sampling_rule, delete."""
    record = _rule(call, call.params)
    rule = record["SamplingRule"]
    del _rules(call)[rule["RuleName"]]
    del _tags(call)[rule["RuleARN"]]
    return {"SamplingRuleRecord": record}


@backend.answers("PutEncryptionConfig")
def put_encryption_config(call: Call) -> Mapping[str, Any]:
    """aws_xray_encryption_config, create and update. It has no delete."""
    config = {key: call.params[key] for key in ("Type", "KeyId") if key in call.params}
    call.store("xray-encryption")["config"] = {**config, "Status": "ACTIVE"}
    return get_encryption_config(call)


@backend.answers("GetEncryptionConfig")
def get_encryption_config(call: Call) -> Mapping[str, Any]:
    """aws_xray_encryption_config, read; and its waiting for "ACTIVE"."""
    return {"EncryptionConfig": call.store("xray-encryption").get("config", {"Type": "NONE", "Status": "ACTIVE"})}


@backend.answers("ListTagsForResource")
def list_tags_for_resource(call: Call) -> Mapping[str, Any]:
    """aws_xray_group and aws_xray_sampling_rule, read."""
    return {"Tags": [{"Key": key, "Value": value} for key, value in _tags_of_resource(call).items()]}


@backend.answers("TagResource")
def tag_resource(call: Call) -> Mapping[str, Any]:
    """aws_xray_group and aws_xray_sampling_rule, change of tags."""
    _tags_of_resource(call).update(_by_key(call.params["Tags"]))
    return {}


@backend.answers("UntagResource")
def untag_resource(call: Call) -> Mapping[str, Any]:
    """aws_xray_group and aws_xray_sampling_rule, tags that go."""
    for key in call.params["TagKeys"]:
        _tags_of_resource(call).pop(key, None)
    return {}


def _group(call: Call) -> dict[str, Any]:
    """The group that the call names by its ARN, or by its name."""
    arn, name = call.params.get("GroupARN"), call.params.get("GroupName")
    found = _groups(call).get(arn) if arn else _group_named(call, name)
    if found is None:
        # The provider tells "gone" from other bad input by these words.
        raise AwsError("InvalidRequestException", "Group not found")
    return found


def _group_named(call: Call, name: str | None) -> dict[str, Any] | None:
    return next((group for group in _groups(call).values() if group["GroupName"] == name), None)


def _rule(call: Call, named: Mapping[str, Any]) -> dict[str, Any]:
    """The record of a rule that is named by its name, or by its ARN."""
    name = named.get("RuleName") or str(named.get("RuleARN")).rpartition("/")[2]
    if name not in _rules(call):
        raise AwsError("InvalidRequestException", f"Sampling rule {name} does not exist.")
    return _rules(call)[name]


def _tags_of_resource(call: Call) -> dict[str, str]:
    arn = call.params["ResourceARN"]
    if arn not in _tags(call):
        raise AwsError("ResourceNotFoundException", f"The resource {arn} was not found.")
    return _tags(call)[arn]


def _suffix() -> str:
    """What X-Ray puts behind a group's name in its ARN."""
    return "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(26))


def _by_key(tags: list[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def _groups(call: Call) -> dict[str, dict[str, Any]]:
    return call.store("xray-groups")


def _rules(call: Call) -> dict[str, dict[str, Any]]:
    return call.store("sampling-rules")


def _tags(call: Call) -> dict[str, dict[str, str]]:
    return call.store("xray-tags")
