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
        enabled: Whether the topic exists. Default: always.
        kms_key: Key that encrypts messages. SNS's own key would not do: alarms may not publish under it.
        emails: Addresses, an input that is a list or an expression for one; each has to confirm by mail.
        phone_numbers: Numbers for SMS, in E.164. Default: none.
        webhook: Address of a service that is told by HTTPS, such as PagerDuty; empty for none. It has to confirm by
            itself what SNS asks it when it is subscribed. Default: none.
    """

    deployment: Deployment
    name: str
    kms_key: ServiceKey
    emails: Input | expressions.Expression
    phone_numbers: Input | None = None
    enabled: Input | None = None
    webhook: Input | None = None


class AlertTopic(Construct):
    """SNS topic that only this account's alarms may publish to, with its subscriptions."""

    def __init__(self, scope: Construct, construct_id: str, *, props: AlertTopicProps) -> None:
        super().__init__(scope, construct_id)
        name = props.deployment.name(props.name)
        self._deployment = props.deployment
        self._key = props.kms_key
        self._own_arn = props.deployment.arn("sns", name)
        condition = None if props.enabled is None else props.enabled.expression
        self._exists = expressions.Existence(condition)
        self.topic = SnsTopic(
            self,
            "this",
            count=self._exists.count,
            name=name,
            kms_master_key_id=props.kms_key.arn,
            tags=props.deployment.tags,
        )
        props.kms_key.grant_alarms()
        self._publishers = PolicyDocument(self, "publishers")
        self._allow("PublishAlarms", "cloudwatch.amazonaws.com")
        SnsTopicPolicy(self, "policy", count=self._exists.count, arn=self.arn, policy=self._publishers.json)
        for protocol, endpoints in (("email", props.emails), ("sms", props.phone_numbers)):
            if endpoints is None:
                continue
            wanted = f" if {condition}" if condition else ""
            given = endpoints.expression if isinstance(endpoints, Input) else endpoints
            SnsTopicSubscription(
                self,
                protocol,
                for_each=expressions.each_of(f"{{ for endpoint in {given} : endpoint => endpoint{wanted} }}"),
                topic_arn=self.arn,
                protocol=protocol,
                endpoint="${each.key}",
            )
        if props.webhook is not None:
            self._subscribe_webhook(props.webhook, condition)

    @property
    def arn(self) -> str:
        """ARN of the topic; null when it is not enabled."""
        return self._exists.attribute(self.topic, "arn")

    @property
    def arns(self) -> list[str]:
        """ARN of the topic as the list that alarms want; empty when it is not enabled."""
        return self._exists.as_list(self.topic, "arn")

    def allow_budgets(self) -> None:
        """Let this account's budgets publish too."""
        self._key.grant_budgets()
        self._allow("PublishBudgets", "budgets.amazonaws.com")

    def _subscribe_webhook(self, webhook: Input, condition: str | None) -> None:
        given = f'{webhook.expression} != ""'
        SnsTopicSubscription(
            self,
            "https",
            # The address is a secret, which may be in no key of a for_each.
            count=expressions.count_if(f"{condition} && {given}" if condition else given),
            topic_arn=self.arn,
            protocol="https",
            endpoint=webhook.string,
            # An apply waits for the confirmation: an alarm that nobody hears would look like none.
            endpoint_auto_confirms=True,
        )

    def _allow(self, sid: str, service: str) -> None:
        self._publishers.add(
            Statement(
                sid=sid,
                actions=["sns:Publish"],
                resources=[self._own_arn],
                principals={"Service": [service]},
                conditions=[
                    Condition(test="StringEquals", variable="aws:SourceAccount", values=[self._deployment.account_id])
                ],
            )
        )
