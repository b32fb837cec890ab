"""An SQS queue that keeps events nobody could handle, until somebody looks."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.sqs import SqsQueue, SqsQueuePolicy
from cdktf_app.constructs.policy_document import Condition, PolicyDocument, Statement
from cdktf_app.deployment import Deployment

# The longest that SQS keeps a message: 14 days.
_RETENTION_SECONDS = 14 * 24 * 3600


@dataclass(frozen=True, kw_only=True)
class DeadLetterQueueProps:
    """Shape of a queue.

    Attributes:
        deployment: Names, account and tags.
        name: Last part of its name.
        enabled: Condition, as a Terraform expression, under which the queue exists. Default: always.
    """

    deployment: Deployment
    name: str
    enabled: str | None = None


class DeadLetterQueue(Construct):
    """Queue that SQS encrypts, over TLS only, kept for 14 days; this account's event rules may send to it.

    Attributes:
        arn: Its ARN, known before it exists.
        known_name: Its name, whether it exists or not.
        enabled: Condition, as a Terraform expression, under which it exists.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: DeadLetterQueueProps) -> None:
        super().__init__(scope, construct_id)
        name = props.deployment.name(props.name)
        self.arn = props.deployment.arn("sqs", name)
        self.known_name = name
        self.enabled = props.enabled or "true"
        self._exists = expressions.Existence(props.enabled)
        self.queue = SqsQueue(
            self,
            "this",
            count=self._exists.count,
            name=name,
            sqs_managed_sse_enabled=True,
            message_retention_seconds=_RETENTION_SECONDS,
            tags=props.deployment.tags,
        )
        access = PolicyDocument(
            self,
            "access",
            statements=[
                Statement(
                    sid="UndeliveredEvents",
                    actions=["sqs:SendMessage"],
                    resources=[self.arn],
                    principals={"Service": ["events.amazonaws.com"]},
                    conditions=[
                        Condition(
                            test="ArnLike", variable="aws:SourceArn", values=[props.deployment.arn("events", "rule/*")]
                        )
                    ],
                ),
                Statement(
                    sid="RefusePlainHttp",
                    deny=True,
                    actions=["sqs:*"],
                    resources=[self.arn],
                    principals={"*": ["*"]},
                    conditions=[Condition(test="Bool", variable="aws:SecureTransport", values=["false"])],
                ),
            ],
        )
        self.policy = SqsQueuePolicy(self, "policy", count=self._exists.count, queue_url=self.url, policy=access.json)

    @property
    def url(self) -> str:
        """URL of the queue; null when it is not enabled."""
        return self._exists.attribute(self.queue, "url")

    @property
    def name(self) -> str:
        """Name of the queue; null when it is not enabled."""
        return self._exists.attribute(self.queue, "name")
