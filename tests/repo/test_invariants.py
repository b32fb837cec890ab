"""What holds for the whole repository."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.support.project import REPOSITORY
from tooling.cli.main import cli

PYTHON = sorted(path for top in ("cdktf_app", "tooling", "policies") for path in (REPOSITORY / top).rglob("*.py"))


def imports(file: Path) -> set[str]:
    """Every module that a file imports, at its top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def offenders(places: str, forbidden: str) -> list[str]:
    pattern = re.compile(rf"^({forbidden})(\.|$)")
    return [
        f"{file.relative_to(REPOSITORY)}: {name}"
        for file in PYTHON
        if re.match(places, file.relative_to(REPOSITORY).as_posix())
        for name in imports(file)
        if pattern.match(name)
    ]


def test_there_are_files_to_look_at() -> None:
    assert len(PYTHON) > 50


def test_only_the_bindings_import_cdktf() -> None:
    assert offenders(r"(?!cdktf_app/bindings/)", r"cdktf|cdktf_cdktf_provider_aws|constructs|jsii") == []


def test_what_is_built_knows_nothing_of_the_toolkit() -> None:
    assert offenders(r"cdktf_app/", "tooling") == []


def test_constructs_know_no_architecture() -> None:
    assert offenders(r"cdktf_app/constructs/", r"cdktf_app\.architectures") == []


def test_the_domain_knows_no_command_line() -> None:
    assert offenders(r"tooling/(?!cli/)", r"click|tooling\.cli") == []


def starts_processes(file: Path) -> bool:
    calls = (node.func for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call))
    starters = {
        "subprocess.run",
        "subprocess.Popen",
        "subprocess.call",
        "subprocess.check_call",
        "subprocess.check_output",
    }
    return any(ast.unparse(function) in starters or ast.unparse(function).startswith("os.exec") for function in calls)


def test_only_the_runner_starts_terraform() -> None:
    starts = {
        file.relative_to(REPOSITORY).as_posix()
        for file in PYTHON
        if file.relative_to(REPOSITORY).parts[0] == "tooling" and starts_processes(file)
    }

    # Terraform's version, git, gh, pytest, ps, psql, mypy, node, docker, the emulator's own process, and groundplan
    # itself in a drill are the others; each is named on purpose.
    assert starts == {
        "tooling/terraform/runner.py",
        "tooling/terraform/binary.py",
        "tooling/checkout.py",
        "tooling/requirements/trace.py",
        "tooling/emulator/process.py",
        "tooling/process.py",
        "tooling/rolling_back.py",
        "tooling/checking_types.py",
        "tooling/databases/psql.py",
        "tooling/functions/building.py",
        "tooling/functions/invoking.py",
        "tooling/images/pushing.py",
        "tooling/images/tags.py",
        "tooling/doctor/ci.py",
        "tooling/drill/family.py",
        "tooling/drill/sandbox.py",
    }


def test_no_code_asks_which_environment_it_is() -> None:
    pattern = re.compile(r"""(==|!=|\bin\b)\s*[(\["']*\s*["'](prod|production|dev|staging)["']""")
    found = [
        f"{file.relative_to(REPOSITORY)}: {line.strip()}"
        for file in PYTHON
        for line in file.read_text(encoding="utf-8").splitlines()
        if pattern.search(line)
    ]

    assert found == []


def loaded_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print('\\n'.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
    )
    return {name.split(".")[0] for name in done.stdout.split()}


def test_the_command_line_starts_without_its_heavy_libraries() -> None:
    loaded = loaded_by("import tooling.cli.main")

    assert "click" in loaded
    assert loaded & {"cdktf", "jsii", "boto3", "botocore", "checkov", "moto", "rich", "pydantic", "yaml"} == set()


def commands() -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []

    def walk(name: str, command: click.Command) -> None:
        if isinstance(command, click.Group):
            for child_name, child in command.commands.items():
                walk(f"{name} {child_name}", child)
        found.append((name, command))

    walk("groundplan", cli)
    return found


@pytest.mark.parametrize(("name", "command"), commands(), ids=[name for name, _ in commands()])
def test_every_command_and_option_has_help_and_an_example(name: str, command: click.Command) -> None:
    assert command.help
    assert name.split(" ")[0] in command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"


def test_every_decision_record_has_a_status() -> None:
    records = sorted((REPOSITORY / "docs/adr").glob("[0-9]*.md"))

    assert len(records) >= 3
    for record in records:
        assert re.search(r"^Status: (accepted|superseded by \d{4}|proposed)", record.read_text(), re.MULTILINE), record


def test_the_lock_file_names_no_index_and_hashes_every_package() -> None:
    text = (REPOSITORY / "requirements.lock").read_text()

    assert "://" not in text
    assert "--index" not in text
    pins = re.findall(r"^\S+==\S+.*\\$", text, re.MULTILINE)
    assert len(pins) > 100
    assert len(pins) == len(re.findall(r"^[a-z0-9].*$", text, re.MULTILINE | re.IGNORECASE))
