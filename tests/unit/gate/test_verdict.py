from __future__ import annotations

import json
import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.unit.gate.conftest import Judge, failed, finding_of, planted, real
from tooling.errors import Exit, ToolError
from tooling.gate import Severity, to_json, to_sarif, warm_up
from tooling.gate.policies_folder import DEFAULT
from tooling.plan.masking import masked

MEDIUM_AND_LOW = planted({"aws_cloudwatch_log_group.a": {"name": "a"}})
CRASHING = """
from tooling.gate.engine.check import PlanCheck

class Crashes(PlanCheck):
    def __init__(self):
        super().__init__(id="GP_CRASH_1", name="Crashes", resources=["aws_sns_topic"])
    def violations(self, subject):
        if subject.resource.at.name == "bad":
            raise RuntimeError("boom")
        return iter([__import__("tooling.gate.engine.check", fromlist=["x"]).Violation("never fine")])

check = Crashes()
"""


@pytest.mark.parametrize(
    ("fail_on", "passed", "refused"),
    [
        (Severity.INFO, False, {"GP_LOGS_1", "CKV_AWS_66", "CKV_AWS_158", "CKV_AWS_338"}),
        (Severity.LOW, False, {"GP_LOGS_1", "CKV_AWS_66", "CKV_AWS_158"}),
        (Severity.MEDIUM, False, {"GP_LOGS_1"}),
        (Severity.HIGH, True, set()),
    ],
)
def test_findings_at_the_threshold_and_above_refuse_and_the_others_are_reported(
    judge: Judge, fail_on: Severity, passed: bool, refused: set[str]
) -> None:
    # WHEN
    result = judge(MEDIUM_AND_LOW, fail_on=fail_on)

    # THEN
    assert result.passed is passed
    assert {finding.check_id for finding in result.refused} == refused
    assert {*result.refused, *result.reported} == set(result.findings)
    assert len(result.findings) == 4


@pytest.mark.requirement("KF-NX-04")
def test_kefir_in_production_passes_with_the_waivers_of_the_project(judge: Judge) -> None:
    # GIVEN
    waivers = (DEFAULT / "waivers.yaml").read_text()

    # WHEN
    with_waivers = judge(real("kefir_before_apply"), waivers=waivers, stack="prod/kefir")
    without = judge(real("kefir_before_apply"), stack="prod/kefir")

    # THEN only waivers of what the plan was cut down by are left
    assert {finding.message.rpartition(": ")[2] for finding in with_waivers.refused} <= {
        "nothing in this plan has such an address"
    }
    assert {finding.check_id for finding in with_waivers.refused} <= {"GP_WAIVER_1"}
    assert with_waivers.waived
    assert not without.passed


def test_findings_come_worst_first(judge: Judge) -> None:
    # WHEN
    severities = [finding.severity for finding in judge(real("kefir_before_apply")).findings]

    # THEN
    assert severities == sorted(severities, reverse=True)
    assert len(set(severities)) > 1


def test_a_plan_that_leaves_nothing_behind_passes_as_nothing_to_check(judge: Judge) -> None:
    # GIVEN a destroy
    plan = planted({})
    plan["resource_changes"] = [{"address": "aws_sns_topic.t", "change": {"actions": ["delete"], "after": None}}]

    # WHEN
    result = judge(plan)

    # THEN
    assert result.passed
    assert result.nothing_to_check
    assert result.canary


def test_a_plan_whose_resources_cannot_be_found_does_not_pass_as_empty(judge: Judge) -> None:
    # GIVEN changes without the values they lead to
    plan = planted({"aws_sns_topic.t": {"name": "t"}})
    plan["planned_values"] = {"root_module": {}}

    # WHEN
    with pytest.raises(ToolError, match=r"changes aws_sns_topic\.t but has no value of it") as caught:
        judge(plan)

    # THEN
    assert caught.value.exit_code is Exit.REFUSED


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ({}, "is not the JSON of a plan"),
        ({"format_version": "1.0", "values": {}}, "is not the JSON of a plan"),
        ({**planted({}), "errored": True}, "ended in an error"),
    ],
)
def test_rejects_what_is_no_whole_plan(judge: Judge, plan: dict[str, Any], message: str) -> None:
    with pytest.raises(ToolError, match=message) as caught:
        judge(plan)

    assert caught.value.where == "dev/kefir"


def test_every_resource_and_every_kind_of_action_is_judged(judge: Judge) -> None:
    # GIVEN
    plan = planted({f"aws_cloudwatch_log_group.{name}": {"name": name} for name in ("created", "kept", "replaced")})
    for change, actions in zip(plan["resource_changes"], (["create"], ["no-op"], ["delete", "create"]), strict=True):
        change["change"]["actions"] = actions

    # WHEN
    refused = {address for check, address in failed(judge(plan)) if check == "GP_LOGS_1"}

    # THEN
    assert len(refused) == 3


def test_a_resource_that_is_only_forgotten_is_not_judged(judge: Judge) -> None:
    # GIVEN
    plan = planted({"aws_cloudwatch_log_group.a": {"name": "a"}})
    plan["resource_changes"][0]["change"]["actions"] = ["forget"]

    # THEN
    assert judge(plan).nothing_to_check


