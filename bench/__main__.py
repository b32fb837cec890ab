"""The figures of the README: how much groundplan adds to what Terraform and the bindings take anyway.

Run with ``make bench``; ``ROUNDS`` (default 5) sets how often each side runs.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path

from bench.timing import Sample, in_turn, median, ratios, run_once
from tooling.session import open_session
from tooling.workspace import find_workspace

ROUNDS = int(os.environ.get("ROUNDS", "5"))
GROUNDPLAN = str(Path(sys.executable).with_name("groundplan"))
# Both make the same JSON of the same architecture and its roots; the second lets the package's __init__ run.
PLAIN_IMPORT = "import cdktf_cdktf_provider_aws; "
SYNTH = "from tooling.cli.main import main; import sys; sys.argv[1:] = ['synth', '--check']; main()"


def main() -> None:
    workspace = find_workspace()
    environ = dict(os.environ)
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, {ROUNDS} rounds\n")

    def python(code: str) -> Sample:
        return run_once([sys.executable, "-c", code], environ, workspace.root)

    synth = in_turn(
        {
            "groundplan synth --check": lambda: python(SYNTH),
            "the same, bindings imported the plain way": lambda: python(PLAIN_IMPORT + SYNTH),
        },
        min(ROUNDS, 3),
    )
    table("Synth of kefir and its roots, cold process", synth, "at most 0.33")

    shown = in_turn({"groundplan --help": lambda: run_once([GROUNDPLAN, "--help"], environ, workspace.root)}, ROUNDS)
    table("Help", shown, "")

    run_once([GROUNDPLAN, "emulator", "ready", "--env", "local"], environ, workspace.root)
    run_once([GROUNDPLAN, "plan", "--env", "local", "--stack", "kefir"], environ, workspace.root)
    session = open_session(workspace, "local", ["kefir"])
    stack = session.stacks[0]
    terraform = session.terraform(stack)
    out = workspace.work / "bench.tfplan"
    binary = str(session.binary.path)
    # Bare means as a user runs it, without the settings that the toolkit gives Terraform.
    bare_environ = {key: value for key, value in terraform.environ.items() if key != "GOGC"}
    bare = f"{binary} plan -input=false -out={out} >/dev/null && {binary} show -json {out} >/dev/null"
    plans = in_turn(
        {
            "groundplan plan (plan, show, gate, seal)": lambda: run_once(
                [GROUNDPLAN, "plan", "--env", "local", "--stack", "kefir"], environ, workspace.root
            ),
            "terraform plan -out && terraform show -json": lambda: run_once(
                [shutil.which("sh") or "/bin/sh", "-c", bare], bare_environ, stack.root
            ),
        },
        ROUNDS,
    )
    out.unlink()
    table("One initialised stack, local/kefir", plans, "at most 1.15")


def table(title: str, samples: dict[str, list[Sample]], target: str) -> None:
    print(f"## {title}\n")
    print("| command | median s | peak MiB |\n|---|---|---|")
    for name, found in samples.items():
        middle = median(found)
        print(f"| {name} | {middle.seconds:.2f} | {middle.memory:.0f} |")
    if len(samples) == 2:
        least, usual, most = ratios(*samples.values())
        print(f"\nratio {usual:.2f}, {least:.2f} to {most:.2f} over the rounds (target: {target})")
    print()


if __name__ == "__main__":
    main()
