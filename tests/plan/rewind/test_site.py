"""The site: its bucket, the distribution in front of it, its certificate and its name."""

from __future__ import annotations

import pytest

from tests.plan.rewind.conftest import GIVEN_CERTIFICATE, Planned
from tests.plan.rewind.parts import bucket, bucket_name, domain_name, of_bucket
from tests.support.plans import Plan, Resource, Statement

BUCKET = "aws_s3_bucket"
DISTRIBUTION = "aws_cloudfront_distribution"
RECORD = "aws_route53_record"
BLOCKS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
ZONE_OF_CLOUDFRONT = "Z2FDTNDATAQYW2"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"


def site(plan: Plan) -> Resource:
    return bucket(plan, "frontend-bucket")


def policy(plan: Plan, of: Resource) -> list[Statement]:
    return plan.statements(of_bucket(plan, "aws_s3_bucket_policy", of), "policy")


def read_by_anybody(plan: Plan, of: Resource) -> list[Statement]:
    return [each for each in policy(plan, of) if each.allows and ("*", "*") in each.principals]


@pytest.mark.requirement("RW-S3-01")
def test_bucket_has_the_documents_name_with_the_account(prod: Plan, dev: Plan) -> None:
    named = "rewind-frontend-bucket-444455556666"

    assert [each["bucket"] for each in prod.all(BUCKET) if "frontend" in each["bucket"]] == [
        named,
        f"{named}-us-west-2",
    ]
    assert [each["bucket"] for each in dev.all(BUCKET) if "frontend" in each["bucket"]] == [
        "rewind-frontend-bucket-111122223333-dev"
    ]


@pytest.mark.requirement("RW-S3-02")
def test_bucket_is_a_website_whose_every_page_is_the_app(everywhere: Plan) -> None:
    website = of_bucket(everywhere, "aws_s3_bucket_website_configuration", site(everywhere))

    assert website["index_document"] == [{"suffix": "index.html"}]
    assert website["error_document"] == [{"key": "index.html"}]
    assert website["redirect_all_requests_to"] == []


@pytest.mark.requirement("RW-S3-03", "RW-SEC-02")
def test_bucket_itself_is_not_public(every: Plan) -> None:
    for each in every.all(BUCKET):
        block = of_bucket(every, "aws_s3_bucket_public_access_block", each)
        assert [block[name] for name in BLOCKS] == [True] * 4
        assert not read_by_anybody(every, each)


@pytest.mark.requirement("RW-S3-03")
def test_bucket_is_public_only_where_the_caller_says_so(chosen: Plan, minimal: Plan) -> None:
    assert minimal.variables["frontend_access"]["default"] == "cloudfront"
    block = of_bucket(chosen, "aws_s3_bucket_public_access_block", site(chosen))
    (read,) = read_by_anybody(chosen, site(chosen))

    assert (block["block_public_policy"], block["restrict_public_buckets"]) == (False, False)
    # Nobody makes single objects public, still.
    assert (block["block_public_acls"], block["ignore_public_acls"]) == (True, True)
    assert read.grants == {("s3:GetObject", f"arn:aws:s3:::{bucket_name(chosen, 'frontend-bucket')}/*")}
    assert read.conditions == frozenset()
    others = [each for each in chosen.all(BUCKET) if each != site(chosen)]
    assert len(others) == 3
    for each in others:
        assert not read_by_anybody(chosen, each)
        private = of_bucket(chosen, "aws_s3_bucket_public_access_block", each)
        assert (private["block_public_policy"], private["restrict_public_buckets"]) == (True, True)


@pytest.mark.requirement("RW-S3-04")
def test_buckets_keep_versions_of_their_objects_for_a_while(everywhere: Plan) -> None:
    for each in everywhere.all(BUCKET):
        (settings,) = of_bucket(everywhere, "aws_s3_bucket_versioning", each)["versioning_configuration"]
        (rule,) = of_bucket(everywhere, "aws_s3_bucket_lifecycle_configuration", each)["rule"]
        assert settings["status"] == "Enabled"
        # Old builds do not stay for ever.
        assert (rule["status"], rule["filter"][0]["prefix"]) == ("Enabled", "")
        assert [expiry["noncurrent_days"] for expiry in rule["noncurrent_version_expiration"]] == [30]
        assert [abort["days_after_initiation"] for abort in rule["abort_incomplete_multipart_upload"]] == [7]
        # What is current never expires, but for what a pipeline hands over.
        assert bool(rule["expiration"]) == ("pipeline" in each["bucket"])


