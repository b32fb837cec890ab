"""Identities that mail is sent from: verified, signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.promises.promise import Answer, Promise, broken, kept, waiting

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack


def verified(live: LiveStack, identity: LiveResource) -> Answer:
    name = identity["email_identity"]
    found = live.client("sesv2", identity.region).get_email_identity(EmailIdentity=name)
    dkim = found.get("DkimAttributes", {}).get("Status", "NOT_STARTED")
    if not found.get("VerifiedForSendingStatus"):
        if dkim == "PENDING" or "@" in name:
            what = "the click in the mail that SES sent there" if "@" in name else "its DKIM records in DNS"
            return waiting(f"{name} waits for {what}", means="no mail goes out from it")
        return broken(f"{name} is not verified (DKIM {dkim.lower()})", means="no mail goes out from it")
    if found["IdentityType"] == "DOMAIN" and dkim != "SUCCESS":
        return broken(f"{name}: DKIM {dkim.lower()}", means="its mail is unsigned and ends as spam")
    return kept(f"{name} is verified")


PROMISES = (Promise("identity-verified", "senders of mail are verified", ("aws_sesv2_email_identity",), verified),)
