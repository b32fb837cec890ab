"""CloudFormation: the types that only stacks have, and templates that AWS would not take."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]
Resource = dict[str, Any]

MEMORY = "AWS::BedrockAgentCore::Memory"


def _attribute(resource: str, name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [resource, name]}


def _resource(kind: str, **properties: Any) -> Resource:
    return {"Type": kind, "Properties": properties}


def _template(resources: dict[str, Resource], **outputs: Any) -> str:
    return json.dumps({"Resources": resources, "Outputs": {name: {"Value": value} for name, value in outputs.items()}})


RECOMMENDER = {
    "Group": _resource("AWS::Personalize::DatasetGroup", Name="podcasts"),
    "Schema": _resource("AWS::Personalize::Schema", Name="interactions", Schema="{}"),
    "Data": _resource(
        "AWS::Personalize::Dataset",
        Name="interactions",
        DatasetType="Interactions",
        DatasetGroupArn=_attribute("Group", "DatasetGroupArn"),
        SchemaArn=_attribute("Schema", "SchemaArn"),
    ),
    "Solution": _resource("AWS::Personalize::Solution", Name="similar", DatasetGroupArn={"Ref": "Group"}),
}


@pytest.fixture
def stacks(client: Client) -> Any:
    return client("cloudformation")


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    return str(request.node.originalname.removeprefix("test_").replace("_", "-"))


def _outputs(stacks: Any, name: str) -> dict[str, str]:
    (stack,) = stacks.describe_stacks(StackName=name)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}


def test_recommender_answers_its_arns(stacks: Any, name: str) -> None:
    template = _template(
        RECOMMENDER,
        Group=_attribute("Group", "DatasetGroupArn"),
        Schema=_attribute("Schema", "SchemaArn"),
        Data=_attribute("Data", "DatasetArn"),
        Solution=_attribute("Solution", "SolutionArn"),
        Ref={"Ref": "Solution"},
    )

    stacks.create_stack(StackName=name, TemplateBody=template)

    prefix = "arn:aws:personalize:us-east-1:555555555555"
    assert _outputs(stacks, name) == {
        "Group": f"{prefix}:dataset-group/podcasts",
        "Schema": f"{prefix}:schema/interactions",
        "Data": f"{prefix}:dataset/podcasts/INTERACTIONS",
        "Solution": f"{prefix}:solution/similar",
        "Ref": f"{prefix}:solution/similar",
    }
    assert len(stacks.list_stack_resources(StackName=name)["StackResourceSummaries"]) == 4


def _memory(**changed: Any) -> str:
    memory = _resource(MEMORY, **{"Name": "agent", "EventExpiryDuration": 30, **changed})
    return _template({"Memory": memory}, Id=_attribute("Memory", "MemoryId"), Arn={"Ref": "Memory"})


def test_memory_keeps_its_id_when_it_changes_in_place(stacks: Any, name: str) -> None:
    stacks.create_stack(StackName=name, TemplateBody=_memory())
    before = _outputs(stacks, name)

    stacks.update_stack(StackName=name, TemplateBody=_memory(EventExpiryDuration=60, Description="changed"))

    assert before["Id"].startswith("agent-")
    assert before["Arn"] == f"arn:aws:bedrock-agentcore:us-east-1:555555555555:memory/{before['Id']}"
    assert _outputs(stacks, name) == before


def test_memory_is_replaced_when_its_name_changes(stacks: Any, name: str) -> None:
    stacks.create_stack(StackName=name, TemplateBody=_memory())

    stacks.update_stack(StackName=name, TemplateBody=_memory(Name="other"))

    assert _outputs(stacks, name)["Id"].startswith("other-")


def test_resource_can_join_and_leave_a_stack(stacks: Any, name: str) -> None:
    stacks.create_stack(StackName=name, TemplateBody=_template({"Group": RECOMMENDER["Group"]}))

    stacks.update_stack(StackName=name, TemplateBody=_template({"Schema": RECOMMENDER["Schema"]}))

    (left,) = stacks.list_stack_resources(StackName=name)["StackResourceSummaries"]
    assert left["PhysicalResourceId"] == "arn:aws:personalize:us-east-1:555555555555:schema/interactions"


def test_deleted_stack_is_gone(stacks: Any, name: str) -> None:
    stacks.create_stack(StackName=name, TemplateBody=_template(RECOMMENDER))

    stacks.delete_stack(StackName=name)

    with pytest.raises(ClientError, match="does not exist"):
        stacks.describe_stacks(StackName=name)


@pytest.mark.parametrize(
    ("resource", "refusal"),
    [
        (_resource(MEMORY, Name="agent"), r"required key \[EventExpiryDuration\] not found"),
        (
            _resource(MEMORY, Name="a", EventExpiryDuration=7, Expiry=7),
            "Wrong: Encountered unsupported property Expiry",
        ),
        (_resource("AWS::Personalize::DatasetGroup"), r"required key \[Name\]"),
        (_resource("AWS::Personalize::Schema", Name="s"), r"required key \[Schema\]"),
        (_resource("AWS::Personalize::Dataset", Name="d", DatasetType="Items"), r"required key \[DatasetGroupArn\]"),
        (_resource("AWS::Personalize::Solution", Name="s", DatasetGroupArn="g", Recipe="r"), "property Recipe"),
        ({"Type": MEMORY}, r"required key \[EventExpiryDuration\]"),
    ],
)
def test_template_that_aws_would_not_take_makes_no_stack(
    stacks: Any, name: str, resource: Resource, refusal: str
) -> None:
    with pytest.raises(ClientError, match=refusal):
        stacks.create_stack(StackName=name, TemplateBody=_template({"Wrong": resource}))

    with pytest.raises(ClientError, match="does not exist"):
        stacks.describe_stacks(StackName=name)


def test_wrong_update_leaves_the_stack_as_it_was(stacks: Any, name: str) -> None:
    stacks.create_stack(StackName=name, TemplateBody=_memory())
    before = _outputs(stacks, name)

    with pytest.raises(ClientError, match="unsupported property Nonsense"):
        stacks.update_stack(StackName=name, TemplateBody=_memory(Nonsense=True))

    assert _outputs(stacks, name) == before


def test_output_of_an_attribute_that_does_not_exist_is_refused(stacks: Any, name: str) -> None:
    template = _template(RECOMMENDER, Arn=_attribute("Group", "Arn"))

    with pytest.raises(ClientError, match="does not support attribute type Arn"):
        stacks.create_stack(StackName=name, TemplateBody=template)


def test_resource_of_a_type_that_nobody_has_is_missing(stacks: Any, name: str) -> None:
    template = _template({"Tracker": _resource("AWS::Personalize::EventTracker", Name="t")})

    with pytest.raises(
        ClientError, match=r"NotImplementedByEmulator.*no resource of type AWS::Personalize::EventTrack"
    ):
        stacks.create_stack(StackName=name, TemplateBody=template)


def test_yaml_with_short_functions_is_read(stacks: Any, name: str) -> None:
    template = """
    Resources:
      Memory:
        Type: AWS::BedrockAgentCore::Memory
        Properties: {Name: !Sub "agent_${AWS::Region}", EventExpiryDuration: 30}
    Outputs:
      Id: {Value: !GetAtt Memory.MemoryId}
    """

    stacks.create_stack(StackName=name, TemplateBody=template)

    assert _outputs(stacks, name)["Id"].startswith("agent_us-east-1-")
