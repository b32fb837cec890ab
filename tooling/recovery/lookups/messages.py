"""SNS and SQS."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from tooling.recovery.answers import needs, tags_in
from tooling.recovery.asking import answer, each
from tooling.recovery.lookup import Found, Wanted, derived, finds

derived("aws_sns_topic_policy", "{arn}", within=True)
derived("aws_sqs_queue_policy", "{queue_url}", within=True)


@finds("aws_sns_topic")
@needs("name")
def _topic(wanted: Wanted) -> Iterator[Found]:
    client = wanted.client("sns")
    arn = f"arn:{client.meta.partition}:sns:{wanted.region}:{wanted.account_id}:{wanted.values['name']}"
    told = answer(client.list_tags_for_resource, ResourceArn=arn)
    if told:
        yield Found(arn, tags_in(told["Tags"]))


@finds("aws_sns_topic_subscription")
@needs("topic_arn", "protocol", "endpoint")
def _subscription(wanted: Wanted) -> Iterator[Found]:
    values = wanted.values
    asked = {"TopicArn": values["topic_arn"]}
    for entry in each(wanted.client("sns"), "list_subscriptions_by_topic", "Subscriptions", **asked):
        # Until somebody confirms, AWS tells no ARN; subscribing again gives back the same subscription then.
        known = str(entry["SubscriptionArn"]).startswith("arn:")
        if known and (entry["Protocol"], entry["Endpoint"]) == (values["protocol"], values["endpoint"]):
            yield Found(entry["SubscriptionArn"], within=True)


@finds("aws_sqs_queue")
@needs("name")
def _queue(wanted: Wanted) -> Iterator[Found]:
    client = wanted.client("sqs")
    told = answer(client.get_queue_url, QueueName=wanted.values["name"])
    if told:
        url = told["QueueUrl"]
        tags = client.list_queue_tags(QueueUrl=url).get("Tags", {})
        born = client.get_queue_attributes(QueueUrl=url, AttributeNames=["CreatedTimestamp"])["Attributes"]
        yield Found(url, tags, datetime.fromtimestamp(float(born["CreatedTimestamp"]), UTC))
