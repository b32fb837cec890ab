"""EC2 instances of Auto Scaling groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tooling.cost.amount import HOURS, Amount, amount
from tooling.cost.component import Component, Pricer, nothing, only, unpriced
from tooling.cost.estate import Resource, decimal

EC2, EC2_OTHER, CLOUDWATCH = "Amazon Elastic Compute Cloud - Compute", "EC2 - Other", "AmazonCloudWatch"
# What EC2 reports each minute. https://aws.amazon.com/cloudwatch/pricing/ (example 1: detailed monitoring)
_DETAILED_METRICS = 7
# What gp3 comes with. https://aws.amazon.com/ebs/pricing/
_GP3_IOPS, _GP3_MBPS = 3000, 125
_ALARMS_OF_TARGET_TRACKING = 2


def group(item: Resource) -> Iterator[Component]:
    templates = item.related("launch_template", "aws_launch_template")
    if item.blocks("mixed_instances_policy") or len(templates) != 1:
        yield unpriced("instances", EC2, "which launch template it starts is not to be read from the plan")
        return
    template = templates[0]
    desired = item.number("desired_capacity") if item.get("desired_capacity") is not None else item.number("min_size")
    instances = item.assume("group.average_instances", desired)
    kind = template.required("instance_type")
    remark = "on demand, Linux, shared tenancy; no surplus CPU credits"
    yield only(EC2, "instances", f"ec2.linux.{kind}", instances * HOURS, f"instances {kind}", remark)
    yield from _volumes(template, instances)
    if any(block.get("enabled") for block in template.blocks("monitoring")):
        metrics = instances * _DETAILED_METRICS
        yield only(CLOUDWATCH, "metrics", "cloudwatch.metric", metrics, "detailed monitoring, 7 metrics an instance")


def _volumes(template: Resource, instances: Amount) -> Iterator[Component]:
    for mapping in template.blocks("block_device_mappings"):
        for disk in mapping.get("ebs") or ():
            name, kind = mapping.get("device_name"), disk.get("volume_type") or "gp2"
            size = instances * amount(decimal(disk.get("volume_size") or 0))
            yield only(EC2_OTHER, f"disk {name}", f"ebs.{kind}.storage", size, f"disks {kind} of each instance")
            more_iops = max(decimal(disk.get("iops") or 0) - _GP3_IOPS, decimal(0))
            more_mbps = max(decimal(disk.get("throughput") or 0) - _GP3_MBPS, decimal(0))
            if kind == "gp3" and more_iops:
                what = f"operations a second above {_GP3_IOPS}"
                yield only(EC2_OTHER, f"operations {name}", "ebs.gp3.iops", instances * amount(more_iops), what)
            if kind == "gp3" and more_mbps:
                what = f"MB a second above {_GP3_MBPS}"
                yield only(EC2_OTHER, f"throughput {name}", "ebs.gp3.throughput", instances * amount(more_mbps), what)


def scaling_policy(item: Resource) -> Iterator[Component]:
    """Target tracking makes two alarms of its own, which are paid as any."""
    if item.get("policy_type", "SimpleScaling") in ("TargetTrackingScaling", "PredictiveScaling"):
        what = "alarms that target tracking makes"
        yield only(CLOUDWATCH, "alarms", "cloudwatch.alarm.standard", _ALARMS_OF_TARGET_TRACKING, what)
    else:
        yield nothing("policy", CLOUDWATCH, "a policy is free; the alarms that set it off have lines of their own")


PRICED: Mapping[str, Pricer] = {
    "aws_appautoscaling_policy": scaling_policy,
    "aws_autoscaling_group": group,
    "aws_autoscaling_policy": scaling_policy,
}
