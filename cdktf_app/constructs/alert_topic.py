"""An SNS topic that collects alarms and hands them to people."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.sns import SnsTopic, SnsTopicPolicy, SnsTopicSubscription
from cdktf_app.constructs.policy_document import Condition, PolicyDocument, Statement
from cdktf_app.constructs.service_key import ServiceKey
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input


@dataclass(frozen=True, kw_only=True)
class AlertTopicProps:
    """Shape of a topic.

    Attributes:
        deployment: Names, account and tags.
        name: Last part of its name.
        enabled: Whether the topic exists.
        kms_key: Key that encrypts messages. SNS's own key would not do: alarms may not publish under it.
        emails: Addresses; each has to confirm by mail.
        phone_numbers: Numbers for SMS, in E.164.
    """

    deployment: Deployment
    name: str
    enabled: Input
    kms_key: ServiceKey
    emails: Input
    phone_numbers: Input


class AlertTopic(Construct):
    """SNS topic that only this account's alarms may publish to, with its subscriptions."""

    def __init__(self, scope: Construct, construct_id: str, *, props: AlertTopicProps) -> None:
        super().__init__(scope, construct_id)
        name = props.deployment.name(props.name)
        count = expressions.count_if(props.enabled.expression)
        self.topic = SnsTopic(
            self,
            "this",
            count=count,
            name=name,
            kms_master_key_id=props.kms_key.arn,
            tags=props.deployment.tags,
        )
        props.kms_key.grant_alarms()
        publishers = PolicyDocument(
            self,
            "publishers",
            statements=[
                Statement(
                    sid="PublishAlarms",
                    actions=["sns:Publish"],
                    resources=[props.deployment.arn("sns", name)],
                    principals={"Service": ["cloudwatch.amazonaws.com"]},
                    conditions=[
                        Condition(
                            test="StringEquals",
                            variable="aws:SourceAccount",
                            values=[props.deployment.account_id],
                        )
                    ],
                )
            ],
        )
        SnsTopicPolicy(self, "policy", count=count, arn=self.arn, policy=publishers.json)
        for protocol, endpoints in (("email", props.emails), ("sms", props.phone_numbers)):
            SnsTopicSubscription(
                self,
                protocol,
                for_each=expressions.each_of(
                    f"{{ for endpoint in {endpoints.expression} : endpoint => endpoint if {props.enabled.expression} }}"
                ),
                topic_arn=self.arn,
                protocol=protocol,
                endpoint="${each.key}",
            )

    @property
    def arn(self) -> str:
        """ARN of the topic; null when it is not enabled."""
        return expressions.string(expressions.only(self.topic, "arn"))

    @property
    def arns(self) -> list[str]:
        """ARN of the topic as the list that alarms want; empty when it is not enabled."""
        return expressions.strings(expressions.every(self.topic, "arn"))
