"""Route 53: whether a record exists, records of one name that fail over, and health checks that follow an alarm."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from moto.route53.models import route53_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("route53")

_Key = tuple[str, str, str | None]


# moto makes a list of the records that stay and puts it in the place of the old one: a second change would be lost.
backend.serialises("ChangeResourceRecordSets")


@backend.answers("ChangeResourceRecordSets")
def delete_one_of_several(call: Call) -> Mapping[str, Any] | None:
    """aws_route53_record with set_identifier, delete: moto deletes every record of the zone with that identifier."""
    changes = call.params["ChangeBatch"]["Changes"]
    if not any(change["Action"] == "DELETE" and "SetIdentifier" in change["ResourceRecordSet"] for change in changes):
        return None
    judge_by_records_that_exist(call)
    moto = route53_backends[call.account]["aws"]
    zone_id = call.params["HostedZoneId"].rpartition("/")[2]
    zone = moto.get_hosted_zone(zone_id)
    for change in changes:
        record = change["ResourceRecordSet"]
        named = [each for each in zone.rrsets if _key(each.name, each.type, each.set_identifier) == _key_of(record)]
        if change["Action"] == "DELETE" and named and zone.rr_changes.has_insert_or_update(record):
            zone.rrsets.remove(named[0])
            zone.rr_changes.append(copy.deepcopy(change))
        else:
            moto.change_resource_record_sets(zone_id, [copy.deepcopy(change)])
    return {"ChangeInfo": {"Id": "/change/C2682N5HXP0BZ4", "Status": "INSYNC", "SubmittedAt": datetime.now(UTC)}}


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


_ALARM_SETTINGS = ("AlarmIdentifier", "InsufficientDataHealthStatus", "Inverted", "Disabled")


@backend.amends("CreateHealthCheck")
def remember_alarm(call: Call, answer: dict[str, Any]) -> None:
    """aws_route53_health_check of type CLOUDWATCH_METRIC, create: moto loses the alarm, and gives it a port."""
    config = call.params["HealthCheckConfig"]
    if config["Type"] == "CLOUDWATCH_METRIC":
        kept = {"Type": config["Type"], "Inverted": False, "Disabled": False}
        kept |= {key: config[key] for key in _ALARM_SETTINGS if key in config}
        _alarm_checks(call)[answer["HealthCheck"]["Id"]] = kept
    recall_alarm(call, answer)


@backend.amends("UpdateHealthCheck")
def change_alarm(call: Call, answer: dict[str, Any]) -> None:
    """aws_route53_health_check of type CLOUDWATCH_METRIC, update."""
    if kept := _alarm_checks(call).get(call.params["HealthCheckId"]):
        kept.update({key: call.params[key] for key in _ALARM_SETTINGS if key in call.params})
    recall_alarm(call, answer)


@backend.amends("GetHealthCheck")
def recall_alarm(call: Call, answer: dict[str, Any]) -> None:
    """aws_route53_health_check, read."""
    check = answer["HealthCheck"]
    check["HealthCheckConfig"] = _alarm_checks(call).get(check["Id"], check["HealthCheckConfig"])


@backend.amends("ListHealthChecks")
def recall_alarms(call: Call, answer: dict[str, Any]) -> None:
    """Reading back an account's health checks."""
    for check in answer["HealthChecks"]:
        recall_alarm(call, {"HealthCheck": check})


def _alarm_checks(call: Call) -> dict[str, dict[str, Any]]:
    return call.account_store("alarm-checks")


def _key_of(record: Mapping[str, Any]) -> _Key:
    return _key(record["Name"], record["Type"], record.get("SetIdentifier"))


def _key(name: str, kind: str, identifier: str | None) -> _Key:
    return name.rstrip(".").lower(), kind, identifier
