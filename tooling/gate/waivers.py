"""``policies/waivers.yaml``: findings that stay, each with somebody who answers for it.

A waiver is as strong as an exception to a rule gets here, so the file is read strictly:
an entry that is not whole, names a check or a ledger row that does not exist, or could
match everything, stops the gate instead of being skipped.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import yaml

from tooling.gate import yamlfile
from tooling.gate.addresses import glob_matches
from tooling.gate.model import Finding, Waiver
from tooling.gate.rules import RULES
from tooling.gate.yamlfile import Text, bad

_OPTIONAL = ("stacks", "only_undecided")
_ASKED_BY = ("requirement", "ticket")
_REQUIRED = tuple(field.name for field in fields(Waiver) if field.name not in {*_OPTIONAL, *_ASKED_BY, "where"})
_KNOWN = (*_REQUIRED, *_ASKED_BY, *_OPTIONAL)

#: An address glob has to say which type of resource it is about.
_NAMES_A_TYPE = re.compile(
    r"(?:^|\.)(?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]+\.|(?:^|\.)data\.[a-z][a-z0-9_]*\.|(?:^|\.)[a-z]+\.[a-z][a-z0-9_-]*$"
)

#: ``KEY-123``, or the address of a page.
TICKET = re.compile(r"[A-Z][A-Z0-9]*-[1-9]\d*|https?://[^\s/]+/\S+")

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

_LEDGER_ID = re.compile(r"^\s*-\s+id:\s*['\"]?([A-Z0-9-]+)", re.MULTILINE)


@dataclass(frozen=True)
class Judged:
    """Findings after the waivers were held against them."""

    open: tuple[Finding, ...]
    waived: tuple[Finding, ...]
    used: tuple[Waiver, ...]
    unused: tuple[Waiver, ...]


def ledger_ids(path: Path) -> frozenset[str]:
    """Ids of all rows of the ledger.

    By their first line: a quarter of a megabyte of YAML takes a second to parse.

    Raises:
        ToolError: The ledger cannot be read (exit code 2).
    """
    try:
        return frozenset(_LEDGER_ID.findall(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise bad(f"cannot be read: {error.strerror}", str(path), "waivers name rows of this file") from error


def load_waivers(
    path: Path, *, requirements: Collection[str], checks: Collection[str], root: Path | None = None
) -> tuple[Waiver, ...]:
    """Read the file of waivers.

    Args:
        path: The file. An empty one is fine, a missing one is not.
        requirements: Ids of the ledger's rows.
        checks: Ids of all checks there are that may be waived.
        root: The folder that places are named from. Default: as ``path`` says.

    Raises:
        ToolError: The file is missing or an entry is malformed (exit code 2, file and line).
    """
    return _read(yamlfile.text_of(path), path, frozenset(requirements), frozenset(checks), root)


@lru_cache(maxsize=8)
def _read(
    text: str, path: Path, requirements: frozenset[str], checks: frozenset[str], root: Path | None
) -> tuple[Waiver, ...]:
    """All stacks of a run are held against the same waivers, and to read them takes a while."""
    node = yamlfile.composed(text, path)
    if node is None:
        return ()
    return tuple(_waiver(entry, path, requirements, checks, root) for entry in yamlfile.sequence(node, path))


def judge(findings: Sequence[Finding], waivers: Sequence[Waiver], *, stack: str, today: date) -> Judged:
    """Hold the waivers of a stack against its findings.

    A waiver past its date does not hold any more; the finding says so. A waiver that
    matched nothing is unused, be it because the finding was repaired or mistyped.
    """
    ours = [waiver for waiver in waivers if any(glob_matches(pattern, stack) for pattern in waiver.stacks)]
    open_findings: list[Finding] = []
    waived: list[Finding] = []
    used: set[Waiver] = set()
    for finding in findings:
        matching = [
            waiver
            for waiver in ours
            if waiver.check == finding.check_id
            and glob_matches(waiver.address, finding.address)
            and (finding.undecided or not waiver.only_undecided)
        ]
        used.update(matching)
        valid = next((waiver for waiver in matching if waiver.expires >= today), None)
        if valid is not None:
            waived.append(replace(finding, waived_by=valid))
        else:
            open_findings.append(replace(finding, expired_waiver=matching[0] if matching else None))
    return Judged(
        tuple(open_findings),
        tuple(waived),
        used=tuple(waiver for waiver in ours if waiver in used),
        unused=tuple(waiver for waiver in ours if waiver not in used),
    )


def expiring(used: Sequence[Waiver], *, today: date, days: int) -> tuple[Waiver, ...]:
    """The waivers that still hold and end within so many days, the first to end first."""
    last = today + timedelta(days=days)
    ending = [waiver for waiver in used if today <= waiver.expires <= last]
    return tuple(sorted(ending, key=lambda waiver: (waiver.expires, waiver.check, waiver.address)))


def _waiver(
    node: yaml.Node, path: Path, requirements: Collection[str], checks: Collection[str], root: Path | None
) -> Waiver:
    where = yamlfile.line_of(node, path)
    given: dict[str, Text] = {}
    stacks: tuple[str, ...] = ("*",)
    for key, value_node in yamlfile.mapping(node, path):
        if key.value not in _KNOWN:
            raise bad(f"a waiver has no field '{key.value}'", key.where, f"known are {', '.join(_KNOWN)}")
        if key.value == "stacks":
            stacks = tuple(_stack(item, path) for item in yamlfile.sequence(value_node, path))
            if not stacks:
                raise bad("'stacks' is empty", key.where, "leave it out to mean all")
            continue
        given[key.value] = yamlfile.scalar(value_node, path)
        if not given[key.value].value:
            raise bad(f"'{key.value}' is empty", key.where)
    missing = [name for name in _REQUIRED if name not in given]
    if missing:
        raise bad(f"the waiver lacks {', '.join(missing)}", where)
    check, address = given["check"], given["address"]
    if check.value in RULES and check.value not in checks:
        hint = "it is about one change: the limits are in env.toml, and plan --break-glass steps over one of them once"
        raise bad(f"{check.value} cannot be waived", check.where, hint)
    if check.value not in checks:
        raise bad(f"there is no check '{check.value}'", check.where, "a waiver names exactly one check")
    if not _NAMES_A_TYPE.search(address.value):
        hint = "write at least the type, as in module.kefir.aws_lambda_function.*"
        raise bad(f"the address '{address.value}' names no resource type", address.where, hint)
    _must_be_asked_for(given, requirements, where)
    return Waiver(
        check=check.value,
        address=address.value,
        reason=given["reason"].value,
        requirement=given["requirement"].value if "requirement" in given else "",
        owner=given["owner"].value,
        expires=_date(given["expires"]),
        stacks=stacks,
        where=yamlfile.line_of(node, path, root),
        only_undecided=_switch(given["only_undecided"]) if "only_undecided" in given else False,
        ticket=given["ticket"].value if "ticket" in given else "",
    )


def _must_be_asked_for(given: Mapping[str, Text], requirements: Collection[str], where: str) -> None:
    """By a row of the ledger or by a ticket, and by one of them."""
    asking = [name for name in _ASKED_BY if name in given]
    if not asking:
        raise bad("the waiver lacks requirement or ticket", where)
    if len(asking) > 1:
        hint = "a ticket is for what no row of the ledger asks for"
        raise bad("the waiver has both requirement and ticket", given["ticket"].where, hint)
    text = given[asking[0]]
    if asking[0] == "requirement" and text.value not in requirements:
        raise bad(f"the ledger has no row '{text.value}'", text.where)
    if asking[0] == "ticket" and not TICKET.fullmatch(text.value):
        raise bad(f"'{text.value}' is no ticket", text.where, "write it as OPS-123, or as the address of its page")


def _stack(node: yaml.Node, path: Path) -> str:
    text = yamlfile.scalar(node, path)
    if text.value != "*" and text.value.count("/") != 1:
        raise bad(f"'{text.value}' is no stack", text.where, "write it as dev/kefir, or */kefir")
    return text.value


def _switch(text: Text) -> bool:
    if text.value not in ("true", "false"):
        raise bad(f"'{text.value}' is neither true nor false", text.where)
    return text.value == "true"


def _date(text: Text) -> date:
    hint = "write it as 2027-11-30"
    if not _DATE.fullmatch(text.value):
        raise bad(f"'{text.value}' is not a date", text.where, hint)
    try:
        return date.fromisoformat(text.value)
    except ValueError as error:
        raise bad(f"'{text.value}' is not a date", text.where, hint) from error
