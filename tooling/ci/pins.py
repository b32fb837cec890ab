"""The actions that the workflows use, each by the digest of a commit: a tag can be moved, a commit cannot."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pin:
    """One action.

    Attributes:
        action: ``owner/name``.
        digest: The commit that ``release`` pointed to.
        release: For people, and for what renews pins.
    """

    action: str
    digest: str
    release: str

    def __str__(self) -> str:
        return f"{self.action}@{self.digest} # {self.release}"


PINS = {
    "checkout": Pin("actions/checkout", "08c6903cd8c0fde910a37f88322edcfb5dd907a8", "v5.0.0"),
    "python": Pin("actions/setup-python", "e797f83bcb11b83ae66e0230d6156d7c80228e7c", "v6.0.0"),
    "node": Pin("actions/setup-node", "49933ea5288caeca8642d1e84afbd3f7d6820020", "v4.4.0"),
    "terraform": Pin("hashicorp/setup-terraform", "b9cd54a3c349d3f38e8881555d616ced269862dd", "v3.1.2"),
    "aws": Pin("aws-actions/configure-aws-credentials", "a03048d87541d1d9fcf2ecf528a4a65ba9bd7838", "v5.0.0"),
    "upload": Pin("actions/upload-artifact", "ea165f8d65b6e75b540449e92b4886f43607fa02", "v4.6.2"),
    "download": Pin("actions/download-artifact", "d3f86a106a0bac45b974a628896c90dbdf5c8093", "v4.3.0"),
}
# Of the tools that steps call by name.
PIP_AUDIT = "2.9.0"
