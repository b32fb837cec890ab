from __future__ import annotations

import json
from typing import Any

import pytest

from tooling.plan.masking import MASK, masked, overlaid

SECRET = "hunter2-planted"


def _resource(values: dict[str, Any], marks: dict[str, Any]) -> dict[str, Any]:
    return {"address": "aws_x.y", "mode": "managed", "type": "aws_x", "name": "y", "values": values} | {
        "sensitive_values": marks
    }


def test_a_value_marked_sensitive_is_masked_wherever_a_plan_holds_it() -> None:
    # GIVEN a secret in every part of a plan that has marks
    change = {"before": {"v": SECRET}, "before_sensitive": {"v": True}}
    change |= {"after": {"v": [{"inner": SECRET}]}, "after_sensitive": {"v": [{"inner": True}]}}
    plan = {
        "planned_values": {
            "outputs": {"o": {"sensitive": True, "value": {"deep": SECRET}}},
            "root_module": {"child_modules": [{"resources": [_resource({"v": SECRET}, {"v": True})]}]},
        },
        "prior_state": {"values": {"root_module": {"resources": [_resource({"v": SECRET}, {"v": True})]}}},
        "resource_changes": [{"address": "aws_x.y", "change": change}],
        "resource_drift": [{"address": "aws_x.y", "change": change}],
        "output_changes": {"o": {"before": None, "before_sensitive": False, "after": SECRET, "after_sensitive": True}},
        "variables": {"v": {"value": SECRET}},
        "configuration": {"root_module": {"variables": {"v": {"sensitive": True, "default": SECRET}}}},
    }

    # WHEN
    copy = masked(plan)

    # THEN
    assert SECRET not in json.dumps(copy)
    assert copy["planned_values"]["root_module"]["child_modules"][0]["resources"][0]["values"] == {"v": MASK}
    assert copy["resource_changes"][0]["change"]["after"] == {"v": [{"inner": MASK}]}
    assert copy["variables"] == {"v": {"value": MASK}}


def test_the_plan_itself_is_left_as_it_is() -> None:
    # GIVEN
    plan = {"planned_values": {"root_module": {"resources": [_resource({"v": SECRET}, {"v": True})]}}}
    before = json.dumps(plan)

    # WHEN
    masked(plan)

    # THEN
    assert json.dumps(plan) == before


def test_a_marked_value_is_masked_where_nothing_marks_it() -> None:
    # GIVEN a secret written as a literal argument, which Terraform marks only in the result,
    # and one inside a JSON text
    secret = 'two "words"'
    plan = {
        "planned_values": {"root_module": {"resources": [_resource({"password": secret}, {"password": True})]}},
        "configuration": {
            "root_module": {
                "resources": [{"address": "aws_x.y", "expressions": {"password": {"constant_value": secret}}}],
            }
        },
        "relevant": {"value": json.dumps({"env": f"prefix {secret}"})},
    }

    # WHEN
    copy = masked(plan)

    # THEN
    resource = copy["configuration"]["root_module"]["resources"][0]
    assert resource["expressions"]["password"]["constant_value"] == MASK
    assert "words" not in json.dumps(copy)


def test_a_literal_argument_for_a_sensitive_variable_of_a_module_is_masked() -> None:
    # GIVEN
    call = {
        "expressions": {"secret": {"constant_value": SECRET}, "name": {"constant_value": "open"}},
        "module": {"variables": {"secret": {"sensitive": True}, "name": {}}},
    }

    # WHEN
    copy = masked({"configuration": {"root_module": {"module_calls": {"m": call}}}})

    # THEN
    arguments = copy["configuration"]["root_module"]["module_calls"]["m"]["expressions"]
    assert arguments == {"secret": {"constant_value": MASK}, "name": {"constant_value": "open"}}


def test_keys_of_a_provider_are_masked_to_their_length() -> None:
    # GIVEN keys, of which nothing in a plan says that they are secret
    expressions = {"access_key": {"constant_value": "AKIAIOSFODNN7EXAMPLE"}, "region": {"constant_value": "us-east-1"}}

    # WHEN
    copy = masked({"configuration": {"provider_config": {"aws": {"name": "aws", "expressions": expressions}}}})

    # THEN
    assert copy["configuration"]["provider_config"]["aws"]["expressions"] == {
        "access_key": {"constant_value": "X" * 20},
        "region": {"constant_value": "us-east-1"},
    }


def test_a_short_secret_does_not_eat_the_words_that_contain_it() -> None:
    # GIVEN
    values = {"secret": "dev", "name": "device", "stage": "dev"}

    # WHEN
    copy = masked({"planned_values": {"root_module": {"resources": [_resource(values, {"secret": True})]}}})

    # THEN
    kept = copy["planned_values"]["root_module"]["resources"][0]["values"]
    assert kept == {"secret": MASK, "name": "device", "stage": MASK}


def test_terraforms_own_words_stay_even_if_a_secret_is_called_the_same() -> None:
    # GIVEN
    plan = {"planned_values": {"root_module": {"resources": [_resource({"v": "managed"}, {"v": True})]}}}

    # WHEN
    (resource,) = masked(plan)["planned_values"]["root_module"]["resources"]

    # THEN
    assert resource["mode"] == "managed"
    assert resource["values"] == {"v": MASK}


def test_what_is_not_set_stays_unset() -> None:
    # WHEN
    copy = masked({"planned_values": {"root_module": {"resources": [_resource({"v": None}, {"v": True})]}}})

    # THEN
    assert copy["planned_values"]["root_module"]["resources"][0]["values"] == {"v": None}


def test_what_is_masked_is_not_masked_once_more() -> None:
    plan = masked({"planned_values": {"root_module": {"resources": [_resource({"v": SECRET}, {"v": True})]}}})

    assert masked(plan) is plan
    assert masked(dict(plan)) == plan
    assert SECRET not in json.dumps(plan)


def test_a_masked_plan_that_comes_from_a_file_is_masked_to_itself() -> None:
    provider = {"aws": {"expressions": {"secret_key": {"constant_value": SECRET}, "region": {"constant_value": "eu"}}}}
    plan = masked(
        {
            "planned_values": {"root_module": {"resources": [_resource({"v": SECRET}, {"v": True})]}},
            "configuration": {"provider_config": provider, "root_module": {}},
        }
    )

    again = masked(json.loads(json.dumps(plan)))

    assert again == plan
    assert len(again["configuration"]["provider_config"]["aws"]["expressions"]["secret_key"]["constant_value"]) == 15


@pytest.mark.parametrize(
    ("after", "marks", "expected"),
    [
        ({"a": {"pin": 1234}}, {"a": {"pin": True}}, {"a": {"pin": MASK}}),
        ({"a": [{"on": True}, 7]}, {"a": [{}, True]}, {"a": [{"on": True}, MASK]}),
        ({"a": {"pin": 1234}}, {"a": {"pin": False}}, {"a": {"pin": 1234}}),
    ],
)
def test_a_number_that_is_marked_below_others_is_masked(after: Any, marks: Any, expected: Any) -> None:
    """No sweep finds it elsewhere: only its mark says what it is."""
    assert overlaid(after, marks) == expected
