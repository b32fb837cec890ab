"""SES, version 2 of its API: identities, the account and its suppression list, configuration sets.

moto keeps which identities and configuration sets there are, and sends; their settings are kept here.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from moto.ses.models import SESBackend, ses_backends

from tooling.emulator.backends.service_quotas import SES_DAILY_EMAILS, SES_EMAILS_A_SECOND, applied_value
from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend
from tooling.emulator.ses_configuration_sets import ConfigurationSets

backend = Backend("sesv2")

sets = ConfigurationSets(backend)

_DKIM_TOKENS = 3
_SUPPRESSED_A_PAGE = 1000


@backend.answers("CreateEmailIdentity")
def create_email_identity(call: Call) -> Mapping[str, Any]:
    """aws_sesv2_email_identity, create: moto has no DKIM tokens, and writes a time as Go cannot read it.

    The identity is verified at once; nobody answers a mail or publishes a record here.
    """
    given = call.params
    name = given["EmailIdentity"]
    if name in _moto(call).email_identities:
        raise AwsError("AlreadyExistsException", f"Email identity {name} already exist.")
    if chosen := given.get("ConfigurationSetName"):
        sets.find(call, chosen)
    _moto(call).create_email_identity_v2(name, None, None, None)
    _moto(call).tagger.tag_resource(_arn(call, name), given.get("Tags", []))
    identity = _identities(call)[name] = _new_identity(name, given.get("DkimSigningAttributes", {}))
    identity["ConfigurationSetName"] = chosen
    return identity


@backend.answers("GetEmailIdentity")
def get_email_identity(call: Call) -> Mapping[str, Any]:
    """aws_sesv2_email_identity and its attributes, read."""
    tags = _moto(call).tagger.list_tags_for_resource(_arn(call, call.params["EmailIdentity"]))["Tags"]
    return {**_identity(call), "Tags": tags}


@backend.answers("DeleteEmailIdentity")
def delete_email_identity(call: Call) -> Mapping[str, Any]:
    """aws_sesv2_email_identity, delete: moto takes no notice of an identity that is not there, and keeps its tags."""
    _identity(call)
    name = call.params["EmailIdentity"]
    del _identities(call)[name]
    del _moto(call).email_identities[name]
    _moto(call).tagger.delete_all_tags_for_resource(_arn(call, name))
    return {}


@backend.answers("PutEmailIdentityConfigurationSetAttributes")
def put_configuration_set_of_identity(call: Call) -> Mapping[str, Any]:
    """aws_sesv2_email_identity, change of configuration_set_name."""
    chosen = call.params.get("ConfigurationSetName")
    if chosen:
        sets.find(call, chosen)
    _identity(call)["ConfigurationSetName"] = chosen
    return {}


@backend.answers("PutEmailIdentityDkimSigningAttributes")
def put_dkim_signing_attributes(call: Call) -> Mapping[str, Any]:
    """aws_sesv2_email_identity, change of dkim_signing_attributes."""
    dkim = _dkim(call.params["EmailIdentity"], call.params.get("SigningAttributes", {}))
    _identity(call)["DkimAttributes"] = dkim
    return {"DkimStatus": dkim["Status"], "DkimTokens": dkim.get("Tokens", [])}


@backend.answers("PutEmailIdentityFeedbackAttributes")
def put_feedback_attributes(call: Call) -> Mapping[str, Any]:
    """aws_sesv2_email_identity_feedback_attributes, create, update and delete. Go leaves out a ``false``."""
    _identity(call)["FeedbackForwardingStatus"] = call.params.get("EmailForwardingEnabled", False)
    return {}


@backend.answers("PutEmailIdentityMailFromAttributes")
def put_mail_from_attributes(call: Call) -> Mapping[str, Any]:
    """aws_sesv2_email_identity_mail_from_attributes, create, update and delete (which names no domain)."""
    identity, name = _identity(call), call.params["EmailIdentity"]
    attributes = {"BehaviorOnMxFailure": call.params.get("BehaviorOnMxFailure", "USE_DEFAULT_VALUE")}
    if domain := call.params.get("MailFromDomain"):
        if not domain.endswith("." + name.rpartition("@")[2]):
            raise AwsError(
                "BadRequestException",
                f"Provided MAIL-FROM domain <{domain}> is not subdomain of the domain of the identity <{name}>.",
            )
        attributes |= {"MailFromDomain": domain, "MailFromDomainStatus": "SUCCESS"}
    identity["MailFromAttributes"] = attributes
    return {}


@backend.answers("GetAccount")
def get_account(call: Call) -> Mapping[str, Any]:
    """aws_sesv2_account_suppression_attributes, read; what tells sandbox, quotas and sending rate."""
    account = call.store("account")
    return {
        "DedicatedIpAutoWarmupEnabled": False,
        "EnforcementStatus": "HEALTHY",
        "ProductionAccessEnabled": account.get("ProductionAccessEnabled", False),
        "SendingEnabled": account.get("SendingEnabled", True),
        "SendQuota": {
            "Max24HourSend": applied_value(call, SES_DAILY_EMAILS),
            "MaxSendRate": applied_value(call, SES_EMAILS_A_SECOND),
            "SentLast24Hours": float(_moto(call).sent_message_count),
        },
        "SuppressionAttributes": {"SuppressedReasons": account.get("SuppressedReasons", ["BOUNCE", "COMPLAINT"])},
    }


@backend.answers("PutAccountDetails")
def put_account_details(call: Call) -> Mapping[str, Any]:
    """Asking for production access: AWS answers within a day, the emulator says yes at once."""
    call.store("account")["ProductionAccessEnabled"] = call.params.get("ProductionAccessEnabled", False)
    return {}


@backend.answers("PutAccountSendingAttributes")
def put_account_sending_attributes(call: Call) -> Mapping[str, Any]:
    """Who switches all sending off and on again; clients leave out a ``false``."""
    call.store("account")["SendingEnabled"] = call.params.get("SendingEnabled", False)
    return {}


@backend.answers("PutAccountSuppressionAttributes")
def put_account_suppression_attributes(call: Call) -> Mapping[str, Any]:
    """aws_sesv2_account_suppression_attributes, create and update. It has no delete."""
    call.store("account")["SuppressedReasons"] = call.params.get("SuppressedReasons", [])
    return {}


@backend.answers("PutSuppressedDestination")
def put_suppressed_destination(call: Call) -> Mapping[str, Any]:
    """Putting an address on the list, as SES does by itself after a bounce."""
    address = call.params["EmailAddress"]
    _suppressed(call)[address] = {
        "EmailAddress": address,
        "Reason": call.params["Reason"],
        "LastUpdateTime": datetime.now(UTC),
    }
    return {}


@backend.answers("GetSuppressedDestination")
def get_suppressed_destination(call: Call) -> Mapping[str, Any]:
    """Asking whether an address is on the list."""
    return {"SuppressedDestination": _suppressed_destination(call)}


@backend.answers("ListSuppressedDestinations")
def list_suppressed_destinations(call: Call) -> Mapping[str, Any]:
    """Reading the list back, a page at a time: of some reasons, or of a time."""
    reasons, first, last = (call.params.get(key) for key in ("Reasons", "StartDate", "EndDate"))
    found = [
        each
        for each in _suppressed(call).values()
        if (not reasons or each["Reason"] in reasons)
        and (first is None or each["LastUpdateTime"] >= first.replace(tzinfo=UTC))
        and (last is None or each["LastUpdateTime"] <= last.replace(tzinfo=UTC))
    ]
    start = int(call.params.get("NextToken", 0))
    end = start + call.params.get("PageSize", _SUPPRESSED_A_PAGE)
    following = {"NextToken": str(end)} if end < len(found) else {}
    return {"SuppressedDestinationSummaries": found[start:end], **following}


@backend.answers("DeleteSuppressedDestination")
def delete_suppressed_destination(call: Call) -> Mapping[str, Any]:
    """Taking an address off the list."""
    del _suppressed(call)[_suppressed_destination(call)["EmailAddress"]]
    return {}


def _new_identity(name: str, signing: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "IdentityType": "EMAIL_ADDRESS" if "@" in name else "DOMAIN",
        "FeedbackForwardingStatus": True,
        "VerifiedForSendingStatus": True,
        "VerificationStatus": "SUCCESS",
        "DkimAttributes": _dkim(name, signing),
        "MailFromAttributes": {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"},
        "Policies": {},
    }


def _dkim(name: str, signing: Mapping[str, Any]) -> dict[str, Any]:
    """Keys of a domain: three of SES's own, or the one that the caller brings. An address has none."""
    length = signing.get("NextSigningKeyLength", "RSA_2048_BIT")
    if "@" in name:
        return {
            "SigningEnabled": False,
            "Status": "NOT_STARTED",
            "SigningAttributesOrigin": "AWS_SES",
            "NextSigningKeyLength": length,
        }
    signed = {"SigningEnabled": True, "Status": "SUCCESS"}
    if selector := signing.get("DomainSigningSelector"):
        return {**signed, "SigningAttributesOrigin": "EXTERNAL", "Tokens": [selector]}
    return {
        **signed,
        "SigningAttributesOrigin": "AWS_SES",
        "Tokens": [uuid.uuid5(uuid.NAMESPACE_DNS, f"{number}.{name}").hex for number in range(_DKIM_TOKENS)],
        "NextSigningKeyLength": length,
        "CurrentSigningKeyLength": length,
        "LastKeyGenerationTimestamp": datetime.now(UTC),
    }


def _identity(call: Call) -> dict[str, Any]:
    name = call.params["EmailIdentity"]
    if name not in _moto(call).email_identities:
        raise AwsError("NotFoundException", f"Email identity {name} does not exist.")
    # One that version 1 of the API made has no settings yet.
    identity: dict[str, Any] = _identities(call).setdefault(name, _new_identity(name, {}))
    return identity


def _suppressed_destination(call: Call) -> Mapping[str, Any]:
    found: Mapping[str, Any] | None = _suppressed(call).get(call.params["EmailAddress"])
    if found is None:
        raise AwsError("NotFoundException", f"Email address {call.params['EmailAddress']} does not exist on the list.")
    return found


def _identities(call: Call) -> dict[str, dict[str, Any]]:
    return call.store("email-identities")


def _suppressed(call: Call) -> dict[str, dict[str, Any]]:
    return call.store("suppressed-destinations")


def _arn(call: Call, name: str) -> str:
    return call.arn(f"identity/{name}")


def _moto(call: Call) -> SESBackend:
    return ses_backends[call.account][call.region]
