"""The pictures of the README: a change that is planned and applied in a terminal, and its report in a browser.

Run with ``make pictures``. It applies kefir on an emulator of its own, in a copy of the project, changes one setting
and pictures what comes then. The report needs a Chromium on PATH.
"""

from __future__ import annotations

import io
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from tests.emulator.stack import change, must
from tests.support.emulated import emulator_in
from tests.support.project import REPOSITORY, Project, copy_of_this_project

PICTURES = REPOSITORY / "docs/pictures"
COLUMNS = 118
_STACK = ("--env", "local", "--stack", "kefir")
_COMMANDS = (("plan", *_STACK), ("apply", *_STACK, "--yes"))
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> None:
    browser = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        sys.exit(f"error: there is no Chromium: looked for {', '.join(_BROWSERS)} on PATH")
    with tempfile.TemporaryDirectory() as folder:
        home, root = Path(folder) / "emulator", Path(folder) / "project"
        root.mkdir()
        with emulator_in(home):
            project = copy_of_this_project(root, home)
            must(project.run("emulator", "ready", "--env", "local"))
            must(project.run("plan", *_STACK, seconds=600))
            must(project.run("apply", *_STACK, "--yes", seconds=600))
            change(root / "envs/local/kefir/terraform.tfvars", log_retention_days="7")
            PICTURES.mkdir(exist_ok=True)
            said = [(command, in_a_terminal(project, *command)) for command in _COMMANDS]
            (PICTURES / "terminal.svg").write_text(as_svg(said), encoding="utf-8")
            report = root / ".groundplan/changesets/local/latest/report.html"
            photograph(browser, report, PICTURES / "report.png")
    print(f"written: {PICTURES.relative_to(REPOSITORY)}/terminal.svg, report.png")


def in_a_terminal(project: Project, *command: str) -> str:
    """What a command writes to standard output when that is a terminal; its progress goes elsewhere."""
    master, slave = pty.openpty()
    environ = project.environment({"TERM": "xterm-256color", "COLUMNS": str(COLUMNS)})
    environ.pop("NO_COLOR")
    process = subprocess.Popen(
        project.command(*command), cwd=project.root, env=environ, stdout=slave, stderr=subprocess.DEVNULL
    )
    os.close(slave)
    said = b""
    try:
        while chunk := os.read(master, 1 << 16):
            said += chunk
    except OSError:
        # Linux tells so of a terminal whose other end is closed.
        pass
    if process.wait() != 0:
        sys.exit(f"error: groundplan {' '.join(command)} ended with {process.returncode}")
    return said.decode().replace("\r\n", "\n")


def as_svg(said: Sequence[tuple[Sequence[str], str]]) -> str:
    """Commands and what they said, as they look in a terminal."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    for command, text in said:
        console.print(Text.assemble(("$ ", "bold green"), (f"groundplan {' '.join(command)}", "bold")))
        console.print(Text.from_ansi(text))
    drawn = console.export_svg(title="groundplan", theme=MONOKAI, unique_id="terminal")
    # The letters of whoever looks at it: a picture asks nothing of the network.
    return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)


def photograph(browser: str, page: Path, picture: Path) -> None:
    """The upper part of a report."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        tab = running.new_page(viewport={"width": 1280, "height": 860})
        tab.goto(page.as_uri(), wait_until="load")
        tab.screenshot(path=picture)
        running.close()


if __name__ == "__main__":
    main()