def test_a_check_that_crashes_on_a_resource_is_a_finding_there_and_not_a_pass(judge: Judge, folder: Path) -> None:
    # GIVEN
    (folder / "crashes.py").write_text(CRASHING)
    (folder / "examples" / "GP_CRASH_1.yaml").write_text("fail: {aws_sns_topic.a: {}}\npass: {aws_sqs_queue.b: {}}\n")

    # WHEN
    result = judge(planted({"aws_sns_topic.bad": {"name": "t"}}), policies=folder)

    # THEN
    finding = finding_of(result, "GP_CRASH_1")
    assert finding.crashed
    assert finding.message == "the check itself failed: RuntimeError: boom"
    assert not result.passed


@pytest.mark.parametrize(
    ("plan", "check_id", "address"),
    [
        (planted({"aws_ecs_cluster.c": {"setting": [{"value": "enabled"}]}}), "CKV_AWS_65", "aws_ecs_cluster.c"),
        # One over the graph: which resource it was, checkov does not tell.
        (planted({"aws_db_instance.d": {"engine": 1}}), "CKV2_AWS_30", "checkov.graph"),
    ],
)
def test_a_check_of_checkov_that_crashes_is_a_finding_too(
    judge: Judge, plan: dict[str, Any], check_id: str, address: str
) -> None:
    # WHEN checkov meets a value that it did not think of, and would count the check as passed
    result = judge(plan)

    # THEN
    finding = finding_of(result, check_id)
    assert finding.crashed
    assert finding.address == address
    assert not result.passed


def test_a_policy_that_checkov_cannot_analyse_is_a_finding(judge: Judge) -> None:
    # GIVEN
    plan = planted({"aws_iam_role_policy.p": {"role": "r", "policy": '{"Statement":[{"Effect":"Allow","Action":1}]}'}})

    # WHEN
    result = judge(plan)

    # THEN
    unanalysed = {finding.check_id for finding in result.findings if "could not be analysed" in finding.message}
    assert "CKV_AWS_290" in unanalysed


def test_no_secret_is_in_anything_that_a_verdict_says(judge: Judge) -> None:
    # GIVEN a secret that a check would quote, marked as Terraform marks it
    secret = "hunter2-planted"
    plan = planted({"aws_lambda_function.f": {"function_name": "f", "package_type": "Zip", "runtime": secret}})
    (resource,) = plan["planned_values"]["root_module"]["resources"]
    resource["sensitive_values"] = {"runtime": True}

    # WHEN
    result = judge(plan)

    # THEN
    assert "'(sensitive value)'" in finding_of(result, "GP_LAMBDA_1").message
    assert secret not in json.dumps([to_json(result), to_sarif(result)]) + repr(result)


def test_keys_in_the_code_are_found_although_they_are_masked(judge: Judge) -> None:
    # GIVEN
    plan = planted({"aws_sns_topic.t": {"name": "t"}})
    expressions = {"access_key": {"constant_value": "AKIAIOSFODNN7EXAMPLE"}}
    plan["configuration"]["provider_config"] = {"aws": {"name": "aws", "expressions": expressions}}

    # WHEN
    result = judge(plan)

    # THEN
    assert ("CKV_AWS_41", "aws.default") in failed(result)
    assert "AKIA" not in repr(result)


def test_several_stacks_at_once_do_not_mix(judge: Judge) -> None:
    # GIVEN plans that differ in what resources of the same names hold
    def plan(wild: bool) -> dict[str, Any]:
        statement = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*" if wild else "arn:aws:s3:::a/*"}
        policy = {"role": "r", "policy": json.dumps({"Statement": [statement]})}
        groups = {f"aws_cloudwatch_log_group.g{n}": {"retention_in_days": 0 if wild else 3} for n in range(5)}
        return planted({"aws_iam_role_policy.p": policy, **groups})

    plans = [plan(wild=index % 2 == 0) for index in range(6)]
    alone = [judge(plan) for plan in plans]

    # WHEN threads take turns as often as they can
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(max_workers=3) as pool:
            together = list(pool.map(judge, plans))
    finally:
        sys.setswitchinterval(interval)

    # THEN
    assert together == alone
    assert failed(together[0]) != failed(together[1])


def test_nothing_is_printed_or_logged_and_the_root_logger_stays_as_it_was(
    judge: Judge, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    # GIVEN a root logger that would show everything
    root = logging.getLogger()
    caplog.set_level(logging.DEBUG)
    handlers, level, filters = list(root.handlers), root.level, list(root.filters)

    # WHEN
    warm_up()
    judge(real("kefir_before_apply"))

    # THEN
    assert capfd.readouterr() == ("", "")
    assert [record for record in caplog.records if "checkov" in record.pathname] == []
    assert (root.handlers, root.level, root.filters) == (handlers, level, filters)


def test_the_log_of_others_still_comes_through(judge: Judge, caplog: pytest.LogCaptureFixture) -> None:
    # WHEN
    judge(MEDIUM_AND_LOW)
    logging.warning("still here")

    # THEN what a library warns of when it is first imported is not meant
    assert [record.message for record in caplog.records if record.name != "py.warnings"] == ["still here"]


def test_the_gate_leaves_a_masked_plan_as_it_was(judge: Judge) -> None:
    # GIVEN one that is masked already, which the gate does not copy once more
    plan = masked(real("kefir_after_apply"))
    before = json.dumps(plan)

    # WHEN
    judge(plan)

    # THEN
    assert json.dumps(plan) == before
