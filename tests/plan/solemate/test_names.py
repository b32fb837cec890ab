"""Tags, by which costs are told apart; and what there must be at least, and must not be at all."""

from __future__ import annotations

import pytest

from tests.support.plans import Plan

# Parts of other resources, which have no tags of their own in AWS.
UNTAGGABLE = {
    "aws_secretsmanager_secret_version",
    "aws_appautoscaling_policy",
    "aws_autoscaling_attachment",
    "aws_autoscaling_policy",
    "aws_backup_selection",
    "aws_ce_cost_allocation_tag",
    "aws_cloudfront_origin_access_control",
    "aws_cloudwatch_dashboard",
    "aws_cloudwatch_query_definition",
    "aws_config_configuration_recorder",
    "aws_config_configuration_recorder_status",
    "aws_config_delivery_channel",
    "aws_ecr_lifecycle_policy",
    "aws_ecs_cluster_capacity_providers",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_kms_alias",
    "aws_network_acl_association",
    "aws_network_acl_rule",
    "aws_route",
    "aws_route53_record",
    "aws_route_table_association",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_logging",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_replication_configuration",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
    "aws_acm_certificate_validation",
    "aws_sns_topic_policy",
    "aws_sns_topic_subscription",
    "aws_wafv2_web_acl_association",
    "aws_wafv2_web_acl_logging_configuration",
}
# It has tags in blocks of its own, which it hands to its instances.
GROUP = "aws_autoscaling_group"
# Beyond what the document wants: its non-goals (SM-NG-01).
EXCLUDED = {
    "aws_ec2_transit_gateway",
    "aws_guardduty_detector",
    "aws_networkfirewall_firewall",
    "aws_shield_protection",
    "aws_vpc_peering_connection",
    "aws_vpn_gateway",
}
# What the document names first (SM-OV-01).
NAMED = {
    "aws_cloudfront_distribution",
    "aws_db_instance",
    "aws_ecs_cluster",
    "aws_iam_role",
    "aws_launch_template",
    "aws_s3_bucket",
    "aws_vpc",
}


def own_tags(plan: Plan) -> dict[str, str]:
    """The module's tags, whatever its caller has."""
    return {
        "CostCenter": plan.input("cost_center") or "solemate",
        "Environment": plan.input("environment"),
        "ManagedBy": "groundplan",
        "Project": "solemate",
    }


@pytest.mark.requirement("SM-UI-03")
def test_every_resource_that_can_be_tagged_says_whose_it_is(every: Plan) -> None:
    tags = own_tags(every)
    tagged = [each for each in every.resources if each.type not in UNTAGGABLE | {GROUP}]

    assert len(tagged) > 60
    assert {each.address: each["tags_all"] for each in tagged if not tags.items() <= each["tags_all"].items()} == {}


@pytest.mark.requirement("SM-UI-03")
def test_nothing_is_taken_for_untaggable_that_is_not(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        assert not {each.type for each in plan.resources if "tags_all" in each.values} & (UNTAGGABLE | {GROUP})


@pytest.mark.requirement("SM-UI-03")
def test_module_tags_by_itself_and_passes_on_the_callers_tags(chosen: Plan, minimal: Plan) -> None:
    for plan, more in ((chosen, {"Team": "shop"}), (minimal, {})):
        tags = {**own_tags(plan), **more}
        tagged = [each for each in plan.resources if each.type not in UNTAGGABLE | {GROUP}]
        assert {each.address for each in tagged if not tags.items() <= each["tags_all"].items()} == set()


@pytest.mark.requirement("SM-UI-03")
def test_instances_get_the_tags_of_their_group(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        handed_on = {each["key"]: each["value"] for each in plan.one(GROUP)["tag"] if each["propagate_at_launch"]}
        assert own_tags(plan).items() <= handed_on.items()
        template = plan.one("aws_launch_template")
        assert {each["resource_type"] for each in template["tag_specifications"]} == {"instance", "volume"}
        for each in template["tag_specifications"]:
            assert own_tags(plan).items() <= each["tags"].items()


@pytest.mark.requirement("SM-UI-03")
def test_cost_center_is_an_input(chosen: Plan) -> None:
    assert chosen.one("aws_vpc")["tags_all"]["CostCenter"] == "shoes-42"


@pytest.mark.requirement("SM-OV-01")
def test_every_service_that_the_document_names_is_there(everywhere: Plan) -> None:
    assert everywhere.types() >= NAMED


@pytest.mark.requirement("SM-NG-01")
def test_nothing_is_built_that_the_document_leaves_out(everywhere: Plan, chosen: Plan) -> None:
    for plan in (everywhere, chosen):
        assert not EXCLUDED & plan.types()
        kinds = {each["policy_type"] for each in plan.all("aws_autoscaling_policy")}
        assert kinds == {"StepScaling", "TargetTrackingScaling"}
        assert {each["policy_type"] for each in plan.all("aws_appautoscaling_policy")} == {"TargetTrackingScaling"}
