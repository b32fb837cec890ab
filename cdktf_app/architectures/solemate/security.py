"""What an auditor asks for: who did what in the account, and whether everything is configured as it should be."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.solemate.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.conditional_part import ConditionalPart
from cdktf_app.constructs.audit_trail import AuditTrail, AuditTrailProps
from cdktf_app.constructs.config_recorder import ConfigRecorder, ConfigRecorderProps
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.deployment import Deployment

# https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
_RULES = {
    "s3-bucket-public-read-prohibited": "S3_BUCKET_PUBLIC_READ_PROHIBITED",
    "rds-storage-encrypted": "RDS_STORAGE_ENCRYPTED",
    # The name that the console knows it by.
    "restricted-ssh": "INCOMING_SSH_DISABLED",
}


@dataclass(frozen=True, kw_only=True)
class AuditProps:
    """Shape of the audit.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        logs: Retention and encryption of what CloudWatch keeps of it.
        retain_data: Refuse, at plan, whatever would destroy what was recorded.
    """

    deployment: Deployment
    variables: Variables
    logs: LogSettings
    retain_data: bool


class Audit(ConditionalPart):
    """CloudTrail and AWS Config; they exist with ``enable_account_audit``, for an account has one recorder only."""

    def __init__(self, scope: Construct, construct_id: str, *, props: AuditProps) -> None:
        super().__init__(scope, construct_id, condition=props.variables.enable_account_audit.expression)
        force_destroy = props.variables.force_destroy.boolean
        AuditTrail(
            self,
            "trail",
            props=AuditTrailProps(
                deployment=props.deployment,
                name="trail",
                logs=props.logs,
                retain_data=props.retain_data,
                force_destroy=force_destroy,
            ),
        )
        ConfigRecorder(
            self,
            "recorder",
            props=ConfigRecorderProps(
                deployment=props.deployment,
                name="config",
                rules=_RULES,
                retain_data=props.retain_data,
                force_destroy=force_destroy,
            ),
        )
