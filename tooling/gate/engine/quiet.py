"""Keep checkov from talking, without touching what anybody else logs or prints.

checkov logs through the root logger's module-level functions, which install a handler on
stderr (for the whole process) if there is none, and it reports every failing check there.
When it is imported it has colorama replace ``sys.stdout`` and ``sys.stderr``.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

#: The module of checkov that brings all that the gate needs of it.
IMPORTED = "checkov.terraform.plan_runner"


@contextmanager
def quiet() -> Iterator[None]:
    """Within, records that come from checkov's code go nowhere; the root logger stays as it was.

    While the root logger has no handler, Python's last-resort one is put there: that is
    what other threads' warnings go to anyway, and it keeps checkov from installing its own.
    """
    root = logging.getLogger()
    level, before = root.level, list(root.handlers)
    silencer = _FromCheckov()
    logging.getLogger("checkov").setLevel(logging.CRITICAL + 1)
    root.addFilter(silencer)
    if not before and logging.lastResort is not None:
        root.addHandler(logging.lastResort)
    try:
        with _streams_left_alone():
            yield
    finally:
        root.removeFilter(silencer)
        if not before and logging.lastResort is not None:
            root.removeHandler(logging.lastResort)
        if root.level != level:
            root.setLevel(level)


@contextmanager
def _streams_left_alone() -> Iterator[None]:
    """While checkov is imported, colorama's ``init`` does nothing.

    It would wrap the streams of the process in the middle of what other threads print:
    colours are dropped from a pipe, every line on a terminal gets a reset. Undoing it
    afterwards would leave a second or two in which somebody holds the wrapper.
    """
    if IMPORTED in sys.modules:
        yield
        return
    import colorama  # type: ignore[import-untyped]

    init = colorama.init
    colorama.init = lambda *_args, **_kwargs: None
    try:
        yield
    finally:
        colorama.init = init


@contextmanager
def without_numpy() -> Iterator[None]:
    """Within, numpy cannot be imported, unless it was before.

    checkov has an evaluator of expressions that takes numpy in where there is one, and then asks it to leave that out:
    some 12 MB, and a tenth of the time that the import of checkov takes.
    """
    if "numpy" in sys.modules:
        yield
        return
    sys.modules["numpy"] = None  # type: ignore[assignment]  # how Python is told that there is no such module
    try:
        yield
    finally:
        del sys.modules["numpy"]


class _FromCheckov(logging.Filter):
    """Drops what was logged by a file of checkov through the root logger."""

    def __init__(self) -> None:
        super().__init__()
        spec = find_spec("checkov")
        places = spec.submodule_search_locations if spec is not None else None
        self._folder = str(Path(next(iter(places)))) if places else "/nowhere"

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.pathname.startswith(self._folder)
