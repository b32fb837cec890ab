"""Bad input that a reader once stumbled over: the kind, and the file cut down to what matters."""

from __future__ import annotations

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
)
