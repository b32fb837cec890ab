"""One object of a state bucket, written and deleted only if it still is what was read (S3's conditional writes).

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError
from tooling.state import missing_bucket

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.session import Session

_ABSENT = frozenset({"NoSuchKey", "NoSuchVersion", "404"})
# S3's words for "somebody was first": the object is there, is another by now, or is being written this moment.
_TAKEN = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409", "OperationAborted"})
# Metadata of an object travels as a header: ASCII only.
_NOTE = "groundplan"


@dataclass(frozen=True)
class Read:
    """What an object held when it was read.

    Attributes:
        content: All of it.
        tag: S3's ETag: another content has another.
        note: What its writer said of it.
    """

    content: bytes
    tag: str
    note: str = ""


@dataclass(frozen=True)
class Listed:
    """One version of an object, or the mark that it was deleted.

    Attributes:
        id: Of the version.
        written: When.
        size: Bytes.
        current: Whether it is what a reader gets.
        deleted: Whether it is such a mark.
    """

    id: str
    written: datetime
    size: int
    current: bool
    deleted: bool


@dataclass(frozen=True)
class BucketObject:
    """Where an object lies, and with whose credentials it is asked for.

    Attributes:
        client: boto3's, for S3.
        env: The environment, for messages.
    """

    client: Any
    bucket: str
    key: str
    env: str

    @property
    def place(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    def read(self, version: str = "") -> Read | None:
        """What it holds; None when it is not there.

        Args:
            version: Id of a version. Default: the current one.

        Raises:
            ToolError: S3 refuses or does not answer.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        which = {"VersionId": version} if version else {}
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=self.key, **which)
            content = bytes(answer["Body"].read())
            return Read(content, str(answer["ETag"]), str(answer.get("Metadata", {}).get(_NOTE, "")))
        except ClientError as error:
            if _code(error) in _ABSENT:
                return None
            raise self._refused(error) from error
        except BotoCoreError as error:
            raise self._silent(error) from error

    def write(self, content: bytes, *, instead_of: str | None, note: str = "") -> bool:
        """Write it, encrypted as Terraform's ``encrypt = true`` does.

        Args:
            content: The whole of it.
            instead_of: The tag of what is there; None for nothing.
            note: Kept beside it, for :meth:`read`.

        Returns:
            False if something else is there, or comes to be this moment; then nothing was written.

        Raises:
            ToolError: S3 refuses or does not answer.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        condition = {"IfNoneMatch": "*"} if instead_of is None else {"IfMatch": instead_of}
        try:
            self.client.put_object(
                Bucket=self.bucket,
                Key=self.key,
                Body=content,
                ContentType="application/json",
                ServerSideEncryption="AES256",
                Metadata={_NOTE: note} if note else {},
                **condition,
            )
        except ClientError as error:
            if _code(error) in _TAKEN | _ABSENT:
                return False
            raise self._refused(error) from error
        except BotoCoreError as error:
            raise self._silent(error) from error
        return True

    def delete(self, *, tag: str) -> bool:
        """Take it away; in a versioned bucket its versions stay.

        Args:
            tag: Of what is there.

        Returns:
            False if something else is there; then nothing was deleted. One that is gone already counts as deleted.

        Raises:
            ToolError: S3 refuses or does not answer.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self.client.delete_object(Bucket=self.bucket, Key=self.key, IfMatch=tag)
        except ClientError as error:
            if _code(error) in _TAKEN:
                return False
            if _code(error) not in _ABSENT:
                raise self._refused(error) from error
        except BotoCoreError as error:
            raise self._silent(error) from error
        return True

    def versions(self) -> Iterator[Listed]:
        """Its versions and the marks of its deletion, newest first, page by page.

        Raises:
            ToolError: S3 refuses or does not answer.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            for page in self.client.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=self.key):
                entries = [(entry, False) for entry in page.get("Versions", ())]
                entries += [(entry, True) for entry in page.get("DeleteMarkers", ())]
                own = [
                    Listed(
                        str(entry["VersionId"]),
                        entry["LastModified"],
                        int(entry.get("Size", 0)),
                        bool(entry["IsLatest"]),
                        deleted,
                    )
                    for entry, deleted in entries
                    if entry["Key"] == self.key
                ]
                yield from sorted(own, key=lambda one: (one.current, one.written), reverse=True)
                if len(own) < len(entries):
                    # Longer keys come after this one.
                    return
        except ClientError as error:
            raise self._refused(error) from error
        except BotoCoreError as error:
            raise self._silent(error) from error

    def _refused(self, error: Any) -> ToolError:
        if _code(error) == "NoSuchBucket":
            return missing_bucket(self.bucket, self.env)
        return ToolError(f"{error.operation_name} was refused ({_code(error)})", where=self.place)

    def _silent(self, error: Exception) -> ToolError:
        return ToolError(f"no answer from S3: {error}", where=self.place)


def _code(error: Any) -> str:
    return str(error.response["Error"]["Code"])


def state_object(session: Session, stack: Stack, ending: str = "") -> BucketObject:
    """The state of a stack, or what lies beside it under the same key and an ``ending``."""
    state = session.config.state
    client = session.target.client("s3", state.region)
    return BucketObject(client, state.bucket, f"{stack.state_key}{ending}", stack.env)
