"""One import at a time, for a process whose threads import moto's services while they answer."""

from __future__ import annotations

import builtins
import importlib
import threading
from collections.abc import Mapping, Sequence
from types import ModuleType


def import_one_at_a_time() -> None:
    """Have every import of this process wait until those of other threads are done.

    Python locks each module by itself. Where one thread imports ``moto.elbv2.exceptions`` while another is about to
    make its package a module, each waits for the other; Python sees that and has one fail (``_DeadlockError``).
    """
    lock = threading.RLock()
    by_statement, by_name = builtins.__import__, importlib.import_module

    def import_statement(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        with lock:
            return by_statement(name, globals, locals, fromlist, level)

    def import_module(name: str, package: str | None = None) -> ModuleType:
        with lock:
            return by_name(name, package)

    builtins.__import__ = import_statement
    importlib.import_module = import_module
