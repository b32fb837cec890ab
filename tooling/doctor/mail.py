"""Why is mail not sent: the sandbox of SES and the way out, the sending limits, the identities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tooling.doctor.examination import Diagnosis, Part, looked
from tooling.live import failed, ok, warned

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.live import Finding, LiveResource

# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
_DAILY, _A_SECOND = "L-804C8AE8", "L-CDEF9B6B"
_NEARLY = 0.8


def account(examination: Examination) -> Iterator[Finding]:
    """Whether the account may send to everybody, and how much."""
    for region in _regions(examination):
        yield from looked(f"account of SES in {region}", _account(examination, region))


def identities(examination: Examination) -> Iterator[Finding]:
    """Each identity is verified, and its mail is signed."""
    for one in examination.live.of("aws_sesv2_email_identity"):
        name = f"identity {one['email_identity']}"
        yield from looked(name, _identity(examination, name, one))


def _account(examination: Examination, region: str) -> Iterator[Finding]:
    with examination.live.asking("the account of SES"):
        found = examination.client("sesv2", region).get_account()
    quota = found.get("SendQuota", {})
    most, rate, sent = (float(quota.get(key, 0)) for key in ("Max24HourSend", "MaxSendRate", "SentLast24Hours"))
    # -1: without a limit.
    daily = f"{most:.0f}" if most >= 0 else "any number of"
    limits = f"{daily} e-mails a day and {rate:g} a second, {sent:.0f} sent in the last day"
    if not found.get("ProductionAccessEnabled"):
        yield warned(
            f"sandbox of SES in {region}",
            f"still in it: {limits}",
            means="mail goes to verified addresses only",
            next=_request(region),
        )
    else:
        yield ok(f"sandbox of SES in {region}", f"out of it: {limits}")
    if most > 0 and sent >= most * _NEARLY:
        yield warned(
            f"sending quota in {region}",
            f"{sent:.0f} of {most:.0f} a day are used",
            means="SES refuses what comes after the quota",
            next=_more(region, most),
        )
    standing = str(found.get("EnforcementStatus", "HEALTHY"))
    if standing != "HEALTHY":
        yield failed(
            f"sending in {region}",
            f"{standing}, sending {'on' if found.get('SendingEnabled') else 'off'}",
            means="too many bounces or complaints: AWS reviews the account, or has paused it",
            next="answer AWS's case in the support center, and take dead addresses out of the lists",
        )
    elif not found.get("SendingEnabled", True):
        yield failed(
            f"sending in {region}",
            "is switched off",
            means="SES refuses every mail",
            next=f"aws sesv2 put-account-sending-attributes --region {region} --sending-enabled",
        )


def _identity(examination: Examination, name: str, one: LiveResource) -> Iterator[Finding]:
    identity = str(one["email_identity"])
    with examination.live.asking(name):
        client = examination.client("sesv2", one.region)
        try:
            found = client.get_email_identity(EmailIdentity=identity)
        except client.exceptions.NotFoundException:
            next_step = f"groundplan plan {examination.command}, then apply"
            yield failed(name, "is not there any more", means="mail is refused", next=next_step, address=one.address)
            return
    dkim = found.get("DkimAttributes", {})
    if not found.get("VerifiedForSendingStatus"):
        step = "click the link in the mail that AWS sent there" if "@" in identity else _publish(identity, dkim)
        yield failed(name, "is not verified", means="mail from it is refused", next=step, address=one.address)
    elif "@" not in identity and dkim.get("Status") != "SUCCESS":
        yield warned(
            name,
            f"verified, DKIM is {dkim.get('Status')}",
            means="mail is sent without a signature and may end as spam",
            next=_publish(identity, dkim),
            address=one.address,
        )
    else:
        yield ok(name, "verified" + ("" if "@" in identity else ", signed by DKIM"), address=one.address)


def _regions(examination: Examination) -> list[str]:
    return sorted({one.region for one in examination.live.of(*DIAGNOSIS.types)})


def _publish(identity: str, dkim: dict[str, object]) -> str:
    tokens = dkim.get("Tokens")
    records = [f"{token}._domainkey.{identity}" for token in tokens] if isinstance(tokens, list) else []
    return f"publish the CNAME records {', '.join(records)}" if records else f"verify {identity} in SES"


def _request(region: str) -> str:
    """The steps out of the sandbox: production access first, then more of it."""
    return (
        f"ask for production access: aws sesv2 put-account-details --region {region} --production-access-enabled "
        "--mail-type TRANSACTIONAL --website-url URL --use-case-description TEXT; AWS answers within a day; "
        f"then for higher limits: {_more(region, 50000)}"
    )


def _more(region: str, most: float) -> str:
    ask = f"aws service-quotas request-service-quota-increase --region {region} --service-code ses"
    return f"{ask} --quota-code {_DAILY} --desired-value {most * 2:.0f}, and {_A_SECOND} for the rate"


DIAGNOSIS = Diagnosis(
    "mail",
    "why is mail not sent",
    ("aws_sesv2_email_identity", "aws_sesv2_configuration_set", "aws_ses_template"),
    (Part("account of SES", account), Part("identities", identities)),
)
