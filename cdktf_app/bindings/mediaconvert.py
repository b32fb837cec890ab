"""AWS Elemental MediaConvert."""

from cdktf_cdktf_provider_aws.media_convert_queue import (
    MediaConvertQueue,
)

__all__ = [
    "MediaConvertQueue",
]
