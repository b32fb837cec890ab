"""Generated values of Terraform JSON: everything a module could hold, the awkward before all."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

# What has a meaning in a template, in a quoted string or in a heredoc, and what is often mangled.
_PIECES = (
    *'$%{}"\\~#/<-,=:\'`()[] \t\n',
    "$${", "%%{", "$$${", "%%%{", "\\n", "\\\\", '\\"', "EOT", "\nEOT\n", "<<EOT\n", "//", "/*", "*/",
    "é", "日本", "😀", "\r\n", "\u00a0", "\u2028", "\u200b", "\x00", "\x1b", "\x7f", "null", "true", "0", "1e3",
)  # fmt: skip
_EXPRESSIONS = (
    "${local.text}",
    "${ local.text }",
    '${upper("a\\"}b")}',
    '${"${local.text}!"}',
    '${"$${local.text}"}',
    "${join(\"-\", [for x in local.list : \"${x}}\"])}",
    "${local.object[\"a key\"]}",
    "${local.object.plain}",
    "${~ local.text ~}",
    "${/* } */ local.text}",
    "${\n  local.text\n}",
    "${local.text # }\n}",
    "${<<EOT\n}${local.text}\nEOT\n}",
    " %{ if local.flag }yes%{ else }no%{ endif }",
    " %{ for x in local.list ~}\n  ${x}\n%{ endfor ~}\n",
)  # fmt: skip
_LONE_EXPRESSIONS = (
    "${local.number}",
    "${local.number + 1}",
    "${-local.number}",
    "${local.flag ? local.list : []}",
    "${local.number > 1 && !local.flag || local.number <= 3}",
    "${try(local.object.missing, null)}",
    '${try(local.object.missing, "a", "b")}',
    "${merge(local.objects...)}",
    "${local.objects[*].a}",
    "${local.objects.*.a}",
    '${local.objects[0]["a"]}',
    '${"${local.number}"}',
    # Objects and for expressions, with braces in strings.
    '${{"a" = "${local.text}", "b c" = [1, "${local.number}", null], d : {}}}',
    '${[for i, x in local.list : {"${x}" = i} if x != "}"]}',
    "${{for x in local.list : x => upper(x)}}",
    '${{\n  a = 1\n  "b c" = [\n    1,\n    2,\n  ]\n}}',
    '${{\n  for x in local.list : x => {\n    long = "${x} more"\n    y = [\n      1, 2]\n  } if x != "}"\n}}',
    # Line breaks, comments and heredocs.
    "${local.number +\n  1}",
    "${(\n  local.flag ?\n  1 :\n  2\n)}",
    "${length(\n  local.list\n) +\n  1 // }\n}",
    "${<<EOT\n  heredoc ${local.text}\n    deeper\nEOT\n}",
    "${<<-EOT\n  heredoc\n    deeper\n  EOT\n}",
    '${"${<<EOT\nx ${local.text}\nEOT\n}"}',
    # Too long for a line.
    '${local.text != "a text as long as it takes to break lines" && contains([1, 2, 3, 4, 5, 6, 7, 8, 9], '
    "local.number) || !local.flag}",
    f"${{contains([{', '.join(map(str, range(10**6, 10**6 + 20)))}], local.number) ? null : -local.number}}",
    '${jsonencode({"Version" = "2012-10-17", "Statement" = [{"Action" = ["s3:GetObject", "s3:PutObject"], '
    '"Resource" = "arn:aws:s3:::${local.text}/*", "Condition" = {"Bool" = {"aws:SecureTransport" = false}}}]})}',
    '${merge({"a_key_that_needs_no_quotation_marks" = 1}, local.object, {"for" = "${local.flag ? "x" : "y"}", '
    '"another_key_that_needs_no_quotation_marks" = -1.5})}',
    '${join("-", concat(local.list, ["an item that is long", "and another", "${local.text}"], ["b", \n"${"x"}"]))}',
    '${[for n in ["an item so long that its list gets broken", "and another one of that kind", "b"] : upper(n)][1]}',
)  # fmt: skip

LOCALS: dict[str, Any] = {
    "text": "te\"xt\\",
    "list": ["a", "b}"],
    "number": 3,
    "flag": True,
    "object": {"plain": 1, "a key": "b"},
    "objects": [{"a": 1}, {"a": 2, "b": 3}],
}  # fmt: skip
"""Local values that the generated expressions refer to."""


def literal_strings() -> st.SearchStrategy[str]:
    """Strings that mean themselves, whatever characters they are made of."""
    # Terraform 1.11 reads `$$${` of JSON in another way when a lone carriage return stands before it: left
    # out.
    characters = st.characters(exclude_categories=["Cs"], exclude_characters="\r")
    pieces = st.one_of(st.sampled_from((*_PIECES, *_EXPRESSIONS)), st.text(characters, max_size=3))
    # A byte order mark at the very start is dropped by Terraform wherever a template may stand.
    return st.lists(pieces, max_size=8).map("".join).filter(lambda text: not text.startswith("\ufeff"))


def template_strings() -> st.SearchStrategy[str]:
    """Strings with expressions in them, all of them valid templates."""
    text = literal_strings().map(_without_openings)
    mixed = st.lists(st.one_of(text, st.sampled_from(_EXPRESSIONS)), max_size=6).map(_joined)
    return st.one_of(mixed, st.sampled_from(_LONE_EXPRESSIONS), paragraphs(), stripping())


def paragraphs() -> st.SearchStrategy[str]:
    """Texts of several lines that end with a newline: policies, scripts, queries."""
    line = st.sampled_from(
        ("", "a", "  indented", "\ttab", 'q"\\n', "$${x}", "EOT", " ", "${local.text}", "x ${local.text}")
    )
    return st.lists(line, min_size=2, max_size=7).map(lambda lines: "\n".join(lines) + "\n")


def stripping() -> st.SearchStrategy[str]:
    """Texts with strip markers among line breaks and spaces."""
    pieces = ("\n", "\n", " ", "\r\n", "a", "${~ local.text ~}", "${~ local.text }", "${ local.text ~}",
              "%{~ if local.flag ~}\n x\n%{~ endif ~}", "%{ if local.flag ~}\n x\n\n %{~ endif }")  # fmt: skip
    return st.lists(st.sampled_from(pieces), min_size=2, max_size=9).map("".join)


def values(strings: st.SearchStrategy[str], keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """JSON values, nested, with these strings and keys."""
    numbers = st.one_of(
        st.integers(-(10**30), 10**30),
        st.floats(allow_nan=False, allow_infinity=False),
        st.sampled_from((0, -1, 0.0, 1.5, 1e21, 1e-7, 2**63)),
    )
    leaves = st.one_of(st.none(), st.booleans(), numbers, strings, strings, st.sampled_from(("", [], {})))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
        max_leaves=12,
    )


def literals() -> st.SearchStrategy[Any]:
    """Values as they may stand where Terraform evaluates nothing."""
    return values(literal_strings(), _keys(literal_strings()))


def templates() -> st.SearchStrategy[Any]:
    """Values as they may stand where Terraform evaluates strings."""
    text_keys = literal_strings().map(_without_openings)
    keys = st.one_of(_keys(text_keys), st.sampled_from(("${local.text}", "x ${local.text}", '${upper("key}")}')))
    return values(template_strings(), keys)


def collect(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """That many examples, always the same ones: to be tried in a single run of something slow."""
    found: list[Any] = []

    @settings(
        max_examples=count,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def keep(example: Any) -> None:
        found.append(example)

    keep()
    return found


def _keys(text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(("a", "for", "null", "true", "a-b", "a.b", "1", "", "Ünï", "in", "_x")), text)


def _without_openings(text: str) -> str:
    """The text with each ``${`` and ``%{`` escaped."""
    return text.replace("$${", "${").replace("%%{", "%{").replace("${", "$${").replace("%{", "%%{")


def _joined(parts: list[str]) -> str:
    """Parts in a row; one that ends in ``$`` or ``%`` would turn the next one's opening into an escape."""
    return "".join(f"{part} " if part.endswith(("$", "%")) else part for part in parts)
