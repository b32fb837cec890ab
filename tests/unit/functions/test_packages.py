"""Packages of the functions: the same bytes whatever packs them, or a clear refusal."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from cdktf_app import packages
from cdktf_app.packages import PackageError

REPO = Path(packages.__file__).parents[1]
FILES = {
    "app/package.json": b'{"type": "module"}\n',
    "app/shared/log.mjs": b"export const log = 1;\n",
    "app/shared/deep/er.mjs": b"export {};\n",
    "app/first/index.mjs": b"export const handler = 1;\r\n",
    "app/first/Zebra.mjs": b"",
    "app/first/alpha.json": b"{}",
    "app/second/index.mjs": b"export const handler = 2;\n",
}


def write(sources: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        path = sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return sources


def hashes(sources: Path) -> dict[str, str]:
    return {name: package.sha256 for name, package in packages.build("app", sources=sources).items()}


def test_kefir_has_the_eight_functions_of_its_document() -> None:
    assert set(packages.build("kefir")) == {
        "handleAuth",
        "handleBatches",
        "handleDevices",
        "handleEvents",
        "handleExport",
        "handlePublic",
        "handleReminders",
        "reminderProcessor",
    }
    assert "kefir" in packages.architectures_with_functions()


def test_a_package_holds_its_own_files_at_the_top_and_the_shared_ones_below(tmp_path: Path) -> None:
    archive = ZipFile(BytesIO(packages.build("app", sources=write(tmp_path, FILES))["first"].content))

    assert {entry.filename: archive.read(entry) for entry in archive.infolist()} == {
        "Zebra.mjs": b"",
        "alpha.json": b"{}",
        "index.mjs": b"export const handler = 1;\r\n",
        "package.json": FILES["app/package.json"],
        "shared/deep/er.mjs": FILES["app/shared/deep/er.mjs"],
        "shared/log.mjs": FILES["app/shared/log.mjs"],
    }


def test_hashes_and_key_are_those_of_the_content(tmp_path: Path) -> None:
    package = packages.build("app", sources=write(tmp_path, FILES))["first"]

    digest = hashlib.sha256(package.content)
    assert package.sha256 == digest.hexdigest()
    assert base64.b64decode(package.base64sha256) == digest.digest()
    assert package.key == f"app/first/{digest.hexdigest()}.zip"


def test_entries_say_nothing_about_the_machine_that_packed_them(tmp_path: Path) -> None:
    archive = ZipFile(BytesIO(packages.build("app", sources=write(tmp_path, FILES))["first"].content))

    entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {(e.date_time, e.create_system, e.external_attr >> 16, e.compress_type, e.extra) for e in entries} == {
        ((1980, 1, 1, 0, 0, 0), 3, 0o100644, ZIP_STORED, b"")
    }


def test_the_bytes_are_these_on_every_machine_and_python(tmp_path: Path) -> None:
    # Changes only together with every published package. It is what a reader elsewhere compares with.
    assert hashes(write(tmp_path, FILES)) == {
        "first": "8da681857c6a10eea44b2fdc2b2233f69f0098bc796837d569ad1e429cf71125",
        "second": "34a103f07d3cf0d586cf1516428b69101e805efba366618080b39d0a2fe3eefd",
    }


def test_another_folder_order_age_mode_umask_zone_and_locale_give_the_same_bytes(tmp_path: Path) -> None:
    here = write(tmp_path / "here", FILES)
    umask = os.umask(0o077)
    try:
        there = write(tmp_path / "there" / "ä b", dict(reversed(FILES.items())))
    finally:
        os.umask(umask)
    for age, path in enumerate(sorted(there.rglob("*"))):
        path.chmod(0o700)
        os.utime(path, (age * 86_400, age * 86_400))
    program = (
        "import os, sys, pathlib; os.umask(0o027); from cdktf_app import packages; "
        "print(*(p.sha256 for p in packages.build('app', sources=pathlib.Path(sys.argv[1])).values()))"
    )

    elsewhere = subprocess.run(
        [sys.executable, "-c", program, str(there)],
        cwd=tmp_path,
        env={
            "PYTHONPATH": str(REPO),
            "TZ": "Pacific/Kiritimati",
            "LC_ALL": "tr_TR.UTF-8",
            "PYTHONHASHSEED": "7",
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert elsewhere.split() == list(hashes(here).values())


@pytest.mark.parametrize(
    "junk",
    [
        "app/.DS_Store",
        "app/first/.DS_Store",
        "app/first/index.mjs~",
        "app/first/.index.mjs.swp",
        "app/first/#index.mjs#",
        "app/first/Thumbs.db",
        "app/first/index.mjs.orig",
        "app/shared/._log.mjs",
        "app/shared/.idea/workspace.xml",
        "app/.vscode/settings.json",
        "app/node_modules/left/index.js",
        "app/README.md",
        ".git/HEAD",
    ],
)
def test_what_editors_and_systems_leave_behind_changes_nothing(tmp_path: Path, junk: str) -> None:
    before = hashes(write(tmp_path, FILES))

    assert hashes(write(tmp_path, {junk: b"junk"})) == before


def test_a_change_of_a_shared_file_changes_every_package_and_of_an_own_file_only_its_own(
    tmp_path: Path,
) -> None:
    before = hashes(write(tmp_path, FILES))
    own = hashes(write(tmp_path, {"app/first/index.mjs": b"changed"}))
    shared = hashes(write(tmp_path, {"app/shared/log.mjs": b"changed"}))

    assert own["first"] != before["first"]
    assert own["second"] == before["second"]
    assert shared["first"] != own["first"]
    assert shared["second"] != own["second"]


def test_rejects_an_unknown_architecture_and_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="no functions of an architecture 'kefri'") as error:
        packages.build("kefri", sources=write(tmp_path, FILES))

    assert error.value.hint == "use one of app"


@pytest.mark.parametrize("name", ["..", ".", "", "app/first", "/"])
def test_rejects_a_name_that_is_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(PackageError, match="no functions of an architecture"):
        packages.build(name, sources=write(tmp_path, FILES))


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({"app/third/handler.mjs": b""}, "third: has no index.mjs"),
        ({"app/third/.keep": b""}, "third: has no index.mjs"),
        ({"app/not a name/index.mjs": b""}, "'not a name' cannot be part of a function's name"),
        (
            {"app/first/shared/log.mjs": b""},
            "shared/log.mjs is also among the files that every function gets",
        ),
        ({"app/first/node_modules/left/index.js": b""}, "dependencies are not packed from here"),
    ],
)
def test_rejects_sources_that_cannot_become_a_package(tmp_path: Path, extra: dict[str, bytes], message: str) -> None:
    with pytest.raises(PackageError, match=message):
        packages.build("app", sources=write(tmp_path, FILES | extra))


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("app/first/link.mjs", "app/second/index.mjs"),
        ("app/shared/link", "app/second"),
        ("app/third", "app/second"),
    ],
)
def test_rejects_links_since_what_they_point_to_may_differ_elsewhere(tmp_path: Path, link: str, target: str) -> None:
    write(tmp_path, FILES)
    (tmp_path / link).symlink_to(tmp_path / target)

    with pytest.raises(PackageError, match="symbolic link"):
        packages.build("app", sources=tmp_path)


def test_rejects_an_architecture_that_holds_no_function(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="holds no function"):
        packages.build("app", sources=write(tmp_path, {"app/shared/log.mjs": b""}))


def test_building_loads_neither_cdktf_nor_the_toolkit() -> None:
    program = "import sys, cdktf_app.packages; print(*sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=REPO, capture_output=True, text=True, check=True
    ).stdout.split()

    assert not {name.split(".")[0] for name in loaded} & {"cdktf", "constructs", "jsii", "boto3", "tooling"}
