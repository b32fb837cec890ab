"""CloudTrail: trails that are deleted by their ARN, and made once; what was written, by whom and when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from moto.cloudtrail.models import cloudtrail_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend
from tooling.emulator.trail import Written

backend = Backend("cloudtrail")

_MOST_RESULTS = 50


@backend.prepares("CreateTrail")
def refuse_second_of_a_name(call: Call) -> None:
    """aws_cloudtrail, create: moto puts the new trail in the place of the one that is there."""
    name = call.params["Name"]
    if name in cloudtrail_backends[call.account][call.region].trails:
        raise AwsError("TrailAlreadyExistsException", f"Trail {name} already exists for customer: {call.account}")


@backend.answers("DeleteTrail")
def delete_trail(call: Call) -> Mapping[str, Any]:
    """aws_cloudtrail, delete: the provider names the trail by its ARN, for which moto says yes and does nothing."""
    moto = cloudtrail_backends[call.account][call.region]
    trail = moto.get_trail(call.params["Name"])  # raises what CloudTrail answers for one that is not there
    del moto.trails[trail.trail_name]
    moto.tagging_service.delete_all_tags_for_resource(trail.arn)
    return {}


@backend.answers("LookupEvents")
def lookup_events(call: Call) -> Mapping[str, Any]:
    """Who wrote what, newest first: the toolkit's own question (groundplan drift). Calls that read are not kept."""
    asked = call.params
    begin, end = asked.get("StartTime"), asked.get("EndTime")
    wanted = [(each["AttributeKey"], each["AttributeValue"]) for each in asked.get("LookupAttributes") or ()]
    found = [
        written
        for written in call.trail.newest_first(call.account, call.region)
        if (begin is None or written.time >= begin.replace(tzinfo=UTC))
        and (end is None or written.time <= end.replace(tzinfo=UTC))
        and all(_has(written, key, value) for key, value in wanted)
    ]
    size = int(asked.get("MaxResults") or _MOST_RESULTS)
    start = int(asked.get("NextToken") or 0)
    more = {"NextToken": str(start + size)} if start + size < len(found) else {}
    return {"Events": [_event(written) for written in found[start : start + size]], **more}


def _has(written: Written, key: str, value: str) -> bool:
    if key == "ResourceName":
        return value in written.resources
    known = {
        "EventId": written.id,
        "EventName": written.name,
        "EventSource": written.source,
        "Username": written.user,
        "AccessKeyId": written.access_key,
        "ReadOnly": "false",
    }
    return known.get(key) == value


def _event(written: Written) -> dict[str, Any]:
    detail = {
        "eventVersion": "1.11",
        "eventID": written.id,
        "eventTime": written.time.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "eventName": written.name,
        "eventSource": written.source,
        "awsRegion": written.region,
        "recipientAccountId": written.account,
        "readOnly": False,
        "managementEvent": True,
        "userIdentity": {"arn": written.arn, "userName": written.user, "accountId": written.account},
    }
    return {
        "EventId": written.id,
        "EventName": written.name,
        "ReadOnly": "false",
        "AccessKeyId": written.access_key,
        "EventTime": written.time,
        "EventSource": written.source,
        "Username": written.user,
        "Resources": [{"ResourceName": name} for name in written.resources],
        "CloudTrailEvent": json.dumps(detail),
    }
