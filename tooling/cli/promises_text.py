"""Promises in a few lines: one for each that is kept everywhere, and one for each resource that breaks one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from tooling.cli.findings_text import findings_text

if TYPE_CHECKING:
    from tooling.live import Finding


def promises_text(found: Iterable[Finding], *, everything: bool = False) -> None:
    """Print them in their order; with ``everything`` a line for each resource, what is left out too."""
    groups: dict[str, list[Finding]] = {}
    for one in found:
        groups.setdefault(one.name, []).append(one)
    for group in groups.values():
        kept = [one for one in group if one.status == "ok"]
        asked = [one for one in group if one.status != "skipped"]
        if everything:
            findings_text((_placed(one) for one in group), indent="  ")
            continue
        if kept:
            findings_text([replace(kept[0], saw=f"{len(kept)} of {len(asked)}")], indent="  ")
        findings_text((_placed(one) for one in asked if one.status != "ok"), indent="  ")


def _placed(one: Finding) -> Finding:
    return replace(one, saw=f"{one.address}: {one.saw}") if one.address else one
