from __future__ import annotations

from pathlib import Path

import pytest

from tooling.errors import Exit, ToolError
from tooling.gate import Severity
from tooling.gate.policies_folder import DEFAULT, read_policies
from tooling.gate.severity import UNRATED, load_severities


def test_every_check_that_can_apply_to_an_aws_resource_is_rated() -> None:
    # GIVEN
    policies = read_policies(DEFAULT)

    # WHEN
    aws = {check_id for check_id in policies.builtin if "_AWS_" in check_id}
    unrated = sorted({*aws, *policies.ids} - set(policies.severities))

    # THEN
    assert len(aws) > 400
    assert unrated == [], "rate them in policies/severity.yaml"


def test_no_check_is_rated_that_does_not_exist() -> None:
    # GIVEN
    policies = read_policies(DEFAULT)

    # THEN
    assert sorted(set(policies.severities) - policies.builtin - set(policies.ids)) == []


def test_a_check_that_nobody_has_rated_counts_as_high() -> None:
    assert UNRATED is Severity.HIGH
    assert read_policies(DEFAULT).severity_of("CKV_AWS_99999") is Severity.HIGH


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("CKV_AWS_1: HIGH\nCKV_AWS_2: WORSE\n", 2, "CKV_AWS_2: severity is 'WORSE', known are INFO, LOW"),
        ("CKV_AWS_1: HIGH\nCKV_AWS_1: LOW\n", 2, "'CKV_AWS_1' is given twice, first at"),
        ("- CKV_AWS_1\n", 1, "expected 'key: value' lines, found a sequence"),
        ("CKV_AWS_1: HIGH\nCKV_AWS_2: [LOW]\n", 2, "expected a single value, found a sequence"),
        ("CKV_AWS_1: HIGH\n  CKV_AWS_2: : LOW\n", 2, "is not YAML"),
    ],
)
def test_rejects_a_malformed_file_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    # GIVEN
    file = tmp_path / "severity.yaml"
    file.write_text(text)

    # WHEN
    with pytest.raises(ToolError) as caught:
        load_severities(file)

    # THEN
    assert caught.value.where == f"{file}:{line}"
    assert message in caught.value.what
    assert caught.value.exit_code is Exit.USAGE


def test_rejects_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="cannot be read"):
        load_severities(tmp_path / "severity.yaml")
