"""Architectures that are generated side by side, a process each: cdktf answers one question at a time."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING

from tooling.errors import ToolError
from tooling.synth.generated import Generated, of_architecture
from tooling.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Python and Node of one process take about 250 MB together.
_MOST = 4


def of_each(workspace: Workspace, names: Sequence[str]) -> dict[str, Generated]:
    """The generated files of each architecture, in the order of ``names``; the largest begin.

    Raises:
        ToolError: What :func:`of_architecture` raises, for the first of ``names`` that fails; or a process ended
            before its time.
    """
    workers = min(_MOST, len(names), _cores())
    if workers < 2:
        return {name: of_architecture(workspace, name) for name in names}
    pool = ProcessPoolExecutor(workers, mp_context=get_context(_way()), initializer=_prepare)
    try:
        waiting = {
            name: pool.submit(_files, workspace.root, name)
            for name in sorted(names, key=lambda name: _size(workspace, name), reverse=True)
        }
        return {name: waiting[name].result() for name in names}
    except BrokenProcessPool as error:
        raise ToolError(
            "a process that generates files ended before its time",
            hint="is there memory left? what it printed is above",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _way() -> str:
    """How the processes begin: as copies of this one, which saves them its imports, where that is safe.

    A copy would share the Node of cdktf, if it runs already, and the locks that another thread holds.
    """
    alone = threading.active_count() == 1 and "cdktf_app.bindings" not in sys.modules
    return "fork" if sys.platform == "linux" and alone else "spawn"


def _files(root: Path, name: str) -> Generated:
    return of_architecture(Workspace(root), name)


def _prepare() -> None:
    """Make this process one of those that generate."""
    # Ctrl-C goes to every process of a terminal; one that says so is enough.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A fifth of the time would go into looking for garbage; there is next to none, and the process ends soon.
    gc.disable()
    # A copy ends without what Python does at the end of a program, and so without ending its Node.
    Finalize(None, _end_node, exitpriority=0)


def _end_node() -> None:
    if bindings := sys.modules.get("cdktf_app.bindings"):
        bindings.end_node()


def _size(workspace: Workspace, name: str) -> int:
    """About how much an architecture makes: the bytes of its module as it is committed, 0 where there is none."""
    return sum(file.stat().st_size for file in (workspace.modules / name).glob("*.tf"))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
