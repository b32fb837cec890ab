"""A customer-managed key that AWS services encrypt with; people and roles get no use of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.kms import KmsAlias, KmsKey, KmsReplicaKey
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
            Default: always.
        deletion_window_days: Days between its deletion and its end, 7 to 30. Default: 30.
        multi_region: Let other regions have replicas of it. Cannot be changed later. Default: False.
    """

    deployment: Deployment
    name: str
    description: str
    enabled: str | None = None
    deletion_window_days: int = 30
    multi_region: bool = False


class ServiceKey(Construct):
    """KMS key with yearly rotation, its alias and a policy that names every use.

    Creates, if ``enabled``: key, alias. ``arn`` is null otherwise, which services take as their own encryption.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: ServiceKeyProps) -> None:
        super().__init__(scope, construct_id)
        self._deployment = props.deployment
        self._publishers: set[str] = set()
        self._policy = PolicyDocument(
            self,
            "policy",
            statements=[_administration(props.deployment)],
        )
        self._exists = expressions.Existence(props.enabled)
        self.key = KmsKey(
            self,
            "this",
            count=self._exists.count,
            description=props.description,
            enable_key_rotation=True,
            multi_region=props.multi_region or None,
            deletion_window_in_days=props.deletion_window_days,
            policy=self._policy.json,
            tags=props.deployment.tags,
        )
        self.alias = KmsAlias(
            self,
            "alias",
            count=self._exists.count,
            name=f"alias/{props.deployment.name(props.name)}",
            target_key_id=self._exists.attribute(self.key, "key_id"),
        )

    @property
    def arn(self) -> str:
        return self._exists.attribute(self.key, "arn")

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
        self._grant_publisher("Alarms", "cloudwatch.amazonaws.com")

    def grant_budgets(self) -> None:
        """Let this account's budgets publish to topics under this key."""
        self._grant_publisher("Budgets", "budgets.amazonaws.com")

    def grant_tables(self) -> None:
        """Let whoever may use this account's tables decrypt through DynamoDB, and in no other way."""
        self._policy.add(via_dynamodb(principals={"AWS": [self._deployment.account_root]}, deployment=self._deployment))

    def grant_backups(self) -> None:
        """Let this account's roles use the key through AWS Backup, as far as their own policies let them."""
        self._policy.add(via_backup(principals={"AWS": [self._deployment.account_root]}, deployment=self._deployment))

    def grant_trail(self, trail_arn: str) -> None:
        """Let a trail encrypt what it writes, and this account's people read it as far as IAM lets them.

        https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
        """
        trail = {"Service": ["cloudtrail.amazonaws.com"]}
        for_it = Condition(test="StringEquals", variable="aws:SourceArn", values=[trail_arn])
        its_files = Condition(
            test="StringEquals", variable="kms:EncryptionContext:aws:cloudtrail:arn", values=[trail_arn]
        )
        self._policy.add(
            Statement(
                sid="EncryptTrail",
                actions=["kms:GenerateDataKey"],
                resources=_THIS_KEY,
                principals=trail,
                conditions=[for_it, its_files],
            )
        )
        self._policy.add(
            Statement(
                sid="FindKey",
                actions=["kms:DescribeKey"],
                resources=_THIS_KEY,
                principals=trail,
                conditions=[for_it],
            )
        )
        self._policy.add(
            Statement(
                sid="ReadTrail",
                actions=["kms:Decrypt"],
                resources=_THIS_KEY,
                principals={"AWS": [self._deployment.account_root]},
                conditions=[its_files],
            )
        )

    def grant_database_backups(self) -> None:
        """Let whoever may copy this account's backups of databases encrypt the copies through RDS.

        https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
        """
        self._policy.add(
            Statement(
                sid="UseThroughRds",
                actions=[
                    "kms:CreateGrant",
                    "kms:Decrypt",
                    "kms:DescribeKey",
                    "kms:Encrypt",
                    "kms:GenerateDataKey",
                    "kms:GenerateDataKeyWithoutPlaintext",
                    "kms:ReEncryptFrom",
                    "kms:ReEncryptTo",
                ],
                resources=_THIS_KEY,
                principals={"AWS": [self._deployment.account_root]},
                conditions=[_through("rds", self._deployment)],
            )
        )

    def _grant_publisher(self, sid: str, service: str) -> None:
        """Once, however many topics are under the key."""
        if sid in self._publishers:
            return
        self._publishers.add(sid)
        self._policy.add(
            Statement(
                sid=sid,
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=_THIS_KEY,
                principals={"Service": [service]},
                conditions=[
                    Condition(
                        test="StringEquals",
                        variable="aws:SourceAccount",
                        values=[self._deployment.account_id],
                    )
                ],
            )
        )


class ReplicaKey(Construct):
    """The same key in another region, for the replica of a table there.

    Args:
        deployment: Names, account, tags and the other region.
        name: Last part of the alias.
        primary: The key, made for more than one region.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, deployment: Deployment, name: str, primary: ServiceKey
    ) -> None:
        super().__init__(scope, construct_id)
        policy = PolicyDocument(self, "policy", statements=[_administration(deployment), _use_by_tables(deployment)])
        self.key = KmsReplicaKey(
            self,
            "this",
            description=f"Replica of {name} of {deployment.prefix}",
            primary_key_arn=primary.arn,
            deletion_window_in_days=30,
            policy=policy.json,
            tags=deployment.tags,
        )
        KmsAlias(
            self,
            "alias",
            name=f"alias/{deployment.name(name)}",
            target_key_id=expressions.string(expressions.attribute(self.key, "key_id")),
        )

    @property
    def arn(self) -> str:
        return expressions.string(expressions.attribute(self.key, "arn"))


def _administration(deployment: Deployment) -> Statement:
    return Statement(
        sid="Administration",
        actions=_ADMINISTRATION,
        resources=_THIS_KEY,
        principals={"AWS": [deployment.account_root]},
    )


def _use_by_tables(deployment: Deployment) -> Statement:
    return via_dynamodb(principals={"AWS": [deployment.account_root]}, deployment=deployment)


def via_dynamodb(
    *, deployment: Deployment, principals: Mapping[str, Sequence[str]] | None = None, key_arn: str = "*"
) -> Statement:
    """What a table under a customer key asks of the key on behalf of its users.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    """
    return Statement(
        sid="UseThroughDynamoDB",
        actions=["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom"]
        + ["kms:ReEncryptTo"]
        + (["kms:CreateGrant"] if principals else []),
        resources=[key_arn],
        principals=principals or {},
        conditions=[_through("dynamodb", deployment)],
    )


def via_backup(
    *, deployment: Deployment, principals: Mapping[str, Sequence[str]] | None = None, key_arn: str = "*"
) -> Statement:
    """What a vault under a customer key asks of the key on behalf of the role that fills it.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
    """
    return Statement(
        sid="UseThroughBackup",
        actions=["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
        resources=[key_arn],
        principals=principals or {},
        conditions=[_through("backup", deployment)],
    )


def _through(service: str, deployment: Deployment) -> Condition:
    """That the service uses the key on somebody's behalf, instead of that somebody."""
    return Condition(
        test="StringEquals", variable="kms:ViaService", values=[f"{service}.{deployment.region}.amazonaws.com"]
    )
