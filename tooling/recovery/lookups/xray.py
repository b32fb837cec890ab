"""X-Ray: groups and sampling rules by name."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.recovery.answers import needs, tags_in
from tooling.recovery.asking import answer, each
from tooling.recovery.lookup import Found, Wanted, finds


@finds("aws_xray_group")
@needs("group_name")
def group(wanted: Wanted) -> Iterator[Found]:
    """X-Ray tells no times of groups."""
    client = wanted.client("xray")
    for item in each(client, "get_groups", "Groups"):
        if item["GroupName"] == wanted.values["group_name"]:
            tags = answer(client.list_tags_for_resource, ResourceARN=item["GroupARN"]) or {}
            yield Found(item["GroupARN"], tags=tags_in(tags.get("Tags")))


@finds("aws_xray_sampling_rule")
@needs("rule_name")
def sampling_rule(wanted: Wanted) -> Iterator[Found]:
    client = wanted.client("xray")
    for item in each(client, "get_sampling_rules", "SamplingRuleRecords"):
        rule = item["SamplingRule"]
        if rule["RuleName"] == wanted.values["rule_name"]:
            tags = answer(client.list_tags_for_resource, ResourceARN=rule["RuleARN"]) or {}
            yield Found(rule["RuleName"], tags=tags_in(tags.get("Tags")), created=item.get("CreatedAt"))
