"""Backends are found by being there, and say only what exists."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tooling.emulator import backends
from tooling.emulator.call import Call
from tooling.emulator.operations import service_model
from tooling.emulator.registry import Backend, discover

# By the file, since a parameter list is made before any test runs and importing moto takes a second.
_FILES = sorted(path.stem for path in Path(backends.__path__[0]).glob("[!_]*.py"))


def test_every_file_is_a_backend_with_operations() -> None:
    found = discover()

    assert len(found) == len(_FILES)
    assert all(backend.operations() for backend in found.values())


def test_every_operation_of_a_backend_exists() -> None:
    for service, backend in discover().items():
        model = service_model(service)
        assert model is not None, service
        assert backend.operations() <= set(model.operation_names)


def _answer(_call: Call) -> Mapping[str, Any]:
    return {}


def test_operation_answered_twice_is_refused() -> None:
    backend = Backend("logs")
    backend.answers("PutQueryDefinition")(_answer)

    with pytest.raises(ValueError, match="logs:PutQueryDefinition is taken twice, again by _answer"):
        backend.answers("PutQueryDefinition")(_answer)


def test_file_of_another_service_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sqs_misnamed.py").write_text(
        "from tooling.emulator.registry import Backend\nbackend = Backend('sqs')\n"
    )
    monkeypatch.setattr(backends, "__path__", [*backends.__path__, str(tmp_path)])

    with pytest.raises(ValueError, match=r"backends/sqs_misnamed.py has no backend = Backend\('sqs-misnamed'\)"):
        discover()["sqs-misnamed"]


_IMPORTED = """
import sys
from tooling.emulator.registry import discover
found = discover()
assert "sqs" in found and found.get("none") is None
{more}
print(*(name.rpartition(".")[2] for name in sys.modules if name.startswith("tooling.emulator.backends.")))
"""


@pytest.mark.parametrize(("more", "imported"), [("", ""), ("found['logs']", "logs")])
def test_backend_is_not_imported_before_it_is_asked_for(more: str, imported: str) -> None:
    command = [sys.executable, "-c", _IMPORTED.format(more=more)]

    result = subprocess.run(command, capture_output=True, text=True, check=True)

    assert result.stdout.strip() == imported
