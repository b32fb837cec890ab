"""What is taken over from an earlier plan, and that each thing it rests on ends that."""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import shutil
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.unit.gate.conftest import planted
from tooling import cost, gate
from tooling.environment.config import EnvironmentConfig, load_environment
from tooling.environment.stacks import Stack, select_stacks
from tooling.gate import BrokenGlass, ChangeLimits, Finding, GateConfig, Severity
from tooling.gate.policies_folder import DEFAULT
from tooling.gate_settings import gate_config
from tooling.kept import Kept
from tooling.plan.masking import masked
from tooling.reuse import of_plan, rules_digest
from tooling.workspace import Workspace

REPOSITORY = DEFAULT.parent
TODAY = date(2026, 11, 21)
PLAN = planted(
    {
        "aws_s3_bucket.photos": {"bucket": "photos"},
        "aws_nat_gateway.this": {"connectivity_type": "public"},
        "aws_cloudwatch_log_group.a": {"name": "a"},
    }
)
PLAN["relevant_attributes"] = [
    {"resource": "aws_s3_bucket.photos", "attribute": ["id"]},
    {"resource": "aws_cloudwatch_log_group.a", "attribute": ["arn"]},
]
FURTHER = Finding(check_id="GP_COST_1", name="a", severity=Severity.LOW, address="x.y", message="m", source="s")


@dataclass
class Asked:
    """Everything that goes into a verdict and an estimate, to be changed one by one."""

    workspace: Workspace
    stack: Stack
    config: EnvironmentConfig
    settings: GateConfig
    plan: dict[str, Any]
    declared: dict[str, str]
    further: tuple[Finding, ...] = ()

    def ask(self) -> tuple[bool, bool]:
        """Whether the verdict, and whether the estimate, was taken over."""
        known = of_plan(self.workspace, self.stack, masked(self.plan))
        _, judged_before = known.verdict(self.settings, declared=self.declared, further=self.further)
        _, priced_before = known.estimate(self.config)
        return judged_before, priced_before

    def write(self, path: str, text: str) -> None:
        file = self.workspace.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def append(self, path: str, text: str) -> None:
        self.write(path, (self.workspace.root / path).read_text() + text)

    def limits(self, **changed: Any) -> None:
        assert self.settings.limits is not None
        self.settings = replace(self.settings, limits=replace(self.settings.limits, **changed))

    def set(self, **changed: Any) -> None:
        self.settings = replace(self.settings, **changed)


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    for name in ("envs/dev", "policies", "specs", "modules/kefir"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".terraform"))
    (tmp_path / "policies/waivers.yaml").write_text("")
    workspace = Workspace(tmp_path)
    config = load_environment(workspace, "dev")
    (stack,) = select_stacks(workspace, "dev", config, ["kefir"])
    settings = gate_config(workspace, config, TODAY, env="dev")
    return Asked(workspace, stack, config, settings, json.loads(json.dumps(PLAN)), {"aws_s3_bucket.photos": "a.tf:1"})


def _change_plan(asked: Asked) -> None:
    asked.plan["planned_values"]["root_module"]["resources"][0]["values"]["bucket"] = "others"


def _change_stack(asked: Asked) -> None:
    asked.stack = replace(asked.stack, env="prod")


