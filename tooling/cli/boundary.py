"""Where every failure becomes a message and an exit code (docs/cli.md). The only place that catches."""

from __future__ import annotations

import platform
import sys
import traceback
from collections.abc import Callable

import click

from tooling.errors import Exit, Failures, ToolError, disk_failure


def run(command: Callable[[], object]) -> int:
    """Run a command line and give back what the process ends with."""
    try:
        result = command()
        return result if isinstance(result, int) else Exit.DONE
    except ToolError as error:
        report(error)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return Exit.USAGE if isinstance(error, click.UsageError) else Exit.FAILED
    except (KeyboardInterrupt, click.Abort):
        _say("error: interrupted")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough (`| head`); silence the flush at exit as well.
        sys.stdout = None
        return Exit.DONE
    except OSError as error:
        try:
            report(disk_failure(error))
        except OSError:
            return _bug(error)
        return Exit.FAILED
    except Exception as error:  # noqa: BLE001 - the last line of defence: says what it is and ends with 3
        return _bug(error)


def report(error: ToolError) -> None:
    """The failure in one or two lines; the last line that a user reads says what failed or what to do."""
    if isinstance(error, Failures):
        for one in error.errors:
            report(one)
    _say(f"error: {error}")
    if error.hint:
        _say(f"hint: {error.hint}")


def _bug(error: BaseException) -> int:
    _say("".join(traceback.format_exception(error)).rstrip())
    _say(f"groundplan {_version()}, Python {platform.python_version()}, {platform.platform()}")
    _say(f"error: a bug in groundplan: {type(error).__name__}: {error}")
    return Exit.BUG


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("groundplan")
    except PackageNotFoundError:
        return "(not installed)"


def _say(text: str) -> None:
    try:
        click.echo(text, err=True)
    except (OSError, ValueError):
        # Nobody can be told any more; the exit code still says it. Silence the flush at exit as well.
        sys.stderr = None
