"""Patch operations on documents of every shape that API Gateway has."""

from __future__ import annotations

from typing import Any

import pytest

from tooling.emulator.operations import service_model
from tooling.emulator.patch_operations import patched
from tooling.emulator.registry import AwsError


def _patched(shape: str, document: dict[str, Any], op: str, path: str, value: str | None = None) -> dict[str, Any]:
    model = service_model("apigateway")
    assert model is not None
    operation = {"op": op, "path": path} | ({} if value is None else {"value": value})
    return patched(document, model.shape_for(shape), [operation])


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("false", False)])
def test_text_becomes_the_type_of_its_member(value: str, expected: bool) -> None:
    changed = _patched("RestApi", {}, "replace", "/disableExecuteApiEndpoint", value)

    assert changed == {"disableExecuteApiEndpoint": expected}


@pytest.mark.parametrize("value", ["", None])
def test_number_without_a_value_is_none(value: str | None) -> None:
    changed = _patched("RestApi", {"minimumCompressionSize": 5}, "replace", "/minimumCompressionSize", value)

    assert changed == {"minimumCompressionSize": None}


def test_slash_inside_a_name_is_read() -> None:
    changed = _patched("Method", {}, "add", "/requestModels/application~1json", "Episode")

    assert changed == {"requestModels": {"application/json": "Episode"}}


@pytest.mark.parametrize(
    ("op", "path", "value", "expected"),
    [
        ("add", "/binaryMediaTypes/c", None, ["a", "b", "c"]),
        ("add", "/binaryMediaTypes", "c", ["a", "b", "c"]),
        ("add", "/binaryMediaTypes/b", None, ["a", "b"]),
        ("remove", "/binaryMediaTypes/a", None, ["b"]),
        ("remove", "/binaryMediaTypes", "a", ["b"]),
        ("replace", "/binaryMediaTypes/a", "c", ["c", "b"]),
        ("replace", "/binaryMediaTypes/1", "c", ["a", "c"]),
        ("replace", "/binaryMediaTypes", "c", ["c"]),
    ],
)
def test_element_of_a_list_is_named_by_path_or_value(
    op: str, path: str, value: str | None, expected: list[str]
) -> None:
    assert _patched("RestApi", {"binaryMediaTypes": ["a", "b"]}, op, path, value)["binaryMediaTypes"] == expected


def test_removed_member_is_gone_and_the_document_given_stays() -> None:
    document = {"description": "d", "endpointConfiguration": {"types": ["EDGE"]}}

    without = _patched("RestApi", document, "remove", "/description")
    regional = _patched("RestApi", document, "replace", "/endpointConfiguration/types/0", "REGIONAL")

    assert "description" not in without
    assert regional["endpointConfiguration"] == {"types": ["REGIONAL"]}
    assert document == {"description": "d", "endpointConfiguration": {"types": ["EDGE"]}}


def test_path_that_the_document_cannot_have_is_refused() -> None:
    with pytest.raises(AwsError, match="Invalid patch path /nosuch"):
        _patched("RestApi", {}, "replace", "/nosuch", "x")
