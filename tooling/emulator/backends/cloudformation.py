"""CloudFormation: templates are read before a stack is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tooling.emulator.call import Call
from tooling.emulator.moto_gateway import Missing
from tooling.emulator.registry import AwsError, Backend
from tooling.emulator.stack_types import TYPES

backend = Backend("cloudformation")


@backend.prepares("CreateStack", "UpdateStack", "CreateChangeSet")
def check_template(call: Call) -> None:
    """aws_cloudformation_stack, create and update.

    AWS begins and rolls back; here a wrong template is refused at once, with the same words. moto would take any
    property, and leave out a resource whose type it does not know.
    """
    if body := call.params.get("TemplateBody"):
        for name, resource in _resources(body).items():
            _check(name, resource)


def _resources(body: str) -> Mapping[str, Mapping[str, Any]]:
    # Importing moto's parser brings every service that has types, which takes a second: not before there is a stack.
    from moto.cloudformation.models import Stack

    template = Stack.parse_template(body)
    found = template.get("Resources") if isinstance(template, dict) else None
    return found if isinstance(found, dict) else {}


def _check(name: str, resource: Mapping[str, Any]) -> None:
    from moto.cloudformation.parsing import NULL_MODELS, resource_class_from_type

    kind = str(resource.get("Type"))
    if kind not in NULL_MODELS and resource_class_from_type(kind) is None:
        raise Missing(f"no resource of type {kind}")
    if (known := TYPES.get(kind)) and (refusal := known.refusal_of(resource.get("Properties", {}))):
        raise AwsError("ValidationError", f"{name}: {refusal}")
