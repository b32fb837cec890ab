"""An estimate as a whole: before and after, totals, what is unknown, and its file."""

from __future__ import annotations

import json
import re
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.costs import assume, cost_of, dollars, plan_of, price, table
from tests.support.plans import Json
from tooling.cost import CostEstimate, from_json, resources, to_json
from tooling.cost.estimating import estimate
from tooling.cost.keys import KEYS
from tooling.cost.model import change_in_words, in_words
from tooling.cost.prices import Missing, load_prices
from tooling.cost.resources import FREE, PRICED

PRICES = dollars(
    **{
        "kms__key": "1",
        "kms__request": "0.000003",
        "vpc__public_ipv4": "0.005",
        "rds__postgres__multi_az__db__t4g__micro": "0.032",
        "rds__postgres__multi_az__db__t4g__small": "0.065",
        "rds__storage__gp3__multi_az": "0.23",
    }
)
MICRO = {
    "engine": "postgres",
    "instance_class": "db.t4g.micro",
    "multi_az": True,
    "storage_type": "gp3",
    "allocated_storage": 20,
}
SMALL = {**MICRO, "instance_class": "db.t4g.small"}


def amounts(estimate: CostEstimate) -> dict[str, tuple[Decimal | None, Decimal | None, str]]:
    return {f"{line.address} {line.part}": (line.before_usd, line.monthly_usd, line.change) for line in estimate.lines}


def test_what_is_created_costs_nothing_before() -> None:
    found = cost_of(plan_of({"aws_eip.nat": {}}), PRICES)

    assert amounts(found) == {"aws_eip.nat address": (Decimal(0), Decimal("3.65"), "created")}
    assert (found.monthly_before_usd, found.monthly_usd, found.change_usd) == (
        Decimal(0),
        Decimal("3.65"),
        Decimal("3.65"),
    )


def test_what_is_destroyed_costs_nothing_after() -> None:
    found = cost_of(plan_of({}, before={"aws_eip.nat": {}}), PRICES)

    assert amounts(found) == {"aws_eip.nat address": (Decimal("3.65"), Decimal(0), "destroyed")}
    assert change_in_words([found]) == "-$3.65 against before"


def test_what_is_updated_shows_both_sides() -> None:
    found = cost_of(plan_of({"aws_db_instance.main": SMALL}, before={"aws_db_instance.main": MICRO}), PRICES)

    assert amounts(found) == {
        "aws_db_instance.main instance": (Decimal("23.36"), Decimal("47.45"), "updated"),
        "aws_db_instance.main storage": (Decimal("4.60"), Decimal("4.60"), "updated"),
    }
    assert found.change_usd == Decimal("24.09")


def test_what_is_replaced_shows_both_sides() -> None:
    plan = plan_of({"aws_db_instance.main": SMALL}, before={"aws_db_instance.main": MICRO})
    plan["resource_changes"][0]["change"]["actions"] = ["delete", "create"]

    found = cost_of(plan, PRICES)

    assert {line.change for line in found.lines} == {"replaced"}
    assert found.change_usd == Decimal("24.09")


def test_what_is_forgotten_is_the_stacks_no_more() -> None:
    plan = plan_of({}, before={"aws_eip.nat": {}})
    plan["resource_changes"][0]["change"]["actions"] = ["forget"]

    assert amounts(cost_of(plan, PRICES)) == {"aws_eip.nat address": (Decimal("3.65"), Decimal(0), "forgotten")}


def test_what_is_left_of_an_earlier_replacement_is_not_counted() -> None:
    plan = plan_of({"aws_eip.nat": {}}, before={"aws_eip.nat": {}})
    deposed = {**plan["resource_changes"][0], "deposed": "abcd1234"}
    plan["resource_changes"].append({**deposed, "change": {**deposed["change"], "actions": ["delete"]}})

    assert amounts(cost_of(plan, PRICES)) == {"aws_eip.nat address": (Decimal("3.65"), Decimal("3.65"), "unchanged")}


