"""Events that more than one part listens to."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_app import expressions
from cdktf_app.constructs.private_bucket import PrivateBucket


def object_created(bucket: PrivateBucket, *, prefix: str) -> Mapping[str, expressions.Literal]:
    """A new object of the bucket, with a key that begins so."""
    return {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": [expressions.attribute(bucket.bucket, "bucket")]},
            "object": {"key": [{"prefix": prefix}]},
        },
    }
