"""`groundplan smoke`: what is applied is asked from outside, on a server of loopback."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.in_process import run_here
from tests.support.project import Answer
from tests.unit.promises.conftest import Client, Shop, http_api
from tests.unit.promises.web_server import Asked, WebServer
from tooling.smoke import (
    Storage,
    health_places,
    site_addresses,
    try_storage,
)

PUBLIC, CLOSED = "GET /public/b/test-batch-id", "GET /batches"
BALANCER: dict[str, dict[str, Any]] = {
    "aws_lb.load_balancer": {"dns_name": "lb.elb.amazonaws.com"},
    "aws_lb_target_group.targets": {"arn": "arn:targets", "health_check": [{"path": "/api/health"}]},
}
DISTRIBUTION: dict[str, Any] = {
    "aliases": ["shop.example.com", "www.shop.example.com"],
    "domain_name": "d1.cloudfront.net",
    "origin": [
        {"origin_id": "assets", "domain_name": "assets.s3.us-east-1.amazonaws.com", "origin_path": ""},
        {"origin_id": "app", "domain_name": "origin.shop.example.com", "origin_path": ""},
    ],
}
RECORD = {"fqdn": "origin.shop.example.com", "alias": [{"name": "lb.elb.amazonaws.com"}]}


def smoke(shop: Shop, *args: str) -> Answer:
    return run_here(shop.project, "smoke", *args)


@pytest.mark.requirement("FD-CI-08", "FD-CHK-14")
@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_of_the_load_balancer_has_to_answer_200(
    shop: Shop, server: WebServer, status: int, code: int
) -> None:
    shop.holds(BALANCER)
    server.answers["GET /api/health"] = (status, {"status": "?"})

    answer = smoke(shop, "--url", server.url)

    assert answer.code == code, answer.said
    assert f"GET {server.url}/api/health answers {status}" in answer.out
    assert ("the smoke test failed: health" in answer.err) is bool(code)


@pytest.mark.requirement("FD-CI-08")
def test_health_is_asked_the_way_that_visitors_come(shop: Shop) -> None:
    site = {**DISTRIBUTION, "default_cache_behavior": [{"target_origin_id": "app"}]}

    through_cloudfront = shop.live(
        {**BALANCER, "aws_cloudfront_distribution.site": site, "aws_route53_record.origin": RECORD}
    )
    by_name = shop.live({**BALANCER, "aws_route53_record.origin": RECORD})
    bare = shop.live(BALANCER)

    found = [health_places(each)[0].url for each in (through_cloudfront, by_name, bare)]
    assert found == [
        "https://shop.example.com/api/health",
        "https://origin.shop.example.com/api/health",
        "http://lb.elb.amazonaws.com/api/health",
    ]
    assert site_addresses(through_cloudfront) == ()


@pytest.mark.requirement("KF-TEST-03", "KF-NX-03")
@pytest.mark.parametrize(("closed", "code"), [(401, 0), (200, 1)])
def test_public_routes_answer_and_all_others_refuse(shop: Shop, server: WebServer, closed: int, code: int) -> None:
    shop.holds(http_api("https://elsewhere.example.com"))
    server.answers = {PUBLIC: (404, {"error": "no such batch"}), CLOSED: (closed, {})}

    answer = smoke(shop, "--url", server.url, "--json")

    assert answer.code == code, answer.said
    (found,) = json.loads(answer.out)
    assert [(one["name"], one["status"]) for one in found["findings"]] == [
        ("closed route GET /batches", "failed" if code else "ok"),
        ("public route GET /public/b/{id}", "ok"),
    ]


def test_a_smoke_test_that_asked_nothing_is_no_success(shop: Shop) -> None:
    shop.holds(http_api("https://elsewhere.example.com"))

    answer = smoke(shop)

    assert answer.code == 1
    assert "nothing was asked" in answer.err


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://example.com", "nowhere", "https://user:secret@example.com", "http://user:secret@example.com:port/"),
        *("http://:secret@example.com", "http://[user:secret@example.com", "http://example.com/ü", "http://a b/"),
    ],
)
def test_rejects_what_is_no_address_to_ask(shop: Shop, url: str) -> None:
    shop.holds(BALANCER)

    answer = smoke(shop, "--url", url)

    assert answer.code == 2
    assert "secret" not in answer.said


@pytest.fixture
def assets(client: Client, shop: Shop, name: str) -> str:
    """A versioned bucket that CloudFront shows."""
    client("s3").create_bucket(Bucket=name)
    client("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    origin = {"origin_id": "assets", "domain_name": f"{name}.s3.us-east-1.amazonaws.com", "origin_path": ""}
    site = {**DISTRIBUTION, "origin": [origin], "default_cache_behavior": [{"target_origin_id": "assets"}]}
    shop.holds({"aws_s3_bucket.assets": {"id": name}, "aws_cloudfront_distribution.site": site})
    return name


def shows(client: Client, bucket: str) -> Callable[[Asked], tuple[int, Any]]:
    def show(asked: Asked) -> tuple[int, Any]:
        return 200, client("s3").get_object(Bucket=bucket, Key=asked.path.lstrip("/"))["Body"].read()

    return show


@pytest.mark.requirement("SM-TST-08", "SM-AC-04")
def test_an_object_is_put_read_by_cloudfront_and_deleted_without_a_trace(
    client: Client, shop: Shop, server: WebServer, assets: str
) -> None:
    server.answers, server.otherwise = {"GET /": (200, {})}, shows(client, assets)

    answer = smoke(shop, "--storage", "--url", server.url, "--json")

    assert answer.code == 0, answer.said
    (found,) = json.loads(answer.out)
    assert [(one["name"], one["status"]) for one in found["findings"]] == [
        ("site", "ok"),
        ("put an object", "ok"),
        ("read from the bucket", "ok"),
        ("read by CloudFront", "ok"),
        ("delete it", "ok"),
    ]
    left = client("s3").list_object_versions(Bucket=assets)
    assert "Versions" not in left
    assert "DeleteMarkers" not in left


@pytest.mark.requirement("SM-TST-08")
@pytest.mark.parametrize(
    "shown", [(403, b"<Error>AccessDenied</Error>"), (200, b"<html>the page for everything</html>")]
)
def test_an_object_that_cloudfront_does_not_show_fails_and_is_deleted_all_the_same(
    client: Client, shop: Shop, server: WebServer, assets: str, shown: tuple[int, bytes]
) -> None:
    server.answers, server.otherwise = {"GET /": (200, {})}, shown

    answer = smoke(shop, "--storage", "--url", server.url)

    assert answer.code == 1
    assert "the smoke test failed: read by CloudFront" in answer.err
    assert "Versions" not in client("s3").list_object_versions(Bucket=assets)


def test_nothing_is_put_anywhere_before_somebody_said_yes(
    client: Client, shop: Shop, server: WebServer, assets: str
) -> None:
    settings = shop.project.root / "envs/local/env.toml"
    settings.write_text(settings.read_text().replace("confirm          = false", "confirm          = true"))
    server.answers, server.otherwise = {"GET /": (200, {})}, shows(client, assets)

    answer = shop.project.run("smoke", "--storage", "--url", server.url)

    assert answer.code == 2, answer.said
    assert "nobody is there to confirm one object" in answer.err
    assert [one for one in server.asked if one.path != "/"] == []


def test_nothing_is_asked_where_there_is_no_bucket_to_put_into(shop: Shop, server: WebServer) -> None:
    shop.holds(BALANCER)

    answer = smoke(shop, "--storage", "--yes", "--url", server.url)

    assert answer.code == 2
    assert "no bucket that objects are read from" in answer.err
    assert server.asked == []


class Undeletable:
    """A bucket that takes objects and lets nobody delete them."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put_object(self, *, Key: str, Body: bytes, **_: Any) -> None:
        self.objects[Key] = Body

    def get_object(self, *, Key: str, **_: Any) -> dict[str, Any]:
        return {"Body": io.BytesIO(self.objects[Key])}

    def get_paginator(self, call: str) -> Any:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, call)


def test_an_object_that_could_not_be_deleted_is_named(shop: Shop) -> None:
    live = shop.live({})
    bucket = Undeletable()
    live._clients[("s3", "us-east-1")] = bucket

    found = try_storage(live, Storage("assets", "us-east-1", ""))

    (key,) = bucket.objects
    assert (found[-1].name, found[-1].status) == ("delete it", "failed")
    assert found[-1].next == f"delete it by hand, every version of it: s3://assets/{key}"


def test_only_what_is_reached_from_outside_and_over_http_is_asked_for_its_health(shop: Shop) -> None:
    inside = {**BALANCER, "aws_lb.load_balancer": {"dns_name": "lb.elb.amazonaws.com", "internal": True}}
    tcp = {**BALANCER, "aws_lb_target_group.targets": {"arn": "arn:t", "health_check": [{"path": None}]}}
    every = {"fqdn": "*.shop.example.com", "alias": [{"name": "dualstack.LB.elb.amazonaws.com."}]}

    assert health_places(shop.live(inside)) == ()
    assert health_places(shop.live(tcp)) == ()
    # A name for everything is none to ask.
    (place,) = health_places(shop.live({**BALANCER, "aws_route53_record.every": every}))
    assert place.base == "http://lb.elb.amazonaws.com"
