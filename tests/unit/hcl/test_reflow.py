"""Long expressions: broken where that means nothing, left alone where it would."""

from __future__ import annotations

import pytest

from cdktf_app.hcl import HclError
from cdktf_app.hcl.reflow import WIDTH, expression_lines, one_line


def test_a_call_with_a_long_object_is_broken_like_written_by_hand() -> None:
    source = (
        'jsonencode({"Version" = "2012-10-17", "aws:Tag" = [{"a" = "${var.x}"}, {"a" = "b ${var.y}"}], '
        '"Empty" = {}, "Flag" = false})'
    )

    assert "\n".join(expression_lines(source)) == (
        "jsonencode({\n"
        '  Version   = "2012-10-17"\n'
        '  "aws:Tag" = [{ a = var.x }, { a = "b ${var.y}" }]\n'
        "  Empty     = {}\n"
        "  Flag      = false\n"
        "})"
    )


def test_a_call_with_several_arguments_has_one_a_line() -> None:
    source = f'merge(var.tags, {{"{"k" * 40}" = 1}}, {{"{"l" * 40}" = 2}}, var.others...)'

    assert expression_lines(source) == (
        "merge(",
        "  var.tags,",
        f"  {{ {'k' * 40} = 1 }},",
        f"  {{ {'l' * 40} = 2 }},",
        "  var.others...",
        ")",
    )


def test_a_long_condition_has_one_part_a_line() -> None:
    part = "var.a_rather_long_name_of_a_variable >= 1"

    assert expression_lines(f"{part} && {part} || !{part}") == ("(", f"  {part} &&", f"  {part} ||", f"  !{part}", ")")


def test_long_lists_of_numbers_are_filled() -> None:
    numbers = ", ".join(str(number) for number in range(1000, 1030))

    lines = expression_lines(f"contains([{numbers}], var.x)")

    assert len(lines) == 7
    assert max(map(len, lines)) <= WIDTH + len("    ,")


def test_an_item_in_quotes_is_unwrapped_only_if_it_is_all_there_is() -> None:
    assert one_line('f("${var.a ? 1 : 2}", "${var.b}" == "${var.c}", "${var.d}${var.e}")') == (
        'f(var.a ? 1 : 2, "${var.b}" == "${var.c}", "${var.d}${var.e}")'
    )


def test_for_expressions_keep_their_words_and_lines() -> None:
    source = '{\n  for k, v in var.x : "${k}" => {\n    "a" = v\n  } if v != "}"\n}'

    assert "\n".join(expression_lines(source)) == source


@pytest.mark.parametrize(
    "source",
    ["\n  var.a # not }\n", "<<EOT\nx\nEOT\n", '"${<<EOT\nx\nEOT\n}"', "var.a /* } */\n"],
)
def test_comments_and_heredocs_keep_their_lines(source: str) -> None:
    assert expression_lines(source) == (f"({source})" if "\n" in source else source.strip(),)


def test_line_breaks_between_operators_are_taken_out() -> None:
    assert expression_lines("var.a +\n  var.b") == ("var.a + var.b",)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("f(a]", "brackets do not match"),
        ("f(a", "brackets do not match"),
        ("a)", "brackets do not match"),
        ("a, b", "brackets do not match"),
        ("{a}", "an object's item has no value"),
        ('"a " b', "no operator between"),
        ('"a" "b"', "no operator between"),
    ],
)
def test_rejects_what_cannot_be_an_expression(source: str, message: str) -> None:
    with pytest.raises(HclError, match=message):
        expression_lines(source)
