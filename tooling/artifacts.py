"""Function packages on their way to the buckets that Lambda takes them from, one in each region of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.session import Session


def upload_packages(session: Session) -> tuple[str, ...]:
    """Put every package that the session's stacks deploy into the artifacts buckets, unless it is there.

    Keys are content digests and packages are reproducible, so an object that is there is the right one.

    Returns:
        What was uploaded now, as ``bucket/key``.

    Raises:
        ToolError: A bucket is missing or refuses us.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    from cdktf_app.packages import PackageError, architectures_with_functions, build

    sources = session.workspace.functions
    deploying = set(architectures_with_functions(sources=sources))
    bucket = session.config.artifacts_bucket
    uploaded = []
    try:
        for stack in session.stacks:
            if stack.architecture not in deploying:
                continue
            packages = build(stack.architecture, sources=sources)
            for bucket, region in session.config.artifacts_buckets(stack.architecture):
                client = session.target.client("s3", region)
                there = _keys(client, bucket, f"{stack.architecture}/")
                for package in packages.values():
                    if package.key not in there:
                        client.put_object(Bucket=bucket, Key=package.key, Body=package.content)
                        uploaded.append(f"{bucket}/{package.key}")
    except PackageError as error:
        raise ToolError(error.what, where=session.workspace.relative(error.where), hint=error.hint) from error
    except ClientError as error:
        raise ToolError(
            f"the artifacts bucket {bucket} refuses us ({error.response['Error']['Code']})",
            where=f"envs/{session.env}/env.toml",
            hint=f"make it: groundplan bootstrap --env {session.env}",
        ) from error
    except BotoCoreError as error:
        raise ToolError(f"no answer from S3: {error}", where=session.env) from error
    return tuple(uploaded)


def _keys(client: object, bucket: str, prefix: str) -> set[str]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)  # type: ignore[attr-defined]
    return {entry["Key"] for page in pages for entry in page.get("Contents", [])}
