"""The journal of a run: written while it goes on, read by whoever finds it dead.

A run's journal is one file of JSON lines. groundplan writes the first line, the header; Terraform's own output follows,
straight from its process, so that it goes on when groundplan is killed; groundplan adds how it ended. A compact copy
without anything secret lies in the state bucket from before Terraform starts until the run has ended with nothing in
doubt: a copy that is there belongs to a run that goes on, or that died (docs/resume.md).
"""

from tooling.journal.model import Ending, Header, Journal, Step
from tooling.journal.reading import read_journal
from tooling.journal.shelf import close_run, open_runs, require_settled, runs_open
from tooling.journal.writing import Journaling

__all__ = [
    "Ending",
    "Header",
    "Journal",
    "Journaling",
    "Step",
    "close_run",
    "open_runs",
    "read_journal",
    "require_settled",
    "runs_open",
]
