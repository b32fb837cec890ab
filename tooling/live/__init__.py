"""What an applied stack is asked, and what it answers: the same for verify, smoke, checklist, accept and doctor."""

from tooling.live.finding import FAILED, MANUAL, OK, SKIPPED, WARNED, Finding, failed, manual, ok, skipped, warned
from tooling.live.stack import LiveResource, LiveStack, live_stack

__all__ = [
    "FAILED",
    "MANUAL",
    "OK",
    "SKIPPED",
    "WARNED",
    "Finding",
    "LiveResource",
    "LiveStack",
    "failed",
    "live_stack",
    "manual",
    "ok",
    "skipped",
    "warned",
]
