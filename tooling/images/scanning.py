"""What ECR's scan of an image found."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from tooling.images.registry import Image, Repository
    from tooling.live import LiveStack

#: The gravest first. https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-basic.html
SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED", "UNTRIAGED")
_WHY = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-troubleshooting.html"
_UNDER_WAY = ("IN_PROGRESS", "PENDING")
_DONE = ("COMPLETE", "ACTIVE")
_POLL_SECONDS = 5.0
_POLLS = 60


@dataclass(frozen=True)
class Vulnerability:
    """One finding.

    Attributes:
        name: As in ``CVE-2025-1234``.
        severity: In ECR's words.
        package: What it is in, with its version; empty where ECR does not say.
        more: Where one reads on.
    """

    name: str
    severity: str
    package: str
    more: str


@dataclass(frozen=True)
class ScanReport:
    """Findings of one image.

    Attributes:
        image: Which.
        counts: How many there are, by severity, the gravest first.
        found: Each, the gravest first.
    """

    image: Image
    counts: dict[str, int]
    found: tuple[Vulnerability, ...]

    def at_least(self, severity: str) -> int:
        """How many are of this severity or graver."""
        graver = SEVERITIES[: SEVERITIES.index(severity) + 1]
        return sum(self.counts.get(one, 0) for one in graver)


def scan_report(
    live: LiveStack,
    repository: Repository,
    image: Image,
    *,
    start: bool = False,
    sleep: Callable[[float], object] = time.sleep,
) -> ScanReport:
    """What the scan of an image found; waits for one that is under way.

    Args:
        live: The stack.
        repository: Where the image is.
        image: Which.
        start: Have it scanned where it was not yet.
        sleep: Waits.

    Raises:
        ToolError: It was never scanned, cannot be, or takes longer than five minutes.
    """
    from botocore.exceptions import ClientError

    client = live.client("ecr", repository.region)
    asked = {
        "registryId": repository.account,
        "repositoryName": repository.name,
        "imageId": {"imageDigest": image.digest},
    }
    with live.asking(f"the scan of {repository.name}"):
        try:
            answer = client.describe_image_scan_findings(**asked)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ScanNotFoundException":
                raise
            if not start:
                raise _unscanned(repository, image) from error
            client.start_image_scan(**asked)
            answer = client.describe_image_scan_findings(**asked)
        for _ in range(_POLLS):
            if answer["imageScanStatus"]["status"] not in _UNDER_WAY:
                break
            sleep(_POLL_SECONDS)
            answer = client.describe_image_scan_findings(**asked)
        status = answer["imageScanStatus"]
        if status["status"] not in _DONE:
            what = f"the scan is {status['status']}: {status.get('description', 'no reason was given')}"
            hint = "ask again in a few minutes" if status["status"] in _UNDER_WAY else _WHY
            raise ToolError(what, where=f"{repository.url}@{image.digest}", hint=hint, exit_code=Exit.FAILED)
        pages = client.get_paginator("describe_image_scan_findings").paginate(**asked)
        found = [_vulnerability(one) for page in pages for one in _findings(page.get("imageScanFindings", {}))]
    counts = {one: sum(other.severity == one for other in found) for one in SEVERITIES}
    ranked = sorted(found, key=lambda one: (SEVERITIES.index(one.severity), one.name))
    return ScanReport(image, {one: count for one, count in counts.items() if count}, tuple(ranked))


def _unscanned(repository: Repository, image: Image) -> ToolError:
    return ToolError("was never scanned", where=f"{repository.url}@{image.digest}", hint="have it scanned now: --start")


def _findings(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [*answer.get("findings", ()), *answer.get("enhancedFindings", ())]


def _vulnerability(answer: dict[str, Any]) -> Vulnerability:
    """Both kinds of scan: ECR's own, and Inspector's, which tells more."""
    severity = str(answer.get("severity", "UNDEFINED"))
    if "packageVulnerabilityDetails" in answer:
        details = answer["packageVulnerabilityDetails"]
        packages = [f"{one.get('name')} {one.get('version')}" for one in details.get("vulnerablePackages", ())]
        name, more = str(details.get("vulnerabilityId", answer.get("title"))), str(details.get("sourceUrl", ""))
    else:
        told = {one["key"]: one.get("value", "") for one in answer.get("attributes", ())}
        packages = [f"{told.get('package_name', '')} {told.get('package_version', '')}".strip()]
        name, more = str(answer.get("name", "")), str(answer.get("uri", ""))
    known = severity if severity in SEVERITIES else "UNDEFINED"
    return Vulnerability(name, known, ", ".join(filter(None, packages)), more)
