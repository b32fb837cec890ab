"""What kefir composes: parts, inputs, outputs, and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture(scope="module")
def module(retained: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    return retained("kefir")


@pytest.mark.requirement("KF-OV-01")
def test_the_parts_are_the_documents_stacks(module: dict[str, Any]) -> None:
    paths = [
        element["//"]["metadata"]["path"]
        for section in ("resource", "data")
        for elements in module[section].values()
        for element in elements.values()
    ]

    assert {path.split("/")[1] for path in paths} == {"auth", "data", "api", "scheduler", "monitoring"}


@pytest.mark.requirement("KF-NX-01")
def test_the_outputs_are_what_a_front_end_and_an_operator_need(module: dict[str, Any]) -> None:
    assert list(module["output"]) == [
        "alerts_topic_arn",
        "api_url",
        "bucket_name",
        "dashboard_name",
        "function_names",
        "table_name",
        "user_pool_client_id",
        "user_pool_id",
    ]


def test_defaults_are_safe(module: dict[str, Any]) -> None:
    defaults = {name: variable.get("default") for name, variable in module["variable"].items()}

    assert {name: value for name, value in defaults.items() if isinstance(value, bool)} == {
        "deletion_protection": True,
        "enable_aws_backup": False,
        "enable_monitoring": True,
        "enable_pitr": True,
        "enable_versioning": True,
        "encrypt_logs": True,
        "force_destroy": False,
    }
    assert defaults["advanced_security_mode"] == "ENFORCED"
    assert defaults["log_retention_days"] == 30


@pytest.mark.parametrize("required", ["environment", "account_id", "app_domains", "artifacts_bucket"])
def test_what_cannot_be_guessed_has_no_default(required: str, module: dict[str, Any]) -> None:
    assert "default" not in module["variable"][required]


def _granted(module: dict[str, Any], function: str) -> set[str]:
    statements = module["data"]["aws_iam_policy_document"][f"{function}_role_permissions"]["statement"]
    return {statement["sid"] for statement in statements} - {"WriteOwnLogs"}


@pytest.mark.requirement("KF-IAM-01", "KF-IAM-02", "KF-IAM-03", "KF-IAM-04")
@pytest.mark.parametrize(
    ("function", "granted"),
    [
        ("handle_auth", {"SignUsersIn"}),
        ("handle_batches", {"ReadWriteItems", "ReadWriteObjects", "ListObjects"}),
        ("handle_events", {"ReadWriteItems"}),
        ("handle_reminders", {"ReadWriteItems"}),
        ("handle_devices", {"ReadWriteItems"}),
        ("handle_export", {"ReadItems"}),
        ("handle_public", {"ReadItems"}),
        ("reminder_processor", {"QueryGSI1", "UpdateItems"}),
    ],
)
def test_a_function_may_do_what_it_needs_and_no_more(function: str, granted: set[str], module: dict[str, Any]) -> None:
    assert _granted(module, function) == granted
