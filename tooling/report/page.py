"""The values that the page's templates show; no markup here, no reading of plans there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.plan.summary import SIGNS
from tooling.report.data import ORDER, cost_sentence
from tooling.report.findings import grouped
from tooling.report.words import KINDS, gate_words, gist, lede, moment, money, monthly, stack_lede, verdict_word

if TYPE_CHECKING:
    from tooling.cost import CostEstimate, CostLine
    from tooling.report.data import Change, ReportStack, StackHead, Top

# Of a plan with more than these, changes are shown closed.
_MOST_OPEN = 12
# A drawing of more than these takes the browser longer than all the rest of the page.
_MOST_DRAWN_OPEN = 500


@dataclass(frozen=True)
class Piece:
    """A part of a stack's section: its template is ``part_<id>.html.j2``.

    Attributes:
        said: Beside its title.
        count: Beside its name in the contents; None for what is not counted.
    """

    id: str
    title: str
    said: int | str = ""
    count: int | str | None = None
    open: bool = True


def page(top: Top, contents: Sequence[Sequence[Piece]], sections: Iterable[str]) -> dict[str, Any]:
    """Everything that ``report.html.j2`` asks for.

    Args:
        top: The changeset, and what of its stacks stands above them.
        contents: The parts of each stack's section.
        sections: The sections' markup, in pieces.
    """
    changeset = top.changeset
    return {
        "title": f"{changeset.kind.capitalize()} of {changeset.env}",
        "verdict": "passed" if changeset.gate_passed else "refused",
        "verdict_word": verdict_word(changeset.gate_passed),
        "lede": lede(top),
        "tiles": list(_tiles(top)),
        "facts": list(_facts(top)),
        "actions": tuple(top.counts),
        "stacks": [_listed(head, pieces) for head, pieces in zip(top.heads, contents, strict=True)],
        "sections": sections,
        "dangers": [
            {"kind": danger.kind, "label": KINDS[danger.kind], "address": danger.address, "text": danger.text}
            | {"stack": head.name}
            for kind in KINDS
            for head in top.heads
            for danger in head.dangers
            if danger.kind == kind
        ],
        "footer": f"groundplan {changeset.toolkit}, changeset {changeset.id}. Sensitive values are masked.",
    }


def _listed(head: StackHead, contents: Sequence[Piece]) -> dict[str, Any]:
    """A stack in the contents and in the table of all."""
    return {
        "id": _identifier(head.name),
        "name": head.name,
        "contents": contents,
        "counts": defaultdict(int, head.counts),
        "verdict": "passed" if head.passed else "refused",
        "verdict_word": verdict_word(head.passed),
        "refused": head.refused,
        "reported": head.reported,
        "waived": head.waived,
        "monthly": monthly(head.cost),
    }


def _identifier(name: str) -> str:
    return f"stack-{name.partition('/')[2] or name}"


def _tiles(top: Top) -> Iterator[dict[str, Any]]:
    for action in ORDER[:4]:
        count = top.counts[action]
        yield {"kind": action if count else "none", "label": f"to {action}", "value": f"{count:,}", "note": ""}
    refused = sum(head.refused for head in top.heads)
    waived = sum(head.waived for head in top.heads)
    found = sum(head.findings for head in top.heads)
    yield {
        "kind": "refused" if refused else "none",
        "label": "findings that refuse",
        "value": refused,
        "note": f"{found - refused} reported, {waived} waived",
    }
    doors = sum(head.new_doors for head in top.heads)
    yield {"kind": "replace" if doors else "none", "label": "new doors", "value": doors, "note": "ways in from outside"}
    costs = [head.cost for head in top.heads if head.cost is not None]
    if costs:
        change = sum(cost.change_usd for cost in costs)
        unknown = sum(cost.unknown for cost in costs)
        yield {
            "kind": "",
            "label": "estimate a month",
            "value": f"{'≥ ' if unknown else ''}{money(sum(cost.monthly_usd for cost in costs))}",
            "note": (f"{money(change, sign=True)} against before" if change else "as before")
            + (f"; {unknown} lines unknown" if unknown else ""),
        }


def _facts(top: Top) -> Iterator[tuple[str, str, bool]]:
    changeset = top.changeset
    yield "Account", f"{changeset.account_id}, {changeset.region}, on {changeset.target}", False
    yield "Planned", f"{moment(changeset.created)} by {changeset.by}", False
    yield "Valid until", moment(changeset.expires), False
    yield "Apply asks for", ", ".join(top.asked) or "nothing more", False
    dirty = " with uncommitted changes" if changeset.dirty else ""
    yield "Commit", f"{changeset.commit}{dirty}" if changeset.commit else "unknown (not in git)", bool(changeset.commit)
    yield "Made with", f"Terraform {changeset.terraform}, checkov {changeset.gate.checkov}", False
    yield "Changeset", changeset.id, True
    yield "Seal", changeset.seal, True


def section(stack: ReportStack) -> dict[str, Any]:
    """Everything that ``stack.html.j2`` asks for of one stack; its ``contents`` are in the page's contents too."""
    identifier = _identifier(stack.name)
    gate = stack.gate
    shown = {
        "id": identifier,
        "name": stack.name,
        "verdict": "passed" if gate.passed else "refused",
        "verdict_word": verdict_word(gate.passed),
        "lede": stack_lede(stack),
        "outputs": stack.summary.outputs,
        "refused": gate.refused,
        "reported": gate.reported,
        "monthly": monthly(stack.cost),
        "groups": list(_changes(stack, identifier)),
        "reach": stack.reach,
        "doors": gate.changes.doors if gate.changes else (),
        "blast": list(_blast(stack)),
        "grants": list(_grants(stack)),
        "refused_groups": grouped(gate.refused, stack.facts, opened=True),
        "reported_groups": grouped(gate.reported, stack.facts),
        "answered": [
            {"title": title, "groups": grouped(found, stack.facts)}
            for title, found in (
                ("Excused in this changeset, by broken glass", gate.excused),
                ("Waived", gate.waived),
                ("In the baseline", gate.baselined),
                (
                    "Undecided: nothing wrong was seen, but on a value that is known only after apply",
                    gate.undecided_passes,
                ),
            )
            if found
        ],
        "expiring": gate.expiring,
        "gate_words": gate_words(stack),
        "cost": _cost(stack.cost),
        "rows": stack.facts.rows,
        "timings": list(_timings(stack.facts.seconds)),
        "diagram": _diagram(stack, identifier),
    }
    return {**shown, "contents": list(_contents(stack, shown))}


