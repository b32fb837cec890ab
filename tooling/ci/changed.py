"""Which stacks a change can touch: the matrix of a run, so that each stack has a runner of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tooling.checkout import changed_since, git_commit
from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from tooling.ci.places import Place, PlacedStack
    from tooling.workspace import Workspace

# What every plan is made with, or judged by.
_EVERYWHERE = frozenset({"policies", "tooling", "requirements.lock", "pyproject.toml"})
_FOR_READING = frozenset({".md", ".svg"})
# Each is (environment, architecture).
Chosen = tuple[str, str]


def changed_files(workspace: Workspace, base: str) -> tuple[str, ...] | None:
    """Files that differ from the commit ``base``; None where git cannot tell, as after a forced push."""

    files = changed_since(workspace.root, base, ["."])
    return files if files or git_commit(workspace.root)[0] == base else None


def touched(
    places: Sequence[Place], files: Iterable[str] | None, *, push: bool = False, to: str | None = None
) -> tuple[Chosen, ...]:
    """The stacks that a change touches, and those below that the same commit has to be applied to first.

    Args:
        places: The environments, those first that others are promoted from.
        files: What changed, as git names it; None: unknown, so everything.
        push: Only what a push deploys.
        to: Only this environment, and those that it is promoted from. None: all.
    """
    names = None if files is None else list(files)
    found = {
        (place.env, stack.architecture)
        for place in places
        for stack in place.stacks
        if names is None or any(_touches(place.env, stack, name) for name in names)
        if not push or stack.architecture in place.on_push
        if to in (None, place.env)
    }
    found |= set(_below(places, found))
    everything = ((place.env, name) for place in places for name in place.architectures)
    return tuple(one for one in everything if one in found)


def _below(places: Sequence[Place], found: Iterable[Chosen]) -> Iterator[Chosen]:
    lower = {(place.env, one.architecture): one.promoted_from for place in places for one in place.stacks}
    for env, architecture in found:
        below = lower[env, architecture]
        while below is not None and (below, architecture) in lower:
            yield below, architecture
            below = lower[below, architecture]


def _touches(env: str, stack: PlacedStack, name: str) -> bool:
    path = PurePosixPath(name)
    top, *rest = path.parts
    if path.suffix in _FOR_READING:
        return False
    if top == "envs":
        # A file beside the stacks (env.toml, usage.yaml) is about them all.
        return rest[0] == env and (len(rest) == 2 or rest[1] == stack.architecture)
    if top == "modules":
        removable = rest[1:2] == ["removable"]
        return rest[0] == stack.architecture and removable is not stack.retain_data
    if top == "functions":
        return rest[0] in (stack.architecture, "shared") or len(rest) == 1
    if top == "containers":
        return rest[0] == stack.architecture
    return top in _EVERYWHERE


def chosen_stacks(
    workspace: Workspace, places: Sequence[Place], *, base: str | None, push: bool, to: str | None
) -> tuple[tuple[Place, str], ...]:
    """The stacks of one run, each with its environment.

    Args:
        workspace: The project.
        places: The environments, those first that others are promoted from.
        base: Commit that the checkout is compared with; None: every stack counts as changed.
        push: Only what a push deploys.
        to: Only this environment, and those that it is promoted from. None: all.

    Raises:
        ToolError: Exit 2: there is no such environment.
    """
    known = {place.env: place for place in places}
    if to is not None and to not in known:
        hint = f"there are: {', '.join(known)}"
        raise ToolError(f"'{to}' is no environment on AWS with such a stack", hint=hint, exit_code=Exit.USAGE)
    files = None if base is None else changed_files(workspace, base)
    found = touched(places, files, push=push, to=to)
    return tuple((known[env], architecture) for env, architecture in found)
