"""Terraform's event stream and its errors, as a user reads them."""

from __future__ import annotations

import json

import pytest

from tooling.errors import Exit
from tooling.progress import StackProgress, Tick
from tooling.terraform.events import Diagnostic, parse_diagnostic, parse_event
from tooling.terraform.failures import Unreadable, failure


def said(*diagnostics: Diagnostic, command: str = "apply") -> tuple[str, str, int]:
    error = failure("dev/kefir", command, diagnostics, "apply.log")
    return str(error), error.hint or "", error.exit_code


def test_a_call_that_the_emulator_lacks_is_named_with_its_resource_even_behind_other_errors() -> None:
    message, hint, _ = said(
        Diagnostic("error", "something else", "that followed from it"),
        Diagnostic(
            "error",
            "creating X-Ray Group",
            "api error NotImplementedByEmulator: the emulator has no xray:CreateGroup",
            address="module.kefir.aws_xray_group.all",
        ),
    )

    assert message == "dev/kefir module.kefir.aws_xray_group.all: the emulator has no xray:CreateGroup"
    assert "tooling/emulator/backends/xray.py" in hint


def test_what_terraform_could_not_read_is_known_by_its_addresses() -> None:
    first = Diagnostic("error", "reading Budget (b)", "StatusCode: 400", address="module.rewind.aws_budgets_budget.b")
    second = Diagnostic("error", "creating Topic", "StatusCode: 400", address="module.rewind.aws_sns_topic.t")

    unread, mixed = (
        failure("dev/rewind", "plan", [first], "plan.log"),
        failure("dev/rewind", "plan", [first, second], "l"),
    )

    assert isinstance(unread, Unreadable)
    assert unread.addresses == ("module.rewind.aws_budgets_budget.b",)
    assert str(unread) == "dev/rewind module.rewind.aws_budgets_budget.b: reading Budget (b): StatusCode: 400"
    assert not isinstance(mixed, Unreadable)


def test_a_prevented_destruction_says_how_to_lift_it() -> None:
    message, hint, code = said(
        Diagnostic(
            "error",
            "Instance cannot be destroyed",
            "Resource module.kefir.aws_dynamodb_table.table has lifecycle.prevent_destroy set, but the plan calls for",
        )
    )

    assert "module.kefir.aws_dynamodb_table.table holds data and may not be destroyed" in message
    assert "retain_data = false" in hint
    assert "envs/dev/env.toml" in hint
    assert code == Exit.REFUSED


@pytest.mark.requirement("NC-DEP-01")
def test_a_variable_without_a_value_says_where_secrets_come_from() -> None:
    message, hint, code = said(
        Diagnostic(
            "error",
            "No value for required variable",
            'The root module input variable "encryption_key" is not set, and has no default value.',
            file="variables.tf",
            line=107,
        )
    )

    assert message == "dev/kefir: encryption_key has no value"
    assert "envs/dev/kefir/terraform.tfvars" in hint
    assert "export TF_VAR_encryption_key" in hint
    assert code == Exit.USAGE


@pytest.mark.parametrize("order", [("db_password", "session_secret"), ("session_secret", "db_password")])
@pytest.mark.parametrize(
    ("detail", "hint_is"),
    [
        ('The root module input variable "{}" is not set, and has no default value.', "a secret belongs in no file"),
        ('The ephemeral input variable "{}" was set during the plan phase, and so must be set', "then apply again"),
    ],
)
def test_all_variables_without_a_value_are_named_whatever_comes_first(
    order: tuple[str, str], detail: str, hint_is: str
) -> None:
    message, hint, code = said(
        *(Diagnostic("error", "No value for required variable", detail.format(name)) for name in order)
    )

    assert message.startswith("dev/kefir: db_password and session_secret have no value")
    assert "export TF_VAR_db_password TF_VAR_session_secret" in hint
    assert hint_is in hint
    assert code == Exit.USAGE


def test_an_error_nobody_knows_keeps_its_words_its_place_and_the_number_of_others() -> None:
    message, hint, code = said(
        Diagnostic("warning", "Deprecated", ""),
        Diagnostic("error", "Odd", "very\n  odd", address="aws_x.y"),
        Diagnostic("error", "Odd too", ""),
    )

    assert message == "dev/kefir aws_x.y: Odd: very odd"
    assert "1 more in apply.log" in hint
    assert code == Exit.FAILED


def test_a_failure_without_a_reason_says_where_the_output_is() -> None:
    message, hint, _ = said()

    assert "did not say why" in message
    assert "apply.log" in hint


@pytest.mark.parametrize("line", ["", "not json", "[1, 2]", "null", '{"no": "type"}', '"text"', "{", "\x00"])
def test_any_line_is_an_event(line: str) -> None:
    assert parse_event(line).kind == "raw"


def test_a_diagnostic_carries_file_line_and_the_values_seen() -> None:
    body = {
        "type": "diagnostic",
        "diagnostic": {
            "severity": "error",
            "summary": "Invalid value for variable",
            "detail": "no",
            "range": {"filename": "main.tf", "start": {"line": 4}},
            "snippet": {"values": [{"traversal": "var.a", "statement": 'is "bad"'}]},
        },
    }

    found = parse_diagnostic(parse_event(json.dumps(body)))

    assert found is not None
    assert (found.file, found.line, found.values) == ("main.tf", 4, ('var.a is "bad"',))


class Watcher:
    def __init__(self) -> None:
        self.ticks: list[Tick] = []

    def tick(self, tick: Tick) -> None:
        self.ticks.append(tick)

    def note(self, text: str) -> None:
        raise AssertionError(text)


def hook(kind: str, address: str, action: str = "create") -> str:
    return json.dumps({"type": kind, "@message": "", "hook": {"resource": {"addr": address}, "action": action}})


def test_progress_counts_what_is_done_of_all_and_names_what_is_being_made() -> None:
    watcher = Watcher()
    progress = StackProgress(watcher, "dev/kefir", "apply", total=2)

    for line in (
        hook("apply_start", "a"),
        hook("apply_start", "b"),
        hook("apply_complete", "a"),
        hook("apply_errored", "b"),
    ):
        progress(parse_event(line))

    progress(parse_event(hook("apply_complete", "module.m.data.aws_iam_policy_document.x", "read")))

    assert [(tick.done, tick.total, tick.current) for tick in watcher.ticks] == [
        (0, 2, "a"),
        (0, 2, "a"),
        (1, 2, "b"),
        (1, 2, ""),
    ]


def test_a_stream_of_other_events_moves_nothing() -> None:
    watcher = Watcher()
    progress = StackProgress(watcher, "dev/kefir", "plan")

    progress(parse_event('{"type": "version", "@message": "Terraform 1.11.4"}'))
    progress(parse_event("raw text"))

    assert watcher.ticks == []