def _contents(stack: ReportStack, shown: dict[str, Any]) -> Iterator[Piece]:
    gate = stack.gate
    changed = len(stack.summary.changes)
    yield Piece("diagram", "Diagram", open=len(stack.context.entries) <= _MOST_DRAWN_OPEN)
    yield Piece("changes", "What changes", changed, changed)
    if shown["reach"] or shown["doors"]:
        new = len(gate.changes.new_doors) if gate.changes else 0
        doors = len(shown["doors"])
        told = f"{new} new of {doors} {'door' if doors == 1 else 'doors'}"
        yield Piece("reach", "Doors and reach", told, doors, bool(stack.reach) or new > 0)
    if gate.changes is not None:
        yield Piece("blast", "Blast radius, grants")
    listed = len(gate.findings)
    answered = len(gate.waived) + len(gate.baselined) + len(gate.excused)
    told = f"{listed} {'finding' if listed == 1 else 'findings'}, {answered} answered for"
    yield Piece("findings", "Gate", told, listed, listed > 0)
    if stack.cost is not None:
        yield Piece("cost", "Cost", monthly(stack.cost), monthly(stack.cost), open=False)
    if stack.facts.rows:
        rows = len(stack.facts.rows)
        yield Piece("rows", "Requirements touched", rows, rows, open=False)
    if shown["timings"]:
        total = f"{sum(stack.facts.seconds.values()):.1f} s"
        yield Piece("timings", "Timings", total, total, open=False)