GATE_ONLY: dict[str, Callable[[Asked], None]] = {
    "a waiver": lambda asked: asked.write("policies/waivers.yaml", "# none\n"),
    "a check": lambda asked: asked.append("policies/tags.py", "\n# changed\n"),
    "a new file of the policies": lambda asked: asked.write("policies/_new.py", ""),
    "an example of a check": lambda asked: asked.append("policies/examples/GP_LOGS_1.yaml", "\n# changed\n"),
    "a severity": lambda asked: asked.append("policies/severity.yaml", "\n# changed\n"),
    "the ledger": lambda asked: asked.append("specs/requirements.yaml", "\n# changed\n"),
    "a baseline": lambda asked: asked.write("envs/dev/baseline.yaml", "# nothing\n"),
    "the day": lambda asked: asked.set(today=TODAY + timedelta(days=1)),
    "the threshold": lambda asked: asked.set(fail_on=Severity.CRITICAL),
    "the days of warning": lambda asked: asked.set(warn_expiring_days=1),
    "broken glass": lambda asked: asked.set(glass=(BrokenGlass(address="x.y", reason="because"),)),
    "how many may go": lambda asked: asked.limits(max_destroys=99),
    "how many may be replaced": lambda asked: asked.limits(max_replaces=99),
    "what may go": lambda asked: asked.limits(stateful_may_go=("aws_x",)),
    "what is protected": lambda asked: asked.limits(protected=("aws_x.y",)),
    "new doors": lambda asked: asked.limits(new_exposure="unheard of"),
    "wider grants": lambda asked: asked.limits(wider_grants="unheard of"),
    "that it is destroyed": lambda asked: asked.limits(destroying=True),
    "that it was half made": lambda asked: asked.limits(half_made=True),
    "no limits": lambda asked: asked.set(limits=None),
    "where a block stands": lambda asked: asked.declared.update({"aws_s3_bucket.photos": "a.tf:2"}),
    "a finding on the cost": lambda asked: setattr(asked, "further", (FURTHER,)),
}
COST_ONLY: dict[str, Callable[[Asked], None]] = {
    "what is assumed of a month": lambda asked: asked.write("envs/dev/usage.yaml", "free_tier: true\n"),
    "the region": lambda asked: setattr(asked, "config", asked.config.model_copy(update={"region": "eu-west-3"})),
}
BOTH: dict[str, Callable[[Asked], None]] = {
    "the plan": _change_plan,
    "what the plan refers to": lambda asked: asked.plan["relevant_attributes"].pop(),
    "the stack": _change_stack,
}
NOTHING: dict[str, Callable[[Asked], None]] = {
    "nothing": lambda _: None,
    "the moment of the plan": lambda asked: asked.plan.update(timestamp="2026-11-21T10:00:00Z"),
    "the order of what Terraform gives in none": lambda asked: asked.plan["relevant_attributes"].reverse(),
    "a file that is not read": lambda asked: asked.write("policies/__pycache__/x.pyc", "x"),
}


@pytest.mark.parametrize(
    ("change", "taken_over"),
    [
        pytest.param(change, taken_over, id=name)
        for changes, taken_over in (
            (GATE_ONLY, (False, True)),
            (COST_ONLY, (True, False)),
            (BOTH, (False, False)),
            (NOTHING, (True, True)),
        )
        for name, change in changes.items()
    ],
)
def test_what_moved_is_evaluated_anew_and_nothing_else(
    asked: Asked, change: Callable[[Asked], None], taken_over: tuple[bool, bool]
) -> None:
    # GIVEN
    assert asked.ask() == (False, False)
    assert asked.ask() == (True, True)

    # WHEN
    change(asked)

    # THEN
    assert asked.ask() == taken_over


