"""What the documents ask of the code's shape, of files and of pages."""

from __future__ import annotations

import re
import shlex
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import click
import pytest

from cdktf_app.bindings import PROVIDER_VERSION
from tests.support.project import REPOSITORY
from tooling.cli.main import cli
from tooling.requirements.ledger import PROVEN_BY_TEST, read_ledger, read_open

SOLEMATE = REPOSITORY / "docs/architectures/solemate.md"
DEPLOYMENT = REPOSITORY / "docs/architectures/solemate-deployment.md"
MODULE = REPOSITORY / "modules/solemate"
LEDGER = {row.id: row for row in read_ledger(REPOSITORY / "specs/requirements.yaml")}


def proven() -> set[str]:
    """Every row that a test names."""
    texts = (file.read_text(encoding="utf-8") for file in (REPOSITORY / "tests").rglob("test_*.py"))
    marks = [mark for text in texts for mark in re.findall(r"mark\.requirement\(([^)]*)\)", text)]
    return {row for mark in marks for row in re.findall(r'"([A-Z]{2}-[A-Z0-9]+-[A-Z0-9]+)"', mark)}


@pytest.mark.requirement("SM-US-01")
def test_every_user_story_of_solemate_is_traced_to_rows_that_are_proven() -> None:
    rows = dict(re.findall(r"^\| (US-\d), [^|]+\|[^|]+\| ([^|]+) \|$", SOLEMATE.read_text(), re.MULTILINE))
    tested = proven()
    # As the row of the ledger says; of a whole chapter every row that a plan shows.
    wanted = {
        "US-1": {"SM-FR1-03", "SM-FR1-07"},
        "US-2": {"SM-FR2-01", "SM-NET-02", "SM-SU-01"},
        "US-3": {row for row in LEDGER if row.startswith("SM-FR5-")},
        "US-4": {"SM-FR6-06", "SM-UI-03"},
        "US-5": {"SM-FS-01", "SM-FS-02", "SM-FS-06"},
        "US-6": {"SM-FR3-07", "SM-SU-02"},
    }

    assert list(rows) == list(wanted)
    for story, by in rows.items():
        named = re.findall(r"SM-[A-Z0-9]+-\d+", by)
        assert wanted[story] <= set(named), story
        assert [row for row in named if row not in LEDGER or row not in tested] == [], story


@pytest.mark.requirement("SM-OV-02")
def test_cdktf_and_the_bindings_of_the_provider_are_declared_and_pinned() -> None:
    declared = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["dependencies"]
    locked = (REPOSITORY / "requirements.lock").read_text()

    assert {"cdktf==0.21.0", "cdktf-cdktf-provider-aws==20.1.0"} <= set(declared)
    assert [line for line in declared if re.match(r"constructs\b", line)] == ["constructs>=10.4.2"]
    assert re.search(r"^constructs==10\.", locked, re.MULTILINE)
    assert PROVIDER_VERSION == "5.100.0"
    assert re.search(r'version += "5\.100\.0"', (MODULE / "versions.tf").read_text())


@pytest.mark.requirement("SM-ENV-01")
def test_what_each_environment_of_solemate_has_is_a_typed_input() -> None:
    def types(folder: Path) -> dict[str, str]:
        text = (folder / "variables.tf").read_text()
        return dict(re.findall(r'^variable "(\w+)" \{\n(?:  .*\n)*?  type += (\S+)$', text, re.MULTILINE))

    wanted = {
        "environment": "string",
        "vpc_cidr": "string",
        "db_instance_class": "string",
        "ecs_desired_count": "number",
        "domain_name": "string",
        "certificate_arn": "string",
    }

    assert {name: types(MODULE).get(name) for name in wanted} == wanted
    for env in ("staging", "prod"):
        root = REPOSITORY / "envs" / env / "solemate"
        # The name is the environment's own: nothing that a file of values may set.
        assert {name: types(root).get(name) for name in wanted} == {**wanted, "environment": None}
        given = (root / "main.tf").read_text()
        assert [name for name in wanted if not re.search(rf"^  {name} += ", given, re.MULTILINE)] == [], env


