from __future__ import annotations

from pathlib import Path

import pytest

from cdktf_app.bindings import PROVIDER_VERSION
from cdktf_app.bindings.cloudwatch import CloudwatchLogGroup
from cdktf_app.bindings.core import App, Construct
from cdktf_app.module_stack import DuplicateIdError, Input, ModuleStack, Rule


@pytest.fixture
def stack(tmp_path: Path) -> ModuleStack:
    return ModuleStack(App(outdir=str(tmp_path)), "app")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("api/handle_auth/this", "handle_auth"),
        ("api/handle_auth/role/this", "handle_auth_role"),
        ("api/handle_auth/role/policy", "handle_auth_role_policy"),
        ("data/table", "table"),
        ("api_url", "api_url"),
        ("data/this", "this"),
    ],
)
def test_an_id_is_the_path_below_the_part(stack: ModuleStack, path: str, expected: str) -> None:
    *above, name = path.split("/")
    scope: Construct = stack
    for construct_id in above:
        scope = Construct(scope, construct_id)

    assert CloudwatchLogGroup(scope, name, name="x").friendly_unique_id == expected


def test_ids_in_the_module_are_readable_and_the_path_is_kept(stack: ModuleStack) -> None:
    part = Construct(stack, "api")
    first = CloudwatchLogGroup(Construct(part, "one"), "this", name="one")
    CloudwatchLogGroup(part, "two", name=f"{first.name}-two")

    groups = stack.to_module()["resource"]["aws_cloudwatch_log_group"]
    assert groups.keys() == {"one", "two"}
    assert groups["one"]["//"]["metadata"]["path"] == "app/api/one/this"
    assert groups["two"]["name"] == "${aws_cloudwatch_log_group.one.name}-two"


def test_two_alike_are_refused_with_both_their_paths(stack: ModuleStack) -> None:
    CloudwatchLogGroup(Construct(stack, "api"), "logs", name="a")
    CloudwatchLogGroup(Construct(stack, "data"), "logs", name="b")

    with pytest.raises(
        DuplicateIdError, match=r"app/api/logs and app/data/logs are both aws_cloudwatch_log_group\.logs"
    ):
        stack.to_module()


def test_two_alike_in_nested_constructs_are_refused(stack: ModuleStack) -> None:
    part = Construct(stack, "api")
    CloudwatchLogGroup(part, "a_b", name="a")
    CloudwatchLogGroup(Construct(part, "a"), "b", name="b")

    with pytest.raises(DuplicateIdError, match="app/api/a_b and app/api/a/b"):
        stack.to_module()


def test_a_module_pins_its_provider_and_has_no_provider_and_no_backend(stack: ModuleStack) -> None:
    module = stack.to_module()

    assert module["terraform"] == {
        "required_version": ">= 1.11",
        "required_providers": {"aws": {"source": "hashicorp/aws", "version": PROVIDER_VERSION}},
    }
    assert PROVIDER_VERSION == "5.100.0"
    assert "provider" not in module


def test_variables_are_sorted_and_take_no_null(stack: ModuleStack) -> None:
    stack.variable("zone", "string", description="Zone.")
    stack.variable("alarms", "bool", default=False, description="Alarms.")
    stack.variable("mails", "list(string)", default=[], description="Mails.")

    variables = stack.to_module()["variable"]
    assert list(variables) == ["alarms", "mails", "zone"]
    assert variables["alarms"] == {"type": "bool", "default": False, "nullable": False, "description": "Alarms."}
    assert variables["mails"]["default"] == []
    assert "default" not in variables["zone"]
    assert variables["zone"]["nullable"] is False


def test_a_rule_becomes_a_validation(stack: ModuleStack) -> None:
    stack.variable("days", "number", description="Days.", validation=[Rule("var.days > 0", "There must be a day.")])

    assert stack.to_module()["variable"]["days"]["validation"] == [
        {"condition": "${var.days > 0}", "error_message": "There must be a day."}
    ]


def test_a_whole_number_is_checked_against_its_limits(stack: ModuleStack) -> None:
    stack.whole_number("days", default=30, least=1, most=365, description="Days.")

    variable = stack.to_module()["variable"]["days"]
    assert variable["default"] == 30
    assert variable["validation"] == [
        {
            "condition": "${var.days >= 1 && var.days <= 365 && floor(var.days) == var.days}",
            "error_message": "days must be a whole number from 1 to 365.",
        }
    ]


def test_outputs_are_sorted_and_say_when_they_are_secret(stack: ModuleStack) -> None:
    stack.output("url", "${aws_x.y.url}", description="URL.")
    stack.output("key", {"a": "b"}, description="Key.", sensitive=True)

    outputs = stack.to_module()["output"]
    assert list(outputs) == ["key", "url"]
    assert outputs["key"] == {"value": {"a": "b"}, "description": "Key.", "sensitive": True}


def test_an_output_may_have_the_name_of_a_variable(stack: ModuleStack) -> None:
    memory = stack.variable("memory_id", "string", default="", description="Memory.")
    stack.output("memory_id", memory.string, description="Memory.")

    module = stack.to_module()
    assert module["output"]["memory_id"]["value"] == "${var.memory_id}"
    assert list(module["variable"]) == ["memory_id"]


def test_refuses_a_description_without_a_period(stack: ModuleStack) -> None:
    with pytest.raises(ValueError, match="the text of 'zone' must end with a period, got 'Zone'"):
        stack.variable("zone", "string", description="Zone")
    with pytest.raises(ValueError, match="the text of 'url'"):
        stack.output("url", "x", description="URL")


def test_python_cannot_branch_on_an_input() -> None:
    with pytest.raises(TypeError, match=r"var\.zone has no value at synth"):
        bool(Input("zone"))


def test_an_input_takes_the_form_that_an_argument_wants(stack: ModuleStack) -> None:
    days = Input("days")
    names = Input("names")
    CloudwatchLogGroup(
        Construct(stack, "logs"),
        "logs",
        name=Input("name").string,
        retention_in_days=days.number,
        skip_destroy=Input("kept").boolean,
        tags=names.string_map,
    )

    made = stack.to_module()["resource"]["aws_cloudwatch_log_group"]["logs"]
    assert made["name"] == "${var.name}"
    assert made["retention_in_days"] == "${var.days}"
    assert made["skip_destroy"] == "${var.kept}"
    assert made["tags"] == "${var.names}"
