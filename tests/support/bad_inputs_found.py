"""Bad input that a reader once stumbled over: the kind, and the file cut down to what matters."""

from __future__ import annotations

from typing import Any

from tests.support.bad_inputs import resealed


def changeset_of(**changes: Any) -> bytes:
    """A changeset of one stack whose own seal is right."""
    stack = {
        **dict.fromkeys(("module", "root", "tfvars", "lock", "functions", "provider", "lineage"), ""),
        **{"architecture": "tiny", "files": {}, "serial": 0, "gate_passed": True, "changes": {"create": 14}},
        **{"monthly_usd": None, "glass": []},
    }
    return resealed(
        {
            **dict.fromkeys(("by", "toolkit", "terraform", "commit", "settings"), ""),
            **{"format": 2, "id": "20261122T112817Z-8db398", "env": "local", "kind": "apply", "target": "emulator"},
            **{"account_id": "123456789012", "region": "us-east-1", "dirty": False},
            **{"created": "2026-11-22T11:28:17+00:00", "expires": "2026-11-25T11:28:17+00:00"},
            "gate": dict.fromkeys(
                ("policies", "waivers", "severity", "requirements", "baseline", "fail_on", "checkov"), ""
            ),
            "cost": {"monthly_usd": None, "prices": "", "prices_as_of": "", "usage": ""},
            "stacks": [{**stack, **changes}],
        }
    )


FOUND: tuple[tuple[str, bytes], ...] = (
    ("waivers", b"\xad check: GP_SUPPLY_1\n"),
    ("waivers", b"- check: a\n\x07\n"),
    ("waivers", b"[" * 5_000),
    ("baseline", b"\x03 Findings\n"),
    ("usage", b'"\x7f"'),
    ("prices", b"\xff\xfe"),
    ("env.toml", b"tags = " + b"[" * 20_000),
    ("env.toml", b"tags = " + b"9" * 5_000),
    ("cost, sealed anew", b'{"count": 1}'),
    ("state", b'{"version": 4, "lineage": "a", "serial": 1, "outputs": {}, "resources": [7]}'),
    ("state", b'{"version": 4, "lineage": "a", "serial": 1, "outputs": {"a": 1}, "resources": []}'),
    (
        "state",
        b'{"version": 4, "lineage": "a", "serial": 1, "resources": '
        b'[{"mode": "managed", "type": "a", "name": "b", "instances": [{"attributes": 3, "index_key": {}}]}]}',
    ),
    (
        "state",
        b'{"version": 4, "lineage": "a", "serial": 1, "resources": [{"mode": "managed", "type": "a", "name": "b", '
        b'"instances": [{"attributes": {"c": 1}, "sensitive_attributes": [["c"]]}]}]}',
    ),
    ("changeset, sealed anew", changeset_of(changes={"create": {"account_id": "1"}})),
    ("changeset, sealed anew", changeset_of(architecture=["tiny"])),
)
