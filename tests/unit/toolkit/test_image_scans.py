"""What a scan of ECR says, in each state that it can be in and of both kinds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.toolkit.conftest import Applied
from tooling.errors import ToolError
from tooling.images.registry import Image, Repository
from tooling.images.scanning import ScanReport, scan_report
from tooling.live import LiveStack, live_stack
from tooling.session import open_session
from tooling.workspace import Workspace

IMAGE = Image("sha256:one", ("v1.0.0",), datetime(2026, 11, 21, tzinfo=UTC), 1)
REPOSITORY = Repository("123456789012", "us-east-1", "shop/app")
BASIC = {
    "name": "CVE-2026-1",
    "severity": "MEDIUM",
    "uri": "https://example.com/CVE-2026-1",
    "attributes": [{"key": "package_name", "value": "zlib"}, {"key": "package_version", "value": "1.3"}],
}
# As Inspector tells it.
ENHANCED = {
    "severity": "CRITICAL",
    "title": "CVE-2026-2 - node",
    "packageVulnerabilityDetails": {
        "vulnerabilityId": "CVE-2026-2",
        "sourceUrl": "https://example.com/CVE-2026-2",
        "vulnerablePackages": [{"name": "node", "version": "22.1"}, {"name": "npm", "version": "10"}],
    },
}


@dataclass
class Ecr:
    """ECR, which says of a scan one state after the other, and at its end the findings, a page each."""

    states: list[str]
    pages: list[dict[str, Any]] = field(default_factory=list)
    started: int = 0

    def describe_image_scan_findings(self, **_asked: Any) -> dict[str, Any]:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if state == "none":
            told = {"Error": {"Code": "ScanNotFoundException", "Message": "never"}}
            raise ClientError(told, "DescribeImageScanFindings")
        return {"imageScanStatus": {"status": state, "description": f"it is {state}"}}

    def start_image_scan(self, **_asked: Any) -> None:
        self.started += 1

    def get_paginator(self, operation: str) -> Ecr:
        assert operation == "describe_image_scan_findings"
        return self

    def paginate(self, **_asked: Any) -> Iterator[dict[str, Any]]:
        return ({"imageScanFindings": page} if page else {} for page in self.pages)


@dataclass(frozen=True)
class Scanned(LiveStack):
    """A stack whose images are scanned by the test's own ECR."""

    ecr: Ecr

    def client(self, service: str, region: str | None = None) -> Any:
        assert (service, region) == ("ecr", REPOSITORY.region)
        return self.ecr


@dataclass
class Scans:
    """Asks for a report, and notes how often it waited."""

    live: LiveStack
    waited: list[float] = field(default_factory=list)

    def report(self, ecr: Ecr, *, start: bool = False) -> ScanReport:
        stack = Scanned(self.live.session, self.live.stack, self.live.state, ecr)
        return scan_report(stack, REPOSITORY, IMAGE, start=start, sleep=self.waited.append)


@pytest.fixture
def scans(applied: Applied) -> Scans:
    session = open_session(Workspace(applied("doomscroll", {}).root), "local", ["doomscroll"])
    return Scans(live_stack(session, session.stack))


@pytest.mark.requirement("FD-SEC-08")
def test_findings_of_both_kinds_and_all_pages_are_told_the_gravest_first(scans: Scans) -> None:
    strange = {**BASIC, "name": "CVE-2026-3", "severity": "ODD"}
    pages: list[dict[str, Any]] = [{"findings": [BASIC, strange]}, {}, {"enhancedFindings": [ENHANCED]}]

    report = scans.report(Ecr(["ACTIVE"], pages))

    assert list(report.counts.items()) == [("CRITICAL", 1), ("MEDIUM", 1), ("UNDEFINED", 1)]
    assert [(one.name, one.package, one.more) for one in report.found[:2]] == [
        ("CVE-2026-2", "node 22.1, npm 10", "https://example.com/CVE-2026-2"),
        ("CVE-2026-1", "zlib 1.3", "https://example.com/CVE-2026-1"),
    ]
    assert [report.at_least(one) for one in ("CRITICAL", "HIGH", "MEDIUM", "LOW")] == [1, 1, 2, 2]


def test_a_scan_under_way_is_waited_for(scans: Scans) -> None:
    report = scans.report(Ecr(["none", "PENDING", "IN_PROGRESS", "COMPLETE"], [{"findings": [BASIC]}]), start=True)

    assert report.counts == {"MEDIUM": 1}
    assert len(scans.waited) == 2


@pytest.mark.parametrize(
    ("state", "says", "hint"),
    [
        ("FAILED", "the scan is FAILED: it is FAILED", "image-scanning-troubleshooting"),
        ("UNSUPPORTED_IMAGE", "the scan is UNSUPPORTED_IMAGE", "image-scanning-troubleshooting"),
        ("IN_PROGRESS", "the scan is IN_PROGRESS", "ask again in a few minutes"),
    ],
)
def test_a_scan_without_a_result_is_no_clean_image(scans: Scans, state: str, says: str, hint: str) -> None:
    with pytest.raises(ToolError, match=says) as failed:
        scans.report(Ecr([state]))

    assert hint in str(failed.value.hint)
    assert sum(scans.waited) <= 300


def test_an_image_is_scanned_only_where_it_was_not_and_that_was_asked_for(scans: Scans) -> None:
    never, once = Ecr(["none"]), Ecr(["COMPLETE"], [{}])

    with pytest.raises(ToolError, match="was never scanned"):
        scans.report(never)

    assert scans.report(once, start=True).counts == {}
    assert (never.started, once.started) == (0, 0)
