"""cdktf itself and constructs."""

from cdktf import (
    App,
    IResolvable,
    ITerraformDependable,
    ITerraformIterator,
    TerraformDataSource,
    TerraformElement,
    TerraformIterator,
    TerraformLocal,
    TerraformOutput,
    TerraformResource,
    TerraformResourceLifecycle,
    TerraformStack,
    TerraformVariable,
    TerraformVariableValidationConfig,
    Token,
)
from constructs import Construct, Node

__all__ = [
    "App",
    "Construct",
    "IResolvable",
    "ITerraformDependable",
    "ITerraformIterator",
    "Node",
    "TerraformDataSource",
    "TerraformElement",
    "TerraformIterator",
    "TerraformLocal",
    "TerraformOutput",
    "TerraformResource",
    "TerraformResourceLifecycle",
    "TerraformStack",
    "TerraformVariable",
    "TerraformVariableValidationConfig",
    "Token",
]
