"""Is a mutant what Terraform would have planned? The same change in the module itself, planned for real."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cdktf_app.synthesis import synthesize
from tests.mutation import recording
from tests.mutation.changes import changed, other_default
from tests.mutation.harness import KILLED, SURVIVED, Verdict
from tests.mutation.mutants import Mutant
from tests.mutation.steps import Place, edited
from tests.mutation.view import View, values_of
from tests.support.planner import Planner
from tests.support.plans import Json
from tests.support.project import REPOSITORY

# Seconds for all tests of an architecture with all their plans.
_BOUND = 1200
_WHOLE = re.compile(r"\$\{(.*)\}", re.DOTALL)


def changed_module(module: Json, mutant: Mutant, views: Sequence[View]) -> Json | None:
    """A module as Terraform JSON with the change of a mutant in it.

    Returns:
        None if the change cannot be made there by hand: its place is inside what an expression makes.
    """
    made = copy.deepcopy(module)
    group, _, name = mutant.block.partition(".")
    try:
        if group == "output":
            return made if mutant.kind == "output" and made["output"].pop(name) else None
        if group == "var":
            variable = made["variable"][name]
            variable["default"] = other_default(variable["default"], mutant.path, mutant.detail)
            return made
        of_type = made["data" if group == "data" else "resource"][mutant.type]
        name = mutant.block.rpartition(".")[2]
        return made if _change_block(of_type, name, mutant, module, views) else None
    except (LookupError, TypeError):
        return None


def _change_block(of_type: Json, name: str, mutant: Mutant, module: Json, views: Sequence[View]) -> bool:
    block = of_type[name]
    match mutant.kind:
        case "resource":
            del of_type[name]
        case "always":
            block["count"] = 1
        case "depends-on":
            block["depends_on"].remove(mutant.detail)
        case "provider" if "provider" in block or "." in mutant.detail:
            block["provider"] = mutant.detail
        case "reference":
            target, _, other = mutant.detail.partition(" -> ")
            kind, _, other_name = other.rpartition(".")
            if other_name not in module["resource"].get(kind, {}):
                return False
            pattern = re.compile(rf"\b{re.escape(target)}\b")
            place = _in_module(block, {}, mutant.path)
            of_type[name] = edited(block, place, lambda value: _substituted(value, pattern, other))
        case "instance" | "provider" | "set":
            return False
        case _:
            samples = [values_of(each) for view in views for each in view.resources.get(mutant.block, ())]
            place = _in_module(block, samples[0] if samples else {}, mutant.path)
            of_type[name] = edited(block, place, lambda value: _changed(value, mutant))
    return True


def _in_module(node: Any, planned: Any, path: Place) -> Place:
    """A path in the module's JSON, where a single block stands without a list and a set is not sorted."""
    if not path:
        return ()
    step, rest = path[0], path[1:]
    member = _member(planned, step)
    if isinstance(node, dict) and isinstance(step, int):
        return _in_module(node, member, rest)
    if isinstance(node, dict) and step not in node and step in node.get("dynamic", {}):
        # Past the number of the block.
        first = _member(member, rest[0]) if rest else None
        return ("dynamic", step, "content", *_in_module(node["dynamic"][step]["content"], first, rest[1:]))
    if isinstance(node, list) and isinstance(step, int):
        step = _position(node, planned, step)
    return (step, *_in_module(node[step], member, rest))


def _position(members: list[Any], planned: Any, step: int) -> int:
    wanted = _member(planned, step)
    if isinstance(wanted, dict):

        def agreement(position: int) -> tuple[int, bool]:
            return sum(wanted.get(name) == each for name, each in members[position].items()), position == step

        return max(range(len(members)), key=agreement)
    if wanted in members:
        return members.index(wanted)
    computed = [position for position, each in enumerate(members) if isinstance(each, str) and "${" in each]
    if len(computed) == 1:
        return computed[0]
    raise LookupError(step)


def _member(value: Any, step: str | int) -> Any:
    try:
        return value[step]
    except (LookupError, TypeError):
        return None


def _changed(value: Any, mutant: Mutant) -> Any:
    whole = _WHOLE.fullmatch(value) if isinstance(value, str) else None
    match mutant.kind:
        case "flip" if whole:
            return f"${{!({whole[1]})}}"
        case "figure" if whole:
            return f"${{({whole[1]}) {'+ 1' if mutant.detail == '+1' else '* 10'}}}"
        case "element" if whole:
            raise LookupError(mutant.id)
    return changed(value, mutant.kind, mutant.detail)


def _substituted(value: Any, pattern: re.Pattern[str], other: str) -> Any:
    if isinstance(value, dict):
        return {name: _substituted(each, pattern, other) for name, each in value.items()}
    if isinstance(value, list):
        return [_substituted(each, pattern, other) for each in value]
    return pattern.sub(other, value) if isinstance(value, str) else value


def terraform_module(architecture: str) -> Json:
    """The module as Terraform JSON, as it is."""
    return synthesize(architecture, retain_data=False)


def real_verdict(architecture: str, module: Json, like: Verdict, planning: Path, work: Path) -> str:
    """What the tests make of a changed module, planned anew: ``killed`` or ``survived``.

    Args:
        architecture: Whose module it is.
        module: The changed module.
        like: Verdict of the harness; the test that failed there is run first.
        planning: Folder of a run with the provider installed.
        work: A folder for this module's plans.
    """
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    Planner(work, lambda: "")
    (work / "model").symlink_to(planning / "model")
    shutil.copy(planning / "checked-provider.rc", work)
    for folder in (work / "project/modules", work / "project/named-modules"):
        for of_module in (folder / architecture, folder / architecture / "removable"):
            if of_module.is_dir():
                for file in of_module.glob("*.tf"):
                    if file.name != "named_override.tf":
                        file.unlink()
                (of_module / "main.tf.json").write_text(json.dumps(module))
    whole = f"tests/plan/{architecture}"
    for tests in ([like.test] if like.verdict == KILLED else []), [whole]:
        if tests and _is_red(tests, work):
            return KILLED
    return SURVIVED


def _is_red(tests: Sequence[str], work: Path) -> bool:
    said = work / "pytest.log"
    with said.open("w") as output:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", recording.__name__, *tests],
            cwd=REPOSITORY,
            env={**os.environ, recording.VARIABLE: str(work)},
            # No pipe: an emulator that a test leaves running would hold it open.
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=_BOUND,
            check=False,
        )
    if done.returncode not in (0, 1):
        raise RuntimeError(said.read_text()[-2000:])
    return done.returncode == 1
