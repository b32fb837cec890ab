"""Resource types that stacks of these architectures have and moto's CloudFormation lacks.

moto finds them by their being subclasses of its model. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
"""

from __future__ import annotations

import secrets
import string
from abc import abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from moto.core.common_models import CloudFormationModel

Properties = Mapping[str, Any]


class _StackResource:
    """What the types share: they exist in their stack only, nothing else here can be asked about them.

    Attributes:
        TYPE: Name in templates.
        REQUIRED: Properties that a template has to give.
        REPLACING: The others that make a new resource when they change.
        CHANGING: The others that change in place.
        IDENTIFIER: Attribute that ``Ref`` answers: the type's primary identifier.
    """

    TYPE: ClassVar[str]
    REQUIRED: ClassVar[frozenset[str]]
    REPLACING: ClassVar[frozenset[str]] = frozenset()
    CHANGING: ClassVar[frozenset[str]] = frozenset()
    ATTRIBUTES: ClassVar[frozenset[str]]
    IDENTIFIER: ClassVar[str]

    def __init__(self, properties: Properties, account: str, region: str) -> None:
        self.properties = properties
        self.attributes = self.attributes_of(properties, account, region)

    @staticmethod
    @abstractmethod
    def attributes_of(properties: Properties, account: str, region: str) -> dict[str, str]:
        """What ``Fn::GetAtt`` answers."""

    @classmethod
    def refusal_of(cls, properties: Properties) -> str | None:
        """Why CloudFormation would not take these properties, in its words."""
        for name in sorted(set(properties) - cls.REQUIRED - cls.REPLACING - cls.CHANGING):
            return f"Encountered unsupported property {name}"
        for name in sorted(cls.REQUIRED - set(properties)):
            return f"Properties validation failed for resource: #: required key [{name}] not found"
        return None

    # From here on: what moto's CloudFormation asks of a model.

    @property
    def physical_resource_id(self) -> str:
        return self.attributes[self.IDENTIFIER]

    @classmethod
    def cloudformation_type(cls) -> str:
        return cls.TYPE

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in cls.ATTRIBUTES

    def get_cfn_attribute(self, attribute_name: str) -> str:
        from moto.cloudformation.exceptions import UnformattedGetAttTemplateException

        if attribute_name not in self.attributes:
            raise UnformattedGetAttTemplateException
        return self.attributes[attribute_name]

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,  # noqa: ARG003  # moto passes it by position; names are in the properties
        cloudformation_json: Mapping[str, Any],
        account_id: str,
        region_name: str,
        **_identity: object,
    ) -> Any:
        return cls(cloudformation_json["Properties"], account_id, region_name)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,  # noqa: ARG003
        cloudformation_json: Mapping[str, Any],
        account_id: str,
        region_name: str,
    ) -> Any:
        wanted = cloudformation_json["Properties"]
        replacing = (cls.REQUIRED | cls.REPLACING) - cls.CHANGING
        if any(wanted.get(name) != original_resource.properties.get(name) for name in replacing):
            return cls(wanted, account_id, region_name)
        original_resource.properties = wanted
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, *_arguments: object) -> None:
        """Nothing outlives the stack."""

    def delete(self, _account: str, _region: str) -> None:
        """Nothing outlives the stack."""

    def is_created(self) -> bool:
        return True


class DatasetGroup(_StackResource, CloudFormationModel):  # type: ignore[misc]  # moto is untyped here
    TYPE = "AWS::Personalize::DatasetGroup"
    REQUIRED = frozenset({"Name"})
    REPLACING = frozenset({"Domain", "KmsKeyArn", "RoleArn"})
    ATTRIBUTES = frozenset({"DatasetGroupArn"})
    IDENTIFIER = "DatasetGroupArn"

    @staticmethod
    def attributes_of(properties: Properties, account: str, region: str) -> dict[str, str]:
        return {"DatasetGroupArn": f"arn:aws:personalize:{region}:{account}:dataset-group/{properties['Name']}"}


class Schema(_StackResource, CloudFormationModel):  # type: ignore[misc]
    TYPE = "AWS::Personalize::Schema"
    REQUIRED = frozenset({"Name", "Schema"})
    REPLACING = frozenset({"Domain"})
    ATTRIBUTES = frozenset({"SchemaArn"})
    IDENTIFIER = "SchemaArn"

    @staticmethod
    def attributes_of(properties: Properties, account: str, region: str) -> dict[str, str]:
        return {"SchemaArn": f"arn:aws:personalize:{region}:{account}:schema/{properties['Name']}"}


class Dataset(_StackResource, CloudFormationModel):  # type: ignore[misc]
    TYPE = "AWS::Personalize::Dataset"
    REQUIRED = frozenset({"DatasetGroupArn", "DatasetType", "Name", "SchemaArn"})
    CHANGING = frozenset({"DatasetImportJob"})
    ATTRIBUTES = frozenset({"DatasetArn"})
    IDENTIFIER = "DatasetArn"

    @staticmethod
    def attributes_of(properties: Properties, account: str, region: str) -> dict[str, str]:
        # A dataset is named by its group and kind; its own name is not in the ARN.
        group = properties["DatasetGroupArn"].rpartition("/")[2]
        kind = properties["DatasetType"].upper()
        return {"DatasetArn": f"arn:aws:personalize:{region}:{account}:dataset/{group}/{kind}"}


class Solution(_StackResource, CloudFormationModel):  # type: ignore[misc]
    TYPE = "AWS::Personalize::Solution"
    REQUIRED = frozenset({"DatasetGroupArn", "Name"})
    REPLACING = frozenset({"EventType", "PerformAutoML", "PerformHPO", "RecipeArn", "SolutionConfig"})
    ATTRIBUTES = frozenset({"SolutionArn"})
    IDENTIFIER = "SolutionArn"

    @staticmethod
    def attributes_of(properties: Properties, account: str, region: str) -> dict[str, str]:
        return {"SolutionArn": f"arn:aws:personalize:{region}:{account}:solution/{properties['Name']}"}


class Memory(_StackResource, CloudFormationModel):  # type: ignore[misc]
    TYPE = "AWS::BedrockAgentCore::Memory"
    REQUIRED = frozenset({"EventExpiryDuration", "Name"})
    REPLACING = frozenset({"EncryptionKeyArn"})
    CHANGING = frozenset(
        {
            "Description",
            "EventExpiryDuration",
            "IndexedKeys",
            "MemoryExecutionRoleArn",
            "MemoryStrategies",
            "StreamDeliveryResources",
            "Tags",
        }
    )
    ATTRIBUTES = frozenset({"CreatedAt", "FailureReason", "MemoryArn", "MemoryId", "Status", "UpdatedAt"})
    IDENTIFIER = "MemoryArn"

    @staticmethod
    def attributes_of(properties: Properties, account: str, region: str) -> dict[str, str]:
        ending = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(10))
        identifier = f"{properties['Name']}-{ending}"
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return {
            "CreatedAt": now,
            "FailureReason": "",
            "MemoryArn": f"arn:aws:bedrock-agentcore:{region}:{account}:memory/{identifier}",
            "MemoryId": identifier,
            "Status": "ACTIVE",
            "UpdatedAt": now,
        }


TYPES: Mapping[str, type[_StackResource]] = {
    each.TYPE: each for each in (DatasetGroup, Schema, Dataset, Solution, Memory)
}
