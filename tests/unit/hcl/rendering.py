"""Rendering for tests: one line in, the HCL out without what every file has."""

from __future__ import annotations

from typing import Any

from cdktf_app.hcl import BlockSchema, render_module

Json = dict[str, Any]


def stack(**content: Any) -> Json:
    """Terraform JSON of a stack named ``tiny``."""
    return {"//": {"metadata": {"stackName": "tiny"}}, **content}


def at(path: str) -> Json:
    """What cdktf adds to an element: its place in the tree of constructs."""
    return {"//": {"metadata": {"path": path, "uniqueId": "x"}}}


def render(**content: Any) -> dict[str, str]:
    """The files of a stack, each without the comment at its top."""
    files = render_module(stack(**content), BlockSchema.load())
    return {name: text.split("\n", 2)[2] for name, text in files.items()}


def render_resource(type_name: str, **body: Any) -> str:
    """One resource named ``x``."""
    return render(resource={type_name: {"x": body}})["main.tf"]


def render_value(value: object) -> str:
    """What stands behind ``value =`` of an output."""
    text = render(output={"x": {"value": value}})["outputs.tf"]
    return text.removeprefix('output "x" {\n  value = ').removesuffix("\n}\n")
