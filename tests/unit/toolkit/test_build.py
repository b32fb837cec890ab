"""`groundplan build`: TypeScript becomes packages, and what is not compiled is said."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.project import REPOSITORY, Answer, Project
from tests.unit.toolkit.conftest import Applied
from tooling.functions.node import find_node

# What stands in for esbuild takes types away, as esbuild does, and bundles nothing.
ESBUILD = """\
#!{NODE}
const { readFileSync, writeFileSync } = require("node:fs");
const [entry, ...flags] = process.argv.slice(2);
const text = readFileSync(entry, "utf8");
if (text.includes("syntax error")) { console.error("✘ [ERROR] Expected ; but found"); process.exit(1); }
const out = flags.find((flag) => flag.startsWith("--outfile=")).slice("--outfile=".length);
writeFileSync(out, `// ${flags.slice(0, -1).join(" ")}\\n${text.replaceAll(": string", "")}`);
"""
HANDLER = """\
const word: string = "compiled";
export const handler = async () => ({ statusCode: 200, body: word });
"""


@pytest.fixture
def project(applied: Applied) -> Project:
    """A project with the committed functions and a TypeScript handler for one of them."""
    found = applied("kefir", {})
    shutil.copytree(REPOSITORY / "functions", found.root / "functions")
    found.write("backend/handleAuth/index.ts", HANDLER)
    return found


@pytest.fixture
def esbuild(project: Project) -> Path:
    file = project.write("backend/node_modules/.bin/esbuild", ESBUILD.replace("{NODE}", str(find_node())))
    file.chmod(0o755)
    return file


def built(project: Project, *args: str) -> Answer:
    return project.run("build", "--stack", "kefir", *args, environ={"PATH": "/usr/bin:/bin"})


def zips(project: Project) -> dict[str, bytes]:
    return {file.stem: file.read_bytes() for file in (project.root / "build/functions/kefir").glob("*.zip")}


@pytest.mark.requirement("KF-FN-07", "RW-FN-05")
def test_each_handler_becomes_a_zip_and_typescript_is_compiled(project: Project, esbuild: Path) -> None:
    answer = built(project, "--json")

    assert answer.code == 0, answer.said
    found = {one["name"]: one for one in json.loads(answer.out)}
    folders = {folder.name for folder in (REPOSITORY / "functions/kefir").iterdir() if folder.is_dir()}
    assert set(found) == set(zips(project)) == folders
    assert [name for name, one in found.items() if one["compiled"]] == ["handleAuth"]
    with ZipFile(BytesIO(zips(project)["handleAuth"])) as package:
        assert package.namelist() == ["index.mjs"]
        text = package.read("index.mjs").decode()
    assert 'const word = "compiled"' in text
    assert "--bundle --platform=node --target=node20 --format=esm --external:@aws-sdk/*" in text


@pytest.mark.requirement("RW-FN-05")
def test_every_handler_of_rewind_is_compiled_into_a_zip_of_its_own(applied: Applied) -> None:
    project = applied("rewind", {})
    shutil.copytree(REPOSITORY / "functions", project.root / "functions")
    names = {folder.name for folder in (REPOSITORY / "functions/rewind").iterdir() if folder.is_dir()} - {"shared"}
    for name in names:
        project.write(f"backend/rewind/{name}/index.ts", HANDLER.replace("compiled", name))
    compiler = project.write("tools/esbuild", ESBUILD.replace("{NODE}", str(find_node())))
    compiler.chmod(0o755)

    answer = project.run("build", "--stack", "rewind", "--esbuild", str(compiler), "--write", "--json")

    assert answer.code == 0, answer.said
    assert {one["name"] for one in json.loads(answer.out) if one["compiled"]} == names
    values = (project.root / "envs/local/rewind/function_packages.auto.tfvars").read_text()
    for name in names:
        zipped = project.root / f"build/functions/rewind/{name}.zip"
        assert f'{name} = {{ filename = "../../../build/functions/rewind/{name}.zip" }}' in values
        with ZipFile(zipped) as package:
            assert f'const word = "{name}"' in package.read("index.mjs").decode()


@pytest.mark.requirement("KF-FN-07")
def test_the_stack_takes_the_zips_by_file_name_and_hash(project: Project, esbuild: Path) -> None:
    answer = built(project, "--write", "--json")

    assert answer.code == 0, answer.said
    values = (project.root / "envs/local/kefir/function_packages.auto.tfvars").read_text()
    assert values == (
        'function_packages = {\n  handleAuth = { filename = "../../../build/functions/kefir/handleAuth.zip" }\n}\n'
    )
    content = (project.root / "envs/local/kefir/../../../build/functions/kefir/handleAuth.zip").read_bytes()
    (one,) = [one for one in json.loads(answer.out) if one["compiled"]]
    assert one["source_code_hash"] == base64.b64encode(hashlib.sha256(content).digest()).decode()


@pytest.mark.requirement("KF-FN-07")
@pytest.mark.parametrize("place", ["handleAuth.ts", "src/handleAuth.ts", "src/handlers/handleAuth.ts"])
def test_handlers_are_found_where_people_put_them(project: Project, esbuild: Path, place: str) -> None:
    (project.root / "backend/handleAuth/index.ts").unlink()
    project.write(f"backend/{place}", HANDLER)

    answer = built(project)

    assert answer.code == 0, answer.said
    assert f"handleAuth.zip  compiled from backend/{place}" in answer.out


def test_without_esbuild_a_stack_is_not_given_the_committed_sources_instead(project: Project) -> None:
    values = project.write("envs/local/kefir/function_packages.auto.tfvars", "# compiled before\n")

    answer = built(project, "--write")

    assert answer.code == 1
    assert "the stack would get the committed sources of handleAuth" in answer.err
    assert values.read_text() == "# compiled before\n"


def test_a_folder_of_handlers_that_is_not_there_is_refused(project: Project) -> None:
    answer = built(project, "--from", "bakend")

    assert answer.code == 2
    assert "'bakend' does not exist" in answer.err


def test_a_folder_without_a_handler_of_the_stack_is_told(project: Project, esbuild: Path) -> None:
    project.write("other/handleAuht.ts", HANDLER)

    answer = built(project, "--from", "other")

    assert answer.code == 0, answer.said
    assert "warning: no TypeScript of a function in other: the functions are handleAuth, " in answer.err


@pytest.mark.requirement("RW-FN-05")
def test_without_esbuild_the_committed_sources_are_packed_and_that_is_said(project: Project) -> None:
    from cdktf_app.packages import build

    answer = built(project)

    assert answer.code == 0, answer.said
    assert "warning: " in answer.err
    assert "there is no esbuild" in answer.err
    assert "function_packages = {}" in answer.out
    assert zips(project) == {name: one.content for name, one in build("kefir").items()}


def test_the_same_sources_make_the_same_zip(project: Project, esbuild: Path) -> None:
    assert built(project).code == 0
    first = zips(project)
    os.utime(project.root / "backend/handleAuth/index.ts", (0, 0))

    assert built(project).code == 0

    assert zips(project) == first


def test_what_does_not_compile_is_told_and_no_zip_is_changed(project: Project, esbuild: Path) -> None:
    assert built(project).code == 0
    first = zips(project)
    project.write("backend/handleAuth/index.ts", HANDLER.replace("compiled", "changed"))
    project.write("backend/reminderProcessor/index.ts", "syntax error")

    answer = built(project)

    assert answer.code == 1
    assert "reminderProcessor/index.ts: does not compile: ✘ [ERROR] Expected ; but found" in answer.err
    assert zips(project) == first


def test_an_esbuild_that_is_not_there_is_refused(project: Project) -> None:
    answer = built(project, "--esbuild", "no-such-file")

    assert answer.code == 2
    assert "no-such-file: there is no such file" in answer.err


@pytest.mark.skipif(shutil.which("esbuild") is None, reason="no esbuild on the path")
def test_the_real_esbuild_bundles_what_a_handler_imports(project: Project, tmp_path: Path) -> None:
    project.write("backend/handleAuth/index.ts", 'import { word } from "./word";\nexport const handler = () => word;\n')
    # As packages for Node.js do it that are no ES modules.
    project.write("backend/handleAuth/old.cjs", 'exports.join = require("node:path").join;\n')
    text = 'import { join } from "./old.cjs";\nexport const word: string = join("bundled", "twice");\n'
    project.write("backend/handleAuth/word.ts", text)

    answer = project.run("build", "--stack", "kefir")

    assert answer.code == 0, answer.said
    with ZipFile(BytesIO(zips(project)["handleAuth"])) as package:
        (tmp_path / "index.mjs").write_bytes(package.read("index.mjs"))
    code = f"import('{tmp_path}/index.mjs').then((m) => console.log(m.handler()))"
    done = subprocess.run([str(find_node()), "-e", code], capture_output=True, text=True, check=True)
    assert done.stdout == "bundled/twice\n"