def test_undoing_a_change_costs_as_much_as_the_change_saved() -> None:
    there = cost_of(plan_of({"aws_db_instance.main": SMALL}, before={"aws_db_instance.main": MICRO}), PRICES)
    back = cost_of(plan_of({"aws_db_instance.main": MICRO}, before={"aws_db_instance.main": SMALL}), PRICES)

    assert (there.monthly_usd, there.monthly_before_usd) == (back.monthly_before_usd, back.monthly_usd)
    assert there.change_usd == -back.change_usd


def test_every_instance_counts() -> None:
    found = cost_of(plan_of({f"aws_eip.nat[{index}]": {} for index in range(3)}), PRICES)

    assert found.monthly_usd == Decimal("10.95")


def test_type_that_nobody_thought_of_is_a_line_and_not_left_out() -> None:
    found = cost_of(plan_of({"aws_redshift_cluster.big": {"node_type": "ra3.16xlarge"}}), PRICES)

    (line,) = found.lines
    assert (line.kind, line.monthly_usd, line.lacks) == ("unknown", None, "plan")
    assert line.assumption == "no prices of aws_redshift_cluster"
    assert found.sentence == "at least $0.00 a month, 1 line unknown"


def test_free_types_are_listed_with_their_reason() -> None:
    found = cost_of(plan_of({"aws_iam_role.a": {}, "aws_iam_role.b": {}}), PRICES)

    assert found.lines == ()
    assert [(entry.type, entry.count, entry.why) for entry in found.free] == [("aws_iam_role", 2, "IAM is free")]


def test_no_type_is_both_free_and_paid() -> None:
    assert set(FREE) & set(PRICED) == set()


def test_value_that_is_known_only_after_apply_makes_an_unknown_line() -> None:
    plan = plan_of(
        {"aws_db_instance.main": {**MICRO, "instance_class": None}, "aws_ssm_parameter.size": {}},
        unknown={"aws_db_instance.main": {"instance_class": True}},
        expressions={"aws_db_instance.main": {"instance_class": {"references": ["aws_ssm_parameter.size.value"]}}},
    )

    (line,) = [line for line in cost_of(plan, PRICES).lines if line.type == "aws_db_instance"]

    assert (line.kind, line.lacks, line.assumption) == ("unknown", "plan", "instance_class is known only after apply")


def test_value_that_aws_chooses_since_nobody_gives_one_is_its_default() -> None:
    plan = plan_of(
        {"aws_db_instance.main": {**MICRO, "iops": None}},
        unknown={"aws_db_instance.main": {"iops": True}},
        expressions={"aws_db_instance.main": {"iops": {"references": ["var.db_iops"]}}},
    )

    assert not cost_of(plan, PRICES).unknown


@pytest.mark.parametrize("known", [True, False])
def test_price_that_nobody_knows_makes_an_unknown_line(known: bool) -> None:
    prices = table(Missing("vpc.public_ipv4", "AWS publishes none")) if known else table()

    (line,) = cost_of(plan_of({"aws_eip.nat": {}}), prices).lines

    assert (line.kind, line.monthly_usd, line.lacks) == ("unknown", None, "price")
    reason = "AWS publishes none" if known else "the price table has no vpc.public_ipv4"
    assert line.assumption.startswith(reason)


def test_resource_of_another_region_has_that_regions_price() -> None:
    prices = table(us_west_2=price("vpc.public_ipv4", "0.01"))
    plan = plan_of({"aws_eip.nat": {}})
    plan["configuration"]["provider_config"] = {
        "aws.failover": {"expressions": {"region": {"constant_value": "us-west-2"}}}
    }
    plan["configuration"]["root_module"]["resources"][0]["provider_config_key"] = "aws.failover"

    (line,) = cost_of(plan, prices).lines

    assert (line.region, line.monthly_usd) == ("us-west-2", Decimal("7.30"))


def test_totals_are_the_sums_of_their_lines() -> None:
    plan = plan_of({"aws_kms_key.a": {}, "aws_eip.b": {}, "aws_db_instance.c": MICRO, "aws_redshift_cluster.d": {}})

    found = cost_of(plan, PRICES, assume({"key.requests": 1_000_000}))

    assert found.monthly_usd == sum(line.monthly_usd or 0 for line in found.lines)
    assert found.monthly_usd == found.fixed_usd + found.usage_usd == Decimal("35.61")
    assert found.usage_usd == Decimal("3.00")
    for groups in (found.by_service(), found.by_resource()):
        assert sorted(line.address for lines in groups.values() for line in lines) == [
            each.address for each in found.lines
        ]


