"""Faults on purpose: a proxy on loopback between Terraform or boto3 and the emulator (docs/reliability.md).

```python
plan = FaultPlan(seed=7, rules=(Rule("throttle", service="iam", probability=0.05),))
with FaultProxy(running.endpoint, plan) as proxy:
    ...  # EMULATOR_ENDPOINT=proxy.endpoint groundplan apply
    print(proxy.counts)
```
"""

from tooling.faultproxy.history import Entry
from tooling.faultproxy.proxy import FaultProxy
from tooling.faultproxy.rules import KINDS, FaultPlan, Kind, Rule

__all__ = ["KINDS", "Entry", "FaultPlan", "FaultProxy", "Kind", "Rule"]
