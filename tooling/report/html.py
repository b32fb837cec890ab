"""``report.html`` of a changeset: one file that needs nothing else. Holds no secret."""

from __future__ import annotations

import re
from codecs import iterdecode
from collections.abc import Iterator, Mapping
from functools import partial
from importlib.resources import files
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from tooling.gate.addresses import parse_address

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Environment
    from markupsafe import Markup

    from tooling.report.data import ReportData, ReportStack, Top

_TEMPLATES = "templates"
# Of sections that wait for the head of their page: so many bytes stay in memory, and are read back at once.
_IN_MEMORY, _AT_ONCE = 1024**2, 64 * 1024


def html(data: ReportData) -> str:
    """The whole report as one page. Whatever a plan holds is text in it, never markup."""
    draft = PageDraft()
    heads = []
    for stack in data.stacks:
        draft.add(stack)
        heads.append(stack.head)
    return "".join(draft.pieces(data.top(heads)))


class PageDraft:
    """A report's page while its stacks are read, one after the other.

    The top of the page tells of all of them, so their sections wait for it, in a file once they are many.

    Args:
        folder: Where such a file lies, without a name. Default: where temporary files do.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._environment = _environment()
        self._template = self._environment.get_template("stack.html.j2")
        self._sections = SpooledTemporaryFile(_IN_MEMORY, dir=str(folder) if folder else None)  # noqa: SIM115 - it goes with this object
        self._contents: list[Any] = []

    def add(self, stack: ReportStack) -> None:
        """Write the section of the next stack; nothing of the stack is kept."""
        from tooling.report.page import section

        shown = section(stack)
        self._contents.append(shown["contents"])
        for piece in self._template.generate(stack=shown):
            self._sections.write(piece.encode())
        self._sections.write(b"\n")

    def pieces(self, top: Top) -> Iterator[str]:
        """The page, from its beginning to its end."""
        from tooling.report.page import page

        values = page(top, self._contents, self._written())
        return self._environment.get_template("report.html.j2").generate(**values)

    def _written(self) -> Iterator[Markup]:
        from markupsafe import Markup

        self._sections.seek(0)
        yield from map(Markup, iterdecode(iter(partial(self._sections.read, _AT_ONCE), b""), "utf-8"))


def page_of(template: str, values: Mapping[str, Any]) -> str:
    """A page in the look of the reports, with its style and script in it.

    Args:
        template: Name of its template.
        values: What that shows. All of it is text, never markup.
    """
    return _environment().get_template(template).render(**values)


def _environment() -> Environment:
    """Templates that know the style, the script and how addresses are shown."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("tooling.report", _TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["module_of"] = _module_of
    environment.filters["breaking"] = _breaking
    folder = files("tooling.report") / _TEMPLATES
    for name, file in (("css", "report.css"), ("script", "report.js")):
        environment.globals[name] = Markup((folder / file).read_text(encoding="utf-8"))
    return environment


def _breaking(text: str) -> Markup:
    """With places after its dots and underscores where a narrow cell may break it."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"([._])(?=\w)", r"\1<wbr>", str(escape(text))))


def _module_of(address: str) -> tuple[str, str]:
    """The module's part of an address, with its dot, and the rest."""
    try:
        module = parse_address(address).module
    except ValueError:
        return "", address
    return (f"{module}.", address.removeprefix(f"{module}.")) if module else ("", address)
