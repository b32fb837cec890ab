"""What tests of approvals and promotion share: who runs a command, settings of env.toml, commits."""

from __future__ import annotations

import subprocess

from tests.support.in_process import run_here
from tests.support.project import Answer, Project


def run(project: Project, *args: str, user: str = "") -> Answer:
    return run_here(project, *args, environ={"EMULATOR_USER": user} if user else None)


def ask_for(project: Project, settings: str, env: str = "local") -> None:
    """The last line of env.toml is [stacks.tiny]; what follows it are settings of the stack."""
    file = project.root / f"envs/{env}/env.toml"
    head, _, _ = file.read_text().partition("[stacks.tiny]")
    file.write_text(f"{head}{settings}")


def git(project: Project, *args: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *args], cwd=project.root, check=True, capture_output=True)


def commit(project: Project) -> None:
    git(project, "add", "-A")
    git(project, "commit", "-q", "--allow-empty", "-m", "a commit")


def in_git(project: Project) -> Project:
    """The project as a checkout with one commit."""
    project.write(".gitignore", ".groundplan/\n__pycache__/\n")
    git(project, "init", "-q")
    commit(project)
    return project
