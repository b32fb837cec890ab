"""Records of DNS: in their zone, and leading where they were told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tooling.live import FAILED
from tooling.promises.promise import Answer, Promise, broken, kept, left_out

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack

_BETWEEN_PARTS = re.compile(r'\\?"\s*\\?"')


def leads(live: LiveStack, record: LiveResource) -> Answer:
    name, kind = plain(record.attributes.get("fqdn") or record["name"]), record["type"]
    found = live.client("route53").list_resource_record_sets(
        HostedZoneId=record["zone_id"], StartRecordName=name, StartRecordType=kind
    )["ResourceRecordSets"]
    own = record.attributes.get("set_identifier") or None
    same = [
        one
        for one in found
        if plain(one["Name"]) == name and one["Type"] == kind and (one.get("SetIdentifier") or None) == own
    ]
    if not same:
        return broken(f"there is no {kind} of {name}", means="the name leads nowhere")
    read = _text if kind in ("TXT", "SPF") else plain
    wanted = [plain(alias["name"]) for alias in record.attributes.get("alias") or []]
    wanted = wanted or [read(value) for value in record.attributes.get("records") or []]
    alias = same[0].get("AliasTarget", {}).get("DNSName")
    values = [plain(alias)] if alias else [read(one["Value"]) for one in same[0].get("ResourceRecords", [])]
    if sorted(values) != sorted(wanted):
        return broken(f"{kind} {name} leads to {', '.join(values)}, not {', '.join(wanted)}")
    return kept(f"{kind} {name}")


def named(live: LiveStack, distribution: LiveResource) -> Answer:
    names = sorted(name for name in distribution.attributes.get("aliases") or [] if "*" not in name)
    if not names:
        return left_out("it has no name but CloudFront's own")
    for name in names:
        records = [
            one
            for one in live.of("aws_route53_record")
            if plain(one.attributes.get("fqdn") or one["name"]) == name
            and any(plain(alias["name"]) == distribution["domain_name"] for alias in one.attributes.get("alias") or [])
        ]
        if not records:
            return broken(f"no record leads from {name} to it", means="visitors do not find it")
        bad = [answer for one in records if (answer := leads(live, one)).status == FAILED]
        if bad:
            return bad[0]
    return kept(", ".join(names))


def plain(name: str) -> str:
    """A name in one spelling: Route 53 answers with a dot at the end, in lower case, an asterisk as ``\\052``."""
    return name.rstrip(".").replace("\\052", "*").lower().removeprefix("dualstack.")


def _text(value: str) -> str:
    """A text in one spelling: Route 53 quotes it, and each 255 characters of a longer one; Terraform only those."""
    return _BETWEEN_PARTS.sub("", value).strip('"')


PROMISES = (
    Promise("record-leads", "records lead where they should", ("aws_route53_record",), leads),
    Promise("distribution-named", "names lead to their distributions", ("aws_cloudfront_distribution",), named),
)
