"""Trail and recorder: both write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.promises.promise import Answer, Promise, broken, kept, left_out

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack


def logging(live: LiveStack, trail: LiveResource) -> Answer:
    status = live.client("cloudtrail", trail.region).get_trail_status(Name=trail["arn"])
    if not status["IsLogging"]:
        return broken("it does not log", means="nobody can say who did what")
    if error := status.get("LatestDeliveryError"):
        return broken(f"its logs do not reach the bucket: {error}", means="nobody can say who did what")
    return kept("it logs")


def recording(live: LiveStack, recorder: LiveResource) -> Answer:
    client = live.client("config", recorder.region)
    name = recorder["name"]
    found = client.describe_configuration_recorder_status(ConfigurationRecorderNames=[name])
    if found["ConfigurationRecordersStatus"][0]["recording"]:
        return kept("it records")
    if not recorder.attributes.get("is_enabled"):
        return left_out("off by the stack's own settings")
    return broken("it does not record")


PROMISES = (
    Promise("trail-logging", "the trail logs", ("aws_cloudtrail",), logging),
    Promise("recorder-recording", "AWS Config records", ("aws_config_configuration_recorder_status",), recording),
)
