"""RDS: instances with an id of their own, what an engine version stands for, replicas, backups in another region.

And what RDS refuses although Terraform's plan accepts it.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from botocore import xform_name
from moto.rds import utils
from moto.rds.models import DBInstance, rds_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("rds")

# Since 1 May 2026 no instance can be made with the minor versions before these.
# https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html
_OLDEST_MINOR = {"14": 18, "15": 13, "16": 9, "17": 5}
# What a major version alone stands for; where RDS takes the withdrawn ones to.
_DEFAULT_MINOR = {"14": 20, "15": 15, "16": 11, "17": 7}

# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
_GIB_FOR_GP3_SETTINGS = 400


def _overlap(*dates: Any) -> int:
    """How long two windows overlap, in seconds; less than none when they only touch, which RDS takes."""
    return _moto_overlap(*dates) or -1


# moto refuses a backup window whose end is where the maintenance window begins, at every change of the instance.
_moto_overlap = utils.get_overlap_between_two_date_ranges
utils.get_overlap_between_two_date_ranges = _overlap


@backend.prepares("CreateDBInstance")
def check_instance(call: Call) -> None:
    """aws_db_instance, create: combinations that RDS refuses, and the minor version that a major one stands for."""
    given = call.params
    if given.get("MultiAZ") and given.get("AvailabilityZone"):
        raise AwsError(
            "InvalidParameterCombination",
            "Requesting a specific availability zone is not valid for Multi-AZ instances.",
        )
    if given["Engine"] == "postgres":
        _refuse_settings_of_small_storage(given)
        if version := given.get("EngineVersion"):
            _replace(call, "EngineVersion", _minor_version(version))


def _refuse_settings_of_small_storage(given: Mapping[str, Any]) -> None:
    settings = given.get("Iops") or given.get("StorageThroughput")
    small = given.get("AllocatedStorage", 0) < _GIB_FOR_GP3_SETTINGS
    if given.get("StorageType") == "gp3" and settings and small:
        raise AwsError(
            "InvalidParameterCombination",
            "You can't specify IOPS or storage throughput for engine postgres and a storage size less than "
            f"{_GIB_FOR_GP3_SETTINGS}.",
        )


def _minor_version(version: str) -> str:
    major, _, minor = version.partition(".")
    if not minor:
        return f"{major}.{_DEFAULT_MINOR[major]}" if major in _DEFAULT_MINOR else version
    if minor.isdigit() and int(minor) < _OLDEST_MINOR.get(major, 0):
        raise AwsError("InvalidParameterCombination", f"Cannot find version {version} for postgres")
    return version


@backend.amends("CreateDBInstance", "RestoreDBInstanceFromDBSnapshot", "RestoreDBInstanceToPointInTime")
def complete_instance(call: Call, answer: dict[str, Any]) -> None:
    """aws_db_instance, create: all of moto's have one DbiResourceId, by which the provider knows an instance again."""
    _tell(call, answer, DbiResourceId=_new_resource_id(), **_performance_insights(call))
    if call.operation.name.startswith("Restore"):
        # moto's has them from its source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
        own = ("DeletionProtection", "MultiAZ", "PubliclyAccessible")
        _tell(call, answer, **{name: call.params.get(name, False) for name in own})
    instance = _instance(call, answer["DBInstance"]["DBInstanceIdentifier"])
    if secret := getattr(instance, "master_user_secret", None):
        version = secret.secret.versions[secret.secret.default_version_id]
        login = json.loads(version["secret_string"])
        version["secret_string"] = json.dumps({**login, "username": instance.master_username})


@backend.prepares("CreateDBInstanceReadReplica")
def check_source(call: Call) -> None:
    """aws_db_instance with replicate_source_db, create: RDS keeps a password for instances without replicas only.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html#rds-secrets-manager-limitations
    """
    source = _instance(call, call.params["SourceDBInstanceIdentifier"].rpartition(":")[2])
    if source.manage_master_user_password:
        raise AwsError(
            "InvalidParameterValue",
            f"Creating read replicas for source instance with engine {source.engine} where ManageMasterUserPassword "
            "is enabled is not supported.",
        )


