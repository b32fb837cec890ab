"""The policy gate: checkov in this process, own checks, waivers, and proof that all of it is on.

::

    warm_up()                                     # in a thread, while Terraform plans
    result = evaluate(plan, stack="dev/kefir", config=GateConfig(...))
    if not result.passed: ...                     # result.refused says why
"""

from tooling.gate.glass import must_excuse
from tooling.gate.junit import to_junit
from tooling.gate.markdown import in_words, to_markdown
from tooling.gate.model import BrokenGlass, ChangeLimits, Finding, GateConfig, Severity, Waiver
from tooling.gate.report import from_json, to_json, to_sarif
from tooling.gate.result import GateResult
from tooling.gate.sarif import one_log
from tooling.gate.verdict import evaluate, warm_up

__all__ = [
    "BrokenGlass",
    "ChangeLimits",
    "Finding",
    "GateConfig",
    "GateResult",
    "Severity",
    "Waiver",
    "evaluate",
    "from_json",
    "in_words",
    "must_excuse",
    "one_log",
    "to_json",
    "to_junit",
    "to_markdown",
    "to_sarif",
    "warm_up",
]
