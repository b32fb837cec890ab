"""RDS: identity of instances, versions, replicas, replicated backups, parameter groups, and what RDS refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]


@pytest.fixture(scope="module")
def rds(client: Client) -> Any:
    return client("rds")


@pytest.fixture(scope="module")
def west(client: Client) -> Any:
    return client("rds", region="us-west-2")


def _create(rds: Any, name: str, **settings: Any) -> Any:
    """Make an instance; what reading it back tells."""
    rds.create_db_instance(
        **{
            "DBInstanceIdentifier": name,
            "DBInstanceClass": "db.t4g.micro",
            "Engine": "postgres",
            "EngineVersion": "15",
            "AllocatedStorage": 20,
            "MasterUsername": "owner",
            "MasterUserPassword": "correct horse",
            **settings,
        }
    )
    return _read(rds, name)


def _replicate(rds: Any, name: str, source: str, **settings: Any) -> Any:
    rds.create_db_instance_read_replica(DBInstanceIdentifier=name, SourceDBInstanceIdentifier=source, **settings)
    return _read(rds, name)


def _read(rds: Any, name: str) -> Any:
    return rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def _refused(call: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call()
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def test_every_instance_has_an_id_of_its_own(rds: Any) -> None:
    first = _create(rds, "first-id", BackupRetentionPeriod=1)["DbiResourceId"]
    second = _create(rds, "second-id")["DbiResourceId"]
    replica = _replicate(rds, "replica-id", "first-id")["DbiResourceId"]

    assert len({first, second, replica}) == 3
    assert all(each.startswith("db-") for each in (first, second, replica))
    found = rds.describe_db_instances(Filters=[{"Name": "dbi-resource-id", "Values": [replica]}])["DBInstances"]
    assert [each["DBInstanceIdentifier"] for each in found] == ["replica-id"]


def test_creation_answers_the_id_that_reading_tells(rds: Any) -> None:
    answer = rds.create_db_instance(
        DBInstanceIdentifier="answered", DBInstanceClass="db.t4g.micro", Engine="postgres", AllocatedStorage=20
    )["DBInstance"]

    assert answer["DbiResourceId"] == _read(rds, "answered")["DbiResourceId"]


def test_instances_from_one_snapshot_have_ids_of_their_own(rds: Any) -> None:
    _create(rds, "original")
    rds.create_db_snapshot(DBInstanceIdentifier="original", DBSnapshotIdentifier="of-original")

    for name in ("restored", "restored-too"):
        rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier=name, DBSnapshotIdentifier="of-original")

    ids = {_read(rds, name)["DbiResourceId"] for name in ("original", "restored", "restored-too")}
    assert len(ids) == 3


def test_instances_from_one_moment_have_ids_of_their_own(rds: Any) -> None:
    _create(rds, "today")

    for name in ("yesterday", "yesterday-too"):
        rds.restore_db_instance_to_point_in_time(
            SourceDBInstanceIdentifier="today", TargetDBInstanceIdentifier=name, UseLatestRestorableTime=True
        )

    assert len({_read(rds, name)["DbiResourceId"] for name in ("today", "yesterday", "yesterday-too")}) == 3


@pytest.mark.parametrize(("major", "minor"), [("15", "15.15"), ("16", "16.11")])
def test_major_version_stands_for_a_minor_one(rds: Any, major: str, minor: str) -> None:
    made = _create(rds, f"major-{major}", EngineVersion=major)

    assert made["EngineVersion"] == minor
    assert made["DBParameterGroups"][0]["DBParameterGroupName"] == f"default.postgres{major}"


def test_version_of_an_instance_changes(rds: Any) -> None:
    _create(rds, "upgraded", EngineVersion="15.14")

    rds.modify_db_instance(DBInstanceIdentifier="upgraded", EngineVersion="15", ApplyImmediately=True)

    assert _read(rds, "upgraded")["EngineVersion"] == "15.15"


@pytest.mark.parametrize("version", ["15.4", "15.12", "16.8"])
def test_rejects_withdrawn_version(rds: Any, version: str) -> None:
    refused = _refused(lambda: _create(rds, "withdrawn", EngineVersion=version))

    assert refused == ("InvalidParameterCombination", f"Cannot find version {version} for postgres")
    assert _refused(lambda: _read(rds, "withdrawn"))[0] == "DBInstanceNotFound"


@pytest.mark.parametrize("version", ["15.13", "16.9"])
def test_oldest_version_is_taken_as_it_is(rds: Any, version: str) -> None:
    assert _create(rds, f"oldest-{version.replace('.', '-')}", EngineVersion=version)["EngineVersion"] == version


@pytest.mark.parametrize("setting", [{"Iops": 3000}, {"StorageThroughput": 125}])
def test_rejects_settings_of_small_gp3_storage(rds: Any, setting: dict[str, int]) -> None:
    refused = _refused(lambda: _create(rds, "small", StorageType="gp3", AllocatedStorage=399, **setting))

    assert refused == (
        "InvalidParameterCombination",
        "You can't specify IOPS or storage throughput for engine postgres and a storage size less than 400.",
    )


def test_large_gp3_storage_takes_settings(rds: Any) -> None:
    made = _create(rds, "large", StorageType="gp3", AllocatedStorage=400, Iops=12000, StorageThroughput=500)

    assert (made["Iops"], made["StorageThroughput"]) == (12000, 500)


def test_rejects_zone_of_an_instance_in_two_zones(rds: Any) -> None:
    refused = _refused(lambda: _create(rds, "zoned", MultiAZ=True, AvailabilityZone="us-east-1a"))

    assert refused == (
        "InvalidParameterCombination",
        "Requesting a specific availability zone is not valid for Multi-AZ instances.",
    )


@pytest.mark.parametrize("multi_az", [True, False])
def test_zone_or_two_zones_are_taken(rds: Any, multi_az: bool) -> None:
    zone = {} if multi_az else {"AvailabilityZone": "us-east-1b"}

    made = _create(rds, f"zones-{multi_az}".lower(), MultiAZ=multi_az, **zone)

    assert made["MultiAZ"] is multi_az
    assert made["AvailabilityZone"] == ("us-east-1a" if multi_az else "us-east-1b")


WINDOWS = {"PreferredBackupWindow": "03:00-04:00", "PreferredMaintenanceWindow": "sun:04:00-sun:05:00"}


def test_windows_may_touch(rds: Any) -> None:
    made = _create(rds, "touching", **WINDOWS)

    rds.modify_db_instance(DBInstanceIdentifier="touching", DBInstanceClass="db.t4g.small", ApplyImmediately=True)

    assert {name: made[name] for name in WINDOWS} == WINDOWS
    assert _read(rds, "touching")["DBInstanceClass"] == "db.t4g.small"


def test_rejects_windows_that_overlap(rds: Any) -> None:
    code, message = _refused(lambda: _create(rds, "overlapping", **{**WINDOWS, "PreferredBackupWindow": "03:01-04:01"}))

    assert code == "InvalidParameterValue"
    assert "must not overlap" in message


def _insights(instance: Any) -> tuple[Any, ...]:
    return tuple(instance.get(f"PerformanceInsights{name}") for name in ("Enabled", "RetentionPeriod", "KMSKeyId"))


def test_performance_insights_are_read_back(rds: Any) -> None:
    key = "arn:aws:kms:us-east-1:555555555555:key/insights"

    made = _create(
        rds,
        "insights",
        EnablePerformanceInsights=True,
        PerformanceInsightsRetentionPeriod=31,
        PerformanceInsightsKMSKeyId=key,
    )

    assert _insights(made) == (True, 31, key)


def test_performance_insights_go_on_and_off(rds: Any) -> None:
    _create(rds, "switched", EnablePerformanceInsights=False)

    rds.modify_db_instance(DBInstanceIdentifier="switched", EnablePerformanceInsights=True)
    on = _insights(_read(rds, "switched"))
    rds.modify_db_instance(DBInstanceIdentifier="switched", PerformanceInsightsRetentionPeriod=93)
    longer = _insights(_read(rds, "switched"))
    rds.modify_db_instance(DBInstanceIdentifier="switched", EnablePerformanceInsights=False)

    assert (on, longer) == ((True, 7, None), (True, 93, None))
    assert _insights(_read(rds, "switched")) == (False, None, None)


def test_managed_password_is_of_the_user_and_goes_with_the_instance(client: Client, rds: Any) -> None:
    secrets = client("secretsmanager")
    made = _create(rds, "managed", ManageMasterUserPassword=True, MasterUsername="fckadmin")
    arn = made["MasterUserSecret"]["SecretArn"]
    login = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])

    rds.delete_db_instance(DBInstanceIdentifier="managed", SkipFinalSnapshot=True)

    assert login["username"] == "fckadmin"
    assert login["password"]
    assert _refused(lambda: secrets.describe_secret(SecretId=arn))[0] == "ResourceNotFoundException"


SOURCE: dict[str, Any] = {
    "BackupRetentionPeriod": 7,
    "DeletionProtection": True,
    "EnableIAMDatabaseAuthentication": True,
    "EnableCloudwatchLogsExports": ["postgresql", "upgrade"],
    "EnablePerformanceInsights": True,
    "MaxAllocatedStorage": 100,
    "MonitoringInterval": 60,
    "MonitoringRoleArn": "arn:aws:iam::555555555555:role/monitoring",
    "MultiAZ": True,
    "Tags": [{"Key": "of", "Value": "source"}],
}


def test_replica_has_only_what_it_is_given(rds: Any) -> None:
    _create(rds, "source", **SOURCE)

    replica = _replicate(rds, "bare-replica", "source")

    assert replica["ReadReplicaSourceDBInstanceIdentifier"] == "source"
    assert (replica["BackupRetentionPeriod"], replica["MultiAZ"], replica["DeletionProtection"]) == (0, False, False)
    assert replica.get("EnabledCloudwatchLogsExports", []) == []
    assert replica.get("MonitoringInterval", 0) == 0
    assert _insights(replica)[0] is False
    assert not {"MaxAllocatedStorage", "MonitoringRoleArn"} & set(replica)
    assert (replica["TagList"], replica["IAMDatabaseAuthenticationEnabled"]) == ([], False)


def test_creation_of_a_replica_answers_what_reading_tells(rds: Any) -> None:
    _create(rds, "answering-source", **SOURCE)

    answer = rds.create_db_instance_read_replica(
        DBInstanceIdentifier="answered-replica", SourceDBInstanceIdentifier="answering-source"
    )["DBInstance"]

    volatile = {"LatestRestorableTime": None}
    assert {**answer, **volatile} == {**_read(rds, "answered-replica"), **volatile}


def test_replica_has_what_it_is_given_and_leaves_its_source_alone(rds: Any) -> None:
    source = _create(rds, "rich-source", **SOURCE)
    rds.create_db_parameter_group(
        DBParameterGroupName="of-replica", DBParameterGroupFamily="postgres15", Description="d"
    )
    given = {
        "DBInstanceClass": "db.t4g.large",
        "DBParameterGroupName": "of-replica",
        "MaxAllocatedStorage": 50,
        "MonitoringInterval": 15,
        "MonitoringRoleArn": "arn:aws:iam::555555555555:role/other",
    }

    replica = _replicate(
        rds,
        "rich-replica",
        "rich-source",
        **given,
        EnableCloudwatchLogsExports=["postgresql"],
        EnablePerformanceInsights=True,
        PerformanceInsightsRetentionPeriod=93,
        Tags=[{"Key": "of", "Value": "replica"}],
    )
    rds.delete_db_instance(DBInstanceIdentifier="rich-replica", SkipFinalSnapshot=True)

    (group,) = replica.pop("DBParameterGroups")
    assert {**replica, "DBParameterGroupName": group["DBParameterGroupName"]}.items() >= given.items()
    assert replica["EnabledCloudwatchLogsExports"] == ["postgresql"]
    assert _insights(replica)[:2] == (True, 93)
    assert replica["TagList"] == [{"Key": "of", "Value": "replica"}]
    volatile = {"LatestRestorableTime": None, "ReadReplicaDBInstanceIdentifiers": None}
    assert {**_read(rds, "rich-source"), **volatile} == {**source, **volatile}


def test_rejects_replica_of_an_instance_whose_password_rds_keeps(rds: Any) -> None:
    _create(rds, "kept", ManageMasterUserPassword=True, BackupRetentionPeriod=7)

    assert _refused(lambda: _replicate(rds, "refused-replica", "kept")) == (
        "InvalidParameterValue",
        "Creating read replicas for source instance with engine postgres where ManageMasterUserPassword is enabled is "
        "not supported.",
    )


def test_protected_instance_is_not_deleted(rds: Any) -> None:
    _create(rds, "protected", DeletionProtection=True)

    code, message = _refused(lambda: rds.delete_db_instance(DBInstanceIdentifier="protected", SkipFinalSnapshot=True))

    assert code == "InvalidParameterCombination"
    assert "deletion protection" in message
    assert _read(rds, "protected")["DBInstanceStatus"] == "available"


@pytest.fixture
def parameters(rds: Any, request: pytest.FixtureRequest) -> str:
    """A parameter group with two parameters set."""
    name = request.node.name.replace("_", "-")
    rds.create_db_parameter_group(DBParameterGroupName=name, DBParameterGroupFamily="postgres15", Description="d")
    rds.modify_db_parameter_group(
        DBParameterGroupName=name,
        Parameters=[
            {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "pending-reboot"},
            {"ParameterName": "log_min_duration_statement", "ParameterValue": "1000", "ApplyMethod": "immediate"},
        ],
    )
    return str(name)


def _set_by_user(rds: Any, group: str) -> list[tuple[str, str, str]]:
    told = rds.describe_db_parameters(DBParameterGroupName=group, Source="user")["Parameters"]
    return [
        (each["ParameterName"], each["ParameterValue"], each["ApplyMethod"])
        for each in told
        if each["Source"] == "user"
    ]


def test_parameters_are_told_as_set_by_a_user(rds: Any, parameters: str) -> None:
    assert _set_by_user(rds, parameters) == [
        ("rds.force_ssl", "1", "pending-reboot"),
        ("log_min_duration_statement", "1000", "immediate"),
    ]


def test_one_parameter_is_reset(rds: Any, parameters: str) -> None:
    rds.reset_db_parameter_group(
        DBParameterGroupName=parameters, Parameters=[{"ParameterName": "rds.force_ssl", "ApplyMethod": "immediate"}]
    )

    assert [name for name, _value, _method in _set_by_user(rds, parameters)] == ["log_min_duration_statement"]


def test_all_parameters_are_reset(rds: Any, parameters: str) -> None:
    rds.reset_db_parameter_group(DBParameterGroupName=parameters, ResetAllParameters=True)

    assert _set_by_user(rds, parameters) == []


def test_rejects_reset_of_a_group_that_is_not_there(rds: Any) -> None:
    refused = _refused(lambda: rds.reset_db_parameter_group(DBParameterGroupName="nobody", ResetAllParameters=True))

    assert refused[0] == "DBParameterGroupNotFound"


def _start(rds: Any, west: Any, name: str, **settings: Any) -> Any:
    source = _create(rds, name, BackupRetentionPeriod=7)["DBInstanceArn"]
    started = west.start_db_instance_automated_backups_replication(SourceDBInstanceArn=source, **settings)
    return started["DBInstanceAutomatedBackup"]


def test_backups_are_replicated_to_another_region(rds: Any, west: Any) -> None:
    key = "arn:aws:kms:us-west-2:555555555555:key/backups"

    started = _start(rds, west, "backed-up", BackupRetentionPeriod=14, KmsKeyId=key)

    (told,) = west.describe_db_instance_automated_backups(
        DBInstanceAutomatedBackupsArn=started["DBInstanceAutomatedBackupsArn"]
    )["DBInstanceAutomatedBackups"]
    assert told == started
    assert (told["Status"], told["Region"], told["DBInstanceIdentifier"]) == ("replicating", "us-east-1", "backed-up")
    assert (told["BackupRetentionPeriod"], told["KmsKeyId"]) == (14, key)
    assert told["DBInstanceAutomatedBackupsArn"].startswith("arn:aws:rds:us-west-2:555555555555:auto-backup:ab-")


def test_replicated_backups_are_listed_where_they_are(rds: Any, west: Any) -> None:
    arn = _start(rds, west, "listed")["DBInstanceArn"]

    def listed(client: Any) -> list[str | None]:
        told = client.describe_db_instance_automated_backups(DBInstanceIdentifier="listed")
        return [each.get("DBInstanceArn") for each in told["DBInstanceAutomatedBackups"]]

    assert listed(west) == [arn]
    assert arn not in listed(rds)


def test_replication_stops(rds: Any, west: Any) -> None:
    backup = _start(rds, west, "stopped")
    source, arn = backup["DBInstanceArn"], backup["DBInstanceAutomatedBackupsArn"]

    west.stop_db_instance_automated_backups_replication(SourceDBInstanceArn=source)

    again = _refused(lambda: west.stop_db_instance_automated_backups_replication(SourceDBInstanceArn=source))
    gone = _refused(lambda: west.describe_db_instance_automated_backups(DBInstanceAutomatedBackupsArn=arn))
    assert (again[0], gone[0]) == ("InvalidDBInstanceState", "DBInstanceAutomatedBackupNotFound")


def test_rejects_replication_of_an_instance_that_is_not_there(west: Any) -> None:
    refused = _refused(
        lambda: west.start_db_instance_automated_backups_replication(
            SourceDBInstanceArn="arn:aws:rds:us-east-1:555555555555:db:nobody"
        )
    )

    assert refused[0] == "DBInstanceNotFound"


def test_a_failover_takes_the_instance_to_the_other_zone_and_back(rds: Any) -> None:
    zones = [_create(rds, "failing-over", MultiAZ=True)["AvailabilityZone"]]
    for _ in range(2):
        rds.reboot_db_instance(DBInstanceIdentifier="failing-over", ForceFailover=True)
        zones.append(_read(rds, "failing-over")["AvailabilityZone"])

    assert zones == ["us-east-1a", "us-east-1b", "us-east-1a"]


def test_rejects_a_failover_without_a_standby(rds: Any) -> None:
    _create(rds, "alone")

    code, _ = _refused(lambda: rds.reboot_db_instance(DBInstanceIdentifier="alone", ForceFailover=True))

    assert code == "InvalidParameterCombination"


def test_a_restored_instance_is_neither_protected_nor_doubled_unless_asked_for(rds: Any) -> None:
    _create(rds, "guarded", MultiAZ=True, DeletionProtection=True)

    rds.restore_db_instance_to_point_in_time(
        SourceDBInstanceIdentifier="guarded", TargetDBInstanceIdentifier="plain-copy", UseLatestRestorableTime=True
    )

    copy = _read(rds, "plain-copy")
    assert (copy["DeletionProtection"], copy["MultiAZ"]) == (False, False)


def test_backups_tell_from_when_to_when_they_can_be_restored(rds: Any) -> None:
    created = _create(rds, "with-window", BackupRetentionPeriod=7)["InstanceCreateTime"]

    (backup,) = rds.describe_db_instance_automated_backups(DBInstanceIdentifier="with-window")[
        "DBInstanceAutomatedBackups"
    ]

    window = backup["RestoreWindow"]
    assert abs((window["EarliestTime"] - created).total_seconds()) < 2
    assert window["LatestTime"] >= window["EarliestTime"]
