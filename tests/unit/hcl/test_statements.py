"""Everything at the top of a file that is no resource."""

from __future__ import annotations

from typing import Any

import pytest

from cdktf_app.hcl import HclError
from tests.unit.hcl.rendering import render


def test_variable_keeps_all_that_was_said_about_it() -> None:
    body = {
        "default": False,
        "description": 'Literally "${this}".',
        "ephemeral": False,
        "nullable": False,
        "sensitive": False,
        "type": "bool",
        "validation": [
            {"error_message": "It is ${var.x}.", "condition": "${var.x}"},
            {"condition": "${!var.x}", "error_message": "No."},
        ],
    }

    assert render(variable={"x": body})["variables.tf"] == (
        'variable "x" {\n'
        '  description = "Literally \\"$${this}\\"."\n'
        "  type        = bool\n"
        "  default     = false\n"
        "  nullable    = false\n"
        "  sensitive   = false\n"
        "  ephemeral   = false\n"
        "\n"
        "  validation {\n"
        "    condition     = var.x\n"
        '    error_message = "It is ${var.x}."\n'
        "  }\n"
        "\n"
        "  validation {\n"
        "    condition     = !var.x\n"
        '    error_message = "No."\n'
        "  }\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("default", "written"),
    [(None, "null"), ("", '""'), (0, "0"), ([], "[]"), ({}, "{}"), (["${a}"], '["$${a}"]'), ("$${a}", '"$$${a}"')],
)
def test_default_is_never_dropped_nor_evaluated(default: object, written: str) -> None:
    assert f"  default = {written}\n" in render(variable={"x": {"default": default}})["variables.tf"]


def test_long_types_have_a_line_for_each_attribute() -> None:
    kind = (
        "map(object({ filename = optional(string), s3_bucket = optional(string), "
        'a_hash = optional(string, "a long default") }))'
    )

    assert render(variable={"x": {"type": kind}})["variables.tf"] == (
        'variable "x" {\n'
        "  type = map(object({\n"
        "    filename  = optional(string)\n"
        "    s3_bucket = optional(string)\n"
        '    a_hash    = optional(string, "a long default")\n'
        "  }))\n"
        "}\n"
    )


def test_variables_and_outputs_are_sorted() -> None:
    files = render(variable={"b": {}, "a": {}}, output={"d": {"value": 1}, "c": {"value": 0}})

    assert files["variables.tf"] == 'variable "a" {}\n\nvariable "b" {}\n'
    assert files["outputs.tf"] == 'output "c" {\n  value = 0\n}\n\noutput "d" {\n  value = 1\n}\n'


def test_output_keeps_its_conditions() -> None:
    body = {
        "value": None,
        "sensitive": False,
        "depends_on": ["aws_sqs_queue.q"],
        "precondition": {"error_message": "e", "condition": "${1 > 0}"},
    }

    assert render(output={"x": body})["outputs.tf"] == (
        'output "x" {\n'
        "  value      = null\n"
        "  sensitive  = false\n"
        "  depends_on = [aws_sqs_queue.q]\n"
        "\n"
        "  precondition {\n"
        "    condition     = 1 > 0\n"
        '    error_message = "e"\n'
        "  }\n"
        "}\n"
    )


def test_locals_are_one_sorted_block() -> None:
    assert render(locals={"b": "${var.x}", "a": []})["locals.tf"] == "locals {\n  a = []\n  b = var.x\n}\n"


def test_terraform_block_has_versions_providers_and_backend() -> None:
    text = render(
        terraform={
            "backend": {"s3": {"bucket": "${b}", "encrypt": True}},
            "required_providers": {
                "aws": {"source": "hashicorp/aws", "version": "5.100.0", "configuration_aliases": ["aws.us_east_1"]}
            },
            "required_version": ">= 1.11",
        }
    )["versions.tf"]

    assert text == (
        "terraform {\n"
        '  required_version = ">= 1.11"\n'
        "\n"
        '  backend "s3" {\n'
        '    bucket  = "$${b}"\n'
        "    encrypt = true\n"
        "  }\n"
        "\n"
        "  required_providers {\n"
        "    aws = {\n"
        '      source                = "hashicorp/aws"\n'
        '      version               = "5.100.0"\n'
        "      configuration_aliases = [aws.us_east_1]\n"
        "    }\n"
        "  }\n"
        "}\n"
    )


def test_provider_aliases_are_blocks_of_their_own() -> None:
    provider = [{"region": "a"}, {"region": "b", "alias": "b", "default_tags": [{"tags": {}}]}]

    assert render(provider={"aws": provider})["providers.tf"] == (
        'provider "aws" {\n  region = "a"\n}\n'
        "\n"
        'provider "aws" {\n  alias  = "b"\n  region = "b"\n\n  default_tags {\n    tags = {}\n  }\n}\n'
    )


def test_module_call_has_its_source_first_and_providers_unquoted() -> None:
    body = {
        "x": False,
        "providers": {"aws": "aws.b", "aws.c": "aws.c"},
        "source": "./m${x}",
        "depends_on": ["module.o"],
    }

    assert render(module={"m": body})["main.tf"] == (
        'module "m" {\n'
        '  source = "./m$${x}"\n'
        "\n"
        "  providers = {\n"
        "    aws   = aws.b\n"
        "    aws.c = aws.c\n"
        "  }\n"
        "\n"
        "  x = false\n"
        "\n"
        "  depends_on = [module.o]\n"
        "}\n"
    )


def test_addresses_of_moved_import_and_removed_are_unquoted() -> None:
    files = render(
        moved=[{"to": 'aws_sqs_queue.b["x"]', "from": "aws_sqs_queue.a"}],
        removed={"from": "aws_sqs_queue.c", "lifecycle": {"destroy": False}},
        **{"import": [{"to": "aws_sqs_queue.d", "id": "d", "provider": "aws.b"}]},
    )

    assert files["moved.tf"] == 'moved {\n  from = aws_sqs_queue.a\n  to   = aws_sqs_queue.b["x"]\n}\n'
    assert files["removed.tf"] == (
        "removed {\n  from = aws_sqs_queue.c\n\n  lifecycle {\n    destroy = false\n  }\n}\n"
    )
    assert files["imports.tf"] == 'import {\n  provider = aws.b\n  to       = aws_sqs_queue.d\n  id       = "d"\n}\n'


def test_check_holds_its_data_source_and_assertions() -> None:
    check = {"c": {"assert": [{"condition": "${var.x}", "error_message": "e"}], "data": {"aws_region": {"r": {}}}}}

    assert render(check=check)["checks.tf"] == (
        'check "c" {\n'
        '  data "aws_region" "r" {}\n'
        "\n"
        "  assert {\n"
        "    condition     = var.x\n"
        '    error_message = "e"\n'
        "  }\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"terraform": {"experiments": ["x"]}}, "terraform.*argument 'experiments'"),
        ({"resources": {}}, "resources: no block of this name"),
        ({"provider": {"random": {}}}, "is of provider 'aws', not 'random'"),
        ({"variable": {"x": {"type": 3}}}, "variable > x > type: expected the text"),
        ({"output": {"x": "y"}}, "output > x: expected a block, got 'y'"),
    ],
)
def test_rejects_blocks_that_are_not_known(content: dict[str, Any], message: str) -> None:
    with pytest.raises(HclError, match=message):
        render(**content)
