"""CloudTrail: trails that are deleted by their ARN, and made once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.cloudtrail.models import cloudtrail_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("cloudtrail")


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
