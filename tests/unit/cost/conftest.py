from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cost.price_list_server import PriceList, price_list

#: Its comments and the order of its lines have to survive a refresh.
TABLE = """\
# What AWS asks for.
sources:
  page: "a page that was read"

# --- Network
nat_gateway.hour:
  unit: hour
  source: https://aws.amazon.com/vpc/pricing/
  query: {service: AmazonEC2, usagetype: NatGateway-Hours, productFamily: NAT Gateway}
  us-east-1: {usd: 0.040, as_of: 2024-01-31, confirmed: true, read_in: page}
  us-west-2: {usd: 0.045, as_of: 2024-01-31, confirmed: false}  # the same in both

# --- API Gateway
api_gateway.http.request:
  unit: request
  per: 1000000
  source: https://aws.amazon.com/api-gateway/pricing/
  query: {service: AmazonApiGateway, usagetype: ApiGatewayHttpRequest, productFamily: API Calls}
  us-east-1: {tiers: [{up_to: 300000000, usd: 1}, {usd: 0.95}], as_of: 2024-01-31, confirmed: false}
  us-west-2: {tiers: [{up_to: 300000000, usd: 1}, {usd: 0.90}], as_of: 2024-01-31, confirmed: false}
route53.zone:
  unit: zone-month
  source: https://aws.amazon.com/route53/pricing/
  query: {service: AmazonRoute53, usagetype: HostedZone, productFamily: DNS Zone, api_unit: HostedZone}
  global: {tiers: [{up_to: 25, usd: 0.50}, {usd: 0.10}], as_of: 2024-01-31, confirmed: false}
fargate_spot.x86.vcpu_hour:
  unit: vCPU-hour
  source: https://aws.amazon.com/fargate/pricing/
  by_hand: Spot prices are not in the list
  us-east-1: {usd: null, why: a Spot price moves}
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "prices.yaml"
    path.write_text(TABLE)
    return path


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[PriceList]:
    """A price list on loopback that boto3 of this process, and of commands that it starts, asks."""
    with price_list() as served:
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "EMULATOR", "AWS_REGION", "AWS_DEFAULT_REGION"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_ENDPOINT_URL_PRICING", served.endpoint)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-of-nobody")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield served


@pytest.fixture
def impatient(aws: PriceList) -> Any:
    """A client that tries once; what the command makes would wait a minute for a price list that throttles."""
    import boto3
    from botocore.config import Config

    return boto3.session.Session().client(
        "pricing", region_name="us-east-1", config=Config(retries={"max_attempts": 0})
    )
