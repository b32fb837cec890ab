"""Policies that CloudFront itself brings, under ids that are the same in every account.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Config = Mapping[str, Any]


def _some(*items: str) -> Config:
    return {"Quantity": len(items), "Items": list(items)}


def _cache(default: int, most: int, least: int, *, compressed: bool, **parts: Config) -> Config:
    return {
        "DefaultTTL": default,
        "MaxTTL": most,
        "MinTTL": least,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "EnableAcceptEncodingGzip": compressed,
            "EnableAcceptEncodingBrotli": compressed,
            "HeadersConfig": {"HeaderBehavior": "none"},
            "CookiesConfig": {"CookieBehavior": "none"},
            "QueryStringsConfig": {"QueryStringBehavior": "none"},
            **parts,
        },
    }


def _forwarded(behavior: str, *headers: str, rest: str) -> Config:
    return {
        "HeadersConfig": {"HeaderBehavior": behavior, **({"Headers": _some(*headers)} if headers else {})},
        "CookiesConfig": {"CookieBehavior": rest},
        "QueryStringsConfig": {"QueryStringBehavior": rest},
    }


_BY_ORIGIN: Mapping[str, Config] = {
    "HeadersConfig": {
        "HeaderBehavior": "whitelist",
        "Headers": _some("Host", "Origin", "X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override"),
    },
    "CookiesConfig": {"CookieBehavior": "all"},
}

_SECURITY = {
    "SecurityHeadersConfig": {
        "ContentTypeOptions": {"Override": True},
        "FrameOptions": {"Override": False, "FrameOption": "SAMEORIGIN"},
        "ReferrerPolicy": {"Override": False, "ReferrerPolicy": "strict-origin-when-cross-origin"},
        "StrictTransportSecurity": {"Override": False, "AccessControlMaxAgeSec": 31536000},
        "XSSProtection": {"Override": False, "Protection": True, "ModeBlock": True},
    }
}


def _cors(*methods: str, **more: Config) -> Config:
    return {
        "CorsConfig": {
            "AccessControlAllowCredentials": False,
            "AccessControlAllowHeaders": _some("*"),
            "AccessControlAllowMethods": _some(*methods),
            "AccessControlAllowOrigins": _some("*"),
            "OriginOverride": False,
            **more,
        }
    }


_SIMPLE_CORS = _cors("GET")
_PREFLIGHT_CORS = _cors(
    "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", AccessControlExposeHeaders=_some("*")
)

_POLICIES: Mapping[str, Mapping[str, tuple[str, Config]]] = {
    "CachePolicy": {
        "658327ea-f89d-4fab-a63d-7e88639e58f6": ("CachingOptimized", _cache(86400, 31536000, 1, compressed=True)),
        "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": ("CachingDisabled", _cache(0, 0, 0, compressed=False)),
        "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": (
            "CachingOptimizedForUncompressedObjects",
            _cache(86400, 31536000, 1, compressed=False),
        ),
        "83da9c7e-98b4-4e11-a168-04f0df8e2c65": (
            "UseOriginCacheControlHeaders",
            _cache(0, 31536000, 0, compressed=True, **_BY_ORIGIN),
        ),
        "4cc15a8a-d715-48a4-82b8-cc0b614638fe": (
            "UseOriginCacheControlHeaders-QueryStrings",
            _cache(
                0,
                31536000,
                0,
                compressed=True,
                **_BY_ORIGIN,
                QueryStringsConfig={"QueryStringBehavior": "all"},
            ),
        ),
    },
    "OriginRequestPolicy": {
        "216adef6-5c7f-47e4-b989-5492eafa07d3": ("AllViewer", _forwarded("allViewer", rest="all")),
        "b689b0a8-53d0-40ab-baf2-68738e2966ac": (
            "AllViewerExceptHostHeader",
            _forwarded("allExcept", "host", rest="all"),
        ),
        "59781a5b-3903-41f3-afcb-af62929ccde1": ("CORS-CustomOrigin", _forwarded("whitelist", "Origin", rest="none")),
        "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf": (
            "CORS-S3Origin",
            _forwarded(
                "whitelist", "Origin", "Access-Control-Request-Headers", "Access-Control-Request-Method", rest="none"
            ),
        ),
        "acba4595-bd28-49b8-b9fe-13317c0390fa": (
            "UserAgentRefererHeaders",
            _forwarded("whitelist", "User-Agent", "Referer", rest="none"),
        ),
    },
    "ResponseHeadersPolicy": {
        "67f7725c-6f97-4210-82d7-5512b31e9d03": ("SecurityHeadersPolicy", _SECURITY),
        "60669652-455b-4ae9-85a4-c4c02393f86c": ("SimpleCORS", _SIMPLE_CORS),
        "5cc3b908-e619-4b99-88e5-2cf7f45965bd": ("CORS-With-Preflight", _PREFLIGHT_CORS),
        "e61eb60c-9c35-4d20-a928-2b84e02af89c": ("CORS-and-SecurityHeadersPolicy", {**_SIMPLE_CORS, **_SECURITY}),
        "eaab4381-ed33-4a86-88ca-d9558dc6cd63": (
            "CORS-with-preflight-and-SecurityHeadersPolicy",
            {**_PREFLIGHT_CORS, **_SECURITY},
        ),
    },
}


def managed(kind: str) -> dict[str, Config]:
    """Configurations by id.

    Args:
        kind: "CachePolicy", "OriginRequestPolicy" or "ResponseHeadersPolicy".
    """
    return {key: {"Name": f"Managed-{name}", **config} for key, (name, config) in _POLICIES[kind].items()}
