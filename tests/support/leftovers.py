"""Everything that a run of the toolkit leaves behind, to be searched for what must be nowhere."""

from __future__ import annotations

import base64
import io
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

# The provider itself, hundreds of megabytes that nobody here wrote.
_NOT_OURS = {"providers"}


def spellings(secret: str) -> set[bytes]:
    """A text as it stands in files: in clear, in JSON, in an address, and in base64 wherever it begins there."""
    in_json = json.dumps(secret)[1:-1]
    # Terraform's own JSON, such as a state, is safe to stand in HTML.
    in_state = in_json.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    encoded = {base64.b64encode(b"-" * shift + secret.encode())[4:-4] for shift in range(3)}
    return {*(text.encode() for text in (secret, in_json, in_state, quote(secret, safe=""))), *encoded} - {b""}


def holding(secret: str, places: Iterator[tuple[str, bytes]]) -> list[str]:
    """Names of the places that hold a secret, however it is written."""
    written = spellings(secret)
    return [name for name, content in places if any(text in content for text in written)]


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder, and what is in archives such as a saved plan."""
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _NOT_OURS]
        for name in names:
            file = Path(path, name)
            if file.is_file():
                yield from _unpacked(str(file.relative_to(folder)), file.read_bytes())


def objects(s3: Any) -> Iterator[tuple[str, bytes]]:
    """Every version of every object of an account."""
    for bucket in s3.list_buckets()["Buckets"]:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket["Name"]):
            for version in page.get("Versions", []):
                key = {"Bucket": bucket["Name"], "Key": version["Key"], "VersionId": version["VersionId"]}
                content = s3.get_object(**key)["Body"].read()
                yield from _unpacked(f"s3://{bucket['Name']}/{version['Key']}@{version['VersionId']}", content)


def _unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from _unpacked(f"{name}!{member}", archive.read(member))