@pytest.mark.requirement("RW-S3-05")
def test_objects_are_encrypted_with_keys_of_s3(everywhere: Plan) -> None:
    for each in everywhere.all(BUCKET):
        (rule,) = of_bucket(everywhere, "aws_s3_bucket_server_side_encryption_configuration", each)["rule"]
        (settings,) = rule["apply_server_side_encryption_by_default"]
        assert (settings["sse_algorithm"], settings["kms_master_key_id"] or "") == ("AES256", "")


@pytest.mark.requirement("RW-SEC-02")
def test_the_distribution_and_nobody_else_reads_the_bucket(every: Plan) -> None:
    name = bucket_name(every, "frontend-bucket")
    distribution = every.one(DISTRIBUTION)
    deny, read = policy(every, site(every))

    assert read.allows
    assert read.grants == {("s3:GetObject", f"arn:aws:s3:::{name}/*")}
    assert read.principals == {("Service", "cloudfront.amazonaws.com")}
    assert read.conditions == {("StringEquals", "AWS:SourceArn", f"{distribution.block}.arn")}
    assert not deny.allows


@pytest.mark.requirement("RW-SEC-02")
def test_buckets_refuse_plain_http(everywhere: Plan) -> None:
    for each in everywhere.all(BUCKET):
        (deny,) = [statement for statement in policy(everywhere, each) if not statement.allows]
        arn = f"arn:aws:s3:::{each['bucket']}"
        assert deny.grants == {("s3:*", arn), ("s3:*", f"{arn}/*")}
        assert deny.principals == {("*", "*")}
        assert deny.conditions == {("Bool", "aws:SecureTransport", "false")}


@pytest.mark.requirement("RW-CF-01")
def test_distribution_reads_the_bucket_by_signed_requests(everywhere: Plan) -> None:
    distribution = everywhere.one(DISTRIBUTION)
    access = everywhere.one("aws_cloudfront_origin_access_control")
    (origin,) = [each for each in distribution["origin"] if each["origin_id"] == "site"]

    assert origin["custom_origin_config"] == origin["s3_origin_config"] == []
    assert origin["origin_path"] == ""
    assert everywhere.references(distribution, "origin", "domain_name") == {
        site(everywhere).block,
        f"{site(everywhere).block}.bucket_regional_domain_name",
    }
    assert everywhere.references(distribution, "origin", "origin_access_control_id") == {
        access.block,
        f"{access.block}.id",
    }
    assert access["origin_access_control_origin_type"] == "s3"
    assert (access["signing_behavior"], access["signing_protocol"]) == ("always", "sigv4")
    assert distribution["enabled"] is True
    # The document asks for low cost: North America and Europe.
    assert distribution["price_class"] == "PriceClass_100"
    assert distribution["is_ipv6_enabled"] is True


@pytest.mark.requirement("RW-CF-01")
def test_without_failover_there_is_one_origin(dev: Plan) -> None:
    distribution = dev.one(DISTRIBUTION)
    (behavior,) = distribution["default_cache_behavior"]

    assert [each["origin_id"] for each in distribution["origin"]] == ["site"]
    assert distribution["origin_group"] == []
    assert behavior["target_origin_id"] == "site"


@pytest.mark.requirement("RW-CF-02")
def test_every_route_of_the_app_is_answered_by_its_page(everywhere: Plan) -> None:
    distribution = everywhere.one(DISTRIBUTION)
    # What was not there may be there soon: a deploy puts it.
    answers = [
        (each["error_code"], each["response_code"], each["response_page_path"], each["error_caching_min_ttl"])
        for each in distribution["custom_error_response"]
    ]
    (behavior,) = distribution["default_cache_behavior"]

    assert distribution["default_root_object"] == "index.html"
    # A private bucket says 403 of what it does not have.
    assert sorted(answers) == [(403, 200, "/index.html", 10), (404, 200, "/index.html", 10)]
    # One cache behaviour for all of it.
    assert distribution["ordered_cache_behavior"] == []
    assert behavior["allowed_methods"] == ["GET", "HEAD", "OPTIONS"]
    assert behavior["cached_methods"] == ["GET", "HEAD"]
    assert behavior["compress"] is True
    assert behavior["cache_policy_id"] == CACHING_OPTIMIZED
    assert behavior["response_headers_policy_id"] == SECURITY_HEADERS
    assert behavior["function_association"] == behavior["lambda_function_association"] == []


