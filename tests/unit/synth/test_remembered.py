"""Nothing is generated twice, and nothing that changed is taken for what it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tooling.synth.generated import Generated
from tooling.synth.inputs import Sources
from tooling.synth.remembered import FILE, Making, up_to_date
from tooling.workspace import Workspace

SOURCES = {
    "app/architectures/__init__.py": "",
    "app/architectures/kefir/__init__.py": "parts",
    "app/architectures/kefir/auth.py": "users",
    "app/architectures/rewind.py": "all of it",
    "app/constructs/bucket.py": "a bucket",
    "app/hcl/blocks.json": "{}",
    "app/synthesis.py": "from app import architectures",
    "functions/package.json": "{}",
    "functions/shared/log.mjs": "log",
    "functions/kefir/login/index.mjs": "login",
    "functions/rewind/play/index.mjs": "play",
    "tooling/synth/generated.py": "generate",
    "tooling/synth/provider.lock.hcl": "hashes",
    "envs/dev/env.toml": "region = 1",
    "envs/prod/env.toml": "region = 2",
}


@dataclass
class Project:
    """A project whose files are made of all that a generation may read, so that a wrong reuse shows."""

    root: Path
    tools: dict[str, object] = field(default_factory=lambda: {"terraform": "1.11.4"})
    made: list[str] = field(default_factory=list)

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.root)

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def run(self) -> set[str]:
        """Generate, write what was made; the answer is what was made, as `kefir` or `kefir's roots`."""
        self.made.clear()
        generation = up_to_date(self.workspace, self.making())
        for path, text in generation.texts.items():
            self.write(path.as_posix(), text)
        assert {path: (self.root / path).read_text() for path in generation.paths} == self.honest()
        return set(self.made)

    def honest(self) -> dict[Path, str]:
        names = self._sources().architectures()
        each = [self._make(name) for name in names]
        return {path: text for made in each for path, text in (*made.module.items(), *made.roots.items())}

    def making(self) -> Making:
        return Making(sources=self._sources, tools=lambda: self.tools, modules=self._modules, roots=self._only_roots)

    def _sources(self) -> Sources:
        root = self.root
        return Sources(app=root / "app", functions=root / "functions", toolkit=root / "tooling")

    def _modules(self, _: Workspace, names: Sequence[str]) -> Mapping[str, Generated]:
        self.made += names
        return {name: self._make(name) for name in names}

    def _only_roots(self, _: Workspace, name: str, interface: Mapping[str, Any]) -> Mapping[Path, str]:
        self.made.append(f"{name}'s roots")
        return self._roots(name, interface)

    def _make(self, name: str) -> Generated:
        read = {
            path.relative_to(self.root).as_posix(): path.read_text()
            for folder in ("app", "functions", "tooling")
            for path in sorted((self.root / folder).rglob("*"))
            if path.is_file()
        }
        others = [other for other in self._sources().architectures() if other != name]
        mine = {
            path: text
            for path, text in read.items()
            if not any(f"/{other}/" in path or path.endswith(f"/{other}.py") for other in others)
        }
        interface = {"variable": mine.get(f"app/architectures/{name}/auth.py", "none")}
        return Generated(
            module={Path("modules", name, file): json.dumps([file, mine, self.tools]) for file in ("a.tf", "b.tf")},
            roots=self._roots(name, interface),
            interface=interface,
        )

    def _roots(self, name: str, interface: Mapping[str, Any]) -> dict[Path, str]:
        toolkit = [path.read_text() for path in sorted((self.root / "tooling").rglob("*")) if path.is_file()]
        return {
            Path("envs", file.parent.name, name, "main.tf"): json.dumps(
                [file.read_text(), interface, toolkit, self.tools]
            )
            for file in sorted((self.root / "envs").glob("*/env.toml"))
        }


def new_project(root: Path) -> Project:
    project = Project(root)
    for path, text in SOURCES.items():
        project.write(path, text)
    return project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = new_project(tmp_path)
    assert made.run() == {"kefir", "rewind"}
    return made


ALL = {"kefir", "rewind"}
ROOTS = {"kefir's roots", "rewind's roots"}


def test_unchanged_nothing_is_made(project: Project) -> None:
    assert project.run() == set()
    assert project.run() == set()


@pytest.mark.parametrize(
    ("path", "redone"),
    [
        ("app/architectures/kefir/auth.py", {"kefir"}),
        ("app/architectures/kefir/__init__.py", {"kefir"}),
        ("app/architectures/rewind.py", {"rewind"}),
        ("app/architectures/__init__.py", ALL),
        ("app/constructs/bucket.py", ALL),
        ("app/hcl/blocks.json", ALL),
        ("app/synthesis.py", ALL),
        ("functions/kefir/login/index.mjs", {"kefir"}),
        ("functions/rewind/play/index.mjs", {"rewind"}),
        ("functions/shared/log.mjs", ALL),
        ("functions/package.json", ALL),
        ("tooling/synth/generated.py", ALL),
        ("tooling/synth/provider.lock.hcl", ALL),
        ("envs/dev/env.toml", ROOTS),
        ("envs/prod/env.toml", ROOTS),
    ],
)
def test_a_changed_input_redoes_what_is_made_of_it_and_no_more(project: Project, path: str, redone: set[str]) -> None:
    project.write(path, "something else")

    assert project.run() == redone
    assert project.run() == set()


@pytest.mark.parametrize(
    ("path", "redone"),
    [
        ("app/architectures/kefir/new.py", {"kefir"}),
        ("app/architectures/another.py", {"another", *ROOTS}),
        ("app/constructs/queue.py", ALL),
        ("functions/kefir/logout/index.mjs", {"kefir"}),
        ("functions/shared/new.mjs", ALL),
        ("envs/staging/env.toml", ROOTS),
    ],
)
def test_a_new_input_redoes_what_is_made_of_it(project: Project, path: str, redone: set[str]) -> None:
    project.write(path, "new")

    assert project.run() == redone
    assert project.run() == set()


@pytest.mark.parametrize("path", ["app/constructs/bucket.py", "app/architectures/kefir/auth.py", "envs/dev/env.toml"])
def test_a_removed_input_is_noticed(project: Project, path: str) -> None:
    (project.root / path).unlink()

    assert project.run()
    assert project.run() == set()


def test_a_file_with_another_name_is_another_input(project: Project) -> None:
    (project.root / "app/constructs/bucket.py").rename(project.root / "app/constructs/pail.py")

    assert project.run() == ALL


def test_another_terraform_redoes_all(project: Project) -> None:
    project.tools["terraform"] = "1.12.0"

    assert project.run() == ALL


def test_an_architecture_that_names_another_is_redone_with_it(project: Project) -> None:
    project.write("app/architectures/rewind.py", "from app.architectures.kefir import auth")
    assert project.run() == {"rewind"}
    project.write("app/architectures/kefir/auth.py", "others")

    assert project.run() == ALL


def test_when_what_all_share_names_architectures_each_depends_on_all(project: Project) -> None:
    project.write("app/constructs/bucket.py", "from app.architectures.kefir import auth")
    assert project.run() == ALL
    project.write("app/architectures/kefir/auth.py", "others")

    assert project.run() == ALL


@pytest.mark.parametrize("change", [lambda file: file.write_text("by hand"), lambda file: file.unlink()])
@pytest.mark.parametrize(
    ("path", "redone"), [("modules/kefir/a.tf", {"kefir"}), ("envs/dev/rewind/main.tf", {"rewind's roots"})]
)
def test_a_generated_file_that_was_edited_or_deleted_is_made_again(
    project: Project, change: Callable[[Path], object], path: str, redone: set[str]
) -> None:
    change(project.root / path)

    assert project.run() == redone
    assert project.run() == set()


def test_what_differs_on_disk_is_found_by_every_check_that_writes_nothing(project: Project) -> None:
    file = project.root / "modules/kefir/a.tf"
    file.write_text("by hand")

    for _ in range(2):
        assert Path("modules/kefir/a.tf") in up_to_date(project.workspace, project.making()).texts
    assert file.read_text() == "by hand"


def _flip(memory: Path) -> None:
    data = json.loads(memory.read_text())
    data["content"]["kefir"]["interface"] = {"variable": "another"}
    memory.write_text(json.dumps(data))


@pytest.mark.parametrize(
    "damage",
    [
        lambda memory: memory.unlink(),
        lambda memory: memory.write_text(""),
        lambda memory: memory.write_text(memory.read_text()[:-100]),
        lambda memory: memory.write_bytes(b"\xff\xfe\x00"),
        lambda memory: memory.write_text("[]"),
        lambda memory: memory.write_text('{"sha256": 1, "content": null}'),
        lambda memory: memory.write_text("[" * 100_000),
        _flip,
    ],
)
def test_a_damaged_memory_is_none(project: Project, damage: Callable[[Path], object]) -> None:
    damage(project.workspace.work / FILE)

    assert project.run() == ALL
    assert project.run() == set()


def test_a_memory_that_cannot_be_kept_costs_time_only(project: Project) -> None:
    memory = project.workspace.work / FILE
    memory.unlink()
    memory.mkdir()

    assert project.run() == ALL
    assert project.run() == ALL


def test_what_changes_while_it_is_read_is_not_remembered(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    making = project.making()

    def modules(workspace: Workspace, names: Sequence[str]) -> Mapping[str, Generated]:
        made = making.modules(workspace, names)
        project.write("app/constructs/bucket.py", "saved by an editor just now")
        return made

    up_to_date(project.workspace, Making(making.sources, making.tools, modules, making.roots))

    assert not (project.workspace.work / FILE).exists()
    assert project.run() == ALL


def test_only_its_owner_may_read_the_memory(project: Project) -> None:
    assert (project.workspace.work / FILE).stat().st_mode & 0o777 == 0o600


PATHS = (*SOURCES, "app/architectures/kefir/new.py", "functions/rewind/new/index.mjs", "envs/staging/env.toml")
GENERATED = ("modules/kefir/a.tf", "modules/rewind/b.tf", "envs/dev/kefir/main.tf", "envs/prod/rewind/main.tf")
TEXTS = st.sampled_from(["one", "two", "import architectures", "kefir", "rewind", ""])


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.tuples(st.just("write"), st.sampled_from(PATHS + GENERATED), TEXTS),
                st.tuples(st.just("remove"), st.sampled_from(PATHS[2:] + GENERATED), st.just("")),
                st.tuples(st.just("tools"), st.sampled_from(["1.11.4", "1.12.0"]), st.just("")),
            ),
            max_size=3,
        ),
        max_size=5,
    )
)
def test_whatever_changes_the_files_are_those_of_a_fresh_run(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, str, str]]]
) -> None:
    project = new_project(tmp_path_factory.mktemp("project"))
    project.run()
    for changes in rounds:
        for kind, what, text in changes:
            if kind == "write":
                project.write(what, text)
            elif kind == "remove":
                (project.root / what).unlink(missing_ok=True)
            else:
                project.tools["terraform"] = what
        # It compares with an honest generation by itself.
        project.run()
        assert project.run() == set()
