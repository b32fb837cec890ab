"""What is recorded of an account: who did what, and how everything is configured."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.audit_trail import AuditTrail, AuditTrailProps
from cdktf_app.constructs.config_recorder import ConfigRecorder, ConfigRecorderProps
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.deployment import Deployment
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]

TRAIL = "arn:aws:cloudtrail:${var.region}:${var.account_id}:trail/app-${var.environment}-trail"
FILES = "arn:aws:s3:::app-${var.environment}-%s-${var.account_id}"


@pytest.fixture
def trail(part: Construct, deployment: Deployment) -> AuditTrail:
    props = AuditTrailProps(deployment=deployment, name="trail", logs=LogSettings(retention_days=30))
    return AuditTrail(part, "trail", props=props)


@pytest.fixture
def recorder(part: Construct, deployment: Deployment) -> ConfigRecorder:
    rules = {"restricted-ssh": "INCOMING_SSH_DISABLED"}
    return ConfigRecorder(
        part, "recorder", props=ConfigRecorderProps(deployment=deployment, name="config", rules=rules)
    )


@pytest.mark.usefixtures("trail")
def test_a_trail_covers_all_regions_and_shows_what_was_changed_in_it(synthesize: Synthesize) -> None:
    made = synthesize().the("aws_cloudtrail")

    assert made["name"] == "app-${var.environment}-trail"
    assert made["is_multi_region_trail"] is made["include_global_service_events"] is True
    assert made["enable_log_file_validation"] is made["enable_logging"] is True
    assert made["s3_bucket_name"] == "${aws_s3_bucket.trail_bucket.bucket}"
    assert made["kms_key_id"] == "${aws_kms_key.trail_key.arn}"
    assert made["cloud_watch_logs_group_arn"] == "${aws_cloudwatch_log_group.trail_logs.arn}:*"
    assert made["cloud_watch_logs_role_arn"] == "${aws_iam_role.trail_role.arn}"
    assert made["depends_on"] == ["aws_s3_bucket_policy.trail_bucket_policy", "aws_iam_role_policy.trail_role_policy"]


@pytest.mark.usefixtures("trail")
def test_a_trail_and_nothing_else_writes_into_its_bucket(synthesize: Synthesize) -> None:
    statements = synthesize().statements("trail_bucket_tls_only")

    assert set(statements) == {"RefusePlainHttp", "AWSCloudTrailAclCheck", "AWSCloudTrailWrite"}
    look, write = statements["AWSCloudTrailAclCheck"], statements["AWSCloudTrailWrite"]
    for each in (look, write):
        assert each["effect"] == "Allow"
        assert each["principals"] == [{"type": "Service", "identifiers": ["cloudtrail.amazonaws.com"]}]
    by_it = {"test": "StringEquals", "variable": "aws:SourceArn", "values": [TRAIL]}
    owned = {"test": "StringEquals", "variable": "s3:x-amz-acl", "values": ["bucket-owner-full-control"]}
    assert (look["actions"], look["resources"]) == (["s3:GetBucketAcl"], [FILES % "trail"])
    assert look["condition"] == [by_it]
    assert (write["actions"], write["resources"]) == (
        ["s3:PutObject"],
        [f"{FILES % 'trail'}/AWSLogs/${{var.account_id}}/*"],
    )
    assert write["condition"] == [owned, by_it]


@pytest.mark.usefixtures("trail")
def test_a_trails_key_encrypts_for_it_and_decrypts_for_the_account(synthesize: Synthesize) -> None:
    statements = synthesize().statements("trail_key_policy")

    def uses(sid: str) -> tuple[object, object, object]:
        return statements[sid]["actions"], statements[sid]["principals"], statements[sid]["condition"]

    by_it = {"test": "StringEquals", "variable": "aws:SourceArn", "values": [TRAIL]}
    its_files = {"test": "StringEquals", "variable": "kms:EncryptionContext:aws:cloudtrail:arn", "values": [TRAIL]}
    service = [{"type": "Service", "identifiers": ["cloudtrail.amazonaws.com"]}]
    assert uses("EncryptTrail") == (["kms:GenerateDataKey"], service, [by_it, its_files])
    assert uses("FindKey") == (["kms:DescribeKey"], service, [by_it])
    people = [{"type": "AWS", "identifiers": ["arn:aws:iam::${var.account_id}:root"]}]
    assert uses("ReadTrail") == (["kms:Decrypt"], people, [its_files])


@pytest.mark.usefixtures("trail")
def test_a_trails_copy_in_cloudwatch_is_written_by_its_own_role(synthesize: Synthesize) -> None:
    module = synthesize()

    (trust,) = module.statements("trail_role_trust").values()
    assert trust["principals"] == [{"type": "Service", "identifiers": ["cloudtrail.amazonaws.com"]}]
    (write,) = module.statements("trail_role_permissions").values()
    assert write["actions"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    group = "/aws/cloudtrail/app-${var.environment}-trail"
    assert write["resources"] == [f"arn:aws:logs:${{var.region}}:${{var.account_id}}:log-group:{group}:*"]
    assert module.the("aws_cloudwatch_log_group")["name"] == group


@pytest.mark.usefixtures("recorder")
def test_every_kind_of_resource_is_recorded(synthesize: Synthesize) -> None:
    module = synthesize()

    made = module.the("aws_config_configuration_recorder")
    assert made["recording_group"] == {"all_supported": True, "include_global_resource_types": True}
    assert made["role_arn"] == "${aws_iam_role.recorder_role.arn}"
    status = module.the("aws_config_configuration_recorder_status")
    assert status["is_enabled"] is True
    # It starts only where there is a channel to deliver by.
    assert status["depends_on"] == ["aws_config_delivery_channel.recorder_channel"]
    channel = module.the("aws_config_delivery_channel")
    assert channel["s3_bucket_name"] == "${aws_s3_bucket.recorder_bucket.bucket}"
    assert channel["depends_on"] == [
        "aws_config_configuration_recorder.recorder",
        "aws_iam_role_policy.recorder_role_policy",
    ]


@pytest.mark.usefixtures("recorder")
def test_the_recorders_role_reads_the_account_and_writes_its_bucket(synthesize: Synthesize) -> None:
    module = synthesize()

    (trust,) = module.statements("recorder_role_trust").values()
    assert trust["principals"] == [{"type": "Service", "identifiers": ["config.amazonaws.com"]}]
    assert [each["variable"] for each in trust["condition"]] == ["aws:SourceAccount"]
    granted = module.statements("recorder_role_permissions")
    assert granted.keys() == {"LookAtBucket", "WriteHistory"}
    assert granted["LookAtBucket"]["resources"] == [FILES % "config"]
    assert granted["WriteHistory"]["actions"] == ["s3:PutObject"]
    assert granted["WriteHistory"]["resources"] == [f"{FILES % 'config'}/AWSLogs/${{var.account_id}}/*"]
    attached = module.the("aws_iam_role_policy_attachment")
    assert attached["policy_arn"] == "arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"
    assert attached["role"] == "${aws_iam_role.recorder_role.name}"


@pytest.mark.usefixtures("recorder")
def test_rules_are_aws_own(synthesize: Synthesize) -> None:
    rule = synthesize().the("aws_config_config_rule")

    assert rule["name"] == "app-${var.environment}-restricted-ssh"
    assert rule["source"] == {"owner": "AWS", "source_identifier": "INCOMING_SSH_DISABLED"}
    assert rule["depends_on"] == ["aws_config_configuration_recorder.recorder"]
