"""Receipts and approvals lie beside the states of an environment, in its state bucket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError
from tooling.state import missing_bucket

if TYPE_CHECKING:
    from tooling.environment.config import EnvironmentConfig
    from tooling.target import Target


@dataclass(frozen=True)
class Entry:
    """An object of the bucket as a listing shows it.

    Attributes:
        tag: S3's ETag: another content has another.
        written: When, by the clock of S3.
    """

    key: str
    tag: str
    written: datetime


@dataclass(frozen=True)
class Listing:
    """Objects of the bucket, and of a listing that is not deep the folders beside them."""

    objects: tuple[Entry, ...]
    folders: tuple[str, ...]


@dataclass(frozen=True)
class Store:
    """The state bucket of one environment.

    Attributes:
        target: With whose credentials it is asked.
        bucket, region: Where it is.
        env: The environment, for messages.
    """

    target: Target
    bucket: str
    region: str
    env: str

    def place(self, key: str) -> str:
        return f"s3://{self.bucket}/{key}"

    def put(self, key: str, content: bytes) -> None:
        """Write an object.

        Raises:
            ToolError: S3 refuses or does not answer.
        """
        with self._asking(key):
            self._client.put_object(Bucket=self.bucket, Key=key, Body=content, ContentType="application/json")

    def get(self, key: str) -> bytes:
        """Read an object.

        Raises:
            ToolError: It is not there, or S3 refuses or does not answer.
        """
        with self._asking(key):
            return bytes(self._client.get_object(Bucket=self.bucket, Key=key)["Body"].read())

    def delete(self, key: str) -> None:
        """Take an object away; one that is not there is none the less gone.

        Raises:
            ToolError: S3 refuses or does not answer.
        """
        with self._asking(key):
            self._client.delete_object(Bucket=self.bucket, Key=key)

    def listed(self, prefix: str, *, deep: bool = True) -> Listing:
        """What lies below ``prefix``, in one listing, of a bucket that has to be the account's own.

        Args:
            prefix: How the keys begin.
            deep: Also what is further down. Default: True. False: the folders there are named instead.

        Raises:
            ToolError: S3 refuses or does not answer.
        """
        further = {} if deep else {"Delimiter": "/"}
        objects, folders = [], []
        with self._asking(prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=prefix, ExpectedBucketOwner=self.target.account_id, **further
            )
            for page in pages:
                objects += [
                    Entry(one["Key"], str(one["ETag"]), one["LastModified"]) for one in page.get("Contents", ())
                ]
                folders += [one["Prefix"] for one in page.get("CommonPrefixes", ())]
        return Listing(tuple(objects), tuple(folders))

    def keys(self, prefix: str) -> tuple[str, ...]:
        """Every key below ``prefix``, sorted.

        Raises:
            ToolError: S3 refuses or does not answer.
        """
        with self._asking(prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
            return tuple(sorted(entry["Key"] for page in pages for entry in page.get("Contents", [])))

    @cached_property
    def _client(self) -> Any:
        return self.target.client("s3", self.region)

    @contextmanager
    def _asking(self, key: str) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "NoSuchBucket":
                raise missing_bucket(self.bucket, self.env) from error
            raise ToolError(f"{error.operation_name} was refused ({code})", where=self.place(key)) from error
        except BotoCoreError as error:
            raise ToolError(f"no answer from S3: {error}", where=self.place(key)) from error


def store_of(target: Target, env: str, config: EnvironmentConfig) -> Store:
    """The state bucket of an environment, asked with the credentials of ``target``."""
    return Store(target, config.state.bucket, config.state.region, env)