@backend.amends("CreateDBInstanceReadReplica")
def complete_replica(call: Call, answer: dict[str, Any]) -> None:
    """aws_db_instance with replicate_source_db, create: moto's has all that its source has.

    The answer has to be right already: the provider changes what it finds to differ in it.
    """
    given = call.params
    replica = _instance(call, given["DBInstanceIdentifier"])
    replica.enable_iam_database_authentication = given.get("EnableIAMDatabaseAuthentication", False)
    replica.max_allocated_storage = given.get("MaxAllocatedStorage", replica.allocated_storage)
    replica.tags = list(given.get("Tags", []))
    answer["DBInstance"].update(
        IAMDatabaseAuthenticationEnabled=replica.enable_iam_database_authentication,
        MaxAllocatedStorage=replica.max_allocated_storage,
        TagList=replica.tags,
    )
    _tell(
        call,
        answer,
        BackupRetentionPeriod=0,
        DbiResourceId=_new_resource_id(),
        DeletionProtection=given.get("DeletionProtection", False),
        EnabledCloudwatchLogsExports=list(given.get("EnableCloudwatchLogsExports", [])),
        MonitoringInterval=given.get("MonitoringInterval", 0),
        MonitoringRoleArn=given.get("MonitoringRoleArn"),
        MultiAZ=given.get("MultiAZ", False),
        **{"PerformanceInsightsEnabled": False, **_performance_insights(call)},
    )


@backend.amends("ModifyDBInstance")
def change_performance_insights(call: Call, answer: dict[str, Any]) -> None:
    """aws_db_instance, update."""
    _tell(call, answer, **_performance_insights(call))


@backend.prepares("RebootDBInstance")
def fail_over(call: Call) -> None:
    """A drill that has the standby take over: it is in another zone, and has done so when it is answered."""
    if not call.params.get("ForceFailover"):
        return
    instance = _instance(call, call.params["DBInstanceIdentifier"])
    if not instance.multi_az:
        raise AwsError(
            "InvalidParameterCombination",
            "ForceFailover cannot be specified since the instance is not configured for MultiAZ.",
        )
    instance.availability_zone = f"{call.region}{'b' if str(instance.availability_zone).endswith('a') else 'a'}"


@backend.prepares("ModifyDBInstance")
def read_version(call: Call) -> None:
    """aws_db_instance, update of engine_version."""
    version = call.params.get("EngineVersion")
    if version and _instance(call, call.params["DBInstanceIdentifier"]).engine == "postgres":
        _replace(call, "EngineVersion", _minor_version(version))


@backend.amends("DescribeDBParameters")
def tell_source(_call: Call, answer: dict[str, Any]) -> None:
    """aws_db_parameter_group, read: the provider keeps those that a user has set, and moto has no others."""
    for parameter in answer["Parameters"]:
        parameter["Source"] = "user"


@backend.answers("ResetDBParameterGroup")
def reset_db_parameter_group(call: Call) -> Mapping[str, Any]:
    """aws_db_parameter_group, update that drops a parameter."""
    name = call.params["DBParameterGroupName"]
    group = rds_backends[call.account][call.region].db_parameter_groups.get(name.lower())
    if group is None:
        raise AwsError("DBParameterGroupNotFound", f"DBParameterGroup not found: {name}")
    if call.params.get("ResetAllParameters"):
        group.parameters.clear()
    for parameter in call.params.get("Parameters", []):
        group.parameters.pop(parameter["ParameterName"], None)
    return {"DBParameterGroupName": name}


@backend.answers("StartDBInstanceAutomatedBackupsReplication")
def start_replication(call: Call) -> Mapping[str, Any]:
    """aws_db_instance_automated_backups_replication, create, in the region that the backups are to be in."""
    source = call.params["SourceDBInstanceArn"]
    instance = rds_backends[call.account][call.region].find_db_from_id(source)  # refuses one that is not there
    backup = {
        "BackupRetentionPeriod": call.params.get("BackupRetentionPeriod", 7),
        "DBInstanceArn": source,
        "DBInstanceAutomatedBackupsArn": call.arn(f"auto-backup:ab-{_random_name()}"),
        "DBInstanceIdentifier": instance.db_instance_identifier,
        "DbiResourceId": instance.dbi_resource_id,
        "Encrypted": instance.storage_encrypted,
        "Engine": instance.engine,
        "EngineVersion": instance.engine_version,
        "KmsKeyId": call.params.get("KmsKeyId"),
        "Region": instance.region,
        "Status": "replicating",
    }
    _backups(call)[source] = backup
    return {"DBInstanceAutomatedBackup": backup}


