"""Promises of names: records lead where they were told."""

from __future__ import annotations

import pytest

from tests.unit.promises.conftest import Client, Shop
from tests.unit.promises.test_serving import Answers, status_of


def test_a_record_leads_where_it_was_told(client: Client, shop: Shop, name: str) -> None:
    route53 = client("route53")
    domain = f"{name}.example.com"
    zone = route53.create_hosted_zone(Name=domain, CallerReference=name)["HostedZone"]["Id"].rpartition("/")[2]
    record = {"zone_id": zone, "name": f"www.{domain}", "fqdn": f"www.{domain}", "type": "CNAME"}
    state = {"aws_route53_record.www": {**record, "records": ["d1.cloudfront.net"]}}
    assert shop.asked("record-leads", state).saw == f"there is no CNAME of www.{domain}"

    for value, status in (("d1.cloudfront.net", "ok"), ("elsewhere.example.com", "failed")):
        entry = {"Name": f"www.{domain}", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": value}]}
        change = {"Action": "UPSERT", "ResourceRecordSet": entry}
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})
        assert shop.asked("record-leads", state).status == status


@pytest.mark.parametrize(
    ("in_state", "answer", "status"),
    [
        ("v=spf1 include:Example.com -all", '"v=spf1 include:Example.com -all"', "ok"),
        (r"p=AB\"\"CD", '"p=AB" "CD"', "ok"),
        ("p=AB", '"p=ab"', "failed"),
    ],
)
def test_a_text_is_compared_without_its_quotes_and_with_its_case(
    shop: Shop, in_state: str, answer: str, status: str
) -> None:
    record = {"zone_id": "Z1", "name": "shop.example.com", "fqdn": "shop.example.com", "type": "TXT"}
    live = shop.live({"aws_route53_record.text": {**record, "records": [in_state]}})
    told = {"Name": "shop.example.com.", "Type": "TXT", "ResourceRecords": [{"Value": answer}]}
    live._clients[("route53", None)] = Answers(list_resource_record_sets={"ResourceRecordSets": [told]})

    assert status_of(live, "record-leads")[0] == status


@pytest.mark.parametrize(("identifier", "status"), [("primary", "ok"), ("secondary", "failed")])
def test_of_several_records_of_a_name_each_is_compared_with_its_own(shop: Shop, identifier: str, status: str) -> None:
    record = {"zone_id": "Z1", "name": "shop.example.com", "fqdn": "shop.example.com", "type": "CNAME"}
    state = {"aws_route53_record.one": {**record, "records": ["a.example.com"], "set_identifier": identifier}}
    live = shop.live(state)
    told = [
        {"Name": "shop.example.com.", "Type": "CNAME", "SetIdentifier": which, "ResourceRecords": [{"Value": value}]}
        for which, value in (("primary", "a.example.com"), ("secondary", "b.example.com"))
    ]
    live._clients[("route53", None)] = Answers(list_resource_record_sets={"ResourceRecordSets": told})

    assert status_of(live, "record-leads")[0] == status
