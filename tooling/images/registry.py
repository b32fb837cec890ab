"""The image repository of an applied stack, and what is in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from tooling.live import LiveStack

_URL = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/([a-z0-9._/-]+)")
_NEWEST = "latest"


@dataclass(frozen=True)
class Repository:
    """One image repository.

    Attributes:
        account, region, name: Where it is.
    """

    account: str
    region: str
    name: str

    @property
    def url(self) -> str:
        return f"{self.account}.dkr.ecr.{self.region}.amazonaws.com/{self.name}"

    @property
    def newest_parameter(self) -> str:
        """Name of the SSM parameter that tells the newest image."""
        return f"/images/{self.name}/{_NEWEST}"


@dataclass(frozen=True)
class Image:
    """One image of a repository.

    Attributes:
        digest: What it is for good.
        tags: Its names.
        pushed: When.
        size: Bytes, compressed.
    """

    digest: str
    tags: tuple[str, ...]
    pushed: datetime
    size: int


def find_repository(live: LiveStack, name: str = "") -> Repository:
    """The image repository of a stack: one that it made, or one that its outputs name.

    Args:
        live: The stack.
        name: Which, where there are several.

    Raises:
        ToolError: Exit 2: there is none, or more than one to choose from.
    """
    urls = [str(one.attributes.get("repository_url") or "") for one in live.of("aws_ecr_repository")]
    urls += [value for value in live.outputs.values() if isinstance(value, str)]
    found = {Repository(*match.groups()) for match in map(_URL.fullmatch, urls) if match}
    chosen = [one for one in sorted(found, key=lambda one: one.url) if name in ("", one.name)]
    if len(chosen) != 1:
        there = ", ".join(sorted(one.name for one in found))
        raise ToolError(
            f"{len(chosen) or 'no'} image {'repositories' if chosen else 'repository'}{f' {name}' if name else ''}",
            where=live.stack.name,
            hint=f"name one with --repository: {there}" if there else "only stacks that run containers have one",
            exit_code=Exit.USAGE,
        )
    return chosen[0]


def images(live: LiveStack, repository: Repository) -> tuple[Image, ...]:
    """Every image that has a tag, the newest first.

    Raises:
        ToolError: ECR refuses, or the repository is gone.
    """
    client = live.client("ecr", repository.region)
    with live.asking(f"the images of {repository.name}"):
        pages = client.get_paginator("describe_images").paginate(
            repositoryName=repository.name, registryId=repository.account, filter={"tagStatus": "TAGGED"}
        )
        found = [_image(one) for page in pages for one in page["imageDetails"]]
    return tuple(sorted(found, key=lambda image: image.pushed, reverse=True))


def newest(live: LiveStack, repository: Repository) -> Image:
    """The image that was pushed last.

    Raises:
        ToolError: There is none.
    """
    for image in images(live, repository):
        return image
    raise ToolError(
        "holds no image",
        where=repository.url,
        hint=f"push one: groundplan image push --env {live.stack.env} --stack {live.stack.architecture}",
    )


def image_of(live: LiveStack, repository: Repository, tag: str) -> Image | None:
    """The image of a tag; None: there is none."""
    return next((one for one in images(live, repository) if tag in one.tags), None)


def told_as_newest(live: LiveStack, repository: Repository) -> str:
    """What the SSM parameter says is the newest image; empty where nobody wrote it yet."""
    client = live.client("ssm", repository.region)
    with live.asking(f"the parameter {repository.newest_parameter}"):
        found = client.get_parameters(Names=[repository.newest_parameter])["Parameters"]
    return str(found[0]["Value"]) if found else ""


def tell_newest(live: LiveStack, repository: Repository, image: Image) -> None:
    """Write an image, by its digest, into the SSM parameter."""
    client = live.client("ssm", repository.region)
    with live.asking(f"the parameter {repository.newest_parameter}"):
        client.put_parameter(
            Name=repository.newest_parameter,
            Value=f"{repository.url}@{image.digest}",
            Type="String",
            Overwrite=True,
            Description="The newest image, written by groundplan image latest --publish",
        )


def _image(answer: dict[str, Any]) -> Image:
    return Image(
        answer["imageDigest"],
        tuple(sorted(answer.get("imageTags") or ())),
        answer["imagePushedAt"].astimezone(UTC),
        int(answer.get("imageSizeInBytes") or 0),
    )
