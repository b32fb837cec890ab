"""A customer-managed key that AWS services encrypt with; people and roles get no use of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.kms import KmsAlias, KmsKey
from cdktf_app.constructs.policy_document import Condition, PolicyDocument, Statement
from cdktf_app.deployment import Deployment

# What the account's administrators may do with the key: look after it, not decrypt with it. Without PutKeyPolicy
# and deletion for the account a key can never be changed or removed again.
_ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
# In a key's own policy `*` means this key and nothing else.
_THIS_KEY = ("*",)


@dataclass(frozen=True, kw_only=True)
class ServiceKeyProps:
    """Shape of a key.

    Attributes:
        deployment: Names, account and tags.
        name: Last part of the alias.
        description: What is encrypted with it.
        enabled: Condition, as a Terraform expression, under which the key exists (it costs by the month).
        deletion_window_days: Days between its deletion and its end, 7 to 30. Default: 30.
    """

    deployment: Deployment
    name: str
    description: str
    enabled: str
    deletion_window_days: int = 30


class ServiceKey(Construct):
    """KMS key with yearly rotation, its alias and a policy that names every use.

    Creates, if ``enabled``: key, alias. ``arn`` is null otherwise, which services take as their own encryption.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: ServiceKeyProps) -> None:
        super().__init__(scope, construct_id)
        self._deployment = props.deployment
        self._policy = PolicyDocument(
            self,
            "policy",
            statements=[
                Statement(
                    sid="Administration",
                    actions=_ADMINISTRATION,
                    resources=_THIS_KEY,
                    principals={"AWS": [props.deployment.account_root]},
                )
            ],
        )
        count = expressions.count_if(props.enabled)
        self.key = KmsKey(
            self,
            "this",
            count=count,
            description=props.description,
            enable_key_rotation=True,
            deletion_window_in_days=props.deletion_window_days,
            policy=self._policy.json,
            tags=props.deployment.tags,
        )
        self.alias = KmsAlias(
            self,
            "alias",
            count=count,
            name=f"alias/{props.deployment.name(props.name)}",
            target_key_id=expressions.string(expressions.only(self.key, "key_id")),
        )

    @property
    def arn(self) -> str:
        return expressions.string(expressions.only(self.key, "arn"))

    def grant_log_groups(self, names: Sequence[str]) -> None:
        """Let CloudWatch Logs encrypt these log groups (a name may end with ``*``)."""
        self._policy.add(
            Statement(
                sid="LogGroups",
                actions=[
                    "kms:Decrypt",
                    "kms:DescribeKey",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "kms:GenerateDataKeyWithoutPlaintext",
                    "kms:ReEncryptFrom",
                    "kms:ReEncryptTo",
                ],
                resources=_THIS_KEY,
                principals={"Service": [f"logs.{self._deployment.region}.amazonaws.com"]},
                conditions=[
                    Condition(
                        test="ArnLike",
                        variable="kms:EncryptionContext:aws:logs:arn",
                        values=[self._deployment.arn("logs", f"log-group:{name}") for name in names],
                    )
                ],
            )
        )

    def grant_alarms(self) -> None:
        """Let this account's CloudWatch alarms publish to topics under this key."""
        self._policy.add(
            Statement(
                sid="Alarms",
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=_THIS_KEY,
                principals={"Service": ["cloudwatch.amazonaws.com"]},
                conditions=[
                    Condition(
                        test="StringEquals",
                        variable="aws:SourceAccount",
                        values=[self._deployment.account_id],
                    )
                ],
            )
        )
