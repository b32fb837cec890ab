"""``--break-glass 'ADDRESS=REASON'``, taken apart strictly."""

from __future__ import annotations

import pytest

from tooling.cli.break_glass import read_glass
from tooling.errors import Exit, ToolError


@pytest.mark.parametrize(
    ("text", "address", "reason"),
    [
        ("aws_eip.a=nobody uses it", "aws_eip.a", "nobody uses it"),
        (" module.m.aws_eip.a[0] = a = b is the reason", "module.m.aws_eip.a[0]", "a = b is the reason"),
        ('aws_eip.a["x=y"]=nobody uses it', 'aws_eip.a["x=y"]', "nobody uses it"),
    ],
)
def test_an_address_and_a_reason_are_read(text: str, address: str, reason: str) -> None:
    (broken,) = read_glass((text,))

    assert (broken.address, broken.reason) == (address, reason)


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (("aws_eip.a",), "it has no reason"),
        (("aws_eip.a=",), "shorter than 10 characters"),
        (("aws_eip.a=because  ",), "'because' is shorter than 10 characters"),
        (("aws_eip=nobody uses it",), "'aws_eip' is not the address of a resource"),
        (("=nobody uses it",), "is not the address of a resource"),
        (('aws_eip.a["x=nobody uses it',), "it has no reason"),
        (("aws_eip.a=nobody uses it", "aws_eip.a=and nobody will"), "aws_eip.a is named twice"),
    ],
)
def test_anything_else_is_wrong_usage(texts: tuple[str, ...], says: str) -> None:
    with pytest.raises(ToolError, match=says) as caught:
        read_glass(texts)

    assert caught.value.exit_code is Exit.USAGE
    assert "--break-glass" in (caught.value.where or "")


def test_without_the_option_nothing_is_broken() -> None:
    assert read_glass(()) == ()
