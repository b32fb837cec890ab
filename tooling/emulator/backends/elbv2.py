"""Elastic Load Balancing: load balancers that are protected from deletion."""

from __future__ import annotations

from moto.elbv2.models import elbv2_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("elbv2")


@backend.prepares("DeleteLoadBalancer")
def refuse_protected(call: Call) -> None:
    """aws_lb with enable_deletion_protection, delete: moto keeps the setting and does not heed it."""
    arn = call.params["LoadBalancerArn"]
    balancer = elbv2_backends[call.account][call.region].load_balancers.get(arn)
    if balancer and balancer.attrs.get("deletion_protection.enabled") == "true":
        raise AwsError(
            "OperationNotPermitted",
            f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
        )
