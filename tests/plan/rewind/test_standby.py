"""The second region: a copy of the site and of the table, the back end once more, and how requests get there."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.plan.rewind.parts import (
    AWAY,
    HOME,
    away,
    bucket,
    bucket_name,
    domain_name,
    home,
    of_bucket,
    sides,
    suffix,
)
from tests.support.module_text import dynamic_content
from tests.support.plans import Plan
from tests.support.project import REPOSITORY

BUCKET = "aws_s3_bucket"
DOMAIN = "aws_api_gateway_domain_name"
HEALTH = "aws_route53_health_check"
KEY, REPLICA_KEY = "aws_kms_key", "aws_kms_replica_key"
RECORD = "aws_route53_record"
REPLICA = "aws_dynamodb_table_replica"
REPLICATION = "aws_s3_bucket_replication_configuration"
ROLE = "aws_iam_role"
TABLE = "aws_dynamodb_table"
# How the first region hands over; made there.
HANDING_OVER = {HEALTH, REPLICATION}


def blocks_of(file: str) -> set[str]:
    """Addresses of the resources in a file of the module."""
    text = (REPOSITORY / "modules/rewind" / file).read_text("utf-8")
    return {f"{kind}.{name}" for kind, name in re.findall(r'^resource "(\w+)" "(\w+)"', text, re.MULTILINE)}


@pytest.mark.requirement("RW-CP-03", "RW-CP-04", "RW-CP-05")
def test_second_region_is_us_west_2_in_prod(prod: Plan, minimal: Plan) -> None:
    assert prod.providers[AWAY]["expressions"]["region"] == {"constant_value": "us-west-2"}
    assert prod.input("failover_region") == "us-west-2"
    assert prod.input("enable_failover") is True
    assert minimal.variables["failover_region"]["default"] == "us-west-2"
    assert minimal.variables["enable_failover"]["default"] is True


@pytest.mark.requirement("RW-CP-03", "RW-CP-04", "RW-CP-05")
def test_all_of_the_standby_is_in_the_second_region_and_nothing_else(doubled: Plan, chosen: Plan) -> None:
    for plan in (doubled, chosen):
        there = {each.block for each in plan.resources if plan.provider(each) == AWAY}
        # Where the caller manages the account's role, or keeps nothing warm, these are not there.
        optional = {block for block in blocks_of("standby.tf") if re.search("account|provisioned", block)}
        assert blocks_of("standby.tf") - optional <= there <= blocks_of("standby.tf")
        assert {plan.provider(each) for each in plan.resources} == {HOME, AWAY}


@pytest.mark.requirement("RW-CP-03", "RW-CP-04", "RW-CP-05")
def test_without_failover_there_is_no_second_region(dev: Plan, alone: Plan) -> None:
    for plan in (dev, alone):
        assert {plan.provider(each) for each in plan.resources} == {HOME}
        assert not (HANDING_OVER | {DOMAIN, REPLICA_KEY, "aws_api_gateway_base_path_mapping"}) & plan.types()
        assert plan.one(TABLE)["replica"] == []
        assert plan.outputs["failover"] == {}
        assert f"{plan.one('aws_api_gateway_stage').block}.invoke_url" in plan.output_references("api_url")
        assert not [each for each in plan.all(RECORD) if each["failover_routing_policy"]]
        assert not plan.all(ROLE, name=f"rewind-site-copies{suffix(plan)}")


@pytest.mark.requirement("RW-CP-05")
def test_back_end_is_in_both_regions_alike(doubled: Plan, chosen: Plan) -> None:
    for plan in (doubled, chosen):
        kinds = {
            "aws_api_gateway_integration",
            "aws_api_gateway_method",
            "aws_api_gateway_method_settings",
            "aws_api_gateway_resource",
            "aws_api_gateway_rest_api",
            "aws_api_gateway_stage",
            "aws_cloudwatch_log_metric_filter",
            "aws_lambda_alias",
            "aws_lambda_function",
            "aws_lambda_provisioned_concurrency_config",
            "aws_sns_topic",
            "aws_wafv2_web_acl",
            "aws_wafv2_web_acl_association",
        }
        here, there = (
            Counter(each.type for each in side.plan.resources if plan.provider(each) == side.provider)
            for side in sides(plan)
        )
        assert {kind: here[kind] for kind in kinds} == {kind: there[kind] for kind in kinds}


@pytest.mark.requirement("RW-CP-05")
def test_names_of_the_account_differ_between_the_regions(doubled: Plan, chosen: Plan) -> None:
    for plan in (doubled, chosen):
        end = f"-{away(plan).region}"
        for kind, argument in ((ROLE, "name"), (BUCKET, "bucket")):
            there = [each[argument] for each in away(plan).all(kind)]
            here = [each[argument] for each in home(plan).all(kind)]
            assert there
            assert all(name.endswith(end) for name in there)
            assert {name.removesuffix(end) for name in there} <= set(here)
            assert not set(there) & set(here)


@pytest.mark.requirement("RW-CP-03")
def test_site_is_copied_to_the_second_region(doubled: Plan, chosen: Plan) -> None:
    for plan in (doubled, chosen):
        source, copy = bucket(plan, "frontend-bucket"), away(plan).one(BUCKET)
        replication = plan.one(REPLICATION)
        (rule,) = replication["rule"]
        (destination,) = rule["destination"]

        assert copy["bucket"] == f"{source['bucket']}-{away(plan).region}"
        assert plan.referred(replication, "bucket", BUCKET) == source
        assert plan.references(replication, "rule", "destination", "bucket") >= {f"{copy.address}.arn"}
        assert rule["status"] == "Enabled"
        # Everything, and what is deleted too.
        assert [each["prefix"] for each in rule["filter"]] == [""]
        assert rule["delete_marker_replication"] == [{"status": "Enabled"}]
        assert destination["storage_class"] == "STANDARD"
        # S3 replicates only between buckets that keep versions.
        for each in (source, copy):
            versioning = of_bucket(plan, "aws_s3_bucket_versioning", each)
            assert [settings["status"] for settings in versioning["versioning_configuration"]] == ["Enabled"]
            assert versioning.block in plan.awaited(replication)
        role = plan.referred(replication, "role", ROLE)
        (trust,) = plan.statements(role, "assume_role_policy")
        assert role["name"] == f"rewind-site-copies{suffix(plan)}"
        assert trust.principals == {("Service", "s3.amazonaws.com")}
        assert trust.conditions == {("StringEquals", "aws:SourceAccount", plan.input("account_id"))}


@pytest.mark.requirement("RW-CP-03")
def test_distribution_reads_the_copy_when_the_bucket_fails(doubled: Plan, chosen: Plan, sources: str) -> None:
    for plan in (doubled, chosen):
        distribution = plan.one("aws_cloudfront_distribution")
        (group,) = distribution["origin_group"]
        (criteria,) = group["failover_criteria"]
        (behavior,) = distribution["default_cache_behavior"]

        assert sorted(each["origin_id"] for each in distribution["origin"]) == ["site", "standby"]
        assert {each["origin_path"] for each in distribution["origin"]} == {""}
        assert [each["origin_id"] for each in group["member"]] == ["site", "standby"]
        assert sorted(criteria["status_codes"]) == [500, 502, 503, 504]
        assert behavior["target_origin_id"] == group["origin_id"]
        # CloudFront fails over for these only.
        assert set(behavior["allowed_methods"]) == {"GET", "HEAD", "OPTIONS"}
        copy = away(plan).one(BUCKET)
        access = plan.one("aws_cloudfront_origin_access_control")
        content = dynamic_content(sources, distribution, "origin")
        assert content["domain_name"] == f"one({copy.block}[*].bucket_regional_domain_name)"
        assert content["origin_access_control_id"] == f"{access.block}.id"


@pytest.mark.requirement("RW-CP-03", "RW-SEC-02")
def test_copy_is_read_by_the_distribution_only(doubled: Plan, chosen: Plan) -> None:
    for plan in (doubled, chosen):
        copy = away(plan).one(BUCKET)
        statements = plan.statements(of_bucket(plan, "aws_s3_bucket_policy", copy), "policy")
        (read,) = [each for each in statements if each.allows]
        assert read.grants == {("s3:GetObject", f"arn:aws:s3:::{copy['bucket']}/*")}
        assert read.principals == {("Service", "cloudfront.amazonaws.com")}
        distribution = plan.one("aws_cloudfront_distribution")
        assert read.conditions == {("StringEquals", "AWS:SourceArn", f"{distribution.block}.arn")}


@pytest.mark.requirement("RW-CP-04")
def test_table_is_replicated_under_a_key_there(doubled: Plan, chosen: Plan, sources: str) -> None:
    for plan in (doubled, chosen):
        table = plan.one(TABLE)
        key, copy = plan.one(KEY, multi_region=True), plan.one(REPLICA_KEY)
        (replica,) = table["replica"]

        assert replica["region_name"] == away(plan).region
        # A plan's configuration leaves dynamic blocks out, and the key is known only after the apply.
        assert dynamic_content(sources, table, "replica")["kms_key_arn"] == f"one({copy.block}[*].arn)"
        assert plan.provider(copy) == AWAY
        assert plan.referred(copy, "primary_key_arn", KEY) == key
        assert copy["enabled"] is True
        assert replica["point_in_time_recovery"] is True
        assert replica["propagate_tags"] is True
        # What a replica needs.
        assert (table["stream_enabled"], table["stream_view_type"]) == (True, "NEW_AND_OLD_IMAGES")


@pytest.mark.requirement("RW-CP-04")
def test_replicas_of_the_table_are_said_in_one_place(everywhere: Plan) -> None:
    # As a resource too, each would undo the other.
    assert not everywhere.all(REPLICA)


@pytest.mark.requirement("RW-CP-04")
def test_key_there_is_used_through_dynamodb_there(doubled: Plan, chosen: Plan) -> None:
    for plan in (doubled, chosen):
        here = plan.statements(plan.one(KEY, multi_region=True), "policy")
        there = plan.statements(plan.one(REPLICA_KEY), "policy")
        assert [(each.actions, each.principals) for each in there] == [(each.actions, each.principals) for each in here]
        assert there[1].conditions == {
            ("StringEquals", "kms:ViaService", f"dynamodb.{away(plan).region}.amazonaws.com")
        }
        alias = [
            each
            for each in away(plan).all("aws_kms_alias")
            if plan.one(REPLICA_KEY).block in plan.references(each, "target_key_id")
        ]
        assert [each["name"] for each in alias] == [f"alias/rewind-data{away(plan).suffix}"]


@pytest.mark.requirement("RW-CP-05")
def test_api_has_one_name_with_a_record_a_region(doubled: Plan, chosen: Plan) -> None:
    for plan in (doubled, chosen):
        name = f"api.{domain_name(plan)}"
        for side, role in zip(sides(plan), ("PRIMARY", "SECONDARY"), strict=True):
            domain = side.one(DOMAIN)
            record = side.one(RECORD, name=name)
            mapping = side.one("aws_api_gateway_base_path_mapping")
            (alias,) = record["alias"]

            assert record["failover_routing_policy"] == [{"type": role}]
            assert (record["type"], record["set_identifier"]) == ("A", role.lower())
            assert alias["evaluate_target_health"] is True
            assert f"{domain.address}.regional_domain_name" in plan.references(record, "alias", "name")
            assert f"{domain.address}.regional_zone_id" in plan.references(record, "alias", "zone_id")
            assert domain["domain_name"] == name
            assert domain["security_policy"] == "TLS_1_2"
            assert [each["types"] for each in domain["endpoint_configuration"]] == [["REGIONAL"]]
            for argument, kind in (
                ("api_id", "aws_api_gateway_rest_api"),
                ("stage_name", "aws_api_gateway_stage"),
                ("domain_name", DOMAIN),
            ):
                assert plan.referred(mapping, argument, kind) == side.one(kind)
            assert not mapping["base_path"]
        assert plan.outputs["api_url"] == f"https://{name}"


@pytest.mark.requirement("RW-CP-05")
def test_name_of_the_api_has_a_certificate_in_each_region(doubled: Plan, chosen: Plan) -> None:
    for plan in (doubled, chosen):
        for side in sides(plan):
            certificate = side.one("aws_acm_certificate", domain_name=f"api.{domain_name(plan)}")
            validation = plan.referred(side.one(DOMAIN), "regional_certificate_arn", "aws_acm_certificate_validation")
            assert certificate["validation_method"] == "DNS"
            assert plan.referred(validation, "certificate_arn", "aws_acm_certificate") == certificate
            record = plan.referred(validation, "validation_record_fqdns", RECORD)
            assert plan.referred(record, "name", "aws_acm_certificate") == certificate
            # Both regions' certificates ask for the same record.
            assert record["allow_overwrite"] is True


@pytest.mark.requirement("RW-CP-05")
def test_first_region_answers_while_it_is_reached_and_its_alarm_is_quiet(doubled: Plan, chosen: Plan) -> None:
    for plan in (doubled, chosen):
        health = {each["type"]: each for each in plan.all(HEALTH)}
        record = home(plan).one(RECORD, name=f"api.{domain_name(plan)}")
        both, reachable, quiet = (health.pop(kind) for kind in ("CALCULATED", "TCP", "CLOUDWATCH_METRIC"))
        api = home(plan).one("aws_api_gateway_rest_api")
        alarm = home(plan).one("aws_cloudwatch_metric_alarm", alarm_name=f"rewind-api-5xx{suffix(plan)}")

        assert not health
        assert len(plan.all(HEALTH)) == 3
        assert f"{both.address}.id" in plan.references(record, "health_check_id")
        assert both["child_health_threshold"] == 2
        children = plan.references(both, "child_healthchecks")
        assert {f"{reachable.address}.id", f"{quiet.address}.id"} <= children
        # Without a token every route refuses; that it refuses is enough.
        assert f"{api.block}.id" in plan.references(reachable, "fqdn")
        assert (reachable["port"], reachable["request_interval"], reachable["failure_threshold"]) == (443, 10, 3)
        assert quiet["cloudwatch_alarm_name"] == alarm["alarm_name"]
        assert quiet["cloudwatch_alarm_region"] == home(plan).region
        assert quiet["insufficient_data_health_status"] == "LastKnownStatus"
        for each in (both, reachable, quiet):
            assert (each["disabled"], each["invert_healthcheck"] or False) == (False, False)


@pytest.mark.requirement("RW-CP-05")
def test_second_region_answers_without_a_health_of_its_own(doubled: Plan) -> None:
    assert away(doubled).one(RECORD, name=f"api.{domain_name(doubled)}")["health_check_id"] is None


@pytest.mark.requirement("RW-CP-05")
def test_second_region_has_no_campaign_and_says_so(doubled: Plan, chosen: Plan) -> None:
    for plan in (doubled, chosen):
        parameter = away(plan).one("aws_ssm_parameter")
        assert (parameter["name"], parameter["value"]) == (f"/rewind-campaign{away(plan).suffix}", "none")


@pytest.mark.requirement("RW-CP-03", "RW-CP-04", "RW-CP-05")
def test_drill_is_told_where_the_second_region_is(doubled: Plan) -> None:
    told = doubled.outputs["failover"]
    known = {
        "region": away(doubled).region,
        "bucket_name": bucket_name(doubled, "frontend-bucket") + f"-{away(doubled).region}",
        "table_name": doubled.one(TABLE)["name"],
        "api_domain": f"api.{domain_name(doubled)}",
    }

    assert told is None or known.items() <= told.items()
    references = doubled.output_references("failover")
    side = away(doubled)
    for kind in ("aws_api_gateway_rest_api", "aws_api_gateway_stage", BUCKET):
        assert side.one(kind).block in references
    assert doubled.one("aws_route53_zone").block in references
    assert doubled.one(HEALTH, type="CALCULATED").block in references
