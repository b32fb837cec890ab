"""The policy gate: checkov in this process, own checks, waivers, and proof that all of it is on.

::

    warm_up()                                     # in a thread, while Terraform plans
    result = evaluate(plan, stack="dev/kefir", config=GateConfig(...))
    if not result.passed: ...                     # result.refused says why
"""

from tooling.gate.model import Finding, GateConfig, GateResult, Severity, Waiver
from tooling.gate.report import from_json, to_json, to_sarif
from tooling.gate.verdict import evaluate, warm_up

__all__ = [
    "Finding",
    "GateConfig",
    "GateResult",
    "Severity",
    "Waiver",
    "evaluate",
    "from_json",
    "to_json",
    "to_sarif",
    "warm_up",
]
