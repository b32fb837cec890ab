"""Repositories of images: scanned as they come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.promises.promise import Answer, Promise, broken, kept, nested

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack


def scanned(live: LiveStack, repository: LiveResource) -> Answer:
    client = live.client("ecr", repository.region)
    found = client.describe_repositories(repositoryNames=[repository["name"]])["repositories"][0]
    on_push = found.get("imageScanningConfiguration", {}).get("scanOnPush", False)
    if nested(repository, "image_scanning_configuration", "scan_on_push") and not on_push:
        return broken("images are not scanned", means="known vulnerabilities in them are not reported")
    return kept(f"{found['repositoryUri']}, {'scanned on push' if on_push else 'not scanned, as set'}")


PROMISES = (Promise("repository-there", "image repositories are there", ("aws_ecr_repository",), scanned),)
