"""``report.html`` of a changeset: one file that needs nothing else. Holds no secret."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from tooling.gate.addresses import parse_address

if TYPE_CHECKING:
    from markupsafe import Markup

    from tooling.report.data import ReportData

_TEMPLATES = "templates"


def html(data: ReportData) -> str:
    """The whole report as one page. Whatever a plan holds is text in it, never markup."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    from tooling.report.page import page

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
    return environment.get_template("report.html.j2").render(css=css, script=script, **page(data))


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
