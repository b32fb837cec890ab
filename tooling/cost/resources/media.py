"""MediaConvert, and what CloudFormation stacks hold: Personalize and the memory of agents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from tooling.cost.amount import HOURS
from tooling.cost.component import Component, Pricer, nothing, only, unpriced
from tooling.cost.estate import Resource

MEDIA, PERSONALIZE, AGENTS, STACKS = (
    "AWS Elemental MediaConvert",
    "Amazon Personalize",
    "Amazon Bedrock AgentCore",
    "AWS CloudFormation",
)
# What of a template is free by itself: a dataset group, its schema and datasets are paid by what they take in.
_FREE = {"AWS::Personalize::DatasetGroup", "AWS::Personalize::Schema"}


def transcoding(item: Resource) -> Iterator[Component]:
    if item.get("pricing_plan", "ON_DEMAND") != "ON_DEMAND":
        yield unpriced("slots", MEDIA, "no prices of reserved slots")
        return
    minutes = item.assume("transcoding.minutes")
    yield only(MEDIA, "output", "mediaconvert.basic.normalized_minute", minutes, "normalised minutes, basic tier")


def stack(item: Resource) -> Iterator[Component]:
    try:
        resources = json.loads(item.required("template_body"))["Resources"]
        kinds = [str(resource["Type"]) for resource in resources.values()]
    except (ValueError, KeyError, TypeError, AttributeError):
        yield unpriced("template", STACKS, "what the template makes is not to be read from the plan")
        return
    for kind in sorted(set(kinds)):
        if kind == "AWS::Personalize::Dataset":
            taken_in = item.assume("recommendations.ingested_gb")
            yield only(PERSONALIZE, "ingestion", "personalize.ingested_gb", taken_in, "interactions taken in")
        elif kind == "AWS::Personalize::Solution":
            yield from _solution(item)
        elif kind == "AWS::BedrockAgentCore::Memory":
            yield from _memory(item)
        elif kind in _FREE:
            yield nothing(kind, PERSONALIZE, "free by itself")
        else:
            yield unpriced(kind, STACKS, f"no prices of {kind}")


def _solution(item: Resource) -> Iterator[Component]:
    """The retraining workflow makes the campaign, so no plan shows one: it is an assumption."""
    # https://aws.amazon.com/personalize/pricing/
    remark = "its free tier covers the first two months only"
    hours = item.assume("recommendations.training_hours")
    yield only(PERSONALIZE, "training", "personalize.training_hour", hours, "training hours", remark)
    kept = item.assume("recommendations.campaign_tps") * HOURS
    what = "campaign, transactions a second kept ready"
    yield only(PERSONALIZE, "campaign", "personalize.tps_hour", kept, what, remark)
    batch = item.assume("recommendations.batch")
    what = "recommendations made in batches"
    yield only(PERSONALIZE, "batches", "personalize.batch_recommendation", batch, what, remark)


def _memory(item: Resource) -> Iterator[Component]:
    for part, key, price, what in (
        ("events", "memory.events", "bedrock_agentcore.memory.event", "events written"),
        ("records", "memory.records", "bedrock_agentcore.memory.record_month", "long-term records kept"),
        ("retrievals", "memory.retrievals", "bedrock_agentcore.memory.retrieval", "long-term memories fetched"),
    ):
        yield only(AGENTS, part, price, item.assume(key), what)


PRICED: Mapping[str, Pricer] = {
    "aws_cloudformation_stack": stack,
    "aws_media_convert_queue": transcoding,
}
