"""What a change means: statements for policies, ways in for network rules, keys for maps and documents."""

from tooling.report.semantic.context import Context
from tooling.report.semantic.describing import describe
from tooling.report.semantic.model import ADDED, CHANGED, REMOVED, SAME, Entry, Meaning, Section

__all__ = ["ADDED", "CHANGED", "REMOVED", "SAME", "Context", "Entry", "Meaning", "Section", "describe"]
