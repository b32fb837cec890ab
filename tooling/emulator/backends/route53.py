"""Route 53: whether a record exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.route53.models import route53_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("route53")

_Key = tuple[str, str, str | None]


@backend.prepares("ChangeResourceRecordSets")
def judge_by_records_that_exist(call: Call) -> None:
    """aws_route53_record, made again after it was destroyed.

    moto judges by a journal of all changes ever made, and by any record that sorts after the one in question: it
    refuses to create what is gone, and creates what is there.
    """
    zone = route53_backends[call.account]["aws"].get_hosted_zone(call.params["HostedZoneId"].rpartition("/")[2])
    existing = {_key(each.name, each.type, each.set_identifier) for each in zone.rrsets}
    zone.rr_changes[:] = [change for change in zone.rr_changes if _key_of(change["ResourceRecordSet"]) in existing]
    for change in call.params["ChangeBatch"]["Changes"]:
        record = change["ResourceRecordSet"]
        if change["Action"] == "DELETE":
            existing.discard(_key_of(record))
        elif change["Action"] == "CREATE" and _key_of(record) in existing:
            raise AwsError(
                "InvalidChangeBatch",
                f"[Tried to create resource record set [name='{record['Name']}', type='{record['Type']}'] "
                "but it already exists]",
            )
        else:
            existing.add(_key_of(record))


def _key_of(record: Mapping[str, Any]) -> _Key:
    return _key(record["Name"], record["Type"], record.get("SetIdentifier"))


def _key(name: str, kind: str, identifier: str | None) -> _Key:
    return name.rstrip(".").lower(), kind, identifier
