"""Whether one statement of a policy allows all that another one does.

Where that cannot be told, the answer is no: a grant is rather called wider than it is than the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

#: (operator, key) with the values that it is held to. All have to hold; of the values, one.
Conditions = Mapping[tuple[str, str], frozenset[str]]

_WILD_OPERATORS = ("stringlike", "arnlike", "arnequals")
_POSITIVE_OPERATORS = (*_WILD_OPERATORS, "stringequals", "stringequalsignorecase", "binaryequals", "ipaddress")


@dataclass(frozen=True)
class Scope:
    """Actions, resources or principals: those that a pattern matches, or all but those.

    Attributes:
        patterns: With ``*`` and ``?``.
        excepted: Whether it is all but these (``NotAction``).
    """

    patterns: frozenset[str]
    excepted: bool = False

    def covers(self, other: Scope) -> bool:
        """Whether everything in the other one is in this one."""
        if not self.excepted and not other.excepted:
            return all(any(covers(mine, theirs) for mine in self.patterns) for theirs in other.patterns)
        if not self.excepted:
            return any(covers(mine, "*") for mine in self.patterns)
        if not other.excepted:
            return not any(overlaps(mine, theirs) for mine in self.patterns for theirs in other.patterns)
        return all(any(covers(theirs, mine) for theirs in other.patterns) for mine in self.patterns)


@dataclass(frozen=True)
class Grant:
    """One action of a statement on one resource for one principal, or what ``Not...`` leaves of them.

    Attributes:
        allows: False for a Deny.
        action: What, in lower case.
        resource: On what.
        principal: For whom, as ``AWS:arn:…``; ``*`` in the policy of a role, which has it already.
        conditions: When, as :data:`Conditions`, in an order that compares.
    """

    allows: bool
    action: Scope
    resource: Scope
    principal: Scope
    conditions: tuple[tuple[tuple[str, str], frozenset[str]], ...] = ()

    def covers(self, other: Grant) -> bool:
        """Whether it says of everything that the other one says something of, the same."""
        return self == other or (
            self.allows == other.allows
            and self.action.covers(other.action)
            and self.resource.covers(other.resource)
            and self.principal.covers(other.principal)
            and implied(dict(self.conditions), dict(other.conditions))
        )


def implied(weaker: Conditions, stronger: Conditions) -> bool:
    """Whether the first conditions hold wherever the second ones do."""
    return all(
        any(
            key == other_key and _follows(operator, values, other_operator, other_values)
            for (other_operator, other_key), other_values in stronger.items()
        )
        for (operator, key), values in weaker.items()
    )


def _follows(operator: str, values: frozenset[str], other: str, other_values: frozenset[str]) -> bool:
    """Whether a condition on a key follows from another one on the same key."""
    if operator != other and operator.removesuffix("ifexists") != other:
        return False
    if operator == other and values == other_values:
        return True
    base = operator.removesuffix("ifexists").removeprefix("foranyvalue:").removeprefix("forallvalues:")
    if base in _WILD_OPERATORS:
        return all(any(covers(mine, theirs) for mine in values) for theirs in other_values)
    if base in _POSITIVE_OPERATORS:
        return other_values <= values
    if "not" in base and ":" not in operator:
        return values <= other_values
    return values == other_values


@lru_cache(maxsize=65536)
def covers(pattern: str, other: str) -> bool:
    """Whether ``pattern`` matches whatever ``other`` matches; ``*`` and ``?`` are wild in both."""
    return _covers(_normal(pattern), _normal(other))


def _covers(mine: str, theirs: str) -> bool:
    """Row by row: which beginnings of ``theirs`` are covered by the pattern so far."""
    row = [True] + [False] * len(theirs)
    for char in mine:
        if char == "*":
            for index in range(1, len(row)):
                row[index] = row[index] or row[index - 1]
            continue
        row = [False] + [
            row[index] and (other == char if char != "?" else other != "*") for index, other in enumerate(theirs)
        ]
    return row[-1]


@lru_cache(maxsize=65536)
def overlaps(one: str, other: str) -> bool:
    """Whether some text matches both patterns."""
    row = [True]
    for theirs in other:
        row.append(row[-1] and theirs == "*")
    for mine in one:
        new = [row[0] and mine == "*"]
        for index, theirs in enumerate(other, start=1):
            if "*" in (mine, theirs):  # stands for nothing, or goes on over one more of the other side
                new.append(row[index] or new[index - 1])
            else:
                new.append(row[index - 1] and (mine == theirs or "?" in (mine, theirs)))
        row = new
    return row[-1]


def _normal(pattern: str) -> str:
    """The same pattern with its wildcards in one order: ``?*``, not ``*?`` or ``**``."""
    out: list[str] = []
    run: list[str] = []
    for char in [*pattern, ""]:
        if char in ("*", "?") and char:
            run.append(char)
            continue
        out += ["?" * run.count("?"), "*" if "*" in run else "", char]
        run = []
    return "".join(out)
