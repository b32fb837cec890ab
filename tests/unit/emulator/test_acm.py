"""ACM: certificates that are imported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

Client = Callable[..., Any]

NOBODY = "arn:aws:acm:us-east-1:555555555555:certificate/00000000-0000-0000-0000-000000000000"


def _certificate(domain: str) -> dict[str, bytes]:
    """A certificate that its own key has signed, as ACM wants it imported."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, domain)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {"Certificate": certificate.public_bytes(serialization.Encoding.PEM), "PrivateKey": secret}


@pytest.fixture
def acm(client: Client) -> Any:
    return client("acm")


def test_certificate_imported_again_keeps_its_arn_and_tags(acm: Any) -> None:
    tags = [{"Key": "team", "Value": "a"}]
    arn = acm.import_certificate(**_certificate("first.example.com"), Tags=tags)["CertificateArn"]

    again = acm.import_certificate(**_certificate("second.example.com"), CertificateArn=arn)["CertificateArn"]

    assert again == arn
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainName"] == "second.example.com"
    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == tags


def test_certificate_imported_again_is_still_in_use(acm: Any, client: Client) -> None:
    arn = acm.import_certificate(**_certificate("used.example.com"))["CertificateArn"]
    listener = {"Protocol": "HTTPS", "LoadBalancerPort": 443, "InstancePort": 80, "SSLCertificateId": arn}
    client("elb").create_load_balancer(LoadBalancerName="user", Listeners=[listener], AvailabilityZones=["us-east-1a"])

    users = acm.describe_certificate(CertificateArn=arn)["Certificate"]["InUseBy"]

    acm.import_certificate(**_certificate("used.example.com"), CertificateArn=arn)

    assert len(users) == 1
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["InUseBy"] == users


def test_certificate_is_not_imported_over_one_that_is_not_there(acm: Any) -> None:
    with pytest.raises(acm.exceptions.ResourceNotFoundException):
        acm.import_certificate(**_certificate("x.example.com"), CertificateArn=NOBODY)
