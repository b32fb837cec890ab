"""The real command line in this process: a fraction of a second where a process of its own takes one to two."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from tests.support.project import Answer, Project
from tooling.cli import boundary


def run_here(project: Project, *args: str, environ: Mapping[str, str] | None = None) -> Answer:
    """As :meth:`Project.run`, in this process."""
    from tooling.cli.main import cli

    return call_here(project, lambda: cli.main(args=list(args), standalone_mode=False), environ=environ)


def call_here(project: Project, command: Callable[[], object], *, environ: Mapping[str, str] | None = None) -> Answer:
    """Any function behind the command line's boundary, with the project's environment."""
    out, err = io.StringIO(), io.StringIO()
    with _environment(project.environment(environ or {})), redirect_stdout(out), redirect_stderr(err):
        code = boundary.run(command)
    return Answer(code, out.getvalue(), err.getvalue())


@contextmanager
def _environment(environ: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
