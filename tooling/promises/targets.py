"""What serves: load balancers with healthy targets, services and groups with all that they should run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.live import OK
from tooling.promises.certificates import issued_by_arn
from tooling.promises.promise import Answer, Promise, broken, kept, left_out, waiting

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack


def healthy(live: LiveStack, group: LiveResource) -> Answer:
    client = live.client("elbv2", group.region)
    found = client.describe_target_health(TargetGroupArn=group["arn"])["TargetHealthDescriptions"]
    states = [one["TargetHealth"] for one in found if one["TargetHealth"]["State"] != "draining"]
    if not states:
        return broken("no target is registered", means="the load balancer answers 503", next=_doctor(live))
    bad = [one for one in states if one["State"] not in ("healthy", "initial")]
    if bad:
        reasons = ", ".join(sorted({str(one.get("Reason") or one["State"]) for one in bad}))
        return broken(f"{len(bad)} of {len(states)} targets fail: {reasons}", next=_doctor(live))
    fresh = sum(one["State"] == "initial" for one in states)
    if fresh:
        return waiting(f"{fresh} of {len(states)} targets are not checked yet", next="wait a minute, then ask again")
    return kept(f"{len(states)} of {len(states)}")


def running(live: LiveStack, service: LiveResource) -> Answer:
    client = live.client("ecs", service.region)
    found = client.describe_services(cluster=service["cluster"], services=[service["name"]])["services"]
    if not found or found[0]["status"] != "ACTIVE":
        return broken("the service is not active", next=_doctor(live))
    wanted, there = found[0]["desiredCount"], found[0]["runningCount"]
    if not wanted and service.attributes.get("desired_count"):
        return broken("it is told to run no task", means="somebody or its scaling stopped it", next=_doctor(live))
    if there < wanted:
        return broken(f"{there} of {wanted} tasks run", means="tasks do not start, or end", next=_doctor(live))
    return kept(f"{there} of {wanted} tasks run")


def in_service(live: LiveStack, group: LiveResource) -> Answer:
    client = live.client("autoscaling", group.region)
    found = client.describe_auto_scaling_groups(AutoScalingGroupNames=[group["name"]])["AutoScalingGroups"]
    if not found:
        return broken(f"there is no group {group['name']}")
    wanted = found[0]["DesiredCapacity"]
    good = [one for one in found[0]["Instances"] if one["LifecycleState"] == "InService"]
    good = [one for one in good if one["HealthStatus"].lower() == "healthy"]
    if len(good) < wanted:
        return broken(f"{len(good)} of {wanted} instances are in service", next=_doctor(live))
    return kept(f"{len(good)} of {wanted} instances")


def over_tls(live: LiveStack, listener: LiveResource) -> Answer:
    if listener["protocol"] not in ("HTTPS", "TLS"):
        return left_out(f"{listener['protocol']} {listener['port']} is not for TLS")
    client = live.client("elbv2", listener.region)
    found = client.describe_listeners(ListenerArns=[listener["arn"]])["Listeners"][0]
    certificates = found.get("Certificates", [])
    if not certificates:
        return broken("it has no certificate", means="no browser can connect")
    answers = [issued_by_arn(live, one["CertificateArn"], listener.region) for one in certificates]
    bad = next((one for one in answers if one.status != OK), None)
    return bad or kept(f"{found['Port']}, {answers[0].saw}")


def _doctor(live: LiveStack) -> str:
    return f"why: groundplan doctor --env {live.stack.env} --stack {live.stack.architecture}"


PROMISES = (
    Promise("targets-healthy", "load balancers find their targets healthy", ("aws_lb_target_group",), healthy),
    Promise("service-running", "services run all their tasks", ("aws_ecs_service",), running),
    Promise(
        "instances-in-service", "groups have all their instances in service", ("aws_autoscaling_group",), in_service
    ),
    Promise("listener-certificate", "listeners have an issued certificate", ("aws_lb_listener",), over_tls),
)
