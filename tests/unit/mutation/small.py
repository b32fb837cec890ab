"""A plan of a module with one of each: figures, flags, blocks, references, a policy, a text of JSON."""

from __future__ import annotations

import copy
import json
from typing import Any

from tests.mutation.applying import apply, as_policy
from tests.mutation.mutants import Defaults, Mutant, mutants_of
from tests.mutation.provider_schema import Schema
from tests.mutation.view import View
from tests.support.plans import Json

DOCUMENT = "data.aws_iam_policy_document.permissions"
TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/Items"
PATTERN = '{"detail":{"status":["COMPLETE","ERROR"]},"source":["aws.mediaconvert"]}'
_STATEMENT: Json = {
    "actions": ["dynamodb:GetItem", "dynamodb:Query"],
    "condition": [{"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["123456789012"]}],
    "effect": "Allow",
    "principals": [{"type": "Service", "identifiers": ["lambda.amazonaws.com"]}],
    "resources": [TABLE_ARN],
    "sid": "Items",
}
_VALUES: dict[str, Json] = {
    "aws_dynamodb_table.table": {
        "name": "Items",
        "stream_enabled": True,
        "table_class": "STANDARD",
        "ttl": [{"attribute_name": "TTL", "enabled": True}],
        "attribute": [{"name": "PK", "type": "S"}, {"name": "SK", "type": "S"}],
        "tags": {"Team": "a"},
        "tags_all": {"Team": "a", "Root": "b"},
    },
    "aws_dynamodb_table.other": {"name": "Others", "stream_enabled": False, "table_class": None},
    "aws_lambda_function.reader": {
        "timeout": 10,
        "environment": [{"variables": {"TABLE": "Items", "TTL_SECONDS": "300"}}],
    },
    "aws_iam_role_policy.reader": {"policy": ""},
    "aws_cloudwatch_event_rule.ended": {"event_pattern": PATTERN},
    DOCUMENT: {"statement": [_STATEMENT], "version": None, "json": "", "minified_json": ""},
}
_REFERRING = {"references": ["aws_dynamodb_table.table.name", "aws_dynamodb_table.table"]}
_EXPRESSIONS: dict[str, Json] = {
    "aws_dynamodb_table.table": {
        "name": {"references": ["var.suffix"]},
        "stream_enabled": {"constant_value": True},
        # The plan sorts the blocks of a set, the configuration does not.
        "attribute": [
            {"name": {"constant_value": "SK"}, "type": {"constant_value": "S"}},
            {"name": {"constant_value": "PK"}, "type": {"constant_value": "S"}},
        ],
        "ttl": [{"attribute_name": {"constant_value": "TTL"}, "enabled": {"constant_value": True}}],
        "tags": {"references": ["var.tags"]},
        "table_class": {"constant_value": "STANDARD"},
    },
    "aws_dynamodb_table.other": {"name": {"constant_value": "Others"}},
    "aws_lambda_function.reader": {
        "timeout": {"references": ["var.timeout"]},
        "environment": [{"variables": _REFERRING}],
        "role": {"references": ["aws_iam_role.reader.arn", "aws_iam_role.reader"]},
    },
    "aws_iam_role_policy.reader": {"policy": {"references": [f"{DOCUMENT}.json", DOCUMENT]}},
    "aws_cloudwatch_event_rule.ended": {"event_pattern": {"constant_value": PATTERN}},
    DOCUMENT: {
        "statement": [
            {
                "actions": {"constant_value": ["dynamodb:Query", "dynamodb:GetItem"]},
                "resources": {"references": ["aws_dynamodb_table.table.name", "aws_dynamodb_table.table"]},
            }
        ]
    },
}


def small_plan(**timeout: int) -> Json:
    """The plan; the timeout is the module's default if the root gives none."""
    given = timeout.get("timeout")
    values, expressions = copy.deepcopy(_VALUES), copy.deepcopy(_EXPRESSIONS)
    values["aws_lambda_function.reader"]["timeout"] = given or 10
    policy = json.dumps(as_policy(values[DOCUMENT]))
    values[DOCUMENT]["json"] = values["aws_iam_role_policy.reader"]["policy"] = policy
    planned = [_entry(block, each) for block, each in values.items()]
    return {
        "variables": {"timeout": {"value": given}},
        "planned_values": {
            "root_module": {"child_modules": [{"address": "module.small", "resources": planned}]},
            "outputs": {"table_name": {"value": "Items"}},
        },
        "resource_changes": [{"address": each["address"], "change": {"after": each["values"]}} for each in planned],
        "output_changes": {"table_name": {"after": "Items"}},
        "configuration": {
            "root_module": {
                "variables": {"timeout": {"default": None}},
                "outputs": {"table_name": {}},
                "module_calls": {
                    "small": {
                        "source": "../small",
                        "expressions": {"timeout": {"references": ["var.timeout"]}},
                        "module": {
                            "variables": {"timeout": {"default": 10}},
                            "outputs": {"table_name": {"expression": copy.deepcopy(_REFERRING)}},
                            "resources": [
                                {
                                    "address": block,
                                    "provider_config_key": "aws",
                                    "expressions": each,
                                }
                                for block, each in expressions.items()
                            ],
                        },
                    }
                },
            }
        },
    }


def _entry(block: str, values: Json) -> Json:
    mode = "data" if block.startswith("data.") else "managed"
    kind, name = block.removeprefix("data.").split(".")
    return {"address": f"module.small.{block}", "mode": mode, "type": kind, "name": name, "values": values}


def _arguments(**optional: bool) -> Json:
    return {name: {"type": "string", "optional" if may else "required": True} for name, may in optional.items()}


SCHEMA = Schema(
    {
        "aws_dynamodb_table": {
            "attributes": _arguments(name=False, stream_enabled=True, tags=True, table_class=True),
            "block_types": {
                "ttl": {"block": {"attributes": _arguments(attribute_name=True, enabled=True)}},
                "attribute": {"min_items": 1, "block": {"attributes": _arguments(name=False, type=False)}},
            },
        },
        "aws_lambda_function": {
            "attributes": _arguments(timeout=True, role=False),
            "block_types": {"environment": {"block": {"attributes": _arguments(variables=True)}}},
        },
        "aws_iam_role_policy": {"attributes": _arguments(policy=False)},
        "aws_cloudwatch_event_rule": {"attributes": _arguments(event_pattern=True)},
        "aws_iam_policy_document": {"attributes": {}, "block_types": {"statement": {"block": {}}}},
    }
)


def small_views(**timeout: int) -> list[View]:
    """One plan with the default of the timeout, one with 20 seconds given."""
    return [View("plain", small_plan(), "small"), View("given", small_plan(timeout=20), "small")]


def mutant_named(identifier: str) -> Mutant:
    """The mutant with this id; it must be one of the plan's."""
    (found,) = [mutant for mutant in mutants_of(small_views(), SCHEMA) if mutant.id == identifier]
    return found


def after(identifier: str) -> View:
    """The first plan with a mutant applied."""
    views = small_views()
    changed = apply(mutant_named(identifier), views, Defaults(views, SCHEMA))
    assert changed, f"{identifier} changes no plan"
    return views[0]


def values(view: View, block: str) -> dict[str, Any]:
    """What is planned for a block."""
    (entry,) = view.resources[block]
    found: dict[str, Any] = entry["values"]
    return found