@pytest.mark.requirement("SM-FS-01")
def test_the_code_of_solemate_is_split_as_in_the_document() -> None:
    code = REPOSITORY / "cdktf_app/architectures/solemate"
    parts = "networking compute database storage security monitoring".split()

    assert [part for part in (*parts, "variables", "__init__") if not (code / f"{part}.py").is_file()] == []
    composed = (code / "__init__.py").read_text()
    assert [part for part in parts if f"architectures.solemate.{part} import" not in composed] == []


@pytest.mark.requirement("SM-FS-06")
def test_staging_and_production_differ_in_values_only() -> None:
    roots = [REPOSITORY / "envs" / env / "solemate" for env in ("staging", "prod")]

    def code(name: str) -> set[tuple[str, ...]]:
        return {
            tuple(line for line in (root / name).read_text().splitlines() if not line.startswith("#")) for root in roots
        }

    assert len(code("variables.tf")) == len(code("outputs.tf")) == 1
    keys = {tuple(line.split("=")[0].strip() for line in lines) for lines in code("main.tf")}
    assert len(keys) == 1
    assert len(code("terraform.tfvars")) == 2


@pytest.mark.requirement("SM-FS-07")
def test_the_page_of_solemates_infrastructure_is_generated_and_lists_every_input_and_output() -> None:
    page = (MODULE / "README.md").read_text()
    names = [
        name
        for file, kind in (("variables.tf", "variable"), ("outputs.tf", "output"))
        for name in re.findall(rf'^{kind} "(\w+)"', (MODULE / file).read_text(), re.MULTILINE)
    ]
    kinds = {kind for file in MODULE.glob("*.tf") for kind in re.findall(r'^resource "(\w+)"', file.read_text(), re.M)}

    assert "Generated by groundplan synth" in page.splitlines()[0]
    assert len(names) > 60
    assert [name for name in (*names, *kinds) if f"`{name}`" not in page] == []
    assert "modules/solemate/README.md" in SOLEMATE.read_text()


@pytest.mark.requirement("SM-FS-08")
def test_the_page_of_solemates_deployment_names_commands_and_files_that_are_there() -> None:
    text = DEPLOYMENT.read_text()
    lines = re.findall(r"`(groundplan [^`]+)`", text)

    assert len(lines) > 8
    for line in lines:
        _, *arguments = shlex.split(line)
        command: click.Command = cli
        while isinstance(command, click.Group) and arguments and arguments[0] in command.commands:
            command, arguments = command.commands[arguments[0]], arguments[1:]
        assert command is not cli, line
        options = {name for one in command.params if isinstance(one, click.Option) for name in one.opts}
        assert [word for word in arguments if word.startswith("--") and word not in options] == [], line
    files = re.findall(r"`(envs/[^`]+)`", text)
    assert [file for file in files if not (REPOSITORY / file).is_file()] == []


@pytest.mark.requirement("SM-TST-02")
def test_every_row_of_solemate_that_a_plan_shows_has_a_test() -> None:
    tested = proven()
    rows = [row for row in LEDGER.values() if row.architecture == "solemate" and row.kind in PROVEN_BY_TEST]

    assert len(rows) > 50
    assert [row.id for row in rows if row.id not in tested] == []


@pytest.mark.requirement("KF-REF-01")
def test_kefirs_page_names_an_equivalent_of_each_reference() -> None:
    text = (REPOSITORY / "docs/architectures/kefir.md").read_text()
    section = text.partition("| the document refers to |")[2].partition("\n## ")[0]

    for link in (
        "https://developer.hashicorp.com/terraform/cdktf",
        f"https://registry.terraform.io/providers/hashicorp/aws/{PROVIDER_VERSION}/docs",
        "https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/",
    ):
        assert link in section
    assert "2025-01-04, ready for backend handlers" in section


def test_every_open_entry_names_a_row() -> None:
    open_rows = read_open(REPOSITORY / "specs/open.yaml")

    assert [pattern for pattern in open_rows if not any(fnmatchcase(row, pattern) for row in LEDGER)] == []
