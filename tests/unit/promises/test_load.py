"""`groundplan load`: bounded, on this machine unless somebody says that the target is theirs."""

from __future__ import annotations

import json

import pytest

from tests.support.in_process import run_here
from tests.unit.promises.conftest import Shop
from tests.unit.promises.web_server import WebServer
from tooling.errors import ToolError
from tooling.loading import LoadPlan, check_load, percentile, run_load
from tooling.web import is_here


@pytest.mark.requirement("SM-TST-04", "FD-SCL-03", "SM-AC-11")
@pytest.mark.parametrize(("p95_ms", "code"), [("200", 0), ("5", 1)])
def test_a_load_reports_p95_and_fails_above_the_limit(shop: Shop, server: WebServer, p95_ms: str, code: int) -> None:
    server.answers["GET /health"] = (200, {})
    server.pause_seconds = 0.02
    url = f"{server.url}/health"

    answer = run_here(
        shop.project,
        "load",
        "--stack",
        "shop",
        "--url",
        url,
        "--duration",
        "1",
        "--rps",
        "20",
        "--p95-ms",
        p95_ms,
        "--json",
    )

    assert answer.code == code, answer.said
    found = json.loads(answer.out)
    assert (found["requests"], found["errors"], found["statuses"]) == (20, 0, {"200": 20})
    assert 20 <= found["p50_ms"] <= found["p95_ms"] <= found["max_ms"]
    assert len(server.asked) == 20
    assert {each.method for each in server.asked} == {"GET"}


@pytest.mark.requirement("FD-SCL-03")
def test_errors_fail_a_load_however_fast_they_come(server: WebServer) -> None:
    server.otherwise = (503, {})

    result = run_load(LoadPlan(server.url, rps=10, seconds=1))

    assert (result.requests, result.errors, dict(result.statuses)) == (10, 10, {503: 10})


def test_a_server_that_answers_nobody_is_told_of(server: WebServer) -> None:
    url = server.url
    server.close()

    result = run_load(LoadPlan(url, rps=5, seconds=1))

    assert (dict(result.statuses), result.rps) == ({0: 5}, 0)


def test_requests_go_out_by_the_clock(server: WebServer) -> None:
    server.answers["GET /"] = (200, {})

    result = run_load(LoadPlan(f"{server.url}/", rps=20, seconds=1))

    assert 0.9 < result.seconds < 3


@pytest.mark.requirement("SM-TST-04")
@pytest.mark.parametrize(
    ("url", "rps", "seconds", "message"),
    [
        ("https://shop.example.com/", 10, 10, "is not this machine"),
        ("http://10.0.0.1/", 10, 10, "is not this machine"),
        ("http://127.0.0.1:1/", 501, 10, "more than this sends"),
        ("http://127.0.0.1:1/", 10, 601, "more than this sends"),
        ("http://127.0.0.1:1/", 500, 600, "more than this sends"),
        ("file:///etc/passwd", 10, 10, "no address to ask"),
    ],
)
def test_rejects_a_load_without_bounds_or_on_somebody_elses_machine(
    url: str, rps: int, seconds: int, message: str
) -> None:
    with pytest.raises(ToolError, match=message) as caught:
        check_load(LoadPlan(url, rps, seconds), owned=False)

    assert caught.value.exit_code == 2


def test_a_target_of_ones_own_may_be_elsewhere() -> None:
    check_load(LoadPlan("https://shop.example.com/", 10, 10), owned=True)

    assert not is_here("https://shop.example.com/")
    assert is_here("https://localhost:3000/")


@pytest.mark.parametrize(("share", "value"), [(50, 10.0), (95, 19.0), (99, 20.0), (100, 20.0)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: float) -> None:
    assert percentile([float(number) for number in range(1, 21)], share) == value


def test_a_load_on_a_server_that_stalls_ends_all_the_same(server: WebServer) -> None:
    server.pause_seconds = 4.0

    # WHEN four connections wait two and a half seconds each for what never comes in time
    result = run_load(LoadPlan(server.url, rps=4, seconds=6), wait_seconds=2.5)

    # THEN what was due long before there was a connection for it is not sent any more
    assert (result.requests, dict(result.statuses)) == (24, {0: 24})
    assert 8 <= len(server.asked) < 24


def test_a_load_that_the_user_ends_sends_nothing_more(server: WebServer) -> None:
    server.answers["GET /"] = (200, {})

    def interrupt(sent: int) -> None:
        if sent:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_load(LoadPlan(f"{server.url}/", rps=10, seconds=60), said=interrupt)

    assert len(server.asked) == 10


@pytest.mark.parametrize(
    "args", [["--env", "nowhere"], ["--stack", "nothing"], ["--rps", "0"], ["--duration", "0"], ["--p95-ms", "0"]]
)
def test_rejects_what_no_load_can_be_sent_with(shop: Shop, server: WebServer, args: list[str]) -> None:
    answer = run_here(shop.project, "load", "--stack", "shop", "--url", server.url, *args)

    assert answer.code == 2, answer.said
    assert server.asked == []
