"""From a changeset's sealed files to its reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.changeset import read_changeset
from tooling.changeset.conditions import asked_by
from tooling.changeset.model import COST, FACTS, PAGE, REPORT
from tooling.changeset.reading import ReadStack, as_written, changeset_folder, read_stacks, sealed_bytes
from tooling.environment.config import load_environment
from tooling.report.as_json import as_json
from tooling.report.data import ReportData, ReportStack, Top
from tooling.report.facts import Facts
from tooling.report.html import PageDraft
from tooling.report.markdown import MarkdownDraft
from tooling.workspace import write_private

if TYPE_CHECKING:
    from tooling.changeset import Changeset
    from tooling.environment.config import EnvironmentConfig
    from tooling.workspace import Workspace


def report_data(workspace: Workspace, config: EnvironmentConfig, changeset: Changeset, folder: Path) -> ReportData:
    """Read what a report shows.

    Args:
        workspace: The project.
        config: ``env.toml`` of the environment: what it asks for before an apply.
        changeset: What was sealed.
        folder: Where its files lie.

    Raises:
        ToolError: Exit 4: a file is not what was sealed.
    """
    return ReportData(
        changeset=changeset,
        stacks=_Sealed(changeset, folder),
        asked=_asked(config, changeset),
        folder=workspace.relative(folder),
    )


@dataclass(frozen=True)
class _Sealed:
    """The stacks of a changeset, each read from its folder when it is its turn."""

    changeset: Changeset
    folder: Path

    def __iter__(self) -> Iterator[ReportStack]:
        from tooling import cost

        for read in read_stacks(self.changeset, self.folder):
            name = f"{self.changeset.env}/{read.part.architecture}"
            with as_written(COST, name):
                estimate = cost.from_json(read.cost) if read.cost is not None else None
            facts = _facts(read, self.folder / read.part.architecture, name)
            yield ReportStack(name, read.plan, read.summary, read.gate, estimate, facts)


def _facts(read: ReadStack, folder: Path, name: str) -> Facts:
    if FACTS not in read.part.files:
        return Facts()
    with as_written(FACTS, name):
        return Facts.from_json(json.loads(sealed_bytes(read.part, folder, FACTS, name)))


def _asked(config: EnvironmentConfig, changeset: Changeset) -> tuple[str, ...]:
    if changeset.target == "emulator" and not config.approval.on_emulator:
        return ()
    return asked_by(config, [part.architecture for part in changeset.stacks], changeset.kind)


def write_reports(data: ReportData, folder: Path) -> None:
    """Write ``report.html`` and ``report.md`` into the changeset's folder."""
    page, text = PageDraft(folder), MarkdownDraft()
    top = _drafted(data, page.add, text.add)
    write_private(folder / PAGE, page.pieces(top))
    write_private(folder / REPORT, text.text(top))


def _drafted(data: ReportData, *drafts: Callable[[ReportStack], None]) -> Top:
    """Let each stack be drafted as it is read, and forget it."""
    heads = []
    for stack in data.stacks:
        for draft in drafts:
            draft(stack)
        heads.append(stack.head)
    return data.top(heads)


def render_again(workspace: Workspace, env: str, name: str, form: str) -> tuple[Iterable[str], Path]:
    """The report of a changeset of this checkout.

    Args:
        workspace: The project.
        env: Whose changeset.
        name: Its id, or ``latest``.
        form: ``html``, ``markdown`` or ``json``.

    Returns:
        The text in pieces, and where the changeset keeps its page.

    Raises:
        ToolError: Exit 2: there is no such changeset, or none that this version reads. Exit 4: it, or a file of it, is
            not what was sealed.
    """
    folder = changeset_folder(workspace, env, name)
    changeset = read_changeset(folder, workspace.relative(workspace.changesets(env) / name))
    data = report_data(workspace, load_environment(workspace, env), changeset, folder)
    with as_written("a file of the changeset", f"{env}/{changeset.id}"):
        if form == "json":
            return [json.dumps(as_json(data), indent=2, ensure_ascii=False), "\n"], folder / PAGE
        if form == "html":
            page = PageDraft(folder)
            return page.pieces(_drafted(data, page.add)), folder / PAGE
        text = MarkdownDraft()
        return [text.text(_drafted(data, text.add))], folder / PAGE
