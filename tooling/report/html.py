"""``report.html`` of a changeset: one file that needs nothing else. Holds no secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from tooling.gate.addresses import parse_address

if TYPE_CHECKING:
    from markupsafe import Markup

    from tooling.report.data import ReportData

_TEMPLATES = "templates"


def html(data: ReportData) -> str:
    """The whole report as one page. Whatever a plan holds is text in it, never markup."""
    from tooling.report.page import page

    return page_of("report.html.j2", page(data))


def page_of(template: str, values: Mapping[str, Any]) -> str:
    """A page in the look of the reports, with its style and script in it.

    Args:
        template: Name of its template.
        values: What that shows. All of it is text, never markup.
    """
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
    css, script = (Markup((folder / name).read_text(encoding="utf-8")) for name in ("report.css", "report.js"))
    return environment.get_template(template).render(css=css, script=script, **values)


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
