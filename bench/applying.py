"""All stacks of local, made from nothing: the steps of ``make apply`` against a bare ``terraform apply`` of each.

Run with ``make bench-apply``; ``ROUNDS`` (default 1) sets how often each side runs. Each round takes about ten minutes.
Both sides have the same emulator, roots, provider and parallelism, and begin without a state or an initialised root.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

from bench.timing import Sample, median, ratios, run_once
from tooling.artifacts import upload_packages
from tooling.environment.config import load_environment
from tooling.session import open_session
from tooling.workspace import Workspace, find_workspace

ROUNDS = int(os.environ.get("ROUNDS", "1"))
GROUNDPLAN = str(Path(sys.executable).with_name("groundplan"))
ENV = "local"
_NOT_COPIED = (".git", ".venv", ".groundplan", ".terraform", "__pycache__")
# As `make apply` has them.
_STEPS = (("plan",), ("apply", "--yes", "--verify"), ("output",))


def main() -> None:
    source = find_workspace()
    print(f"{platform.platform()}, {os.cpu_count()} cores, {ROUNDS} rounds\n")
    samples: dict[str, list[Sample]] = {"make apply": [], "terraform init && terraform apply, each": []}
    with tempfile.TemporaryDirectory(prefix="groundplan-bench-") as folder:
        shutil.copytree(source.root, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*_NOT_COPIED))
        workspace = Workspace(Path(folder))
        for _ in range(ROUNDS):
            for name, side in zip(samples, (_groundplan, _bare), strict=True):
                _begin(workspace)
                try:
                    samples[name].append(side(workspace))
                finally:
                    _run(workspace, "emulator", "down")
    print(f"## {', '.join(sorted(load_environment(source, ENV).stacks))} of {ENV}, from nothing\n")
    print("| command | median s |\n|---|---|")
    for name, found in samples.items():
        print(f"| {name} | {median(found).seconds:.0f} |")
    ours, theirs = samples.values()
    least, usual, most = ratios(ours, theirs)
    print(f"\nratio {usual:.2f}, {least:.2f} to {most:.2f} over the rounds (target: at most 1.15)")


def _begin(workspace: Workspace) -> None:
    """An emulator with nothing but buckets, and no initialised root."""
    shutil.rmtree(workspace.work, ignore_errors=True)
    _run(workspace, "emulator", "ready", "--env", ENV)


def _groundplan(workspace: Workspace) -> Sample:
    steps = " && ".join(shlex.join([GROUNDPLAN, *step, "--env", ENV]) for step in _STEPS)
    return _shell(steps, dict(os.environ), workspace.root)


def _bare(workspace: Workspace) -> Sample:
    session = open_session(workspace, ENV, ["all"])
    upload_packages(session)
    terraform = shlex.quote(str(session.binary.path))
    lines = []
    environ: dict[str, str] = {}
    for stack in session.stacks:
        # Bare means as a user runs it, without the settings that the toolkit gives Terraform.
        environ |= {key: value for key, value in session.terraform(stack).environ.items() if key != "GOGC"}
        data = shlex.quote(str(stack.work / "bare"))
        lines.append(
            f"(cd {shlex.quote(str(stack.root))} && export TF_DATA_DIR={data}"
            f" && {terraform} init -input=false -lockfile=readonly && {terraform} apply -input=false -auto-approve) &"
            ' all="$all $!"'
        )
    waiting = 'for one in $all; do wait "$one" || exit 1; done'
    return _shell("\n".join(["all=", *lines, waiting]), environ, workspace.root)


def _shell(script: str, environ: dict[str, str], cwd: Path) -> Sample:
    return run_once([shutil.which("sh") or "/bin/sh", "-c", script], environ, cwd)


def _run(workspace: Workspace, *arguments: str) -> None:
    run_once([GROUNDPLAN, *arguments], dict(os.environ), workspace.root)


if __name__ == "__main__":
    main()
