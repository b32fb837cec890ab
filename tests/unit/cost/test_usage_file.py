"""``usage.yaml``: what is read, what is refused with its line, and which of several assumptions holds."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tooling.cost import load_usage
from tooling.errors import ToolError

WHOLE = """\
free_tier: true
usage:
  function.requests: {value: 20_000, note: a few testers}
  table.gb: {value: 0.5, note: little}
stacks:
  kefir:
    usage:
      function.requests: {value: 500, note: of the stack}
    addresses:
      module.kefir.aws_lambda_function.*:
        function.requests: {value: 7, note: of all functions}
      module.kefir.aws_lambda_function.reminder["a"]:
        function.requests: {value: 8_760, note: every five minutes}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "usage.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("stack", "address", "value"),
    [
        ("dev/rewind", "module.rewind.aws_lambda_function.one", 20_000),
        ("dev/kefir", "module.kefir.aws_api_gateway_stage.one", 500),
        ("dev/kefir", "module.kefir.aws_lambda_function.one", 7),
        # The entry that stands below the other one.
        ("dev/kefir", 'module.kefir.aws_lambda_function.reminder["a"]', 8760),
    ],
)
def test_the_nearest_assumption_holds(tmp_path: Path, stack: str, address: str, value: int) -> None:
    usage = load_usage(written(tmp_path, WHOLE))

    found = usage.find("function.requests", stack=stack, address=address)

    assert found is not None
    assert found.value == value


def test_what_is_said_of_all_holds_where_a_stack_says_nothing_of_it(tmp_path: Path) -> None:
    usage = load_usage(written(tmp_path, WHOLE))

    found = usage.find("table.gb", stack="dev/kefir", address="module.kefir.aws_dynamodb_table.table")

    assert found is not None
    assert (found.value, found.note) == (Decimal("0.5"), "little")
    assert usage.free_tier


def test_nothing_is_assumed_of_what_the_file_does_not_name(tmp_path: Path) -> None:
    assert load_usage(written(tmp_path, WHOLE)).find("nat.gb", stack="dev/kefir", address="a.b") is None


def test_missing_and_empty_files_assume_nothing(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", written(tmp_path, "# nothing yet\n")):
        usage = load_usage(path)

        assert (usage.everywhere, usage.stacks, usage.free_tier) == ({}, {}, False)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("usage:\n  table.gbs: {value: 1, note: x}\n", 2, "there is nothing called 'table.gbs' to assume"),
        ("usage:\n  table.gb: {value: 1}\n", 2, "'table.gb' needs a value and a note, and nothing else"),
        ("usage:\n  table.gb: {value: 1, note: x, unit: GB}\n", 2, "'table.gb' needs a value and a note"),
        ("usage:\n  table.gb: {value: 1, note: ''}\n", 2, "the note of 'table.gb' is empty"),
        ("usage:\n  table.gb: {value: many, note: x}\n", 2, "'many' is no number"),
        ("usage:\n  table.gb: {value: .inf, note: x}\n", 2, "'.inf' is no number"),
        ("usage:\n  table.gb: {value: NaN, note: x}\n", 2, "table.gb is NaN"),
        ("usage:\n  table.gb: {value: -1, note: x}\n", 2, "table.gb is -1: it cannot be less than nothing"),
        ("usage:\n  tracing.share: {value: 5, note: x}\n", 2, "tracing.share is 5: a share is at most 1"),
        ("usage:\n  table.gb: 5\n", 2, "expected 'key: value' lines"),
        ("usage:\n  table.gb: {value: 1, note: x}\n  table.gb: {value: 2, note: x}\n", 3, "'table.gb' is given twice"),
        ("free_tier: maybe\n", 1, "'maybe' is neither true nor false"),
        ("uses:\n  table.gb: {value: 1, note: x}\n", 1, "there is no 'uses' in a usage file"),
        ("stacks:\n  kefir:\n    adresses: {}\n", 3, "a stack has no 'adresses'"),
        ("usage: [\n", 2, "is not YAML"),
    ],
)
def test_malformed_file_is_refused_with_its_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    path = written(tmp_path, text)

    with pytest.raises(ToolError) as refused:
        load_usage(path)

    assert refused.value.where == f"{path}:{line}"
    assert refused.value.what.startswith(what)
    assert refused.value.exit_code == 2
