"""``envs/<env>/baseline.yaml``: findings that were there when an estate was taken over.

Only what is new fails then. An entry holds for one finding as it was: the same check, address, message and values. The
file only gets shorter by itself; the gate says which entries are mended.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import yaml

from tooling.gate import yamlfile
from tooling.gate.model import Finding
from tooling.gate.result import GateResult
from tooling.gate.rules import RULES, adoptable
from tooling.gate.yamlfile import Text, bad

_HEAD = """\
# Findings that were there when this environment was taken over: they are shown and counted, and do not fail. Written by
# `groundplan gate --write-baseline`, which takes out what is mended and adds nothing unless told --accept-new.
# `finding` stands for the message and the values that were seen: with others, it is a new finding.
"""

_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_STACK = re.compile(r"[a-z][a-z0-9-]*/[a-z][a-z0-9_-]*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One finding of a baseline.

    Attributes:
        stack: ``<env>/<architecture>``.
        check: Id of the check.
        address: Resource address, exactly.
        finding: What it said and saw, as :func:`fingerprint`.
        found: The day it was taken in.
        by: Who took it in.
        where: ``file:line`` it was read from; empty for one that is not written yet.
    """

    stack: str
    check: str
    address: str
    finding: str
    found: date
    by: str
    where: str = ""


@dataclass(frozen=True)
class Adopted:
    """Findings after a baseline was held against them.

    Attributes:
        open: Those that are new.
        baselined: Those that were there.
        mended: ``file:line`` of entries of the stack that match nothing any more.
    """

    open: tuple[Finding, ...]
    baselined: tuple[Finding, ...]
    mended: tuple[str, ...]


_FIELDS = tuple(field.name for field in fields(Entry) if field.name != "where")


def fingerprint(finding: Finding) -> str:
    """What a finding says and saw, in 16 hexadecimal digits. Its severity may change."""
    return hashlib.sha256(f"{finding.message}\n{finding.seen}".encode()).hexdigest()[:16]


def may_be_adopted(finding: Finding) -> bool:
    """Not what the plan itself does, not what nothing is known of, not what a waiver held for too long."""
    return adoptable(finding.check_id) and not finding.crashed and finding.expired_waiver is None


def load_baseline(path: Path, *, checks: Collection[str], root: Path) -> tuple[Entry, ...]:
    """Read a baseline; none where there is no such file.

    Args:
        path: The file.
        checks: Ids of all checks there are, beside the gate's own rules.
        root: The folder that places are named from.

    Raises:
        ToolError: An entry is malformed, or may not be in a baseline (exit code 2, file and line).
    """
    if not path.exists():
        return ()
    node = yamlfile.compose(path)
    if node is None:
        return ()
    entries: dict[tuple[str, str, str, str], Entry] = {}
    for item in yamlfile.sequence(node, path):
        entry = _entry(item, path, checks, root)
        first = entries.setdefault((entry.stack, entry.check, entry.address, entry.finding), entry)
        if first is not entry:
            raise bad(f"the finding stands there twice, first at {first.where}", yamlfile.line_of(item, path))
    return tuple(entries.values())


def adopt(findings: Sequence[Finding], known: Sequence[Entry], *, stack: str) -> Adopted:
    """Part the findings of a stack into those that are new and those that the baseline knows."""
    ours = {(entry.check, entry.address, entry.finding): entry for entry in known if entry.stack == stack}
    opened: list[Finding] = []
    baselined: list[Finding] = []
    for finding in findings:
        key = (finding.check_id, finding.address, fingerprint(finding))
        (baselined if key in ours and may_be_adopted(finding) else opened).append(finding)
    matched = {(finding.check_id, finding.address, fingerprint(finding)) for finding in baselined}
    mended = tuple(entry.where for key, entry in ours.items() if key not in matched)
    return Adopted(tuple(opened), tuple(baselined), mended)


def renewed(
    known: Sequence[Entry], results: Mapping[str, GateResult], *, accept_new: bool, today: date, by: str
) -> tuple[Entry, ...]:
    """The entries of a baseline after a look at some stacks.

    What is mended leaves; entries of other stacks, and of those whose plan leaves nothing to look at, stay.

    Args:
        known: What the baseline holds now.
        results: Verdicts by stack, reached with that baseline.
        accept_new: Whether open findings come in.
        today: Stands in the new entries.
        by: Does as well.
    """
    looked = {stack for stack, result in results.items() if not result.nothing_to_check}
    still = {
        (stack, finding.check_id, finding.address, fingerprint(finding))
        for stack in looked
        for finding in results[stack].baselined
    }
    kept = [
        entry
        for entry in known
        if entry.stack not in looked or (entry.stack, entry.check, entry.address, entry.finding) in still
    ]
    new = [
        Entry(
            stack=stack,
            check=finding.check_id,
            address=finding.address,
            finding=fingerprint(finding),
            found=today,
            by=by,
        )
        for stack in sorted(looked)
        for finding in results[stack].findings
        if accept_new and may_be_adopted(finding)
    ]
    return tuple(sorted([*kept, *new], key=lambda entry: (entry.stack, entry.check, entry.address, entry.finding)))


def as_yaml(entries: Sequence[Entry]) -> str:
    """The text of a baseline."""
    plain = [
        {name: entry.found.isoformat() if name == "found" else getattr(entry, name) for name in _FIELDS}
        for entry in entries
    ]
    # Texts that look like dates or numbers are quoted by PyYAML, so that they come back as texts.
    return _HEAD + yaml.safe_dump(plain, sort_keys=False, width=1000, allow_unicode=True)


def _entry(node: yaml.Node, path: Path, checks: Collection[str], root: Path) -> Entry:
    where = yamlfile.line_of(node, path)
    given: dict[str, Text] = {}
    for key, value_node in yamlfile.mapping(node, path):
        if key.value not in _FIELDS:
            raise bad(f"an entry has no field '{key.value}'", key.where, f"known are {', '.join(_FIELDS)}")
        given[key.value] = yamlfile.scalar(value_node, path)
        if not given[key.value].value:
            raise bad(f"'{key.value}' is empty", key.where)
    missing = [name for name in _FIELDS if name not in given]
    if missing:
        raise bad(f"the entry lacks {', '.join(missing)}", where)
    check = given["check"]
    if check.value not in checks and check.value not in RULES:
        raise bad(f"there is no check '{check.value}'", check.where)
    if not adoptable(check.value):
        raise bad(f"findings of {check.value} cannot be in a baseline", check.where, "mend it, or waive it by its name")
    _must_match(given["stack"], _STACK, "is no stack", "write it as dev/kefir")
    _must_match(given["finding"], _FINGERPRINT, "is no fingerprint", "groundplan gate --write-baseline writes them")
    return Entry(
        stack=given["stack"].value,
        check=check.value,
        address=given["address"].value,
        finding=given["finding"].value,
        found=_date(given["found"]),
        by=given["by"].value,
        where=yamlfile.line_of(node, path, root),
    )


def _must_match(text: Text, expression: re.Pattern[str], what: str, hint: str) -> None:
    if not expression.fullmatch(text.value):
        raise bad(f"'{text.value}' {what}", text.where, hint)


def _date(text: Text) -> date:
    _must_match(text, _DATE, "is not a date", "write it as 2027-11-30")
    try:
        return date.fromisoformat(text.value)
    except ValueError as error:
        raise bad(f"'{text.value}' is not a date", text.where, "write it as 2027-11-30") from error
