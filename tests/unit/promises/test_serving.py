"""Promises of what serves: load balancers, services, certificates, distributions, senders, functions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.promises.conftest import Client, Shop
from tooling.live import LiveStack
from tooling.promises import ask_promise, promise
from tooling.side_by_side import side_by_side
from tooling.target import Target


class Answers:
    """A client that answers one call of the account with what a test gives."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers

    def __getattr__(self, call: str) -> Any:
        return lambda **_: self._answers[call]


def answered(live: LiveStack, service: str, **answers: Any) -> LiveStack:
    live._clients[(service, "us-east-1")] = Answers(**answers)
    return live


def status_of(live: LiveStack, identifier: str) -> tuple[str, str]:
    (found,) = ask_promise(live, promise(identifier, where="test"))
    return found.status, found.saw


@pytest.mark.parametrize(
    ("states", "status", "saw"),
    [
        (["healthy", "healthy"], "ok", "2 of 2"),
        (["healthy", "draining"], "ok", "1 of 1"),
        (["healthy", "initial"], "warned", "1 of 2 targets are not checked yet"),
        (["healthy", "unhealthy"], "failed", "1 of 2 targets fail: unhealthy"),
        ([], "failed", "no target is registered"),
    ],
)
@pytest.mark.requirement("SM-AC-07")
def test_a_load_balancer_finds_its_targets_healthy(shop: Shop, states: list[str], status: str, saw: str) -> None:
    live = shop.live({"aws_lb_target_group.targets": {"arn": "arn:targets"}})
    described = [{"TargetHealth": {"State": state}} for state in states]

    answered(live, "elbv2", describe_target_health={"TargetHealthDescriptions": described})

    assert status_of(live, "targets-healthy") == (status, saw)


def test_the_emulators_own_load_balancer_is_asked_in_the_same_words(client: Client, shop: Shop, name: str) -> None:
    vpc = client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    group = client("elbv2").create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=vpc, TargetType="ip")
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    state = {"aws_lb_target_group.targets": {"arn": arn}}
    assert shop.asked("targets-healthy", state).status == "failed"

    client("elbv2").register_targets(TargetGroupArn=arn, Targets=[{"Id": "10.9.0.4", "Port": 80}])

    assert shop.asked("targets-healthy", state).saw == "1 of 1"


@pytest.mark.parametrize(("there", "status"), [(2, "ok"), (1, "failed")])
@pytest.mark.requirement("SM-AC-06")
def test_a_service_runs_all_its_tasks(shop: Shop, there: int, status: str) -> None:
    live = shop.live({"aws_ecs_service.app": {"cluster": "c", "name": "s"}})
    service = {"status": "ACTIVE", "desiredCount": 2, "runningCount": there}

    answered(live, "ecs", describe_services={"services": [service]})

    assert status_of(live, "service-running") == (status, f"{there} of 2 tasks run")


@pytest.mark.parametrize(("health", "status"), [("Healthy", "ok"), ("Unhealthy", "failed")])
@pytest.mark.requirement("SM-AC-02")
def test_a_group_has_all_its_instances_in_service(shop: Shop, health: str, status: str) -> None:
    live = shop.live({"aws_autoscaling_group.backend": {"name": "g", "min_size": 1, "max_size": 2}})
    instances = [
        {"LifecycleState": "InService", "HealthStatus": "Healthy"},
        {"LifecycleState": "InService", "HealthStatus": health},
    ]
    group = {"DesiredCapacity": 2, "Instances": instances}

    answered(live, "autoscaling", describe_auto_scaling_groups={"AutoScalingGroups": [group]})

    assert status_of(live, "instances-in-service")[0] == status


