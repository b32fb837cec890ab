"""`groundplan checklist` and `accept`: a document's list, item by item, on what is applied."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.in_process import run_here
from tests.support.project import REPOSITORY
from tests.unit.promises.conftest import Client, Shop
from tests.unit.promises.test_networks import let_in
from tests.unit.promises.test_serving import Answers
from tests.unit.promises.test_watching import ACTION, put_alarm
from tests.unit.promises.web_server import WebServer
from tooling.checklists import CHECKLIST, Confirmations, Given, read_checklist, unticked, walk
from tooling.live import LiveStack

CHECK_ROWS = [f"FD-CHK-{number:02}" for number in range(1, 17)]
MANUAL = ["FD-CHK-05", "FD-CHK-07", "FD-CHK-16"]
KEYS = {
    "cognito": {"user_pool_id": "u", "client_id": "c", "client_secret": "not-shown-anywhere"},
    "database": {"username": "u", "password": "not-shown-anywhere", "host": "h", "port": 5432, "dbname": "d"},
    "jwt": {"session_secret": "not-shown-anywhere"},
}
WORKFLOW = """\
on: push
permissions: {contents: read}
jobs:
  apply:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    steps:
      - run: groundplan apply
"""


def with_list(shop: Shop, architecture: str, kind: str) -> None:
    """Give the shop the list of an architecture."""
    folder = shop.project.root / "cdktf_app/architectures/shop"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(REPOSITORY / f"cdktf_app/architectures/{architecture}/{kind}.yaml", folder)


class Estate:
    """A whole stack as the deployment checklist wants it: really made where the emulator makes it at once."""

    def __init__(self, shop: Shop, client: Client, name: str, server: WebServer) -> None:
        self.shop, self.client, self.name, self.server = shop, client, name, server
        server.answers["GET /api/health"] = (200, {})
        shop.project.write(".github/workflows/deploy.yml", WORKFLOW)
        with_list(shop, "doomscroll", CHECKLIST)
        self.state: dict[str, dict[str, Any]] = {
            **self._network(),
            **self._serving(),
            **self._data(),
            **self._watching(),
        }

    def _network(self) -> dict[str, dict[str, Any]]:
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.6.0.0/16")["Vpc"]["VpcId"]
        state: dict[str, dict[str, Any]] = {"aws_vpc.vpc": {"id": vpc, "cidr_block": "10.6.0.0/16"}}
        for number in range(4):
            cidr = f"10.6.{number}.0/24"
            subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=cidr)["Subnet"]["SubnetId"]
            state[f"aws_subnet.s{number}"] = {"id": subnet, "cidr_block": cidr}
        for number in range(3):
            made = ec2.create_security_group(GroupName=f"{self.name}-{number}", Description="x", VpcId=vpc)
            everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
            ec2.revoke_security_group_egress(GroupId=made["GroupId"], IpPermissions=everything)
            state[f"aws_security_group.g{number}"] = {"id": made["GroupId"]}
        return state

    def _serving(self) -> dict[str, dict[str, Any]]:
        alias = [{"name": "d1.cloudfront.net"}]
        role = self.client("iam").create_role(RoleName=self.name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        self.client("ecr").create_repository(repositoryName=self.name)
        return {
            "aws_lb.load_balancer": {"dns_name": "lb.elb.amazonaws.com"},
            "aws_lb_target_group.targets": {"arn": "arn:targets", "health_check": [{"path": "/api/health"}]},
            "aws_lb_listener.https": {"arn": "arn:listener", "protocol": "HTTPS", "port": 443},
            "aws_cloudfront_distribution.site": {
                "id": "E1",
                "aliases": ["shop.example.com"],
                "domain_name": "d1.cloudfront.net",
            },
            "aws_route53_record.site": {
                "zone_id": "Z1",
                "name": "shop.example.com",
                "type": "A",
                "fqdn": "shop.example.com",
                "alias": alias,
            },
            "aws_ecs_task_definition.task": {"execution_role_arn": role, "task_role_arn": role},
            "aws_ecr_repository.app": {"name": self.name},
        }

    def _data(self) -> dict[str, dict[str, Any]]:
        secrets = self.client("secretsmanager")
        state: dict[str, dict[str, Any]] = {"aws_db_instance.database": {"identifier": self.name}}
        for ending, content in KEYS.items():
            made = secrets.create_secret(Name=f"{self.name}/{ending}", SecretString=json.dumps(content))
            state[f"aws_secretsmanager_secret.{ending}"] = {"id": made["ARN"], "name": f"{self.name}/{ending}"}
        return state

    def _watching(self) -> dict[str, dict[str, Any]]:
        body = json.dumps({"widgets": [{"type": "text", "properties": {"markdown": "#"}}]})
        self.client("cloudwatch").put_dashboard(DashboardName=self.name, DashboardBody=body)
        state: dict[str, dict[str, Any]] = {"aws_cloudwatch_dashboard.board": {"dashboard_name": self.name}}
        for number in range(9):
            put_alarm(self.client, f"{self.name}-{number}", actions=[ACTION])
            alarm = {"alarm_name": f"{self.name}-{number}", "alarm_actions": [ACTION]}
            state[f"aws_cloudwatch_metric_alarm.a{number}"] = alarm
        return state

    def live(self, *, database: str = "available", certificate: str = "ISSUED", alias: str = "d1") -> LiveStack:
        """With answers of those services that take the emulator long to make."""
        live = self.shop.live(self.state)
        listener = {"Port": 443, "Certificates": [{"CertificateArn": "arn:certificate"}]}
        described = {"Status": certificate, "DomainName": "shop.example.com"}
        record = {"Name": "shop.example.com.", "Type": "A", "AliasTarget": {"DNSName": f"{alias}.cloudfront.net."}}
        live._clients[("rds", "us-east-1")] = Answers(
            describe_db_instances={"DBInstances": [{"DBInstanceStatus": database}]}
        )
        live._clients[("elbv2", "us-east-1")] = Answers(describe_listeners={"Listeners": [listener]})
        live._clients[("acm", "us-east-1")] = Answers(describe_certificate={"Certificate": described})
        live._clients[("route53", None)] = Answers(list_resource_record_sets={"ResourceRecordSets": [record]})
        return live

    def open_rows(self, live: LiveStack | None = None) -> list[str]:
        """What the list still wants."""
        own = live or self.live()
        session, stack = own.session, own.stack
        wanted = read_checklist(session.workspace, "shop", CHECKLIST)
        said = Confirmations.of(session, stack)
        return unticked(list(walk(own, wanted, said, Given(self.server.url))))


@pytest.fixture
def estate(shop: Shop, client: Client, name: str, server: WebServer) -> Estate:
    return Estate(shop, client, name, server)


def confirm(shop: Shop, row: str) -> None:
    answer = run_here(shop.project, "checklist", "--stack", "shop", "--confirm", row, "--by", "Ada Lovelace", "--yes")
    assert answer.code == 0, answer.said


@pytest.mark.requirement(*CHECK_ROWS)
def test_a_stack_as_the_document_wants_it_is_ticked_once_people_said_their_part(estate: Estate) -> None:
    assert estate.open_rows() == MANUAL

    for row in MANUAL:
        confirm(estate.shop, row)

    assert estate.open_rows() == []


BREAKS: dict[str, Callable[[Estate], LiveStack | None]] = {}


def breaks(row: str) -> Callable[[Callable[[Estate], LiveStack | None]], Callable[[Estate], LiveStack | None]]:
    def keep(function: Callable[[Estate], LiveStack | None]) -> Callable[[Estate], LiveStack | None]:
        BREAKS[row] = function
        return function

    return keep


@breaks("FD-CHK-01")
def _a_subnet_is_missing(estate: Estate) -> None:
    del estate.state["aws_subnet.s3"]


@breaks("FD-CHK-02")
def _a_group_was_opened_by_hand(estate: Estate) -> None:
    let_in(estate.client, estate.state["aws_security_group.g2"]["id"], 22)


@breaks("FD-CHK-03")
def _the_certificate_is_not_issued(estate: Estate) -> LiveStack:
    return estate.live(certificate="PENDING_VALIDATION")


@breaks("FD-CHK-04")
def _the_database_does_not_run(estate: Estate) -> LiveStack:
    return estate.live(database="stopped")


@breaks("FD-CHK-06")
def _the_repository_is_gone(estate: Estate) -> None:
    estate.client("ecr").delete_repository(repositoryName=estate.name)


@breaks("FD-CHK-08")
def _the_workflow_is_broken(estate: Estate) -> None:
    estate.shop.project.write(".github/workflows/deploy.yml", "on: push\njobs: {}\n")


@breaks("FD-CHK-09")
def _a_secret_lacks_a_key(estate: Estate) -> None:
    name = estate.state["aws_secretsmanager_secret.jwt"]["name"]
    estate.client("secretsmanager").put_secret_value(SecretId=name, SecretString='{"other": "x"}')


@breaks("FD-CHK-10")
def _a_role_is_gone(estate: Estate) -> None:
    estate.client("iam").delete_role(RoleName=estate.name)


@breaks("FD-CHK-11")
def _the_dashboard_is_gone(estate: Estate) -> None:
    estate.client("cloudwatch").delete_dashboards(DashboardNames=[estate.name])


@breaks("FD-CHK-12")
def _an_alarm_is_silent(estate: Estate) -> None:
    estate.client("cloudwatch").disable_alarm_actions(AlarmNames=[f"{estate.name}-8"])


@breaks("FD-CHK-13")
def _the_name_leads_elsewhere(estate: Estate) -> LiveStack:
    return estate.live(alias="d2")


@pytest.mark.requirement(*BREAKS)
@pytest.mark.parametrize("row", BREAKS)
def test_what_is_not_as_the_document_wants_it_is_not_ticked(estate: Estate, row: str) -> None:
    live = BREAKS[row](estate)

    assert estate.open_rows(live) == sorted({*MANUAL, row})


@pytest.mark.requirement("FD-CHK-14", "FD-CHK-15")
def test_a_health_check_that_fails_unticks_it_and_the_smoke_test(estate: Estate) -> None:
    estate.server.answers["GET /api/health"] = (503, {})

    assert estate.open_rows() == sorted({*MANUAL, "FD-CHK-14", "FD-CHK-15"})


def test_no_value_of_a_secret_is_told(estate: Estate) -> None:
    live = estate.live()
    wanted = read_checklist(live.session.workspace, "shop", CHECKLIST)

    found = list(walk(live, wanted, Confirmations.of(live.session, live.stack), Given(estate.server.url)))

    assert "not-shown-anywhere" not in str(found)
