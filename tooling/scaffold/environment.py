"""A new environment: another one's settings and values, with an account, a region and a name of its own."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.environment.config import load_environment, parse_environment
from tooling.errors import Exit, ToolError
from tooling.scaffold.draft import Draft

if TYPE_CHECKING:
    from tooling.environment.config import EnvironmentConfig
    from tooling.workspace import Workspace

_NAME = re.compile(r"(?=.{2,16}$)[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TABLE = re.compile(r"^\[stacks\.([a-z0-9_]+)", re.MULTILINE)
_OWN_WORD = re.compile(r'^environment\s*=\s*".*"\n', re.MULTILINE)


def draft_environment(
    workspace: Workspace, name: str, *, like: str, account_id: str = "", region: str = "", stacks: Sequence[str] = ()
) -> Draft:
    """The files of an environment.

    In values, the name of the environment that it is like becomes its own: names end with it, domains begin with it.
    Waivers that hold for a stack of that one hold for its own.

    Args:
        workspace: The project.
        name: Its name.
        like: The environment that it is like.
        account_id: Its account. Default: the same.
        region: Its region. Default: the same.
        stacks: Its architectures. Default: the same.

    Raises:
        ToolError: Exit 2: there is one of that name, there is none to be like, or it would be no environment.
    """
    if not _NAME.fullmatch(name) or name == "bare":
        raise ToolError(
            f"an environment is named {name!r}",
            hint="2 to 16 letters and digits, - between",
            exit_code=Exit.USAGE,
        )
    config = load_environment(workspace, like)
    unknown = sorted(set(stacks) - set(config.stacks))
    if unknown:
        raise ToolError(
            f"environment '{like}' has no stack '{unknown[0]}'",
            hint=f"there are: {', '.join(config.stacks)}",
            exit_code=Exit.USAGE,
        )
    wanted = [stack for stack in config.stacks if not stacks or stack in stacks]
    base, home = workspace.envs / like, Path("envs") / name
    swaps = _swaps(config, account_id, region)
    settings = _settings((base / "env.toml").read_text(encoding="utf-8"), swaps, set(wanted))
    _check(settings, f"envs/{name}/env.toml", set(wanted))
    new = {home / "env.toml": settings}
    moved = []
    for stack in wanted:
        file = base / stack / "terraform.tfvars"
        if file.is_file():
            text, renamed = _values(file.read_text(encoding="utf-8"), swaps, like, name)
            new[home / stack / "terraform.tfvars"] = text
            moved += [f"envs/{name}/{stack}/terraform.tfvars: {line}" for line in renamed]
    if (base / "usage.yaml").is_file():
        new[home / "usage.yaml"] = _usage((base / "usage.yaml").read_text(encoding="utf-8"), like, name, set(wanted))
    waivers = Path("policies/waivers.yaml")
    text, count = _waivers((workspace.root / waivers).read_text(encoding="utf-8"), like, name, wanted)
    told = [f"renamed in {line}" for line in moved]
    if count:
        told.append(f"{waivers}: {count} waivers of {like} hold for {name} too: read them")
    if len(wanted) < len(config.stacks):
        told.append(f"envs/{name}/usage.yaml: remove the figures that only other architectures use")
    workflows = config.target == "aws" and (workspace.root / ".github/workflows").is_dir()
    then = (
        "groundplan synth",
        *(["groundplan ci generate"] if workflows else []),
        f"groundplan doctor --env {name}",
        f"EMULATOR=1 groundplan plan --env {name}",
    )
    return Draft(new=new, changed={waivers: text} if count else {}, told=tuple(told), then=then)


def _swaps(config: EnvironmentConfig, account_id: str, region: str) -> list[tuple[str, str]]:
    pairs = ((config.account_id, account_id), (config.region, region))
    return [(old, new) for old, new in pairs if new and new != old]


def _swapped(text: str, swaps: Sequence[tuple[str, str]]) -> str:
    for old, new in swaps:
        text = text.replace(old, new)
    return text


def _settings(text: str, swaps: Sequence[tuple[str, str]], wanted: set[str]) -> str:
    """Paragraph by paragraph: a stack's table goes with its comment, and what it calls the environment goes."""
    kept = []
    for paragraph in text.split("\n\n"):
        table = _TABLE.search(paragraph)
        if table is None or table[1] in wanted:
            kept.append(paragraph)
    return _OWN_WORD.sub("", _swapped("\n\n".join(kept), swaps).rstrip() + "\n")


def _check(settings: str, shown_as: str, wanted: set[str]) -> None:
    """What is written has to be an environment, before it is."""
    with tempfile.TemporaryDirectory(prefix="groundplan-env-") as folder:
        file = Path(folder) / "env.toml"
        file.write_text(settings, encoding="utf-8")
        left = sorted(set(parse_environment(file, shown_as).stacks) ^ wanted)
    if left:
        raise ToolError(
            f"the stack '{left[0]}' cannot be told from its neighbours",
            where=shown_as,
            hint="put an empty line before each [stacks.NAME] of the environment that it is like",
            exit_code=Exit.USAGE,
        )


def _values(text: str, swaps: Sequence[tuple[str, str]], like: str, name: str) -> tuple[str, list[str]]:
    """The values, and the lines of them in which the environment's name was replaced."""
    lines, renamed = [], []
    for line in _swapped(text, swaps).splitlines():
        # After a hyphen, or as a whole: `-dev`, `dev.example.com`; not `developer`.
        put = line if line.startswith("#") else re.sub(rf"(?<![A-Za-z0-9]){like}(?![A-Za-z0-9])", name, line)
        if put != line:
            renamed.append(put.strip())
        lines.append(put)
    return re.sub(rf"\b(in|of) {like}\b", rf"\1 {name}", "\n".join(lines), count=1) + "\n", renamed


def _usage(text: str, like: str, name: str, wanted: set[str]) -> str:
    head, found, own = text.partition("\nstacks:\n")
    blocks = re.findall(r"^  (\w+):\n((?:(?:    .*)?\n)*)", own, re.MULTILINE)
    kept = "".join(f"  {stack}:\n{body}" for stack, body in blocks if stack in wanted)
    head = re.sub(rf"\bin {like}\b", f"in {name}", head, count=1)
    return f"{head}{found}{kept}".rstrip() + "\n" if kept else f"{head.rstrip()}\n"


def _waivers(text: str, like: str, name: str, wanted: Sequence[str]) -> tuple[str, int]:
    count = 0

    def widen(match: re.Match[str]) -> str:
        nonlocal count
        listed = [one.strip() for one in match[1].split(",")]
        more = [f"{name}/{stack}" for stack in wanted if f"{like}/{stack}" in listed]
        count += bool(more)
        return f"  stacks: [{', '.join([*listed, *more])}]"

    return re.sub(r"^  stacks: \[([^\]]*)\]", widen, text, flags=re.MULTILINE), count
