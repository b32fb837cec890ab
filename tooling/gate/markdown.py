"""Verdicts as Markdown, for a comment or a summary of CI."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tooling.gate.model import Finding
from tooling.gate.result import GateResult

#: Rows of a table; the rest is counted.
_SHOWN = 50

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#@])")


def to_markdown(results: Iterable[GateResult]) -> str:
    """A section a stack: the verdict, what refuses it, and what somebody answers for. The worst comes first."""
    return "\n".join(line for result in results for line in _section(result))


def in_words(result: GateResult) -> str:
    """The counts of a verdict; those that are 0 left out, but for the checks."""
    counts = (
        (len(result.findings), "findings"),
        (len(result.waived), "waived"),
        (len(result.baselined), "in the baseline"),
        (len(result.excused), "excused by broken glass"),
        (len(result.undecided), "undecided before the apply"),
    )
    words = [f"{count} {what}" for count, what in counts if count]
    return ", ".join([f"{result.checks_evaluated} checks", *words])


def _section(result: GateResult) -> Iterator[str]:
    yield f"## `{result.stack}`: gate {'passed' if result.passed else '**REFUSED**'}"
    yield ""
    yield f"{in_words(result)} (checkov {result.checkov_version}, from {result.fail_on.name} on refused)"
    yield ""
    yield from _table("Refused", result.refused)
    yield from _table("Excused by broken glass", result.excused)
    yield from _table("Below the threshold", result.reported)
    yield from _list(
        "Waivers that end soon",
        [
            f"{waiver.expires}: {waiver.check} on `{waiver.address}`, {_plain(waiver.owner)} ({waiver.where})"
            for waiver in result.expiring
        ],
    )
    yield from _list("Mended: take these out of the baseline", [f"`{where}`" for where in result.mended])
    yield from _table("In the baseline", result.baselined)
    yield from _table("Waived", result.waived)
    yield from _table("Undecided before the apply", result.undecided_passes)


def _table(title: str, findings: tuple[Finding, ...]) -> Iterator[str]:
    if not findings:
        return
    yield from (f"### {title} ({len(findings)})", "", "| severity | check | resource | what |", "|---|---|---|---|")
    for finding in findings[:_SHOWN]:
        said = "; ".join(filter(None, [finding.message, finding.remark, _answer(finding)]))
        place = f"<br>{_plain(finding.declared_at)}" if finding.declared_at else ""
        address = finding.address.replace("|", "\\|").replace("`", "'")
        yield f"| {finding.severity.name} | {finding.check_id} | `{address}`{place} | {_plain(said)} |"
    if len(findings) > _SHOWN:
        yield f"| | | | and {len(findings) - _SHOWN} more |"
    yield ""


def _answer(finding: Finding) -> str:
    if (waiver := finding.waived_by) is not None:
        return f"{waiver.reason} ({waiver.asked_by}, {waiver.owner}, until {waiver.expires})"
    return finding.glass.reason if finding.glass is not None else ""


def _list(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield from (f"### {title} ({len(lines)})", "", *(f"- {line}" for line in lines), "")


def _plain(text: str) -> str:
    """Text that Markdown takes as it is, in one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
