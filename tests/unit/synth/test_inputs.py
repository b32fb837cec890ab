"""The digests cover all that a generation reads; what it opens is watched, and held against them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY
from tooling.synth import inputs
from tooling.synth.inputs import Sources, module_key, roots_key

# Each file that Python opens while it generates; byte code stands for its source.
_WATCHED = r"""
import json, re, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(args[0]) if event == "open" else None)
from pathlib import Path
from tooling.synth.generated import of_architecture
from tooling.workspace import Workspace

found = {}
for name in sys.argv[2:]:
    of_architecture(Workspace(Path(sys.argv[1])), name)
    paths = {str(Path(path).resolve()) for path in opened if isinstance(path, str)}
    found[name] = sorted(re.sub(r"__pycache__/([^/]+)\.cpython-\d+\.pyc(\.\d+)?$", r"\1.py", path) for path in paths)
    opened.clear()
print(json.dumps(found))
"""


def test_a_generation_opens_nothing_of_the_project_that_is_not_among_its_inputs() -> None:
    names = Sources().architectures()
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, REPOSITORY, *names], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    opened = json.loads(done.stdout)

    for name in names:
        inside = [Path(path).relative_to(REPOSITORY) for path in opened[name] if Path(path).is_relative_to(REPOSITORY)]
        mine = [path for path in inside if path.parts[0] != ".venv" and (REPOSITORY / path).is_file()]
        assert Path("cdktf_app/architectures", name, "__init__.py") in mine
        assert [path for path in mine if not _is_input(path, name, names)] == []


def _is_input(path: Path, name: str, names: tuple[str, ...]) -> bool:
    if path.parts[0] in ("cdktf_app", "functions"):
        return not any(other in path.parts[:3] for other in names if other != name)
    return path.parts[0] == "tooling" or (path.parts[0] == "envs" and path.name == "env.toml")


def test_no_architecture_of_this_project_depends_on_another() -> None:
    sources = Sources()
    keys = {name: module_key(sources, {}, name) for name in sources.architectures()}

    assert len(set(keys.values())) == len(keys) >= 5
    assert {name: len(sources.of_module(name)) for name in keys} == dict.fromkeys(keys, 4)


def test_the_architectures_are_those_that_the_synthesis_finds() -> None:
    from cdktf_app.synthesis import architectures

    assert Sources().architectures() == architectures()


@pytest.mark.parametrize(
    "name",
    ["JSII_NODE", "NODE_OPTIONS", "TF_CLI_ARGS_fmt", "AWS_ACCOUNT_ID", "CDK_DEFAULT_REGION", "AWS_REGION"],
)
def test_what_the_environment_settles_is_an_input(name: str) -> None:
    plain = {key: value for key, value in os.environ.items() if key != name}

    assert inputs.tools(plain) != inputs.tools({**plain, name: sys.executable})


def test_another_terraform_is_another_input(tmp_path: Path) -> None:
    binary = tmp_path / "terraform"
    binary.write_bytes(b"\x7fELF one")
    binary.chmod(0o755)
    before = inputs.tools({"PATH": str(tmp_path)})
    binary.write_bytes(b"\x7fELF another")

    assert inputs.tools({"PATH": str(tmp_path)}) != before


def test_a_terraform_that_a_script_chooses_is_asked_for_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "terraform"
    script.write_text(f'#!/bin/sh\necho "{{\\"terraform_version\\": \\"$(cat {tmp_path}/chosen)\\"}}"\n')
    script.chmod(0o755)
    monkeypatch.setenv("GROUNDPLAN_TERRAFORM", str(script))
    (tmp_path / "chosen").write_text("1.11.4")
    before = inputs.tools()
    (tmp_path / "chosen").write_text("1.12.0")

    assert before["terraform_version"] == "1.11.4"
    assert inputs.tools()["terraform_version"] == "1.12.0"


def test_packages_count_with_their_versions() -> None:
    packages = inputs.tools()["packages"]

    assert isinstance(packages, list)
    assert {"cdktf-0.21.0.dist-info", "cdktf_cdktf_provider_aws-20.1.0.dist-info"} <= set(packages)


def test_the_roots_depend_on_the_interface_of_their_module() -> None:
    sources = Sources()
    one = roots_key(sources, {}, {}, "kefir", {"variable": {"a": {}}})

    assert one != roots_key(sources, {}, {}, "kefir", {"variable": {"b": {}}})
    assert one != roots_key(sources, {"dev": b"x"}, {}, "kefir", {"variable": {"a": {}}})
