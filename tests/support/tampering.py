"""Ways to tamper with a changeset and with what it was made from, generated: every file, every field."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.support.sandbox import STACKS, Sandbox
from tooling import digest
from tooling.changeset.model import GATE, PLAN, PLAN_JSON, STACK_FILES

Tamper = Callable[[Sandbox], None]
Edit = Callable[[bytes, random.Random], bytes]
SEED = 20261121


@dataclass(frozen=True)
class Case:
    """One way.

    Attributes:
        name: For the report.
        tamper: Does it.
        args: Of ``apply``.
    """

    name: str
    tamper: Tamper
    args: tuple[str, ...] = ()


# Bytes


def flipped(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content))
    return content[:place] + bytes([content[place] ^ (1 << chance.randrange(8))]) + content[place + 1 :]


def truncated(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def appended(content: bytes, chance: random.Random) -> bytes:
    return content + chance.choice([b"\n", b" ", b"\0", b"# more\n"])


def edits(flips: int) -> Iterator[tuple[str, Edit, random.Random]]:
    for number in range(flips):
        yield f"byte {number}", flipped, random.Random(SEED + number)
    yield "truncated", truncated, random.Random(SEED)
    yield "appended", appended, random.Random(SEED)


def edit_file(path: Callable[[Sandbox], str], edit: Edit, seed: random.Random) -> Tamper:
    # The same place in every run, however often the case is asked for.
    state = seed.getstate()

    def tamper(box: Sandbox) -> None:
        chance = random.Random()
        chance.setstate(state)
        file = box.project.root / path(box)
        file.write_bytes(edit(file.read_bytes(), chance))

    return tamper


def edit_object(key: Callable[[Sandbox], str], edit: Edit, seed: random.Random) -> Tamper:
    state = seed.getstate()

    def tamper(box: Sandbox) -> None:
        chance = random.Random()
        chance.setstate(state)
        name = key(box)
        box.put(name, edit(box.get(name), chance))

    return tamper


def in_newest(name: str) -> Callable[[Sandbox], str]:
    return lambda box: str(box.folder().relative_to(box.project.root) / name)


def in_project(path: str) -> Callable[[Sandbox], str]:
    return lambda _: path


# Families


def files_of_the_changeset() -> Iterator[Case]:
    for stack in STACKS:
        for name in STACK_FILES:
            for how, edit, seed in edits(2):
                yield Case(f"{stack}/{name}: {how}", edit_file(in_newest(f"{stack}/{name}"), edit, seed))
            yield Case(f"{stack}/{name}: removed", lambda box, p=f"{stack}/{name}": (box.folder() / p).unlink())  # type: ignore[misc]
    for how, edit, seed in edits(8):
        yield Case(f"changeset.json: {how}", edit_file(in_newest("changeset.json"), edit, seed))
    yield Case("changeset.json: removed", lambda box: (box.folder() / "changeset.json").unlink())


def exchanged() -> Iterator[Case]:
    def swap(name: str) -> Tamper:
        def tamper(box: Sandbox) -> None:
            one, other = (box.folder() / stack / name for stack in STACKS)
            mine, theirs = one.read_bytes(), other.read_bytes()
            one.write_bytes(theirs)
            other.write_bytes(mine)

        return tamper

    def older(stack: str, name: str, age: str) -> Tamper:
        def tamper(box: Sandbox) -> None:
            shutil.copy(box.folder(getattr(box, age)) / stack / name, box.folder() / stack / name)

        return tamper

    def older_folder(what: str, age: str) -> Tamper:
        def tamper(box: Sandbox) -> None:
            shutil.copytree(box.folder(getattr(box, age)) / what, box.folder() / what, dirs_exist_ok=True)

        return tamper

    for name in STACK_FILES:
        yield Case(f"{name} swapped between the stacks", swap(name))
    for age in ("first", "idle"):
        for stack in STACKS:
            for name in (PLAN, PLAN_JSON):
                yield Case(f"{stack}/{name} of the {age} changeset", older(stack, name, age))
            yield Case(f"{stack}: all files of the {age} changeset", older_folder(stack, age))
        yield Case(f"the whole {age} changeset in the newest one's folder", older_folder(".", age))


def replayed() -> Iterator[Case]:
    def only_back(box: Sandbox) -> None:
        box.go_back()

    def point(age: str) -> Tamper:
        def tamper(box: Sandbox) -> None:
            (box.changesets / "latest").unlink()
            (box.changesets / "latest").symlink_to(getattr(box, age))
            box.go_back()

        return tamper

    def renamed(box: Sandbox) -> None:
        shutil.copytree(box.folder(), box.changesets / "another")

    for age in ("first", "idle"):
        for stacks in ((), ("--stack", "tiny"), ("--stack", "twin")):
            yield Case(f"{age} again {' '.join(stacks)}", only_back, ("--changeset", age, *stacks))
            yield Case(f"latest is the {age} {' '.join(stacks)}", point(age), stacks)
    yield Case("a copy under another name", renamed, ("--changeset", "another"))


SOURCES = (
    "envs/local/env.toml",
    "envs/local/usage.yaml",
    *(f"envs/local/{stack}/main.tf" for stack in STACKS),
    *(f"envs/local/{stack}/terraform.tfvars" for stack in STACKS),
    *(f"envs/local/{stack}/.terraform.lock.hcl" for stack in STACKS),
    *(f"modules/{stack}/main.tf" for stack in STACKS),
    "policies/waivers.yaml",
    "policies/severity.yaml",
    "policies/tags.py",
    "specs/requirements.yaml",
)


def sources() -> Iterator[Case]:
    def new_file(path: str) -> Tamper:
        def tamper(box: Sandbox) -> None:
            box.project.write(path, "# new\n")

        return tamper

    def commit(box: Sandbox) -> None:
        box.git("commit", "-q", "--allow-empty", "-m", "another")

    for path in SOURCES:
        for how, edit, seed in edits(2):
            yield Case(f"{path}: {how}", edit_file(in_project(path), edit, seed))
    for path in ("policies/new.py", "envs/local/tiny/new.auto.tfvars", "envs/local/twin/new.tf", "modules/tiny/new.tf"):
        yield Case(f"{path}: new", new_file(path))
    yield Case("another commit", commit)


def fields() -> Iterator[Case]:
    """Every field of changeset.json, as it is and with the seal made anew over it."""

    def edit(path: tuple[str | int, ...], reseal: bool) -> Tamper:
        def tamper(box: Sandbox) -> None:
            file = box.folder() / "changeset.json"
            content = json.loads(file.read_bytes())
            place: Any = content
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = another(place[path[-1]], str(path[-1]))
            if reseal:
                del content["seal"]
                content["seal"] = digest.of_value(content)
            file.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")

        return tamper

    def forge(stack: int, name: str) -> Tamper:
        def tamper(box: Sandbox) -> None:
            changed = box.folder() / STACKS[stack] / name
            changed.write_bytes(changed.read_bytes().replace(b"a", b"b", 1))
            file = box.folder() / "changeset.json"
            content = json.loads(file.read_bytes())
            content["stacks"][stack]["files"][name] = digest.of_file(changed)
            del content["seal"]
            content["seal"] = digest.of_value(content)
            file.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")

        return tamper

    own = "id env kind target account_id region created expires by toolkit terraform commit dirty settings".split()
    gate = "policies waivers severity requirements baseline fail_on checkov".split()
    part = (
        "architecture module root tfvars lock functions provider lineage serial gate_passed changes monthly_usd glass"
    ).split()
    paths: list[tuple[str | int, ...]] = [
        *((name,) for name in own),
        *(("gate", name) for name in gate),
        *(("cost", name) for name in ("monthly_usd", "prices", "prices_as_of", "usage")),
        *(("stacks", number, name) for number in range(2) for name in part),
        *(("stacks", number, "files", name) for number in range(2) for name in STACK_FILES),
    ]
    for path in paths:
        name = ".".join(str(step) for step in path)
        yield Case(f"changeset.json {name}", edit(path, reseal=False))
        yield Case(f"changeset.json {name}, sealed anew", edit(path, reseal=True))
    for number, stack in enumerate(STACKS):
        for name in (PLAN_JSON, GATE):
            yield Case(f"{stack}/{name} forged, sealed anew", forge(number, name))


def another(value: Any, name: str) -> Any:
    """Another value of the same kind."""
    times = {"created": "2026-01-01T00:00:00+00:00", "expires": "2099-01-01T00:00:00+00:00"}
    if name in times:
        return times[name]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, list):
        return [*value, {"address": "module.tiny.terraform_data.item[0]", "reason": "nobody will see this"}]
    if isinstance(value, dict):
        return {key: number + 1 for key, number in value.items()}
    return f"{value[:-1]}{'0' if value[-1:] != '0' else '1'}" if isinstance(value, str) else 1.0