def test_a_setting_of_checkov_in_the_environment_ends_a_verdict(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rules_digest(asked.settings)

    monkeypatch.setenv("CKV_SOMETHING", "1")

    assert rules_digest(asked.settings) != before


@pytest.mark.parametrize("kind", [GateConfig, ChangeLimits])
def test_every_setting_has_a_change_above(kind: type[Any]) -> None:
    """A new one that no case changes is one that nobody showed to end a verdict."""
    shown = {"waivers", "policies", "requirements", "baseline", "today", "fail_on", "limits", "glass"}
    shown |= {"warn_expiring_days", "max_destroys", "max_replaces", "stateful_may_go", "protected", "new_exposure"}
    shown |= {"wider_grants", "destroying", "half_made"}

    assert {field.name for field in fields(kind)} <= shown


def test_what_was_taken_over_is_what_was_said(asked: Asked) -> None:
    known = of_plan(asked.workspace, asked.stack, masked(asked.plan))
    said, _ = known.verdict(asked.settings, declared=asked.declared, further=())
    priced, _ = known.estimate(asked.config)

    again, judged_before = known.verdict(asked.settings, declared=asked.declared, further=())
    priced_again, priced_before = known.estimate(asked.config)

    assert judged_before
    assert priced_before
    assert said.findings
    assert priced.lines
    assert again == said
    assert priced_again == priced
    assert gate.to_json(again) == gate.to_json(said)
    assert gate.to_sarif(again) == gate.to_sarif(said)
    assert gate.to_junit([again]) == gate.to_junit([said])
    assert cost.to_json(priced_again) == cost.to_json(priced)


def _entries(asked: Asked) -> list[Path]:
    return sorted((asked.workspace.work / "kept").rglob("*.kept"))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{}", b'abc\n{"passed": true}'])
def test_a_damaged_entry_counts_as_none_and_is_made_anew(asked: Asked, content: bytes) -> None:
    asked.ask()
    for entry in _entries(asked):
        entry.write_bytes(content)

    assert asked.ask() == (False, False)
    assert asked.ask() == (True, True)


def test_an_entry_cut_short_counts_as_none(asked: Asked) -> None:
    asked.ask()
    for entry in _entries(asked):
        entry.write_bytes(entry.read_bytes()[:-1])

    assert asked.ask() == (False, False)


def test_an_entry_under_another_name_is_not_one_of_that_name(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept")
    kept.keep("gate", "one", {"passed": True})
    (tmp_path / "kept/gate/one.kept").rename(tmp_path / "kept/gate/other.kept")

    assert kept.read("gate", "other") is None


def test_a_value_of_another_shape_is_made_anew(asked: Asked) -> None:
    asked.ask()
    kept = Kept(asked.workspace.work / "kept")
    for entry in _entries(asked):
        kept.keep(entry.parent.name, entry.stem, {"passed": True})

    assert asked.ask() == (False, False)


def test_what_is_kept_is_for_its_owner_only_and_holds_no_secret(asked: Asked) -> None:
    # GIVEN a plan with a secret
    resource = asked.plan["planned_values"]["root_module"]["resources"][0]
    resource["values"]["bucket"] = "hunter2-planted"
    resource["sensitive_values"] = {"bucket": True}

    # WHEN
    asked.ask()

    # THEN
    entries = _entries(asked)
    assert len(entries) == 2
    for entry in entries:
        assert entry.stat().st_mode & 0o777 == 0o600
        assert entry.parent.stat().st_mode & 0o777 == 0o700
        assert b"hunter2" not in entry.read_bytes()


def test_of_what_is_kept_the_oldest_goes_when_there_are_too_many(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept", most=2)
    for number, name in enumerate(("a", "b", "c")):
        kept.keep("gate", name, {"name": name})
        _age(tmp_path / f"kept/gate/{name}.kept", minutes=10 - number)

    kept.keep("gate", "d", {"name": "d"})

    assert [kept.read("gate", name) is not None for name in "abcd"] == [False, False, True, True]


def test_of_what_is_kept_the_oldest_goes_when_it_takes_too_much_room(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept", most_bytes=1_500)
    for number, name in enumerate(("a", "b", "c")):
        kept.keep("gate", name, "x" * 500)
        if (file := tmp_path / f"kept/gate/{name}.kept").exists():
            _age(file, minutes=10 - number)

    assert [kept.read("gate", name) is not None for name in "abc"] == [False, True, True]


def test_a_disk_that_takes_nothing_more_keeps_nobody_from_the_verdict(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder would be")
    kept = Kept(tmp_path / "kept")

    kept.keep("gate", "a", {})

    assert kept.read("gate", "a") is None


def _age(file: Path, *, minutes: int) -> None:
    when = file.stat().st_mtime - 60 * minutes
    os.utime(file, (when, when))


def calls_of_keeping(folder: Path, entries: int) -> int:
    """Python's calls: on a busy machine they are as many as on a quiet one."""
    kept = Kept(folder)
    profile = cProfile.Profile()
    profile.enable()
    for number in range(entries):
        kept.keep("gate", str(number), {"number": number})
    profile.disable()
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def test_to_keep_an_entry_takes_as_long_however_many_there_are(tmp_path: Path) -> None:
    assert calls_of_keeping(tmp_path / "many", 400) < 4.3 * calls_of_keeping(tmp_path / "few", 100)


def test_a_folder_that_is_full_is_not_looked_through_for_every_entry(tmp_path: Path) -> None:
    full = Kept(tmp_path / "kept", most=100)
    for number in range(100):
        full.keep("gate", f"old-{number}", {})

    there = []
    for number in range(30):
        full.keep("gate", f"new-{number}", {})
        there.append(len(list((tmp_path / "kept/gate").iterdir())))

    assert max(there) == 100
    assert there.count(90) == 3


def test_what_another_process_kept_is_seen_by_who_looks_next(tmp_path: Path) -> None:
    for number in range(5):
        Kept(tmp_path / "kept", most=3).keep("gate", str(number), {})

    assert len(list((tmp_path / "kept/gate").iterdir())) == 3