def test_groups_begin_with_the_dearest() -> None:
    found = cost_of(plan_of({"aws_eip.b": {}, "aws_db_instance.c": MICRO, "aws_kms_key.a": {}}), PRICES)

    assert list(found.by_resource()) == ["aws_db_instance.c", "aws_eip.b", "aws_kms_key.a"]


def test_several_estimates_are_said_in_one_sentence() -> None:
    known = cost_of(plan_of({"aws_eip.nat": {}}), PRICES)
    unknown = cost_of(plan_of({"aws_kms_key.a": {}, "aws_mq_broker.b": {}}), PRICES)

    assert in_words([known]) == "$3.65 a month"
    assert in_words([known, unknown]) == "at least $4.65 a month, 2 lines unknown"


def test_change_of_a_line_that_is_unknown_on_one_side_is_not_made_up() -> None:
    before, after = {"aws_db_instance.main": MICRO}, {"aws_db_instance.main": {**MICRO, "engine": "oracle-ee"}}

    found = cost_of(plan_of(after, before=before), PRICES)

    assert [line.change_usd for line in found.lines if line.part == "instance"] == [None]
    # What is known on both sides: the storage is not priced after, so it is gone.
    assert found.change_usd == Decimal("-4.60")


def test_estimate_comes_back_from_its_file_as_it_was() -> None:
    found = cost_of(
        plan_of({"aws_kms_key.a": {}, "aws_eip.b": {}, "aws_mq_broker.c": {}, "aws_iam_role.d": {}}),
        PRICES,
        assume({"key.requests": 12_345}),
    )

    assert from_json(json.loads(json.dumps(to_json(found)))) == found


def test_file_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="no cost estimate of format 1"):
        from_json({"format": 99})


def test_line_says_price_source_and_date() -> None:
    (line,) = cost_of(plan_of({"aws_eip.nat": {}}), PRICES).lines

    assert (line.price, line.source, line.as_of) == (
        "$0.005 per thing",
        "https://aws.example/vpc.public_ipv4",
        "2026-01-31",
    )


def test_every_price_and_assumption_that_a_resource_asks_for_exists() -> None:
    """Their ids are texts in the code; a misspelt one would be an unknown line of every plan."""
    asked = {
        found
        for file in Path(resources.__file__).parent.glob("*.py")
        for found in re.findall(r'"([a-z][a-z0-9_]*(?:[.][a-z0-9_]+)+)"', file.read_text(encoding="utf-8"))
    }

    assert len(asked) > 100
    assert sorted(asked - {*load_prices().ids, *KEYS}) == []


def test_every_key_is_asked_for_by_a_resource() -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in Path(resources.__file__).parent.glob("*.py"))
    asked = {*re.findall(r'"([a-z]+[.][a-z0-9_]+)"', sources), "model.input_tokens", "model.output_tokens"}

    assert sorted(set(KEYS) - asked) == []


def big(count: int) -> Json:
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("aws_lambda_function", {"memory_size": 256, "architectures": ["arm64"]}),
        ("aws_cloudwatch_log_group", {"retention_in_days": 30}),
        ("aws_cloudwatch_metric_alarm", {"period": 60}),
        ("aws_iam_role", {}),
    ]
    resources = {
        f"{kinds[at % 4][0]}.it_{at}": {**kinds[at % 4][1], "name": f"n{at}", "function_name": f"n{at}"}
        for at in range(count)
    }
    return plan_of(resources, before=resources)


def test_plan_of_2000_resources_is_priced_within_a_second() -> None:
    plan = big(2000)
    usage = assume({"function.requests": 1, "function.milliseconds": 1, "logs.gb": 1})
    prices = load_prices()

    begun = time.process_time()
    found = estimate(plan, stack="dev/shop", region="us-east-1", usage=usage, prices=prices)
    took = time.process_time() - begun

    assert len(found.lines) == 500 * 2 + 500 * 2 + 500
    assert took < 1.0
