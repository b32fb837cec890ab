"""The report of a changeset: what a reviewer reads before saying yes, and an auditor afterwards."""

from tooling.report.data import ReportData, ReportStack
from tooling.report.html import html
from tooling.report.markdown import markdown

__all__ = ["ReportData", "ReportStack", "html", "markdown"]
