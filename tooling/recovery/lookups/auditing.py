"""CloudTrail and Config. An account has one recorder and one delivery channel in a region, without tags or time: they
are the planned ones when they work with what the stack made for them."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.recovery.answers import needs, tags_in
from tooling.recovery.asking import answer, each
from tooling.recovery.lookup import Found, Wanted, derived, finds

derived("aws_config_configuration_recorder_status", "{name}", within=True)


@finds("aws_cloudtrail")
@needs("name")
def _trail(wanted: Wanted) -> Iterator[Found]:
    client = wanted.client("cloudtrail")
    told = client.describe_trails(trailNameList=[wanted.values["name"]], includeShadowTrails=False)
    for trail in told["trailList"]:
        arn = trail["TrailARN"]
        for listed in each(client, "list_tags", "ResourceTagList", ResourceIdList=[arn]):
            yield Found(arn, tags_in(listed.get("TagsList")))


@finds("aws_config_config_rule")
@needs("name")
def _rule(wanted: Wanted) -> Iterator[Found]:
    client, names = wanted.client("config"), [wanted.values["name"]]
    for rule in each(client, "describe_config_rules", "ConfigRules", ConfigRuleNames=names):
        tags = each(client, "list_tags_for_resource", "Tags", ResourceArn=rule["ConfigRuleArn"])
        yield Found(rule["ConfigRuleName"], tags_in(tags))


@finds("aws_config_configuration_recorder")
@needs("name", "role_arn")
def _recorder(wanted: Wanted) -> Iterator[Found]:
    asked = {"ConfigurationRecorderNames": [wanted.values["name"]]}
    told = answer(wanted.client("config").describe_configuration_recorders, **asked) or {}
    for recorder in told.get("ConfigurationRecorders", ()):
        if recorder.get("roleARN") == wanted.values["role_arn"]:
            yield Found(recorder["name"], within=True)


@finds("aws_config_delivery_channel")
@needs("name", "s3_bucket_name")
def _delivery_channel(wanted: Wanted) -> Iterator[Found]:
    asked = {"DeliveryChannelNames": [wanted.values["name"]]}
    told = answer(wanted.client("config").describe_delivery_channels, **asked) or {}
    for channel in told.get("DeliveryChannels", ()):
        if channel.get("s3BucketName") == wanted.values["s3_bucket_name"]:
            yield Found(channel["name"], within=True)
