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
    assert f"{acl} of {service.ids['private-b']} refuses TCP 5432 from 10.9.2.0/24" in found.saw
    # Within a subnet no ACL is asked.
    assert f"{service.ids['private-a']} refuses TCP 5432 from 10.9.2.0/24" not in found.saw


@pytest.mark.requirement("SM-TST-06")
def test_an_acl_for_linux_lets_tasks_out_and_no_function(service: RunningService, patient: Patient) -> None:
    ec2, inside, subnet = service.client("ec2"), "10.9.0.0/16", service.ids["private-a"]
    acl = ec2.create_network_acl(VpcId=service.ids["vpc"])["NetworkAcl"]["NetworkAclId"]
    for egress, number, protocol, cidr, first, last in (
        # What is for every protocol is for every port.
        (False, 100, "-1", inside, 0, 0),
        (True, 100, "-1", inside, 0, 0),
        (True, 200, "6", "0.0.0.0/0", 443, 443),
        (False, 200, "6", "0.0.0.0/0", 32768, 65535),
    ):
        ec2.create_network_acl_entry(
            NetworkAclId=acl,
            Egress=egress,
            RuleNumber=number,
            Protocol=protocol,
            CidrBlock=cidr,
            RuleAction="allow",
            PortRange={"From": first, "To": last},
        )
    before = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])
    (own,) = [one for one in before["NetworkAcls"][0]["Associations"] if one["SubnetId"] == subnet]
    ec2.replace_network_acl_association(AssociationId=own["NetworkAclAssociationId"], NetworkAclId=acl)
    place = {"subnet_ids": [subnet], "security_group_ids": [service.ids["ecs"]]}
    function = {"aws_lambda_function.own": {"function_name": "f", "vpc_config": [place]}}

    found = patient.asked(CHECK, {**service.resources, **function})

    assert [name for name, one in found.items() if one.status != "ok"] == ["the function f to the internet"]
    assert found["the function f to the internet"].saw == f"{acl} of {subnet} refuses TCP 1024 from 0.0.0.0/0"


@pytest.mark.requirement("SM-TST-06")
def test_a_database_that_is_open_to_the_internet_is_named(service: RunningService, patient: Patient) -> None:
    anywhere = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    service.client("ec2").authorize_security_group_ingress(GroupId=service.ids["rds"], IpPermissions=[anywhere])

    found = patient.asked(CHECK, service.resources)[f"the internet to the database {service.name}"]

    assert (found.status, found.means) == ("failed", "anybody may try passwords")
    assert "lets TCP 5432 in from 0.0.0.0/0" in found.saw


def test_a_database_that_is_open_to_the_internet_of_version_six_is_named(
    service: RunningService, patient: Patient
) -> None:
    anywhere = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
    service.client("ec2").authorize_security_group_ingress(GroupId=service.ids["rds"], IpPermissions=[anywhere])

    found = patient.asked(CHECK, service.resources)[f"the internet to the database {service.name}"]

    assert found.status == "failed"
    assert "lets TCP 5432 in from ::/0" in found.saw


def test_an_application_in_another_region_is_looked_at_there(service: RunningService, patient: Patient) -> None:
    standby = {"function_name": "standby", "vpc_config": [{"subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"]}]}

    found = patient.asked(
        CHECK,
        {**service.resources, "aws_lambda_function.standby": standby},
        aliases={"aws_lambda_function.standby": "failover"},
    )

    assert f"the function standby to {service.name}" not in found
    assert found["the function standby to the internet"].saw == (
        "no rule of no security group lets TCP 443 out to 0.0.0.0/0; none of its subnets is there any more"
    )
    assert found[f"the tasks of {service.name} to {service.name}"].status == "ok"


def test_a_load_balancer_behind_a_closed_door_is_named(service: RunningService, patient: Patient) -> None:
    service.shut("alb", "ingress")

    found = patient.asked(CHECK, service.resources)[f"the internet to the load balancer {service.name}"]

    assert (found.status, found.means) == ("failed", "visitors get no answer")
    assert "lets TCP 80 in from 0.0.0.0/0" in found.saw
