"""The agent's memory, which CloudFormation makes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.plan.nullcheck.conftest import MEMORY, REQUIRED, Planned
from tests.support.planner import BARE
from tests.support.plans import Plan

STACK = "aws_cloudformation_stack"


def template(plan: Plan) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(plan.one(STACK)["template_body"])
    return content


def memory(plan: Plan) -> dict[str, Any]:
    (resource,) = template(plan)["Resources"].values()
    assert resource["Type"] == "AWS::BedrockAgentCore::Memory"
    properties: dict[str, Any] = resource["Properties"]
    return properties


@pytest.mark.requirement("NC-BR-01")
def test_memory_has_the_documents_name(every: Plan) -> None:
    # Names of memories have no hyphens.
    suffix = {"": "", "-dev": "_dev", "-local": "_local"}[every.input("name_suffix")]

    assert memory(every)["Name"] == f"clipAgentMemory{suffix}"
    assert every.one(STACK)["name"] == f"nullcheck-memory{every.input('name_suffix')}"
    assert set(memory(every)) == {"Name", "EventExpiryDuration", "MemoryStrategies"}


@pytest.mark.requirement("NC-BR-02", "NC-BR-04")
def test_memory_has_a_summary_a_session_and_facts_an_actor(every: Plan) -> None:
    assert memory(every)["MemoryStrategies"] == [
        {"SummaryMemoryStrategy": {"Name": "summary", "Namespaces": ["/summaries/{actorId}/{sessionId}"]}},
        {"SemanticMemoryStrategy": {"Name": "semantic", "Namespaces": ["/facts/{actorId}"]}},
    ]


@pytest.mark.requirement("NC-BR-03")
def test_events_of_the_memory_expire_after_90_days(every: Plan, minimal: Plan) -> None:
    assert minimal.variables["memory_event_expiry_days"]["default"] == 90
    for plan in (every, minimal):
        assert memory(plan)["EventExpiryDuration"] == 90


@pytest.mark.requirement("NC-BR-03")
def test_they_expire_when_the_caller_says(plan: Planned) -> None:
    assert memory(plan(BARE, **REQUIRED, memory_event_expiry_days=30))["EventExpiryDuration"] == 30


@pytest.mark.requirement("NC-BR-01", "NC-ENV-03")
def test_id_of_the_memory_comes_from_the_stack(every: Plan) -> None:
    (name,) = template(every)["Resources"]

    assert template(every)["Outputs"] == {"MemoryId": {"Value": {"Fn::GetAtt": [name, "MemoryId"]}}}
    assert every.output_references("memory_id") == {"var.memory_id", every.one(STACK).block}


@pytest.mark.requirement("NC-BR-01")
def test_a_memory_that_is_there_is_used_instead(named: Plan, chosen: Plan) -> None:
    for plan in (named, chosen):
        assert not plan.all(STACK)
        assert plan.outputs["memory_id"] == MEMORY
