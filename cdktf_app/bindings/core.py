"""cdktf itself and constructs."""

from cdktf import (
    App,
    Fn,
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
    "Fn",
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
