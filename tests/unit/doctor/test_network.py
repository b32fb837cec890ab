"""Who reaches whom: security groups, ACLs and routes are followed from the application to database and internet."""

from __future__ import annotations

import pytest

from tests.support.running_service import RunningService
from tests.unit.doctor.conftest import Patient

CHECK = "network"


@pytest.mark.requirement("SM-TST-06")
def test_a_sound_network_lets_the_application_to_its_database_and_out(
    service: RunningService, patient: Patient
) -> None:
    found = patient.asked(CHECK, service.resources)

    assert {one.status for one in found.values()} == {"ok"}
    assert set(found) == {
        f"the tasks of {service.name} to {service.name}",
        f"the tasks of {service.name} to the internet",
        f"the internet to the load balancer {service.name}",
        f"the internet to the database {service.name}",
    }
    assert service.ids["vpc"] in found[f"the tasks of {service.name} to {service.name}"].saw
    assert f"{service.ids['private-a']} by nat-" in found[f"the tasks of {service.name} to the internet"].saw


@pytest.mark.requirement("SM-TST-06")
def test_a_route_that_is_gone_is_named(service: RunningService, patient: Patient) -> None:
    service.client("ec2").delete_route(RouteTableId=service.ids["private-routes"], DestinationCidrBlock="0.0.0.0/0")

    found = patient.asked(CHECK, service.resources)[f"the tasks of {service.name} to the internet"]

    assert found.status == "failed"
    assert f"{service.ids['private-a']} has no route for 0.0.0.0/0" in found.saw


@pytest.mark.requirement("SM-TST-06")
def test_an_acl_that_refuses_the_database_is_named(service: RunningService, patient: Patient) -> None:
    ec2 = service.client("ec2")
    subnets = [{"Name": "association.subnet-id", "Values": [service.ids["private-a"]]}]
    acl = ec2.describe_network_acls(Filters=subnets)["NetworkAcls"][0]["NetworkAclId"]
    ec2.create_network_acl_entry(
        NetworkAclId=acl,
        RuleNumber=50,
        Protocol="6",
        RuleAction="deny",
        Egress=False,
        CidrBlock="10.9.0.0/16",
        PortRange={"From": 5432, "To": 5432},
    )

    found = patient.asked(CHECK, service.resources)[f"the tasks of {service.name} to {service.name}"]

    assert found.status == "failed"
    assert f"{acl} of {service.ids['private-a']} refuses TCP 5432 from 10.9.2.0/24" in found.saw


@pytest.mark.requirement("SM-TST-06")
def test_a_database_that_is_open_to_the_internet_is_named(service: RunningService, patient: Patient) -> None:
    anywhere = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    service.client("ec2").authorize_security_group_ingress(GroupId=service.ids["rds"], IpPermissions=[anywhere])

    found = patient.asked(CHECK, service.resources)[f"the internet to the database {service.name}"]

    assert (found.status, found.means) == ("failed", "anybody may try passwords")
    assert "lets TCP 5432 in from 0.0.0.0/0" in found.saw


def test_a_load_balancer_behind_a_closed_door_is_named(service: RunningService, patient: Patient) -> None:
    service.shut("alb", "ingress")

    found = patient.asked(CHECK, service.resources)[f"the internet to the load balancer {service.name}"]

    assert (found.status, found.means) == ("failed", "visitors get no answer")
    assert "lets TCP 80 in from 0.0.0.0/0" in found.saw