def _changes(stack: ReportStack, identifier: str) -> Iterator[dict[str, Any]]:
    telling = sum(change.action != "create" for change in stack.changes)
    for action in ORDER:
        items = [
            _change(change, f"{identifier}-r{number}", opened=telling <= _MOST_OPEN and action != "create")
            for number, change in enumerate(stack.changes)
            if change.action == action
        ]
        if items:
            yield {"action": action, "changes": items}


def _change(change: Change, identifier: str, *, opened: bool) -> dict[str, Any]:
    return {
        "id": identifier,
        "action": change.action,
        "sign": "−" if change.action == "destroy" else SIGNS[change.action],
        "address": change.address,
        "place": change.declared_at,
        "stateful": change.stateful,
        "gist": gist(change),
        "open": opened or bool(change.stateful),
        "sections": change.meaning.sections,
        "settled": change.meaning.settled,
    }


def _blast(stack: ReportStack) -> Iterator[str]:
    changes = stack.gate.changes
    if changes is None:
        return
    counted = {"deleted": changes.destroys, "made anew": changes.replaces, "left in the account": changes.forgets}
    yield ", ".join(f"{len(addresses)} {verb}" for verb, addresses in counted.items())
    for loss in changes.stateful:
        allowed = "may go in this environment" if loss.allowed else "may not go in this environment"
        yield f"{loss.address}: {loss.what} ({allowed})"
    if not changes.stateful:
        yield "nothing that holds data goes"


def _grants(stack: ReportStack) -> Iterator[dict[str, Any]]:
    grants = stack.gate.changes.grants if stack.gate.changes else ()
    for title, found in (
        ("Existing subjects are granted more", [g for g in grants if g.direction == "widened" and g.existing]),
        ("Existing subjects are granted less", [g for g in grants if g.direction != "widened"]),
        ("New subjects", [g for g in grants if g.direction == "widened" and not g.existing]),
    ):
        if found:
            yield {"title": title, "grants": found}


def _cost(cost: CostEstimate | None) -> dict[str, Any] | None:
    if cost is None:
        return None
    return {
        "sentence": f"{cost_sentence(cost)}.",
        "as_of": cost.prices_as_of,
        "lines": [
            {
                "address": line.address,
                "what": line.what,
                "kind": line.kind,
                "quantity": f"{_plain(line.quantity)} {line.unit}" if line.quantity is not None else line.unit,
                "price": _price(line),
                "monthly": money(line.monthly_usd) if line.monthly_usd is not None else "unknown",
                "assumption": line.assumption,
            }
            for line in sorted(cost.lines, key=_unknown_then_dearest)
        ],
    }


def _unknown_then_dearest(line: CostLine) -> tuple[bool, Any, str]:
    return line.monthly_usd is not None, -(line.monthly_usd or 0), line.address


def _price(line: CostLine) -> str:
    if line.price_usd is None:
        return ""
    whole, _, part = _plain(line.price_usd).partition(".")
    return f"${whole}.{part:0<2}" + (f" for {line.per:,}" if line.per != 1 else "")


def _plain(number: Any) -> str:
    return f"{float(number):,.6f}".rstrip("0").rstrip(".")


def _timings(seconds: dict[str, float]) -> Iterable[tuple[str, str, int]]:
    longest = max(seconds.values(), default=0) or 1
    return [(phase, f"{value:.1f}", round(100 * value / longest)) for phase, value in seconds.items()]


def _diagram(stack: ReportStack, identifier: str) -> Any:
    from markupsafe import Markup

    from tooling.diagram import draw

    return Markup(draw(stack.plan, title=stack.name, prefix=f"{identifier}-drawn"))
