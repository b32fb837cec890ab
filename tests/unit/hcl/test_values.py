"""Values: what JSON holds is what HCL holds."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdktf_app.hcl import HclError
from cdktf_app.hcl.expressions import bare_lines, value_lines
from cdktf_app.hcl.strings import Reading
from tests.support.terraform_json import literals, templates
from tests.unit.hcl.rendering import render_value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (False, "false"),
        (True, "true"),
        (0, "0"),
        (-7, "-7"),
        (10**30, "1" + "0" * 30),
        (0.1, "0.1"),
        (1e-7, "1e-07"),
        ("", '""'),
        ([], "[]"),
        ({}, "{}"),
        ([[], {}], "[[], {}]"),
        ([None, False, 0, ""], '[null, false, 0, ""]'),
    ],
)
def test_empty_and_false_values_are_written(value: object, written: str) -> None:
    assert render_value(value) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("${aws_sqs_queue.q.arn}", "aws_sqs_queue.q.arn"),
        ("${ var.x }", "var.x"),
        ("${a.b}${c.d}", '"${a.b}${c.d}"'),
        ("${a.b} ", '"${a.b} "'),
        ('${{ "a" = "}" }}', '{ a = "}" }'),
        ('${"${a.b}"}', "a.b"),
        ('${f("}", "\\"}")}', 'f("}", "\\"}")'),
        ("$${a.b}", '"$${a.b}"'),
        ("$$${a.b}", '"$$${a.b}"'),
        ("%%{a.b}", '"%%{a.b}"'),
        ("100%", '"100%"'),
        ("$", '"$"'),
        ("%{ if a.b }x%{ endif }", '"%{ if a.b }x%{ endif }"'),
        ("${~ a.b ~}", '"${~ a.b ~}"'),
    ],
)
def test_only_a_lone_expression_is_unwrapped(text: str, written: str) -> None:
    assert render_value(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('say "hi"', r'"say \"hi\""'),
        ("back\\slash", r'"back\\slash"'),
        ("tab\tline\ncr\r", r'"tab\tline\ncr\r"'),
        ('"${f("a")}" and "b"', r'"\"${f("a")}\" and \"b\""'),
        ("\x00\x1b\u2028", r'"\u0000\u001b\u2028"'),
        ("Käse 日本 😀", '"Käse 日本 😀"'),
    ],
)
def test_characters_are_escaped_outside_of_expressions_only(text: str, written: str) -> None:
    assert render_value(text) == written


def test_text_of_several_lines_becomes_an_indented_heredoc() -> None:
    text = 'function f() {\n\n  return "$${x}\\n" + `${var.x}`;\n}\n'

    written = render_value(text)

    assert written == ('<<-EOT\n    function f() {\n\n      return "$${x}\\n" + `${var.x}`;\n    }\n  EOT')


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a\nb\nEOT\nc\n", "<<-EOT_\n"),
        ("  a\n  b\n  c\n", "<<EOT\n  a\n"),
        ("a\n  \nb\nc\n", "<<EOT\na\n"),
        ("a\n%{ if var.x ~}\nb\n%{ endif ~}\nc\n", "<<EOT\na\n"),
        ("a\nb\nc", '"a\\nb'),
        ("a\r\nb\r\nc\r\n", '"a\\r\\nb'),
        ("a\n", '"a\\n"'),
    ],
)
def test_heredoc_is_used_only_where_it_is_exact(text: str, start: str) -> None:
    assert render_value(text).startswith(start)


def test_object_keys_are_quoted_when_they_have_to_be() -> None:
    value = {"plain": 1, "for": 2, "a-b": 3, "1st": 4, "${var.x}": 5, "x${var.x}": 6, "": 7, "a.b": 8}

    keys = [line.split(" = ")[0].strip() for line in render_value(value).splitlines()[1:-1]]

    assert keys == ["plain", '"for"', '"a-b"', '"1st"', "(var.x)", '"x${var.x}"', '""', '"a.b"']


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("${", "an expression is not closed"),
        ("a ${f(x}", "brackets do not match"),
        ('${"a}', "a quoted string is not closed"),
        ("${}", "there is no expression"),
        ("${<<EOT\nx}", "a heredoc is not closed"),
        (math.nan, "nan is not a number"),
        (math.inf, "inf is not a number"),
        ({1: 2}, "must be a string, got 1"),
        ({"a": {"b": object}}, "a > b: type is not a type of JSON"),
        ("\ud800", "not a Unicode text"),
        ('${f("a "quoted" b")}', "cdktf does not escape"),
    ],
)
def test_rejects_what_has_no_hcl_form(value: object, message: str) -> None:
    if value == "a ${f(x}":
        value = "${f(x}"

    with pytest.raises(HclError, match=message):
        value_lines(value)


@pytest.mark.parametrize("reference", ["", "  ", 1, None])
def test_rejects_a_reference_that_is_no_text(reference: object) -> None:
    with pytest.raises(HclError, match="expected the text of an expression"):
        bare_lines(reference)


@given(st.lists(templates(), max_size=3))
def test_any_value_is_written_the_same_each_time(value: Any) -> None:
    assert value_lines(value) == value_lines(value)


@given(literals())
def test_any_literal_has_a_form(value: Any) -> None:
    lines = value_lines(value, Reading.LITERAL)

    assert lines
    assert "\r" not in "".join(lines)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_literal_text_can_be_read_back(text: str) -> None:
    lines = value_lines(text, Reading.LITERAL)

    assert read_back(list(lines)) == text.removeprefix("\ufeff")


def read_back(lines: list[str]) -> str:
    """Reads a quoted string or heredoc without expressions, by the rules of HCL's specification."""
    text = "\n".join(lines)
    if text.startswith('"'):
        body = text[1:-1]
        text, at = "", 0
        simple = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
        while at < len(body):
            if body[at] != "\\":
                text, at = text + body[at], at + 1
            elif body[at + 1] == "u":
                text, at = text + chr(int(body[at + 2 : at + 6], 16)), at + 6
            else:
                text, at = text + simple[body[at + 1]], at + 2
    else:
        opening, *content, _ = text.split("\n")
        margin = min(len(line) - len(line.lstrip()) for line in content if line) if "-" in opening else 0
        text = "".join(f"{line[margin:]}\n" for line in content)
    return text.replace("$${", "${").replace("%%{", "%{")
