"""Where text ends and expressions begin."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given

from cdktf_app.hcl.template import Kind, Part, lone_expression, split
from tests.support.terraform_json import template_strings


@given(template_strings())
def test_parts_joined_are_the_template(template: str) -> None:
    parts = split(template)

    assert "".join(part.source for part in parts) == template
    assert all(part.source for part in parts)
    assert not any(one.kind is other.kind is Kind.TEXT for one, other in pairwise(parts))


def test_parts_are_told_apart() -> None:
    assert split('a $${b} ${c("}")}%{ if d }$%%{e}') == [
        Part(Kind.TEXT, "a $${b} "),
        Part(Kind.INTERPOLATION, '${c("}")}'),
        Part(Kind.DIRECTIVE, "%{ if d }"),
        Part(Kind.TEXT, "$%%{e}"),
    ]


@pytest.mark.parametrize(
    ("template", "inner"),
    [
        ("${a}", "a"),
        ("${{}}", "{}"),
        ('${"${a}"}', '"${a}"'),
        ("${a # }\n}", "a # }\n"),
        ("${a /* } */}", "a /* } */"),
        ("${<<E\n}\nE\n}", "<<E\n}\nE\n"),
        ("${a}${b}", None),
        ("${a}}", None),
        ("$${a}", None),
        ("${~ a }", None),
        ("${a ~}", None),
        ("", None),
    ],
)
def test_lone_expression_is_one_sequence_and_nothing_else(template: str, inner: str | None) -> None:
    assert lone_expression(template) == inner
