from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cdktf_app.synthesis import UnknownArchitectureError, architectures, synthesize
from cdktf_app.synthesis import removable as without_retention
from tests.support.project import REPOSITORY

Synthesize = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize("name", architectures())
def test_the_same_module_comes_out_every_time(name: str, retained: Synthesize) -> None:
    assert json.dumps(synthesize(name, retain_data=True)) == json.dumps(retained(name))


def test_another_process_gives_the_same_module(retained: Synthesize) -> None:
    code = (
        "import json; from cdktf_app.synthesis import synthesize; "
        "print(json.dumps(synthesize('kefir', retain_data=True)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)

    assert done.stderr == ""
    assert done.stdout.strip() == json.dumps(retained("kefir"))


def test_nothing_is_written_where_it_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    synthesize("kefir", retain_data=True)

    assert list(tmp_path.iterdir()) == []


def test_architectures_are_listed_without_loading_them() -> None:
    code = (
        "import sys; from cdktf_app.synthesis import architectures; "
        "print(architectures(), [name for name in ('cdktf', 'jsii') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)

    assert done.stdout.strip() == f"{architectures()!r} []"
    assert "kefir" in architectures()


def test_refuses_an_architecture_that_is_not_there() -> None:
    with pytest.raises(UnknownArchitectureError, match=r"no architecture 'kefri': there are .*kefir"):
        synthesize("kefri", retain_data=True)


def _protected(module: dict[str, Any]) -> set[str]:
    return {
        f"{kind}.{name}"
        for kind, resources in module["resource"].items()
        for name, resource in resources.items()
        if resource.get("lifecycle", {}).get("prevent_destroy")
    }


@pytest.mark.requirement("KF-COST-04")
def test_what_holds_data_refuses_to_be_destroyed_unless_removable(retained: Synthesize, removable: Synthesize) -> None:
    assert _protected(retained("kefir")) == {
        "aws_cognito_user_pool.users",
        "aws_dynamodb_table.table",
        "aws_s3_bucket.photos",
    }
    assert _protected(removable("kefir")) == set()


@pytest.mark.parametrize("name", architectures())
def test_the_removable_shape_is_the_one_that_a_synthesis_of_its_own_gives(
    name: str, retained: Synthesize, removable: Synthesize
) -> None:
    assert json.dumps(without_retention(retained(name))) == json.dumps(removable(name))


def test_the_module_that_the_removable_shape_is_taken_from_stays_as_it_is(retained: Synthesize) -> None:
    module = retained("kefir")

    without_retention(module)

    assert module == retained("kefir")


@pytest.mark.parametrize("name", architectures())
def test_ids_are_readable(name: str, retained: Synthesize) -> None:
    module = retained(name)
    ids = [
        identifier
        for section in ("resource", "data")
        for elements in module[section].values()
        for identifier in elements
    ]

    assert len(ids) > 50
    for identifier in ids:
        assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", identifier), identifier
        # cdktf's own ids end in eight digits of a hash.
        assert not re.search(r"[0-9A-F]{8}$", identifier), identifier
