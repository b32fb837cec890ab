"""What the gate judges itself, beside resources: changes, costs, suppliers, waivers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule.

    Attributes:
        name: The rule, as a sentence.
        source: Where it is written.
        waivable: Whether a waiver may hold for it. What is about one change only is no case for a waiver, which would
            match nothing with the next plan.
        breakable: Whether breaking the glass excuses it.
        adoptable: Whether it may be in the baseline of an estate that is taken over.
    """

    name: str
    source: str
    waivable: bool = False
    breakable: bool = False
    adoptable: bool = False


_CHANGES = "tooling/gate/changes"

RULES = {
    "GP_BLAST_1": Rule(name="A plan deletes no more than the environment allows", source=_CHANGES, breakable=True),
    "GP_BLAST_2": Rule(name="A plan replaces no more than the environment allows", source=_CHANGES, breakable=True),
    "GP_BLAST_3": Rule(name="What holds data stays", source=_CHANGES, breakable=True),
    "GP_BLAST_4": Rule(name="Protected addresses stay", source=_CHANGES, breakable=True),
    "GP_EXPOSURE_1": Rule(
        name="Every door to the internet is one that somebody answers for",
        source=_CHANGES,
        waivable=True,
        adoptable=True,
    ),
    "GP_EXPOSURE_2": Rule(name="A stack that exists gets no new door to the internet", source=_CHANGES, breakable=True),
    "GP_PRIVILEGE_1": Rule(name="What exists is not granted more", source=_CHANGES, breakable=True),
    "GP_SUPPLY_1": Rule(
        name="Nothing runs a program while it is applied", source="tooling/gate/supply.py", waivable=True
    ),
    "GP_SUPPLY_2": Rule(
        name="Everything is made by the AWS provider or by Terraform itself",
        source="tooling/gate/supply.py",
        waivable=True,
    ),
    "GP_WAIVER_1": Rule(name="Every waiver holds for something", source="tooling/gate/unused.py"),
    "GP_COST_1": Rule(
        name="The stack costs no more than its own budget", source="tooling/cost", waivable=True, adoptable=True
    ),
    "GP_COST_2": Rule(
        name="The stack costs no more than the environment allows",
        source="tooling/cost",
        waivable=True,
        breakable=True,
        adoptable=True,
    ),
}

WAIVABLE = frozenset(check_id for check_id, rule in RULES.items() if rule.waivable)
BREAKABLE = frozenset(check_id for check_id, rule in RULES.items() if rule.breakable)


def adoptable(check_id: str) -> bool:
    """Whether findings of a check may be in a baseline: all of checkov's and of ``policies/``, few of these."""
    rule = RULES.get(check_id)
    return rule is None or rule.adoptable
