"""AWS's price list by its Query API (``GetProducts``): what it is asked, and how its answers read.

The answer holds products as texts of JSON. A product has attributes, and terms; a term of on demand has a price for
each range of the month's quantity. Described in the API reference of AWS Billing and Cost Management, "AWS Price List
Service".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from tooling.cost.price_file import Entry, Query
from tooling.cost.prices import GLOBAL, Tier
from tooling.errors import ToolError

#: The API answers in few regions; this one has the prices of all.
HOME_REGION = "us-east-1"

# USW2-, EUC1-, EU-, us-east-1-: what AWS puts before a usage type, in most regions and for most services.
_PREFIX = re.compile(r"(?:[A-Z]{2,4}\d?|[a-z]{2}(?:-[a-z]+)+-\d)-")

# Names that AWS has for units of ours, in lower case; others are given by the query's api_unit.
_UNITS: Mapping[str, frozenset[str]] = {
    "hour": frozenset({"hrs", "hours", "hour"}),
    "GB": frozenset({"gb", "gigabytes"}),
    "GB-month": frozenset({"gb-mo", "gb-month", "gb-months"}),
    "GB-hour": frozenset({"gb-hours", "gb-hrs", "hours", "hrs"}),
    "vCPU-hour": frozenset({"vcpu-hours", "vcpu-hrs", "hours", "hrs"}),
    "LCU-hour": frozenset({"lcu-hrs", "lcu-hours"}),
    "IOPS-month": frozenset({"iops-mo", "iops-month"}),
    "MBps-month": frozenset({"mbps-mo", "mibps-mo"}),
    "request": frozenset({"requests", "request", "api requests", "api calls"}),
    "message": frozenset({"count", "recipients", "messages"}),
    "MAU": frozenset({"mau", "users", "user-mo"}),
    "minute": frozenset({"minutes", "minute", "min"}),
}


@dataclass(frozen=True)
class Range:
    """A price for a part of the month's quantity.

    Attributes:
        begin, end: In AWS's unit; ``end`` None: without end.
        unit: AWS's name of it.
        usd: For one unit.
    """

    begin: Decimal
    end: Decimal | None
    unit: str
    usd: Decimal


@dataclass(frozen=True)
class Product:
    """One product of the price list, with its prices on demand.

    Attributes:
        sku: AWS's id of it.
        usagetype: As bills name it, with the region's prefix.
        attributes: All that AWS says about it.
        ranges: By their beginning; empty when it is not sold on demand in US dollars.
        published: Date of the price list that has it.
    """

    sku: str
    usagetype: str
    attributes: Mapping[str, str]
    ranges: tuple[Range, ...]
    published: date


class Unusable(Exception):
    """A product was found, but its price cannot go into the table; the message says why."""


def request(query: Query, region: str) -> dict[str, Any]:
    """Arguments of ``get_products`` for a region, or for what is the same everywhere.

    The usage type is compared here and not by AWS: its prefix differs from region to region and service to service.
    """
    wanted = {name: value.replace("{region}", region) for name, value in query.filters.items()}
    if region == GLOBAL:
        wanted["usagetype"] = query.usagetype
    elif "{region}" not in "".join(query.filters.values()):
        wanted["regionCode"] = region
    filters = [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in wanted.items()]
    return {"ServiceCode": query.service, "FormatVersion": "aws_v1", "Filters": filters}


def products(client: Any, query: Query, region: str) -> list[Product]:
    """All products that a query means, from all pages.

    Raises:
        ToolError: An answer is not what the API describes.
        botocore.exceptions.ClientError: AWS refused the call.
    """
    pages = client.get_paginator("get_products").paginate(**request(query, region))
    found = (read_product(text) for page in pages for text in _texts(page))
    meant = [each for each in found if each.ranges and is_meant(each.usagetype, query.usagetype, region)]
    # In us-east-1 some products are there twice, with and without the prefix that came later.
    return [each for each in meant if each.usagetype in query.usagetype.split("|")] or meant


def is_meant(usagetype: str, wanted: str, region: str) -> bool:
    """Whether a usage type is the wanted one, or one of several (``a|b``), with or without a region's prefix."""
    for name in wanted.split("|"):
        prefix = usagetype.removesuffix(name)
        if usagetype == name or (region != GLOBAL and prefix != usagetype and _PREFIX.fullmatch(prefix)):
            return True
    return False


def read_product(text: str) -> Product:
    """One product out of its text.

    Raises:
        ToolError: It is not JSON, or not of the shape that AWS describes.
    """
    try:
        whole = json.loads(text)
        about = whole["product"]
        attributes = {str(name): str(value) for name, value in about["attributes"].items()}
        return Product(
            sku=str(about["sku"]),
            usagetype=attributes.get("usagetype", ""),
            attributes=attributes,
            ranges=tuple(sorted(_ranges(whole), key=lambda each: each.begin)),
            published=date.fromisoformat(str(whole["publicationDate"])[:10]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as error:
        raise _not_understood(text) from error


def tiers(product: Product, entry: Entry) -> tuple[Tier, ...]:
    """The product's prices in the table's units.

    What is free at first is left out: an account has that once, and the table is for stacks.

    Raises:
        Unusable: The unit is another one, the ranges have gaps, or nothing costs anything.
    """
    query = entry.query
    if query is None:
        raise ValueError(f"{entry.id} has no query")
    known = frozenset({query.api_unit.lower()}) if query.api_unit else _UNITS.get(entry.unit, frozenset())
    reached: Decimal | None = Decimal(0)
    found: list[Tier] = []
    for each in product.ranges:
        if each.unit.lower() not in known:
            raise Unusable(f"{product.sku} is priced per '{each.unit}', the table's unit is '{entry.unit}' (api_unit)")
        if each.begin != reached:
            raise Unusable(f"{product.sku} has ranges with a gap or several prices at {each.begin}")
        reached = each.end
        if found or each.usd:
            end = None if each.end is None else each.end * query.units
            found.append(Tier(end, each.usd * entry.per / query.units))
    if reached is not None:
        raise Unusable(f"{product.sku} has no price beyond {reached}")
    if not found or not all(tier.usd for tier in found):
        raise Unusable(f"{product.sku} is free in the price list")
    return tuple(found)


def _texts(page: Mapping[str, Any]) -> list[str]:
    if not isinstance(page.get("PriceList"), list):
        # What is no JSON at all arrives from botocore as a page with a message.
        raise _not_understood(str(page.get("message", "an answer without PriceList")))
    return [str(text) for text in page["PriceList"]]


def _not_understood(text: str) -> ToolError:
    shown = text if len(text) <= 120 else f"{text[:117]}..."
    return ToolError(
        f"AWS's price list answered something that is none: {shown}",
        hint="nothing was written; a proxy in between? AWS_ENDPOINT_URL_PRICING?",
    )


def _ranges(whole: Mapping[str, Any]) -> Iterator[Range]:
    for term in whole.get("terms", {}).get("OnDemand", {}).values():
        for dimension in term["priceDimensions"].values():
            if "USD" not in dimension["pricePerUnit"]:
                continue
            end = str(dimension.get("endRange", "Inf"))
            yield Range(
                begin=Decimal(str(dimension.get("beginRange", "0"))),
                end=None if end == "Inf" else Decimal(end),
                unit=str(dimension["unit"]),
                usd=Decimal(str(dimension["pricePerUnit"]["USD"])),
            )
