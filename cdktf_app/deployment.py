"""As what and where a module is deployed: the names and ARNs that are known before anything exists.

Built from names, an ARN is readable in the plan, and so is every policy that holds it. One taken from a
resource that is not made yet would hide the whole policy from the gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cdktf_app import expressions


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What every construct needs to name and tag its resources.

    Attributes:
        prefix: Begins the name of every resource (``kefir-app-${var.environment}``). Empty: names stand as given.
        suffix: Ends it (``${var.name_suffix}``). Default: nothing does.
        account_id: Account that everything lives in.
        region: Region that everything lives in.
        tags: Tags of every resource that can carry any.
    """

    prefix: str
    account_id: str
    region: str
    tags: Mapping[str, str]
    suffix: str = ""

    @property
    def verbatim(self) -> Deployment:
        """For what the document gives a name of its own: without the prefix."""
        return replace(self, prefix="")

    def in_region(self, region: str) -> Deployment:
        """For a second region. Roles are global, so every name has to tell the two apart."""
        return replace(self, region=region, suffix=f"{self.suffix}-{region}")

    def tagged(self, tags: Mapping[str, str]) -> Deployment:
        """With more tags, which win over those of the same name."""
        return replace(self, tags=expressions.merged(self.tags, tags))

    def name(self, resource: str) -> str:
        return f"{self._stem(resource)}{self.suffix}"

    def global_name(self, resource: str) -> str:
        """Name that is unique among all accounts, as S3 wants it."""
        return f"{self._stem(resource)}-{self.account_id}{self.suffix}"

    def log_group(self, service: str, resource: str) -> str:
        """Name of a log group, as AWS names those of its own (``/aws/lambda/<function>``)."""
        return f"/aws/{service}/{self.name(resource)}"

    def arn(self, service: str, resource: str) -> str:
        """ARN of something in this account and region; ``resource`` is all that follows the account."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"

    @property
    def account_root(self) -> str:
        return f"arn:aws:iam::{self.account_id}:root"

    def _stem(self, resource: str) -> str:
        return f"{self.prefix}-{resource}" if self.prefix else resource
