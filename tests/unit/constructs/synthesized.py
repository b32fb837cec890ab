"""Reads a synthesised module: the one helper of the construct tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Synthesized:
    """A module as Terraform JSON, looked up by type and id."""

    def __init__(self, module: Mapping[str, Any]) -> None:
        self.module = module

    def ids(self, kind: str) -> set[str]:
        return set(self.module.get("resource", {}).get(kind, {}))

    def resource(self, kind: str, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.module["resource"][kind][name]
        return found

    def all(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        found: Mapping[str, Mapping[str, Any]] = self.module.get("resource", {}).get(kind, {})
        return found

    def the(self, kind: str) -> Mapping[str, Any]:
        """The only resource of its type."""
        (found,) = self.all(kind).values()
        return found

    def statements(self, document: str) -> Mapping[str, Mapping[str, Any]]:
        """Statements of a policy document, by their sid."""
        found = self.module["data"]["aws_iam_policy_document"][document]["statement"]
        return {statement["sid"]: statement for statement in found}

    def document(self, name: str) -> Mapping[str, Any]:
        """A policy document as it is, with what is in it under a condition."""
        found: Mapping[str, Any] = self.module["data"]["aws_iam_policy_document"][name]
        return found
