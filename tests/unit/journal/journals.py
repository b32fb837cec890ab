"""Journals for tests, written as a run writes them."""

from __future__ import annotations

import json
from typing import Any

from tooling.journal import Header
from tooling.process import ProcessId

HEADER = Header(
    run="20261121T100000Z-abc123",
    changeset="20261121T095900Z-fffff1",
    seal="5ea1" * 16,
    env="dev",
    architecture="kefir",
    kind="apply",
    target="aws",
    account_id="123456789012",
    commit="c0ffee",
    dirty=False,
    sources={"module": "1", "root": "2", "tfvars": "3", "lock": "4", "functions": ""},
    planned_by="arn:aws:iam::123456789012:user/ada",
    approved_by=("arn:aws:iam::123456789012:user/bob",),
    glass=(("module.kefir.aws_sqs_queue.old", "empty since May"),),
    by="arn:aws:iam::123456789012:user/ada",
    process=ProcessId("build-7", 4711, "99"),
    command="groundplan apply --env dev",
    lock="6d5b9a3e-0000-4000-8000-000000000001",
    lineage="11111111-2222-3333-4444-555555555555",
    serial=7,
    started="2026-11-21T10:00:00+00:00",
)


def hook(kind: str, address: str, action: str = "create", *, at: str = "", **more: Any) -> dict[str, Any]:
    """One of Terraform's events about one resource."""
    body = {"resource": {"addr": address}, "action": action, **more}
    return {"@timestamp": at, "@message": "words", "type": kind, "hook": body}


def error(address: str, detail: str) -> dict[str, Any]:
    told = {"severity": "error", "summary": "creating it", "detail": detail, "address": address}
    return {"type": "diagnostic", "diagnostic": told}


def journal(*events: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in (HEADER.to_json(), *events))
