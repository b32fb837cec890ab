"""Every failure becomes a message and an exit code."""

from __future__ import annotations

import errno

import click
import pytest

from tooling.cli import boundary
from tooling.errors import Exit, Failures, ToolError, raise_all


def fail(error: BaseException) -> object:
    raise error


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (ToolError("no", where="a.toml:3", hint="do"), 1, "error: a.toml:3: no\nhint: do\n"),
        (ToolError("no", exit_code=Exit.REFUSED), 4, "error: no\n"),
        (KeyboardInterrupt(), 130, "error: interrupted\n"),
        (click.Abort(), 130, "error: interrupted\n"),
        (click.UsageError("what?"), 2, "Error: what?\n"),
        (OSError(errno.ENOSPC, "x", "/disk/plan"), 1, "error: /disk/plan: no space left on the device\n"),
        (OSError(errno.EROFS, "x", "/disk/plan"), 1, "error: /disk/plan: the file system is read-only\n"),
        (PermissionError(errno.EACCES, "x", "/disk/plan"), 1, "error: /disk/plan: permission denied\n"),
    ],
)
def test_an_expected_failure_is_a_sentence(
    error: BaseException, code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert boundary.run(lambda: fail(error)) == code

    captured = capsys.readouterr()
    assert says in captured.err
    assert captured.out == ""
    assert "Traceback" not in captured.err


@pytest.mark.parametrize("error", [ValueError("boom"), OSError(errno.EBADF, "odd")])
def test_a_bug_ends_with_3_its_traceback_and_the_versions_on_standard_error(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    assert boundary.run(lambda: fail(error)) == 3

    captured = capsys.readouterr()
    assert "Traceback" in captured.err
    assert "groundplan 0" in captured.err
    assert captured.err.rstrip().splitlines()[-1].startswith("error: a bug in groundplan")
    assert captured.out == ""


def test_what_a_command_gives_back_is_the_exit_code() -> None:
    assert boundary.run(lambda: 5) == 5
    assert boundary.run(lambda: None) == 0


def test_several_failures_are_all_told_and_the_gravest_decides(capsys: pytest.CaptureFixture[str]) -> None:
    errors = [ToolError("refused", where="dev/a", exit_code=Exit.REFUSED), ToolError("broken", where="dev/b")]

    assert boundary.run(lambda: raise_all(errors)) == 1

    said = capsys.readouterr().err
    assert "error: dev/a: refused" in said
    assert "error: dev/b: broken" in said
    assert "2 stacks failed: dev/a, dev/b" in said


def test_one_failure_stays_itself_and_none_is_none() -> None:
    raise_all([])
    with pytest.raises(ToolError) as caught:
        raise_all([ToolError("only")])
    assert not isinstance(caught.value, Failures)
