from __future__ import annotations

import pytest

from tooling.gate.addresses import glob_matches, parse_address


def test_an_address_is_taken_apart_into_module_mode_type_name_and_key() -> None:
    # WHEN
    at = parse_address('module.a["x.y"].module.b[0].data.aws_iam_policy_document.c["k[1].\\"z"]')

    # THEN
    assert at.module == 'module.a["x.y"].module.b[0]'
    assert at.calls == ("a", "b")
    assert (at.mode, at.type, at.name, at.key) == ("data", "aws_iam_policy_document", "c", '"k[1].\\"z"')


def test_an_address_in_the_root_module_has_no_module_and_no_key() -> None:
    # WHEN
    at = parse_address("aws_s3_bucket.photos")

    # THEN
    assert (at.module, at.calls, at.mode, at.key) == ("", (), "managed", None)


@pytest.mark.parametrize("text", ["", "aws_s3_bucket", "module.a", "module.a.aws_s3_bucket", "a.b.c"])
def test_rejects_what_is_no_address_of_a_resource(text: str) -> None:
    with pytest.raises(ValueError, match="is not the address of a resource"):
        parse_address(text)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("module.kefir.aws_lambda_function.*", "module.kefir.aws_lambda_function.a", True),
        ("module.kefir.aws_lambda_function.*", "module.kefir.aws_lambda_permission.a", False),
        ('aws_x.y["k"]', 'aws_x.y["k"]', True),
        ('aws_x.y["k"]', 'aws_x.y"', False),
        ("aws_x.y[?]", "aws_x.y[3]", True),
        ("aws_x.y", "aws_xzy", False),
        ("aws_x.y", "aws_x.y1", False),
        ("*.aws_x.y", "module.a.aws_x.y", True),
    ],
)
def test_in_a_glob_only_star_and_question_mark_are_wild(pattern: str, text: str, expected: bool) -> None:
    assert glob_matches(pattern, text) is expected
