"""Service Quotas: those of SES, and what doctor looks at of others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]

DAILY = {"ServiceCode": "ses", "QuotaCode": "L-804C8AE8"}
RATE = {"ServiceCode": "ses", "QuotaCode": "L-CDEF9B6B"}


@pytest.fixture
def quotas(client: Client) -> Any:
    # A region where no other test asks for anything: what is granted stays.
    return client("service-quotas", region="ap-south-1")


def test_quota_is_the_default_until_more_is_granted(quotas: Any) -> None:
    before = quotas.get_service_quota(**DAILY)["Quota"]

    asked = quotas.request_service_quota_increase(**DAILY, DesiredValue=50000)["RequestedQuota"]

    assert (before["Value"], before["QuotaName"], before["Adjustable"]) == (200, "Sending quota", True)
    assert quotas.get_service_quota(**DAILY)["Quota"]["Value"] == 50000
    assert quotas.get_aws_default_service_quota(**DAILY)["Quota"]["Value"] == 200
    request = quotas.get_requested_service_quota_change(RequestId=asked["Id"])["RequestedQuota"]
    assert (request["Status"], request["DesiredValue"]) == ("APPROVED", 50000)


def test_quota_never_shrinks(quotas: Any) -> None:
    quotas.request_service_quota_increase(**RATE, DesiredValue=14)

    with pytest.raises(quotas.exceptions.IllegalArgumentException, match="greater"):
        quotas.request_service_quota_increase(**RATE, DesiredValue=13)
    assert quotas.get_service_quota(**RATE)["Quota"]["Value"] == 14


def test_default_of_a_quota_that_moto_knows(quotas: Any) -> None:
    (first, *_) = quotas.list_aws_default_service_quotas(ServiceCode="vpc")["Quotas"]

    read = quotas.get_aws_default_service_quota(ServiceCode="vpc", QuotaCode=first["QuotaCode"])["Quota"]

    assert read == first
    assert quotas.get_service_quota(ServiceCode="vpc", QuotaCode=first["QuotaCode"])["Quota"] == first


@pytest.mark.parametrize(("service", "quota"), [("ses", "L-00000000"), ("nosuch", "L-804C8AE8")])
def test_quota_that_nobody_knows_is_refused(quotas: Any, service: str, quota: str) -> None:
    for ask in (quotas.get_service_quota, quotas.get_aws_default_service_quota):
        with pytest.raises(quotas.exceptions.NoSuchResourceException):
            ask(ServiceCode=service, QuotaCode=quota)
    with pytest.raises(quotas.exceptions.NoSuchResourceException):
        quotas.request_service_quota_increase(ServiceCode=service, QuotaCode=quota, DesiredValue=10**6)


def test_request_that_nobody_made_is_refused(quotas: Any) -> None:
    with pytest.raises(quotas.exceptions.NoSuchResourceException):
        quotas.get_requested_service_quota_change(RequestId="nosuch")


def test_quotas_of_other_services_are_listed_with_what_a_new_account_has(quotas: Any) -> None:
    def listed(service: str) -> dict[str, float]:
        return {one["QuotaCode"]: one["Value"] for one in quotas.list_service_quotas(ServiceCode=service)["Quotas"]}

    assert listed("lambda") == {"L-B99A9384": 1000}
    assert listed("cognito-idp") == {"L-66E6DF30": 1000}
    assert quotas.get_service_quota(ServiceCode="lambda", QuotaCode="L-B99A9384")["Quota"]["Value"] == 1000
    # Those of VPCs are moto's.
    assert "L-F678F1CE" in listed("vpc")


def test_a_quota_that_aws_raises_for_nobody_is_not_raised(quotas: Any) -> None:
    apis = {"ServiceCode": "apigateway", "QuotaCode": "L-AA0FF27B"}

    with pytest.raises(quotas.exceptions.IllegalArgumentException, match="cannot be raised"):
        quotas.request_service_quota_increase(**apis, DesiredValue=601)
    (default,) = quotas.list_aws_default_service_quotas(ServiceCode="apigateway")["Quotas"]
    assert (default["Value"], default["Adjustable"]) == (600, False)
