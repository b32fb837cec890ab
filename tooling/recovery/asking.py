"""How lookups ask AWS: what is not there is no error, and what AWS tells is compared with what was planned."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

_ABSENT = re.compile(r"NotFound|NoSuch|Non[Ee]xistent|(DoesNot|Not)Exist|^404$")
# Terraform's unique names: a prefix, the UTC time to a ten thousandth of a second, and a counter in hexadecimal.
# https://github.com/hashicorp/terraform-plugin-sdk/blob/main/helper/id/id.go
_UNIQUE = re.compile(r"(\d{14})(\d{4})[0-9a-f]{8}")
_UNIQUE_LENGTH = 26


def answer(operation: Callable[..., Any], **asked: Any) -> Mapping[str, Any] | None:
    """What AWS answers; None where it says that there is no such thing.

    Raises:
        ClientError: It refuses for another reason.
    """
    from botocore.exceptions import ClientError

    try:
        told: Mapping[str, Any] = operation(**asked)
    except ClientError as error:
        if _says_absent(error):
            return None
        raise
    return told


def each(
    client: Any, operation: str, member: str, *, token: tuple[str, str] | None = None, **asked: Any
) -> Iterator[Any]:
    """Every item of a list, whatever number of pages it has; none where what it belongs to is not there.

    Args:
        client: A boto3 client.
        operation: As the client's method is called.
        member: Where the items are in an answer, as ``DistributionList.Items``.
        token: For an operation that botocore has no paginator of: the parameter that asks for the next page, and
            where its value is in an answer.
        asked: The parameters.

    Raises:
        ClientError: AWS refuses for another reason than that something is not there.
    """
    from botocore.exceptions import ClientError

    pages = _pages(client, operation, token, asked) if token else client.get_paginator(operation).paginate(**asked)
    try:
        for page in pages:
            yield from _member(page, member) or ()
    except ClientError as error:
        if not _says_absent(error):
            raise


def _pages(client: Any, operation: str, token: tuple[str, str], asked: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
    parameter, place = token
    while True:
        page = getattr(client, operation)(**asked)
        yield page
        following = _member(page, place)
        if not following:
            return
        asked = {**asked, parameter: following}


def _member(page: Any, path: str) -> Any:
    for name in path.split("."):
        page = page.get(name) or {}
    return page


def _says_absent(error: Any) -> bool:
    told = error.response["Error"]
    # CloudFormation has no code of its own for it.
    return bool(_ABSENT.search(told["Code"])) or (
        told["Code"] == "ValidationError" and "does not exist" in told.get("Message", "")
    )


def fits(planned: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Whether nothing that was planned is otherwise; what was left open or empty fits all."""
    return all(planned.get(name) in (None, "", [], told_value) for name, told_value in told.items())


def named_at(unique: str) -> datetime | None:
    """When Terraform made a unique name, as that in a caller reference; None: somebody else made it."""
    parts = _UNIQUE.fullmatch(unique[-_UNIQUE_LENGTH:])
    if parts is None:
        return None
    try:
        whole = datetime.strptime(parts[1], "%Y%m%d%H%M%S")
    except ValueError:
        return None
    return whole.replace(microsecond=int(parts[2]) * 100, tzinfo=UTC)


def at_milliseconds(told: int | None) -> datetime | None:
    """A time that is told as milliseconds since 1970."""
    return None if told is None else datetime.fromtimestamp(told / 1000, UTC)
