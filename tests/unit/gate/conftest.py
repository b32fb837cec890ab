"""Plans for the gate, planted ones and real ones.

``data/kefir_*.json`` are plans of the kefir module with production's values by Terraform
1.11 and provider 5.100.0, one before and one after an apply, cut down to a few resources.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from tooling.gate import Finding, GateConfig, GateResult, Severity, evaluate
from tooling.gate.canary import plan_of
from tooling.gate.policies_folder import DEFAULT, Example

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 21)

Judge = Callable[..., GateResult]


def planted(resources: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A plan that creates resources: values, and ``unknown`` / ``expressions`` under these keys."""
    return plan_of(
        Example(
            address,
            {key: value for key, value in given.items() if key not in {"unknown", "expressions"}},
            given.get("unknown", {}),
            # What has a value was given, unless the example says otherwise.
            given.get("expressions", {key: {} for key in given if key != "unknown"}),
        )
        for address, given in resources.items()
    )


def real(name: str) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads((Path(__file__).parent / "data" / f"{name}.json").read_text())
    return plan


def failed(result: GateResult) -> set[tuple[str, str]]:
    return {(finding.check_id, finding.address) for finding in result.findings}


def finding_of(result: GateResult, check_id: str) -> Finding:
    (finding,) = [finding for finding in (*result.findings, *result.waived) if finding.check_id == check_id]
    return finding


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """``evaluate`` with the project's checks, and waivers given as the text of their file."""

    def run(
        plan: Mapping[str, Any],
        *,
        waivers: str = "",
        fail_on: Severity = Severity.LOW,
        stack: str = "dev/kefir",
        policies: Path = DEFAULT,
        today: date = TODAY,
        declared: Mapping[str, str] = MappingProxyType({}),
        further: Sequence[Finding] | None = None,
        **settings: Any,
    ) -> GateResult:
        file = tmp_path / "waivers.yaml"
        file.write_text(waivers)
        config = GateConfig(
            fail_on=fail_on,
            waivers=file,
            policies=policies,
            today=today,
            requirements=ROOT / "specs" / "requirements.yaml",
            **settings,
        )
        return evaluate(plan, stack=stack, config=config, declared=declared, further=further)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of ``policies/`` that a test may break."""
    copy = tmp_path / "policies"
    shutil.copytree(DEFAULT, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy
