"""Threads that import a package and a part of it at the same moment do not fail for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# The package is slow to become a module: until then, whoever wants a part of it holds the part's lock and waits.
THREADS = """\
import importlib, sys, threading, time
from importlib.machinery import PathFinder, SourceFileLoader


class SlowLoader(SourceFileLoader):
    def create_module(self, spec):
        time.sleep(0.6)


class Slow:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != "pack":
            return None
        spec = PathFinder.find_spec(name, path, target)
        spec.loader = SlowLoader(name, spec.origin)
        return spec


sys.meta_path.insert(0, Slow)
sys.path.insert(0, {folder!r})
{guard}
failed = []


def the_package():
    try:
        import pack
    except BaseException as error:
        failed.append(type(error).__name__)


def a_part():
    time.sleep(0.2)
    try:
        importlib.import_module("pack.part")
    except BaseException as error:
        failed.append(type(error).__name__)


threads = [threading.Thread(target=target) for target in (the_package, a_part)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(failed, "pack.part" in sys.modules)
"""
GUARD = "from tooling.emulator.importing import import_one_at_a_time\nimport_one_at_a_time()"


@pytest.mark.parametrize(("guard", "failures"), [("", ["_DeadlockError"]), (GUARD, [])], ids=["as it is", "one a time"])
def test_a_package_and_its_part_are_imported_by_two_threads(tmp_path: Path, guard: str, failures: list[str]) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack/__init__.py").write_text("from .part import thing\n")
    (tmp_path / "pack/part.py").write_text("thing = 1\n")
    code = THREADS.format(folder=str(tmp_path), guard=guard)

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)

    assert done.stdout.strip() == f"{failures} True"


def test_an_import_that_fails_leaves_the_next_one_its_turn() -> None:
    code = f"""{GUARD}
import importlib, threading
for name in ("no_such_module", "json.no_such_part"):
    try:
        importlib.import_module(name)
    except ImportError:
        pass
thread = threading.Thread(target=lambda: importlib.import_module("colorsys"))
thread.start()
thread.join(10)
print(thread.is_alive())
"""

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)

    assert done.stdout.strip() == "False"