@backend.answers("StopDBInstanceAutomatedBackupsReplication")
def stop_replication(call: Call) -> Mapping[str, Any]:
    """aws_db_instance_automated_backups_replication, delete."""
    backup = _backups(call).pop(call.params["SourceDBInstanceArn"], None)
    if backup is None:
        message = f"The instance {call.params['SourceDBInstanceArn']} has no backups that are replicated to here."
        raise AwsError("InvalidDBInstanceState", message)
    return {"DBInstanceAutomatedBackup": backup}


@backend.answers("DescribeDBInstanceAutomatedBackups")
def describe_replicated_backup(call: Call) -> Mapping[str, Any] | None:
    """aws_db_instance_automated_backups_replication, read, by the ARN that only such backups have here."""
    arn = call.params.get("DBInstanceAutomatedBackupsArn")
    if arn is None:
        return None
    found = [backup for backup in _backups(call).values() if backup["DBInstanceAutomatedBackupsArn"] == arn]
    if not found:
        raise AwsError("DBInstanceAutomatedBackupNotFound", f"Automated backup {arn} not found.")
    return {"DBInstanceAutomatedBackups": found}


@backend.amends("DescribeDBInstanceAutomatedBackups")
def tell_replicated_backups(call: Call, answer: dict[str, Any]) -> None:
    """Reading back what can be restored in a region: from when to when, and those of other regions too."""
    for backup in answer.get("DBInstanceAutomatedBackups", []):
        if backup.get("Status") == "active":
            instance, now = _instance(call, backup["DBInstanceIdentifier"]), datetime.now(UTC)
            created = instance.instance_create_time.replace(tzinfo=UTC)
            kept = now - timedelta(days=instance.backup_retention_period)
            backup["RestoreWindow"] = {"EarliestTime": max(created, kept), "LatestTime": now}
    wanted = call.params.get("DBInstanceIdentifier")
    replicated = [backup for backup in _backups(call).values() if wanted in (None, backup["DBInstanceIdentifier"])]
    answer["DBInstanceAutomatedBackups"] = [*answer.get("DBInstanceAutomatedBackups", []), *replicated]


def _performance_insights(call: Call) -> dict[str, Any]:
    """What the call says of them, by the names that an instance has for it."""
    told = {name: call.params[name] for name in _OF_PERFORMANCE_INSIGHTS if name in call.params}
    enabled = call.params.get("EnablePerformanceInsights")
    if enabled is False:
        return {"PerformanceInsightsEnabled": False, **dict.fromkeys(_OF_PERFORMANCE_INSIGHTS)}
    if enabled:
        return {"PerformanceInsightsRetentionPeriod": 7, **told, "PerformanceInsightsEnabled": True}
    return told


_OF_PERFORMANCE_INSIGHTS = ("PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod")


def _tell(call: Call, answer: dict[str, Any], **members: Any) -> None:
    """Have the instance say this from now on, and in this answer already."""
    instance = _instance(call, answer["DBInstance"]["DBInstanceIdentifier"])
    for name, value in members.items():
        setattr(instance, xform_name(name), value)
    answer["DBInstance"].update(members)


def _replace(call: Call, name: str, value: str) -> None:
    """Have moto read another value than the one that was sent."""
    form = dict(parse_qsl(call.body.decode(), keep_blank_values=True))
    call.body = urlencode({**form, name: value}).encode()


def _new_resource_id() -> str:
    return f"db-{_random_name().upper()}"


def _random_name() -> str:
    return base64.b32encode(uuid.uuid4().bytes).decode().rstrip("=").lower()


def _instance(call: Call, identifier: str) -> DBInstance:
    return rds_backends[call.account][call.region].describe_db_instances(identifier)[0]


def _backups(call: Call) -> dict[str, dict[str, Any]]:
    return call.store("replicated-backups")
