"""The errors of AWS, in the code, status and protocol of each service.

https://docs.aws.amazon.com/awssupport/latest/user/services-api-errors.html has what is common to all; S3:
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; EC2:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.emulator.reply import Reply, refusal
from tooling.faultproxy.rules import Kind

if TYPE_CHECKING:
    from tooling.faultproxy.asked import Asked

REFUSALS = frozenset({Kind.ERROR500, Kind.SLOWDOWN503, Kind.THROTTLE, Kind.EXPIRED})
"""Kinds that are an answer, and not the lack of one."""

_Error = tuple[int, str]
_INTERNAL: dict[str, _Error] = {
    "s3": (500, "InternalError"),
    "ec2": (500, "InternalError"),
    "iam": (500, "ServiceFailure"),
    "lambda": (500, "ServiceException"),
    "dynamodb": (500, "InternalServerError"),
    "cognito-idp": (500, "InternalErrorException"),
}
_TOO_MANY: dict[str, _Error] = {
    "s3": (503, "SlowDown"),
    "ec2": (503, "RequestLimitExceeded"),
    "cognito-idp": (400, "TooManyRequestsException"),
    "cloudfront": (400, "Throttling"),
    "route53": (400, "Throttling"),
}
_TOO_MANY_BY_PROTOCOL: dict[str, _Error] = {
    "json": (400, "ThrottlingException"),
    "query": (400, "Throttling"),
    "rest-json": (429, "TooManyRequestsException"),
    "rest-xml": (400, "Throttling"),
}
_EXPIRED: dict[str, _Error] = {"s3": (400, "ExpiredToken"), "ec2": (400, "RequestExpired")}
_EXPIRED_BY_PROTOCOL: dict[str, _Error] = {
    "json": (400, "ExpiredTokenException"),
    "query": (403, "ExpiredToken"),
    "rest-json": (403, "ExpiredTokenException"),
    "rest-xml": (403, "ExpiredToken"),
}


def fault_reply(kind: Kind, asked: Asked) -> Reply:
    """The answer of a call that is refused.

    Raises:
        KeyError: Of a kind that is no refusal.
    """
    status, code, message = {
        Kind.ERROR500: (
            *_INTERNAL.get(asked.service, (500, "InternalFailure")),
            "We encountered an internal error. Please try again.",
        ),
        Kind.SLOWDOWN503: (
            503,
            "SlowDown" if asked.service == "s3" else "ServiceUnavailable",
            "Please reduce your request rate." if asked.service == "s3" else "The service is unavailable.",
        ),
        Kind.THROTTLE: (
            *_TOO_MANY.get(asked.service, _TOO_MANY_BY_PROTOCOL.get(asked.protocol, (400, "ThrottlingException"))),
            "Please reduce your request rate." if asked.service == "s3" else "Rate exceeded",
        ),
        Kind.EXPIRED: (
            *_EXPIRED.get(asked.service, _EXPIRED_BY_PROTOCOL.get(asked.protocol, (400, "ExpiredTokenException"))),
            "The provided token has expired."
            if asked.service == "s3"
            else "The security token included in the request is expired",
        ),
    }[kind]
    return refusal(asked.service, asked.protocol, code, message, status=status)
