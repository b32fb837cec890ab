"""Headers by which a browser guards its user, added by CloudFront to every answer."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.bindings.cloudfront import (
    CloudfrontResponseHeadersPolicy,
    CloudfrontResponseHeadersPolicySecurityHeadersConfig,
    CloudfrontResponseHeadersPolicySecurityHeadersConfigContentSecurityPolicy,
    CloudfrontResponseHeadersPolicySecurityHeadersConfigContentTypeOptions,
    CloudfrontResponseHeadersPolicySecurityHeadersConfigFrameOptions,
    CloudfrontResponseHeadersPolicySecurityHeadersConfigReferrerPolicy,
    CloudfrontResponseHeadersPolicySecurityHeadersConfigStrictTransportSecurity,
)
from cdktf_app.bindings.core import Construct
from cdktf_app.deployment import Deployment

# What browsers' lists of HTTPS-only domains ask for. https://hstspreload.org/#submission-requirements
_YEAR_SECONDS = 31536000


@dataclass(frozen=True, kw_only=True)
class ResponseHeadersProps:
    """Shape of the headers.

    Attributes:
        deployment: Names.
        name: Last part of the policy's name.
        content_security_policy: Where a page may load from, unless the application says so itself for a page.
    """

    deployment: Deployment
    name: str
    content_security_policy: str


class ResponseHeaders(Construct):
    """Response headers policy: HTTPS only for a year, a content security policy, no frames, no guessed types."""

    def __init__(self, scope: Construct, construct_id: str, *, props: ResponseHeadersProps) -> None:
        super().__init__(scope, construct_id)
        self.policy = CloudfrontResponseHeadersPolicy(
            self,
            "this",
            name=props.deployment.name(props.name),
            comment="Security headers of every answer.",
            security_headers_config=CloudfrontResponseHeadersPolicySecurityHeadersConfig(
                strict_transport_security=CloudfrontResponseHeadersPolicySecurityHeadersConfigStrictTransportSecurity(
                    access_control_max_age_sec=_YEAR_SECONDS, include_subdomains=True, preload=True, override=True
                ),
                content_security_policy=CloudfrontResponseHeadersPolicySecurityHeadersConfigContentSecurityPolicy(
                    # A page with scripts of its own needs a policy that names just those.
                    content_security_policy=props.content_security_policy,
                    override=False,
                ),
                frame_options=CloudfrontResponseHeadersPolicySecurityHeadersConfigFrameOptions(
                    frame_option="DENY", override=True
                ),
                content_type_options=CloudfrontResponseHeadersPolicySecurityHeadersConfigContentTypeOptions(
                    override=True
                ),
                referrer_policy=CloudfrontResponseHeadersPolicySecurityHeadersConfigReferrerPolicy(
                    referrer_policy="strict-origin-when-cross-origin", override=True
                ),
            ),
        )

    @property
    def id(self) -> str:
        return self.policy.id