@pytest.mark.parametrize(
    ("certificate", "status"), [("ISSUED", "ok"), ("PENDING_VALIDATION", "warned"), ("FAILED", "failed")]
)
def test_a_listener_needs_an_issued_certificate(shop: Shop, certificate: str, status: str) -> None:
    live = shop.live(
        {
            "aws_lb_listener.https": {"arn": "arn:listener", "protocol": "HTTPS", "port": 443},
            "aws_acm_certificate.certificate": {"arn": "arn:certificate"},
        }
    )
    listener = {"Port": 443, "Certificates": [{"CertificateArn": "arn:certificate"}]}
    described = {"Status": certificate, "DomainName": "shop.example.com"}

    answered(live, "elbv2", describe_listeners={"Listeners": [listener]})
    answered(live, "acm", describe_certificate={"Certificate": described})

    assert status_of(live, "listener-certificate")[0] == status
    assert status_of(live, "certificate-issued")[0] == status


def test_a_listener_without_tls_is_left_out(shop: Shop) -> None:
    live = shop.live({"aws_lb_listener.http": {"arn": "arn:listener", "protocol": "HTTP", "port": 80}})

    assert status_of(live, "listener-certificate")[0] == "skipped"


@pytest.mark.parametrize(
    ("protocol", "enabled", "deployed", "status"),
    [
        ("redirect-to-https", True, "Deployed", "ok"),
        ("allow-all", True, "Deployed", "failed"),
        ("redirect-to-https", False, "Deployed", "failed"),
        ("redirect-to-https", True, "InProgress", "warned"),
    ],
)
@pytest.mark.requirement("SM-AC-05")
def test_a_distribution_is_deployed_and_answers_over_tls(
    shop: Shop, protocol: str, enabled: bool, deployed: str, status: str
) -> None:
    live = shop.live({"aws_cloudfront_distribution.site": {"id": "E1"}})
    config = {"Enabled": enabled, "DefaultCacheBehavior": {"ViewerProtocolPolicy": protocol}}
    found = {"Status": deployed, "DomainName": "d1.cloudfront.net", "DistributionConfig": config}
    live._clients[("cloudfront", None)] = Answers(get_distribution={"Distribution": found})

    assert status_of(live, "distribution-deployed")[0] == status


@pytest.mark.parametrize(
    ("verified", "dkim", "status"),
    [(True, "SUCCESS", "ok"), (False, "PENDING", "warned"), (False, "FAILED", "failed"), (True, "FAILED", "failed")],
)
def test_a_sender_of_mail_is_verified(shop: Shop, verified: bool, dkim: str, status: str) -> None:
    live = shop.live({"aws_sesv2_email_identity.domain": {"email_identity": "shop.example.com"}})
    identity = {
        "IdentityType": "DOMAIN",
        "VerifiedForSendingStatus": verified,
        "DkimAttributes": {"Status": dkim},
    }

    answered(live, "sesv2", get_email_identity=identity)

    assert status_of(live, "identity-verified")[0] == status


@pytest.mark.parametrize(
    ("state", "update", "status"),
    [("Active", "Successful", "ok"), ("Active", "Failed", "failed"), ("Pending", "Successful", "warned")],
)
def test_a_function_is_ready(shop: Shop, state: str, update: str, status: str) -> None:
    live = shop.live({"aws_lambda_function.worker": {"function_name": "worker"}})

    answered(
        live,
        "lambda",
        get_function_configuration={"Runtime": "nodejs22.x", "State": state, "LastUpdateStatus": update},
    )

    assert status_of(live, "function-ready")[0] == status


@pytest.mark.parametrize(("policies", "status"), [([{"PolicyName": "cpu"}], "ok"), ([], "failed")])
def test_what_scales_has_its_policies(shop: Shop, policies: list[dict[str, str]], status: str) -> None:
    dimension = {
        "service_namespace": "ecs",
        "resource_id": "service/c/s",
        "scalable_dimension": "ecs:service:DesiredCount",
    }
    live = shop.live({"aws_appautoscaling_target.service": {**dimension, "min_capacity": 1, "max_capacity": 4}})

    answered(live, "application-autoscaling", describe_scaling_policies={"ScalingPolicies": policies})

    assert status_of(live, "scales")[0] == status


