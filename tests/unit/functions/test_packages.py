"""Packages of the functions: the same bytes whatever packs them, or a clear refusal."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import posixpath
import re
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
    "package.json": b'{"type": "module"}\n',
    "shared/log.mjs": b"export const log = 1;\n",
    "app/shared/deep/er.mjs": b"export {};\n",
    "app/first/index.mjs": b"export const handler = 1;\r\n",
    "app/first/Zebra.mjs": b"",
    "app/first/alpha.json": b"{}",
    "app/second/index.mjs": b"export const handler = 2;\n",
    "other/shared/own.mjs": b"export {};\n",
    "other/only/index.mjs": b"export const handler = 3;\n",
}


def write(sources: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        path = sources / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return sources


def hashes(sources: Path, architecture: str = "app") -> dict[str, str]:
    return {name: package.sha256 for name, package in packages.build(architecture, sources=sources).items()}


@pytest.mark.parametrize(
    ("architecture", "functions"),
    [
        (
            "kefir",
            "handleAuth handleBatches handleDevices handleEvents handleExport handlePublic handleReminders "
            "reminderProcessor",
        ),
        (
            "nullcheck",
            "analyzeTranscript cleanupEpisode createEpisode createUploadUrl getEpisode listEpisodes "
            "onMediaConvertJobChange onUploadCompleted startChunking updateEpisode",
        ),
        ("rewind", "podcastHandler recommendationHandler shareHandler"),
    ],
)
def test_an_architecture_has_the_functions_of_its_document(architecture: str, functions: str) -> None:
    assert list(packages.build(architecture)) == functions.split()
    assert architecture in packages.architectures_with_functions()


def test_every_import_of_a_package_is_in_it() -> None:
    missing = {
        (package.function, name, target)
        for architecture in packages.architectures_with_functions()
        for package in packages.build(architecture).values()
        for name, target in missing_imports(ZipFile(BytesIO(package.content)))
    }

    assert missing == set()


def missing_imports(archive: ZipFile) -> list[tuple[str, str]]:
    """Imports of files that an archive lacks, read as Node reads them: by the archive's own manifest."""
    aliases = json.loads(archive.read("package.json"))["imports"]
    files = set(archive.namelist())
    found = []
    for name in sorted(files):
        for target in re.findall(r"""(?:from|import\()\s*"([#.][^"]+)\"""", archive.read(name).decode()):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
            for alias, folder in aliases.items():
                if target.startswith(alias.removesuffix("*")):
                    path = posixpath.normpath(folder.replace("*", target.removeprefix(alias.removesuffix("*"))))
            if path not in files:
                found.append((name, target))
    return found


def test_a_package_holds_its_own_files_at_the_top_and_the_shared_ones_where_they_are_in_the_sources(
    tmp_path: Path,
) -> None:
    archive = ZipFile(BytesIO(packages.build("app", sources=write(tmp_path, FILES))["first"].content))

    assert {entry.filename: archive.read(entry) for entry in archive.infolist()} == {
        "Zebra.mjs": b"",
        "alpha.json": b"{}",
        "index.mjs": b"export const handler = 1;\r\n",
        "package.json": FILES["package.json"],
        "shared/log.mjs": FILES["shared/log.mjs"],
        "app/shared/deep/er.mjs": FILES["app/shared/deep/er.mjs"],
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
        "first": "69c4815753f2e8a2f74a8044b956f14d650b447243348e6412265fc217bd5c4b",
        "second": "bca3c54c6f2597e7935185b1d5962cc4957b2b48a1a5725eecdfed0a135fc4c0",
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
        "shared/.log.mjs.swp",
        "app/.vscode/settings.json",
        "app/node_modules/left/index.js",
        "app/README.md",
        "README.md",
        "other/only/more.mjs",
        "other/shared/own.mjs",
        ".git/HEAD",
    ],
)
def test_what_is_no_part_of_a_package_changes_nothing(tmp_path: Path, junk: str) -> None:
    before = hashes(write(tmp_path, FILES))

    assert hashes(write(tmp_path, {junk: b"junk"})) == before


def test_a_changed_file_changes_the_packages_that_hold_it_and_no_others(tmp_path: Path) -> None:
    def changed_by(path: str) -> set[str]:
        sources = write(tmp_path, FILES)
        before = hashes(sources) | hashes(sources, "other")
        write(sources, {path: b"changed"})
        after = hashes(sources) | hashes(sources, "other")
        return {name for name in before if after[name] != before[name]}

    assert changed_by("app/first/index.mjs") == {"first"}
    assert changed_by("app/shared/deep/er.mjs") == {"first", "second"}
    assert changed_by("shared/log.mjs") == {"first", "second", "only"}
    assert changed_by("package.json") == {"first", "second", "only"}


def test_the_shared_folder_is_no_architecture(tmp_path: Path) -> None:
    sources = write(tmp_path, FILES | {"node_modules/left/index.mjs": b""})

    assert packages.architectures_with_functions(sources=sources) == ("app", "other")
    with pytest.raises(PackageError, match="no functions of an architecture 'shared'"):
        packages.build("shared", sources=sources)


def test_rejects_an_unknown_architecture_and_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="no functions of an architecture 'kefri'") as error:
        packages.build("kefri", sources=write(tmp_path, FILES))

    assert error.value.hint == "use one of app, other"


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
        (
            {"app/first/app/shared/deep/er.mjs": b""},
            "app/shared/deep/er.mjs is also among the files that every function gets",
        ),
        ({"app/first/package.json": b"{}"}, "package.json is also among the files that every function gets"),
        ({"app/package.json": b"{}"}, "a second package.json, which no package would get"),
        ({"shared/node_modules/left/index.js": b""}, "dependencies are not packed from here"),
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
        ("shared/link.mjs", "app/second/index.mjs"),
        ("package.json", "app/first/alpha.json"),
        ("app/third", "app/second"),
    ],
)
def test_rejects_links_since_what_they_point_to_may_differ_elsewhere(tmp_path: Path, link: str, target: str) -> None:
    write(tmp_path, FILES)
    (tmp_path / link).unlink(missing_ok=True)
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
