"""How the number of tasks follows the load: tracking with single steps down, or single steps both ways."""

from __future__ import annotations

from typing import Any

import pytest
import tftest

from tests.plan.doomscroll.conftest import REQUIRED, Planned
from tests.support.planner import BARE
from tests.support.plans import Plan, Resource
from tests.support.serving import CLUSTER, SERVICE, nested

TARGET, POLICY, ALARM = "aws_appautoscaling_target", "aws_appautoscaling_policy", "aws_cloudwatch_metric_alarm"
TRACKING, STEP = "TargetTrackingScaling", "StepScaling"


def step(plan: Plan, change: int) -> Resource:
    """The policy that changes the number by so much."""
    (found,) = [each for each in plan.all(POLICY, policy_type=STEP) if adjustment(each)["scaling_adjustment"] == change]
    return found


def adjustment(policy: Resource) -> dict[str, Any]:
    return nested(policy, "step_scaling_policy_configuration", "step_adjustment")


def alarm_of(plan: Plan, policy: Resource) -> Resource:
    """What sets a policy off."""
    (found,) = [each for each in plan.all(ALARM) if policy.block in plan.references(each, "alarm_actions")]
    assert plan.references(found, "alarm_actions") <= {policy.block, f"{policy.block}.arn"}
    return found


def policies(plan: Plan) -> list[tuple[str, int]]:
    """Type of each policy, and the change of a step."""
    return sorted(
        (each["policy_type"], adjustment(each)["scaling_adjustment"] if each["policy_type"] == STEP else 0)
        for each in plan.all(POLICY)
    )


@pytest.mark.requirement("FD-AS-04", "FD-AS-05", "FD-OV-05")
def test_tasks_are_two_to_ten(every: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan, limits in ((every, (2, 10)), (minimal, (2, 10)), (chosen, (3, 40))):
        target = plan.one(TARGET)

        assert (target["min_capacity"], target["max_capacity"]) == limits
        assert target["resource_id"] == f"service/{plan.one(CLUSTER)['name']}/{plan.one(SERVICE)['name']}"
        assert (target["service_namespace"], target["scalable_dimension"]) == ("ecs", "ecs:service:DesiredCount")
        assert plan.one(SERVICE).block in plan.awaited(target)
        for policy in plan.all(POLICY):
            same = ("resource_id", "scalable_dimension", "service_namespace")
            assert [policy[each] for each in same] == [target[each] for each in same]
            assert target.block in plan.awaited(policy)


@pytest.mark.requirement("FD-AS-01", "FD-AS-02", "FD-AS-03", "FD-AS-06")
def test_tracking_adds_tasks_above_70_percent_and_removes_none(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        policy = plan.one(POLICY, policy_type=TRACKING)

        configured = nested(policy, "target_tracking_scaling_policy_configuration")
        assert configured.pop("predefined_metric_specification") == [
            {"predefined_metric_type": "ECSServiceAverageCPUUtilization", "resource_label": None}
        ]
        assert configured == {
            # From 30 to 70 percent nothing is to happen: it would remove tasks a little below 70.
            "disable_scale_in": True,
            "scale_in_cooldown": 300,
            "scale_out_cooldown": 60,
            "target_value": 70,
        }


@pytest.mark.requirement("FD-AS-01", "FD-AS-07", "FD-AS-08")
def test_mode_decides_who_adds_tasks(every: Plan, minimal: Plan, stepping: Plan) -> None:
    for plan in (every, minimal):
        assert policies(plan) == [(STEP, -1), (TRACKING, 0)]
    assert policies(stepping) == [(STEP, -1), (STEP, 1)]


@pytest.mark.requirement("FD-AS-07")
def test_a_step_up_is_one_task_above_70_percent(stepping: Plan, chosen: Plan) -> None:
    for plan, threshold, cooldown in ((stepping, 70, 60), (chosen, 55, 20)):
        policy = step(plan, 1)
        configured = nested(policy, "step_scaling_policy_configuration")
        alarm = alarm_of(plan, policy)

        assert (configured["adjustment_type"], configured["cooldown"]) == ("ChangeInCapacity", cooldown)
        assert adjustment(policy) == {"metric_interval_lower_bound": "0", "scaling_adjustment": 1}
        assert (alarm["comparison_operator"], alarm["threshold"]) == ("GreaterThanThreshold", threshold)
        assert (alarm["period"], alarm["evaluation_periods"]) == (60, 3)
        assert_watches_cpu(plan, alarm)


@pytest.mark.requirement("FD-AS-08", "FD-AS-06")
def test_a_step_down_is_one_task_below_30_percent(every: Plan, stepping: Plan, chosen: Plan) -> None:
    for plan, cooldown in ((every, 300), (stepping, 300), (chosen, 200)):
        policy = step(plan, -1)
        configured = nested(policy, "step_scaling_policy_configuration")
        alarm = alarm_of(plan, policy)

        assert (configured["adjustment_type"], configured["cooldown"]) == ("ChangeInCapacity", cooldown)
        assert adjustment(policy) == {"metric_interval_upper_bound": "0", "scaling_adjustment": -1}
        assert (alarm["comparison_operator"], alarm["threshold"]) == ("LessThanThreshold", 30)
        assert (alarm["period"], alarm["evaluation_periods"]) == (60, 15)
        assert_watches_cpu(plan, alarm)


def assert_watches_cpu(plan: Plan, alarm: Resource) -> None:
    assert (alarm["namespace"], alarm["metric_name"], alarm["statistic"]) == ("AWS/ECS", "CPUUtilization", "Average")
    assert alarm["dimensions"] == {
        "ClusterName": plan.one(CLUSTER)["name"],
        "ServiceName": plan.one(SERVICE)["name"],
    }
    assert alarm["treat_missing_data"] == "notBreaching"


@pytest.mark.requirement("FD-AS-04", "FD-AS-05", "FD-AS-07")
@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"min_count": 4, "desired_count": 4, "max_count": 3}, "not less than min_count"),
        ({"desired_count": 11}, "from min_count to max_count"),
        ({"scaling_mode": "none"}, "must be target or step"),
        ({"cpu_target": 30}, "cpu_target must be a whole number from 31 to 99"),
    ],
)
def test_rejects_scaling_that_cannot_be(plan: Planned, inputs: dict[str, Any], message: str) -> None:
    with pytest.raises(tftest.TerraformTestError) as refused:
        plan(BARE, **REQUIRED, **inputs)

    assert message in " ".join(str(refused.value).replace("│", " ").split())


@pytest.mark.requirement("FD-AS-07", "FD-AS-08")
def test_alarms_of_scaling_have_names_of_their_own(every: Plan, stepping: Plan) -> None:
    def names(plan: Plan) -> set[str]:
        end = plan.input("name_suffix") or ""
        return {
            each["alarm_name"].removesuffix(end)
            for each in plan.all(ALARM)
            if each.block.startswith(f"{ALARM}.scaling_")
        }

    assert names(every) == {"fckdoomscroll-cpu-scale-in"}
    assert names(stepping) == {"fckdoomscroll-cpu-scale-in", "fckdoomscroll-cpu-scale-out"}