def test_a_cache_is_available_and_encrypted(shop: Shop) -> None:
    live = shop.live({"aws_elasticache_replication_group.cache": {"replication_group_id": "cache"}})
    group = {"Status": "available", "AtRestEncryptionEnabled": True, "TransitEncryptionEnabled": False}

    answered(live, "elasticache", describe_replication_groups={"ReplicationGroups": [group]})

    assert status_of(live, "cache-sound") == ("failed", "TransitEncryptionEnabled off")


@pytest.mark.parametrize(("state", "status"), [("available", "ok"), ("snapshotting", "warned"), ("deleting", "failed")])
def test_a_cache_that_is_being_changed_is_on_its_way(shop: Shop, state: str, status: str) -> None:
    live = shop.live({"aws_elasticache_replication_group.cache": {"replication_group_id": "cache"}})
    group = {"Status": state, "AtRestEncryptionEnabled": True, "TransitEncryptionEnabled": True}

    answered(live, "elasticache", describe_replication_groups={"ReplicationGroups": [group]})

    assert status_of(live, "cache-sound")[0] == status


@pytest.mark.parametrize(
    ("days", "kind", "status", "means"),
    [
        (31, "AMAZON_ISSUED", "ok", ""),
        (29, "AMAZON_ISSUED", "warned", "ACM could not renew it"),
        (29, "IMPORTED", "warned", "ACM renews nothing that was imported"),
    ],
)
def test_a_certificate_that_ends_soon_is_told_of(shop: Shop, days: int, kind: str, status: str, means: str) -> None:
    live = shop.live({"aws_acm_certificate.certificate": {"arn": "arn:certificate"}})
    ends = live.session.clock() + timedelta(days=days, hours=1)
    described = {"Status": "ISSUED", "DomainName": "shop.example.com", "NotAfter": ends, "Type": kind}

    answered(live, "acm", describe_certificate={"Certificate": described})

    (found,) = ask_promise(live, promise("certificate-issued", where="test"))
    assert (found.status, found.means) == (status, means)


@pytest.mark.parametrize(("wanted", "status"), [(2, "failed"), (0, "ok")])
def test_a_service_that_somebody_stopped_is_told_from_one_that_should_not_run(
    shop: Shop, wanted: int, status: str
) -> None:
    live = shop.live({"aws_ecs_service.app": {"cluster": "c", "name": "s", "desired_count": wanted}})
    service = {"status": "ACTIVE", "desiredCount": 0, "runningCount": 0}

    answered(live, "ecs", describe_services={"services": [service]})

    assert status_of(live, "service-running")[0] == status


@pytest.mark.parametrize(("most", "status"), [(2, "skipped"), (4, "failed")])
def test_a_group_of_a_fixed_size_needs_no_policy(shop: Shop, most: int, status: str) -> None:
    live = shop.live({"aws_autoscaling_group.backend": {"name": "g", "min_size": 2, "max_size": most}})

    answered(live, "autoscaling", describe_policies={"ScalingPolicies": []})

    assert status_of(live, "group-scales")[0] == status


def test_a_function_from_an_image_has_no_runtime(shop: Shop) -> None:
    live = shop.live({"aws_lambda_function.worker": {"function_name": "worker"}})

    answered(live, "lambda", get_function_configuration={"PackageType": "Image", "State": "Active"})

    assert status_of(live, "function-ready") == ("ok", "Image, active")


def test_a_client_is_made_once_however_many_ask(shop: Shop) -> None:
    live = shop.live({}, target=Target("aws", None, shop.target.environ, "us-east-1", "777788889999"))

    made = [client for _, client in side_by_side(lambda _: live.client("sqs"), range(8))]

    assert all(client is made[0] for client in made)
