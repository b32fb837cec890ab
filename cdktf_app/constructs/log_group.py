"""A log group whose entries end some day."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.cloudwatch import CloudwatchLogGroup
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.service_key import ServiceKey
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input


@dataclass(frozen=True, kw_only=True)
class LogSettings:
    """How logs are kept.

    Attributes:
        retention_days: Days until an entry is deleted, one of the numbers CloudWatch takes.
        kms_key: Key that encrypts them. Default: CloudWatch's own encryption.
    """

    retention_days: float
    kms_key: ServiceKey | None = None


@dataclass(frozen=True, kw_only=True)
class LogGroupProps:
    """Shape of a log group.

    Attributes:
        deployment: Names and tags.
        service: Service that writes (``lambda``).
        name: Name of what writes, without the deployment's prefix.
        settings: Retention and encryption.
        copies: Input with the number of groups, which ``count.index`` in the name tells apart. Default: there is one.
        path: Its whole name, where AWS has none of its own for such a thing. Default: ``/aws/<service>/<name>``.
        enabled: Condition, as a Terraform expression, under which the group exists. Default: always.
    """

    deployment: Deployment
    service: str
    name: str
    settings: LogSettings
    copies: Input | None = None
    path: str | None = None
    enabled: str | None = None


class LogGroup(Construct):
    """CloudWatch log group with retention, made before the first entry so that nothing makes it without.

    Attributes:
        path: Its whole name, known before it exists.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: LogGroupProps) -> None:
        super().__init__(scope, construct_id)
        self._deployment = props.deployment
        self.path = props.path or props.deployment.log_group(props.service, props.name)
        self.log_group = CloudwatchLogGroup(
            self,
            "this",
            count=expressions.Existence(props.enabled).count if props.copies is None else props.copies.number,
            name=self.path,
            retention_in_days=props.settings.retention_days,
            kms_key_id=props.settings.kms_key.arn if props.settings.kms_key else None,
            tags=props.deployment.tags,
        )

    @property
    def name(self) -> str:
        return self.log_group.name

    @property
    def arn(self) -> str:
        return self.log_group.arn

    @property
    def streams_arn(self) -> str:
        """ARN of its streams, known before it exists."""
        return self._deployment.arn("logs", f"log-group:{self.path}:*")
