"""A site: its bucket, the copy of it, the distribution before both, and the names that lead there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.conditional_part import ConditionalPart
from cdktf_app.constructs.bucket_replication import BucketReplication, BucketReplicationProps
from cdktf_app.constructs.certificate import ForeignCertificate, certificate_of
from cdktf_app.constructs.ci_role import CiRole, CiRoleProps
from cdktf_app.constructs.distribution_parts import read_by
from cdktf_app.constructs.hosted_zone import HostedZone
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.private_bucket import PrivateBucket, PrivateBucketProps
from cdktf_app.constructs.site_distribution import SiteDistribution, SiteDistributionProps, StandbyBucket
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input, ModuleStack
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]


@pytest.fixture
def bucket(part: Construct, deployment: Deployment) -> PrivateBucket:
    return PrivateBucket(part, "site", props=PrivateBucketProps(deployment=deployment, name="site"))


@pytest.fixture
def copy(stack: ModuleStack, deployment: Deployment) -> PrivateBucket:
    away = ConditionalPart(stack, "away", condition="var.wanted", alias="failover")
    props = PrivateBucketProps(deployment=deployment.in_region("us-west-2"), name="site")
    return PrivateBucket(away, "copy", props=props)


@pytest.fixture
def site(deployment: Deployment, bucket: PrivateBucket) -> SiteDistributionProps:
    return SiteDistributionProps(
        deployment=deployment, name="site", domain_name="example.com", certificate_arn="arn:cert", bucket=bucket
    )


def test_a_distribution_answers_over_https_only_at_its_name(
    part: Construct, site: SiteDistributionProps, synthesize: Synthesize
) -> None:
    SiteDistribution(part, "distribution", props=site)

    made = synthesize().the("aws_cloudfront_distribution")
    assert made["aliases"] == ["example.com"]
    assert made["default_root_object"] == "index.html"
    assert made["viewer_certificate"]["minimum_protocol_version"] == "TLSv1.2_2021"
    behavior = made["default_cache_behavior"]
    assert behavior["viewer_protocol_policy"] == "redirect-to-https"
    assert behavior["response_headers_policy_id"] == "67f7725c-6f97-4210-82d7-5512b31e9d03"
    assert behavior["target_origin_id"] == "site"
    assert "dynamic" not in made


def test_a_path_that_is_no_file_gets_the_app(
    part: Construct, site: SiteDistributionProps, synthesize: Synthesize
) -> None:
    SiteDistribution(part, "distribution", props=site)

    answers = synthesize().the("aws_cloudfront_distribution")["custom_error_response"]
    assert {answer["error_code"] for answer in answers} == {403, 404}
    assert {(answer["response_code"], answer["response_page_path"]) for answer in answers} == {(200, "/index.html")}


def test_the_bucket_is_read_by_the_distribution_and_signed(
    part: Construct, site: SiteDistributionProps, bucket: PrivateBucket, synthesize: Synthesize
) -> None:
    distribution = SiteDistribution(part, "distribution", props=site)
    bucket.allow(read_by(distribution.distribution.arn))

    module = synthesize()
    (origin,) = module.the("aws_cloudfront_distribution")["origin"]
    assert origin["domain_name"] == "${aws_s3_bucket.site.bucket_regional_domain_name}"
    assert origin["origin_access_control_id"] == "${aws_cloudfront_origin_access_control.distribution_access.id}"
    access = module.the("aws_cloudfront_origin_access_control")
    assert (access["signing_behavior"], access["signing_protocol"]) == ("always", "sigv4")
    statement = module.statements("site_tls_only")["ReadByDistribution"]
    assert statement["actions"] == ["s3:GetObject"]
    assert statement["resources"] == ["arn:aws:s3:::app-${var.environment}-site-${var.account_id}/*"]
    assert statement["condition"] == [
        {
            "test": "StringEquals",
            "variable": "AWS:SourceArn",
            "values": ["${aws_cloudfront_distribution.distribution.arn}"],
        }
    ]


def test_a_standby_is_asked_when_the_first_bucket_does_not_answer(
    part: Construct, site: SiteDistributionProps, copy: PrivateBucket, synthesize: Synthesize
) -> None:
    SiteDistribution(
        part, "distribution", props=replace(site, standby=StandbyBucket(condition="var.wanted", bucket=copy))
    )

    made = synthesize().the("aws_cloudfront_distribution")
    assert made["default_cache_behavior"]["target_origin_id"] == '${var.wanted ? "site-or-standby" : "site"}'
    group = made["dynamic"]["origin_group"]
    assert group["for_each"] == "${var.wanted ? [true] : []}"
    assert group["content"]["failover_criteria"] == {"status_codes": [500, 502, 503, 504]}
    assert group["content"]["member"] == [{"origin_id": "site"}, {"origin_id": "standby"}]
    origin = made["dynamic"]["origin"]
    assert origin["for_each"] == "${var.wanted ? [true] : []}"
    # Outside of the part that the copy is in: null where there is none.
    assert origin["content"]["domain_name"] == "${one(aws_s3_bucket.copy[*].bucket_regional_domain_name)}"


def test_every_object_and_every_deletion_is_copied(
    part: Construct, deployment: Deployment, bucket: PrivateBucket, synthesize: Synthesize
) -> None:
    target = PrivateBucket(part, "copy", props=PrivateBucketProps(deployment=deployment, name="copy"))
    props = BucketReplicationProps(deployment=deployment, name="copies", source=bucket, destination=target)
    BucketReplication(part, "copies", props=props)

    module = synthesize()
    made = module.the("aws_s3_bucket_replication_configuration")
    (rule,) = made["rule"]
    assert (rule["status"], rule["filter"]) == ("Enabled", {"prefix": ""})
    assert rule["delete_marker_replication"] == {"status": "Enabled"}
    assert rule["destination"]["bucket"] == "${aws_s3_bucket.copy.arn}"
    # S3 copies nothing between buckets that keep no versions.
    assert made["depends_on"] == [
        "aws_s3_bucket_versioning.site_versioning",
        "aws_s3_bucket_versioning.copy_versioning",
    ]
    (trust,) = module.statements("copies_role_trust").values()
    assert trust["principals"] == [{"identifiers": ["s3.amazonaws.com"], "type": "Service"}]
    assert trust["condition"][0]["variable"] == "aws:SourceAccount"
    grants = {
        (action, resource)
        for statement in module.statements("copies_role_permissions").values()
        for action in statement["actions"]
        for resource in statement["resources"]
    }
    arn = "arn:aws:s3:::app-${var.environment}-%s-${var.account_id}"
    assert {resource for action, resource in grants if action.startswith("s3:Replicate")} == {f"{arn % 'copy'}/*"}
    assert {resource for action, resource in grants if action.startswith("s3:GetObject")} == {f"{arn % 'site'}/*"}


def test_a_zone_is_made_unless_one_is_given(part: Construct, synthesize: Synthesize) -> None:
    zone = HostedZone(part, "zone", domain_name="example.com", given=Input("zone_id"), tags={"Owner": "me"})
    zone.point_at(part, name="example.com", target="d.cloudfront.net", target_zone_id="Z2")

    module = synthesize()
    assert module.the("aws_route53_zone")["count"] == '${var.zone_id == "" ? 1 : 0}'
    assert zone.id == '${var.zone_id != "" ? var.zone_id : one(aws_route53_zone.zone[*].zone_id)}'
    records = module.all("aws_route53_record").values()
    assert {record["type"] for record in records} == {"A", "AAAA"}
    assert {record["alias"]["name"] for record in records} == {"d.cloudfront.net"}
    assert {record["zone_id"] for record in records} == {zone.id}


def test_a_certificate_is_made_and_proved_through_the_zone(part: Construct, synthesize: Synthesize) -> None:
    arn = certificate_of(part, domain_name="example.com", zone_id="Z1", tags={})

    module = synthesize()
    made = module.the("aws_acm_certificate")
    assert (made["validation_method"], made["lifecycle"]) == ("DNS", {"create_before_destroy": True})
    assert "count" not in made
    record = module.the("aws_route53_record")
    option = "one(aws_acm_certificate.certificate.domain_validation_options)"
    assert record["records"] == [f"${{{option}.resource_record_value}}"]
    assert record["zone_id"] == "Z1"
    # The validation's, so that nothing uses a certificate that nobody has proved.
    assert arn == "${aws_acm_certificate_validation.validation.certificate_arn}"


def test_a_given_certificate_is_used_as_it_is(part: Construct, synthesize: Synthesize) -> None:
    arn = certificate_of(part, domain_name="example.com", zone_id="Z1", tags={}, given=Input("certificate_arn"))

    module = synthesize()
    condition = '${true && var.certificate_arn == "" ? 1 : 0}'
    for kind in ("aws_acm_certificate", "aws_route53_record", "aws_acm_certificate_validation"):
        assert module.the(kind)["count"] == condition
    assert arn == (
        '${var.certificate_arn != "" ? var.certificate_arn '
        ": one(aws_acm_certificate_validation.validation[*].certificate_arn)}"
    )


def test_a_certificate_of_several_names_is_proved_for_each(part: Construct, synthesize: Synthesize) -> None:
    certificate_of(
        part,
        domain_name="example.com",
        alternatives=["api.example.com"],
        zone_id="Z1",
        tags={},
        given=Input("certificate_arn"),
    )

    module = synthesize()
    assert module.the("aws_acm_certificate")["subject_alternative_names"] == ["api.example.com"]
    record = module.the("aws_route53_record")
    assert record["for_each"] == (
        "${merge([for made in aws_acm_certificate.certificate : "
        "{ for option in made.domain_validation_options : option.domain_name => option }]...)}"
    )
    assert (record["name"], record["type"], record["records"]) == (
        "${each.value.resource_record_name}",
        "${each.value.resource_record_type}",
        ["${each.value.resource_record_value}"],
    )
    assert module.the("aws_acm_certificate_validation")["validation_record_fqdns"] == (
        "${[for record in aws_route53_record.validation_record : record.fqdn]}"
    )


def test_a_certificate_of_several_names_that_is_always_made_needs_no_list_of_itself(
    part: Construct, synthesize: Synthesize
) -> None:
    certificate_of(part, domain_name="example.com", alternatives=["api.example.com"], zone_id="Z1", tags={})

    assert synthesize().the("aws_route53_record")["for_each"] == (
        "${{ for option in aws_acm_certificate.certificate.domain_validation_options : option.domain_name => option }}"
    )


def test_a_certificate_of_another_issuer_is_imported_instead(part: Construct, synthesize: Synthesize) -> None:
    foreign = ForeignCertificate(body=Input("body"), private_key=Input("key"), chain=Input("chain"))
    arn = certificate_of(
        part, domain_name="example.com", zone_id="Z1", tags={}, given=Input("certificate_arn"), foreign=foreign
    )

    module = synthesize()
    imported = module.resource("aws_acm_certificate", "imported")
    assert imported["count"] == '${true && var.certificate_arn == "" && var.body != "" ? 1 : 0}'
    assert imported["certificate_body"] == "${var.body}"
    assert imported["private_key"] == "${var.key}"
    assert imported["certificate_chain"] == '${var.chain != "" ? var.chain : null}'
    assert imported["lifecycle"] == {"create_before_destroy": True}
    made = module.resource("aws_acm_certificate", "certificate")
    assert made["count"] == '${true && var.certificate_arn == "" && var.body == "" ? 1 : 0}'
    assert arn == (
        '${var.certificate_arn != "" ? var.certificate_arn : '
        'var.body != "" ? one(aws_acm_certificate.imported[*].arn) : '
        "one(aws_acm_certificate_validation.validation[*].certificate_arn)}"
    )


def test_every_name_of_a_list_leads_to_an_endpoint(part: Construct, synthesize: Synthesize) -> None:
    zone = HostedZone(part, "zone", domain_name="example.com", given=Input("zone_id"), tags={})
    zone.point_each_at(part, names="var.names", target="d.cloudfront.net", target_zone_id="Z2")

    records = synthesize().all("aws_route53_record")
    assert {name: record["type"] for name, record in records.items()} == {"ipv4": "A", "ipv6": "AAAA"}
    for record in records.values():
        assert record["for_each"] == "${{ for name in var.names : name => name }}"
        assert record["name"] == "${each.key}"
        assert record["alias"] == {"name": "d.cloudfront.net", "zone_id": "Z2", "evaluate_target_health": False}


def test_texts_of_a_name_are_one_record(part: Construct, synthesize: Synthesize) -> None:
    zone = HostedZone(part, "zone", domain_name="example.com", given=Input("zone_id"), tags={})
    zone.add_texts(part, "texts", name="example.com", texts=["one", "two"])

    record = synthesize().the("aws_route53_record")
    assert (record["name"], record["type"], record["records"]) == ("example.com", "TXT", ["one", "two"])
    assert record["zone_id"] == zone.id


@pytest.fixture
def deployer(part: Construct, deployment: Deployment) -> CiRole:
    props = CiRoleProps(
        deployment=deployment, name="deploy", repository=Input("repository"), provider_arn=Input("provider_arn")
    )
    return CiRole(part, "deploy", props=props)


@pytest.mark.usefixtures("deployer")
def test_workflows_of_the_main_branch_may_deploy_and_without_a_repository_people(synthesize: Synthesize) -> None:
    module = synthesize()

    workflow, people = module.document("deploy_trust")["dynamic"]["statement"]
    assert workflow["for_each"] == '${var.repository != "" ? [true] : []}'
    assert workflow["content"]["actions"] == ["sts:AssumeRoleWithWebIdentity"]
    conditions = {each["variable"]: each["values"] for each in workflow["content"]["condition"]}
    assert conditions == {
        "token.actions.githubusercontent.com:aud": ["sts.amazonaws.com"],
        "token.actions.githubusercontent.com:sub": ["repo:${var.repository}:ref:refs/heads/main"],
    }
    assert {each["test"] for each in workflow["content"]["condition"]} == {"StringEquals"}
    assert people["for_each"] == '${var.repository == "" ? [true] : []}'
    assert people["content"]["principals"] == [{"type": "AWS", "identifiers": ["arn:aws:iam::${var.account_id}:root"]}]


@pytest.mark.usefixtures("deployer")
def test_githubs_provider_is_made_where_there_is_a_repository_and_none_is_given(synthesize: Synthesize) -> None:
    module = synthesize()

    provider = module.the("aws_iam_openid_connect_provider")
    assert provider["count"] == '${var.repository != "" && var.provider_arn == "" ? 1 : 0}'
    assert provider["url"] == "https://token.actions.githubusercontent.com"
    workflow, _ = module.document("deploy_trust")["dynamic"]["statement"]
    (principal,) = workflow["content"]["principals"]
    assert principal["identifiers"] == [
        '${var.provider_arn != "" ? var.provider_arn '
        ': "arn:aws:iam::${var.account_id}:oidc-provider/token.actions.githubusercontent.com"}'
    ]
    assert module.the("aws_iam_role")["depends_on"] == ["aws_iam_openid_connect_provider.deploy_github"]


def test_a_deployer_may_do_what_is_granted(deployer: CiRole, synthesize: Synthesize) -> None:
    deployer.allow(Statement(sid="Sync", actions=["s3:PutObject"], resources=["arn:aws:s3:::site/*"]))

    module = synthesize()
    assert module.statements("deploy_permissions").keys() == {"Sync"}
    assert module.the("aws_iam_role_policy")["policy"] == "${data.aws_iam_policy_document.deploy_permissions.json}"


def test_an_expression_of_name_servers_is_empty_for_a_given_zone(part: Construct, stack: ModuleStack) -> None:
    zone = HostedZone(part, "zone", domain_name="example.com", given=Input("zone_id"), tags={})
    stack.output("name_servers", zone.name_servers, description="Name servers.")

    output = Synthesized(stack.to_module()).module["output"]["name_servers"]
    assert output["value"] == expressions.string("flatten(aws_route53_zone.zone[*].name_servers)")
