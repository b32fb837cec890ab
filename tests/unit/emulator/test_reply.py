"""How each protocol writes an error: clients read tolerantly, but not all alike."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from tooling.emulator.reply import refusal

MESSAGE = 'no <b> & "c"'


@pytest.mark.parametrize(
    ("service", "protocol", "root", "code"),
    [
        ("sns", "query", "ErrorResponse", "Error/Code"),
        ("ec2", "ec2", "Response", "Errors/Error/Code"),
        ("cloudfront", "rest-xml", "ErrorResponse", "Error/Code"),
        ("s3", "rest-xml", "Error", "Code"),
    ],
)
def test_error_in_xml(service: str, protocol: str, root: str, code: str) -> None:
    reply = refusal(service, protocol, "Nope", MESSAGE)

    document = ElementTree.fromstring(reply.body)
    assert reply.status == 400
    assert document.tag == root
    assert document.findtext(code) == "Nope"
    assert document.findtext(code.replace("Code", "Message")) == MESSAGE


@pytest.mark.parametrize("protocol", ["json", "rest-json"])
def test_error_in_json(protocol: str) -> None:
    reply = refusal("logs", protocol, "Nope", MESSAGE)

    body = json.loads(reply.body)
    assert reply.status == 400
    assert (body["__type"], body["message"], reply.headers["x-amzn-ErrorType"]) == ("Nope", MESSAGE, "Nope")