@pytest.mark.requirement("RW-CF-03")
def test_site_has_a_certificate_of_acm_and_nothing_but_https(every: Plan) -> None:
    distribution = every.one(DISTRIBUTION)
    certificate = every.one("aws_acm_certificate", domain_name=every.input("domain_name"))
    (viewer,) = distribution["viewer_certificate"]
    (behavior,) = distribution["default_cache_behavior"]
    validated = every.references(distribution, "viewer_certificate", "acm_certificate_arn")
    (validation,) = [each for each in every.all("aws_acm_certificate_validation") if each.block in validated]

    assert certificate["validation_method"] == "DNS"
    # CloudFront takes certificates of this region only.
    assert every.provider(certificate) == "aws"
    assert every.providers["aws"]["expressions"]["region"] == {"constant_value": "us-east-1"}
    assert every.referred(validation, "certificate_arn", "aws_acm_certificate") == certificate
    record = every.referred(validation, "validation_record_fqdns", RECORD)
    for argument in ("name", "records", "type"):
        assert every.referred(record, argument, "aws_acm_certificate") == certificate
    assert (record["ttl"], record["allow_overwrite"]) == (300, True)
    assert (viewer["minimum_protocol_version"], viewer["ssl_support_method"]) == ("TLSv1.2_2021", "sni-only")
    assert not viewer["cloudfront_default_certificate"]
    assert behavior["viewer_protocol_policy"] == "redirect-to-https"


@pytest.mark.requirement("RW-CF-03")
def test_site_takes_a_certificate_that_is_there(chosen: Plan) -> None:
    (viewer,) = chosen.one(DISTRIBUTION)["viewer_certificate"]

    assert viewer["acm_certificate_arn"] == GIVEN_CERTIFICATE
    assert not chosen.all("aws_acm_certificate", domain_name="rewind.example.com")


@pytest.mark.requirement("RW-CF-04")
@pytest.mark.parametrize("kind", ["A", "AAAA"])
def test_the_domain_leads_to_the_distribution(everywhere: Plan, kind: str) -> None:
    distribution = everywhere.one(DISTRIBUTION)
    record = everywhere.one(RECORD, name=domain_name(everywhere), type=kind)
    (alias,) = record["alias"]

    assert distribution["aliases"] == [domain_name(everywhere)]
    assert everywhere.references(record, "alias", "name") == {distribution.block, f"{distribution.block}.domain_name"}
    assert (alias["zone_id"], alias["evaluate_target_health"]) == (ZONE_OF_CLOUDFRONT, False)


@pytest.mark.requirement("RW-CF-04")
@pytest.mark.parametrize(
    ("env", "name"),
    [("prod", "rewindpodcast.com"), ("dev", "dev.rewindpodcast.com"), ("local", "local.rewindpodcast.com")],
)
def test_domain_of_prod_is_the_documents(plan: Planned, env: str, name: str) -> None:
    stack = plan(env)

    assert stack.one(DISTRIBUTION)["aliases"] == [name]
    assert stack.outputs["site_url"] == f"https://{name}"


@pytest.mark.requirement("RW-CF-04")
def test_records_are_in_a_zone_that_is_made(every: Plan) -> None:
    zone = every.one("aws_route53_zone")
    records = every.all(RECORD)

    assert zone["name"] == every.input("domain_name")
    assert zone["vpc"] == []
    assert all(every.referred(each, "zone_id", "aws_route53_zone") == zone for each in records)
    assert zone.block in every.output_references("name_servers")


@pytest.mark.requirement("RW-CF-04")
def test_records_are_in_a_zone_that_is_there(chosen: Plan) -> None:
    assert not chosen.all("aws_route53_zone")
    assert {each["zone_id"] for each in chosen.all(RECORD)} == {"Z0123456789EXAMPLE"}
    assert chosen.outputs["name_servers"] == []
