from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.gate.conftest import Judge, planted
from tooling.errors import Exit, ToolError

EMPTY = planted({})
LOG_RETENTION = "log_retention.py"


def rewrite(file: Path, change: Callable[[str], str]) -> None:
    text = change(file.read_text())
    file.write_text(text)


def test_the_planted_plan_is_refused_by_checkov_and_by_every_check_of_ours(judge: Judge) -> None:
    # WHEN
    result = judge(EMPTY)

    # THEN
    ours = {check_id for check_id in result.canary if check_id.startswith("GP_")}
    changes = {"GP_PRIVILEGE_1", "GP_EXPOSURE_1", "GP_EXPOSURE_2", *(f"GP_BLAST_{number}" for number in range(1, 5))}
    assert ours == set(result.own_checks) | changes | {"GP_SUPPLY_1", "GP_SUPPLY_2"}
    assert {"CKV_AWS_53", "CKV_AWS_283", "CKV2_AWS_6"} <= set(result.canary)


def test_a_check_that_lets_its_failing_example_pass_turns_the_gate_off(judge: Judge, folder: Path) -> None:
    # GIVEN
    rewrite(folder / LOG_RETENTION, lambda text: text.replace("elif not resource", "elif resource"))

    # WHEN
    with pytest.raises(ToolError, match="the gate is off: a planted plan was not refused by GP_LOGS_1") as caught:
        judge(EMPTY, policies=folder)

    # THEN
    assert caught.value.exit_code is Exit.REFUSED


def test_a_check_that_crashes_turns_the_gate_off(judge: Judge, folder: Path) -> None:
    # GIVEN
    rewrite(folder / LOG_RETENTION, lambda text: text.replace("resource = subject.resource", "raise KeyError('gone')"))

    # THEN
    with pytest.raises(ToolError, match=r"the gate is off: .*GP_LOGS_1"):
        judge(EMPTY, policies=folder)


def test_a_check_that_looks_at_nothing_turns_the_gate_off(judge: Judge, folder: Path) -> None:
    # GIVEN
    rewrite(folder / LOG_RETENTION, lambda text: text.replace("aws_cloudwatch_log_group", "aws_cloudwatch_log_grp"))

    # THEN
    with pytest.raises(ToolError, match=r"the gate is off: .*GP_LOGS_1"):
        judge(EMPTY, policies=folder)


def test_a_check_broken_while_the_process_runs_is_noticed(judge: Judge, folder: Path) -> None:
    # GIVEN a gate that was proved in this process already
    judge(EMPTY, policies=folder)

    # WHEN
    rewrite(folder / LOG_RETENTION, lambda text: text.replace("elif not resource", "elif resource"))

    # THEN
    with pytest.raises(ToolError, match=r"the gate is off: .*GP_LOGS_1"):
        judge(EMPTY, policies=folder)


def test_rejects_a_file_that_cannot_be_imported(judge: Judge, folder: Path) -> None:
    # GIVEN
    (folder / "broken.py").write_text("import no_such_module\n")

    # WHEN
    with pytest.raises(ToolError, match="cannot be loaded: ModuleNotFoundError") as caught:
        judge(EMPTY, policies=folder)

    # THEN
    assert caught.value.where == str(folder / "broken.py")
    assert caught.value.exit_code is Exit.USAGE


def test_rejects_a_file_that_brings_no_check(judge: Judge, folder: Path) -> None:
    # GIVEN
    rewrite(folder / LOG_RETENTION, lambda text: text.replace("\ncheck = ", "\n# check = "))

    # WHEN
    with pytest.raises(ToolError, match="registers no check") as caught:
        judge(EMPTY, policies=folder)

    # THEN
    assert caught.value.where == str(folder / LOG_RETENTION)


@pytest.mark.parametrize(("taken", "by"), [("CKV_AWS_66", "checkov"), ("GP_TAGS_1", "tags.py")])
def test_rejects_a_check_whose_id_is_taken(judge: Judge, folder: Path, taken: str, by: str) -> None:
    # GIVEN
    text = (folder / LOG_RETENTION).read_text().replace("GP_LOGS_1", taken)
    (folder / "zz_copy.py").write_text(text)

    # THEN
    with pytest.raises(ToolError, match=f"{taken} is taken by {by}"):
        judge(EMPTY, policies=folder)


def test_rejects_a_check_without_examples(judge: Judge, folder: Path) -> None:
    # GIVEN
    (folder / "examples" / "GP_LOGS_1.yaml").unlink()

    # THEN
    with pytest.raises(ToolError, match="cannot be read") as caught:
        judge(EMPTY, policies=folder)
    assert caught.value.where == str(folder / "examples" / "GP_LOGS_1.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pass: {aws_x.y: {}}\n", "needs at least one resource under 'fail'"),
        ("fail: {aws_x.y: {}}\n", "needs at least one resource under 'fail'"),
        ("fail: {nowhere: {}}\npass: {aws_x.y: {}}\n", "'nowhere' is not the address of a resource"),
        ("fail: {aws_x.y: {value: {}}}\npass: {aws_x.y: {}}\n", "aws_x.y has no field 'value'"),
        ("fail: [\n", "is not YAML"),
    ],
)
def test_rejects_malformed_examples(judge: Judge, folder: Path, text: str, message: str) -> None:
    # GIVEN
    (folder / "examples" / "GP_LOGS_1.yaml").write_text(text)

    # THEN
    with pytest.raises(ToolError, match=message):
        judge(EMPTY, policies=folder)


PLAIN = """
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_value_check import BaseResourceValueCheck

class FifoTopics(BaseResourceValueCheck):
    def __init__(self):
        super().__init__(name="Topics are FIFO", id="GP_PLAIN_1", categories=[CheckCategories.NETWORKING],
                         supported_resources=["aws_sns_topic"])
    def get_inspected_key(self):
        return "fifo_topic"

check = FifoTopics()
"""


PLAIN_EXAMPLES = """
fail: {aws_sns_topic.fifo_not: {values: {fifo_topic: false}, expressions: {fifo_topic: {}}}}
pass: {aws_sns_topic.fifo: {values: {fifo_topic: true}, expressions: {fifo_topic: {}}}}
"""


def test_a_plain_checkov_check_works_as_well(judge: Judge, folder: Path) -> None:
    # GIVEN
    (folder / "plain.py").write_text(PLAIN)
    (folder / "examples" / "GP_PLAIN_1.yaml").write_text(PLAIN_EXAMPLES)

    # WHEN
    result = judge(planted({"aws_sns_topic.t": {"fifo_topic": False}}), policies=folder)

    # THEN
    assert "GP_PLAIN_1" in result.own_checks
    assert ("GP_PLAIN_1", "aws_sns_topic.t") in {(found.check_id, found.address) for found in result.findings}


def test_the_checks_of_one_folder_do_not_run_with_those_of_another(judge: Judge, folder: Path) -> None:
    # GIVEN
    (folder / "plain.py").write_text(PLAIN)
    (folder / "examples" / "GP_PLAIN_1.yaml").write_text(PLAIN_EXAMPLES)
    judge(EMPTY, policies=folder)

    # WHEN
    result = judge(planted({"aws_sns_topic.t": {"fifo_topic": False}}))

    # THEN
    assert "GP_PLAIN_1" not in result.own_checks
    assert "GP_PLAIN_1" not in {finding.check_id for finding in result.findings}
