"""AWS Backup: selections, tests of restores, and tags by the address Go uses."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from botocore.exceptions import ClientError

from tooling.emulator.process import RunningEmulator

Client = Callable[..., Any]

_SIGNED = (
    "AWS4-HMAC-SHA256 Credential=555555555555/20250101/us-east-1/backup/aws4_request, SignedHeaders=h, Signature=s"
)
SELECTION = {
    "SelectionName": "table",
    "IamRoleArn": "arn:aws:iam::555555555555:role/backup",
    "Resources": ["arn:aws:dynamodb:us-east-1:555555555555:table/t"],
}

RESTORES = {
    "RestoreTestingPlanName": "monthly",
    "ScheduleExpression": "cron(0 5 1 * ? *)",
    "RecoveryPointSelection": {
        "Algorithm": "LATEST_WITHIN_WINDOW",
        "IncludeVaults": ["*"],
        "RecoveryPointTypes": ["SNAPSHOT"],
    },
}
RESTORED = {
    "RestoreTestingSelectionName": "database",
    "ProtectedResourceType": "RDS",
    "IamRoleArn": "arn:aws:iam::555555555555:role/backup",
    "ProtectedResourceArns": ["arn:aws:rds:us-east-1:555555555555:db:d"],
}


@pytest.fixture
def backup(client: Client) -> Any:
    return client("backup")


@pytest.fixture
def plan(backup: Any, request: pytest.FixtureRequest) -> str:
    rule = {"RuleName": "daily", "TargetBackupVaultName": "Default"}
    made = backup.create_backup_plan(BackupPlan={"BackupPlanName": request.node.name, "Rules": [rule]})
    return str(made["BackupPlanId"])


@pytest.fixture
def restores(backup: Any, request: pytest.FixtureRequest) -> dict[str, Any]:
    """A plan that tests restores."""
    plan = {**RESTORES, "RestoreTestingPlanName": request.node.name[:50]}
    made = backup.create_restore_testing_plan(RestoreTestingPlan=plan, Tags={"team": "a"})
    return dict(made)


def test_plan_changes_under_its_id(backup: Any, plan: str) -> None:
    before = backup.get_backup_plan(BackupPlanId=plan)
    rule = {"RuleName": "weekly", "TargetBackupVaultName": "Default", "Lifecycle": {"DeleteAfterDays": 35}}

    backup.update_backup_plan(BackupPlanId=plan, BackupPlan={"BackupPlanName": "renamed", "Rules": [rule]})

    after = backup.get_backup_plan(BackupPlanId=plan)
    assert after["BackupPlan"]["BackupPlanName"] == "renamed"
    (kept,) = after["BackupPlan"]["Rules"]
    assert (kept["RuleName"], kept["Lifecycle"], kept["StartWindowMinutes"]) == ("weekly", {"DeleteAfterDays": 35}, 480)
    assert after["BackupPlanArn"] == before["BackupPlanArn"]
    assert after["VersionId"] != before["VersionId"]


def test_deleted_plan_is_made_again(backup: Any) -> None:
    document = {"BackupPlanName": "again", "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "Default"}]}
    first = backup.create_backup_plan(BackupPlan=document)["BackupPlanId"]
    with pytest.raises(backup.exceptions.AlreadyExistsException):
        backup.create_backup_plan(BackupPlan=document)

    backup.delete_backup_plan(BackupPlanId=first)

    assert backup.create_backup_plan(BackupPlan=document)["BackupPlanId"] != first


def test_selection_is_kept_as_sent(backup: Any, plan: str) -> None:
    made = backup.create_backup_selection(BackupPlanId=plan, BackupSelection=SELECTION)

    read = backup.get_backup_selection(BackupPlanId=plan, SelectionId=made["SelectionId"])

    assert read["BackupSelection"] == SELECTION
    (listed,) = backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
    assert (listed["SelectionName"], listed["SelectionId"]) == ("table", made["SelectionId"])


def test_deleted_selection_is_gone_in_the_words_that_the_provider_knows(backup: Any, plan: str) -> None:
    selection = backup.create_backup_selection(BackupPlanId=plan, BackupSelection=SELECTION)["SelectionId"]

    backup.delete_backup_selection(BackupPlanId=plan, SelectionId=selection)

    with pytest.raises(backup.exceptions.InvalidParameterValueException, match="Cannot find Backup plan"):
        backup.get_backup_selection(BackupPlanId=plan, SelectionId=selection)


def test_selection_for_no_plan_is_refused(backup: Any) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        backup.create_backup_selection(BackupPlanId="nosuch", BackupSelection=SELECTION)


def test_vault_has_no_recovery_points(backup: Any) -> None:
    backup.create_backup_vault(BackupVaultName="empty")

    assert backup.list_recovery_points_by_backup_vault(BackupVaultName="empty")["RecoveryPoints"] == []
    with pytest.raises(backup.exceptions.ResourceNotFoundException):
        backup.list_recovery_points_by_backup_vault(BackupVaultName="nosuch")


@pytest.mark.parametrize("ending", ["", "/"])
def test_tags_are_read_with_and_without_a_trailing_slash(backup: Any, emulator: RunningEmulator, ending: str) -> None:
    vault = backup.create_backup_vault(BackupVaultName=f"tagged{len(ending)}", BackupVaultTags={"team": "a"})
    connection = http.client.HTTPConnection(urlsplit(emulator.endpoint).netloc)

    path = f"/tags/{quote(vault['BackupVaultArn'], safe='')}{ending}"
    connection.request("GET", path, headers={"Authorization": _SIGNED})

    assert json.loads(connection.getresponse().read())["Tags"] == {"team": "a"}


def test_vault_made_again_has_only_its_own_tags(backup: Any) -> None:
    backup.create_backup_vault(BackupVaultName="again", BackupVaultTags={"old": "1"})

    backup.delete_backup_vault(BackupVaultName="again")

    vault = backup.create_backup_vault(BackupVaultName="again", BackupVaultTags={"new": "2"})
    assert backup.list_tags(ResourceArn=vault["BackupVaultArn"])["Tags"] == {"new": "2"}


def test_plan_for_restores_is_kept_with_what_it_leaves_out(backup: Any, restores: dict[str, Any]) -> None:
    name, arn = restores["RestoreTestingPlanName"], restores["RestoreTestingPlanArn"]

    read = backup.get_restore_testing_plan(RestoreTestingPlanName=name)["RestoreTestingPlan"]

    assert read["ScheduleExpression"] == RESTORES["ScheduleExpression"]
    assert (read["StartWindowHours"], read["RecoveryPointSelection"]["SelectionWindowDays"]) == (24, 30)
    assert read["RecoveryPointSelection"]["IncludeVaults"] == ["*"]
    assert arn.startswith(f"arn:aws:backup:us-east-1:555555555555:restore-testing-plan:{name}-")
    assert backup.list_tags(ResourceArn=arn)["Tags"] == {"team": "a"}
    listed = backup.list_restore_testing_plans()["RestoreTestingPlans"]
    assert name in [each["RestoreTestingPlanName"] for each in listed]


def test_plan_for_restores_changes_only_what_is_asked(backup: Any, restores: dict[str, Any]) -> None:
    name = restores["RestoreTestingPlanName"]

    changed = backup.update_restore_testing_plan(
        RestoreTestingPlanName=name, RestoreTestingPlan={"ScheduleExpression": "cron(0 6 1 * ? *)"}
    )

    read = backup.get_restore_testing_plan(RestoreTestingPlanName=name)["RestoreTestingPlan"]
    assert read["ScheduleExpression"] == "cron(0 6 1 * ? *)"
    assert read["RecoveryPointSelection"]["IncludeVaults"] == ["*"]
    assert read["LastUpdateTime"] == changed["UpdateTime"]
    assert read["RestoreTestingPlanArn"] == restores["RestoreTestingPlanArn"]


def test_selection_for_restores_is_kept_changed_and_deleted(backup: Any, restores: dict[str, Any]) -> None:
    names = {
        "RestoreTestingPlanName": restores["RestoreTestingPlanName"],
        "RestoreTestingSelectionName": RESTORED["RestoreTestingSelectionName"],
    }

    def read() -> dict[str, Any]:
        return dict(backup.get_restore_testing_selection(**names)["RestoreTestingSelection"])

    backup.create_restore_testing_selection(
        RestoreTestingPlanName=names["RestoreTestingPlanName"], RestoreTestingSelection=RESTORED
    )
    made = read()
    backup.update_restore_testing_selection(**names, RestoreTestingSelection={"ValidationWindowHours": 8})
    changed = read()
    listed = backup.list_restore_testing_selections(RestoreTestingPlanName=names["RestoreTestingPlanName"])
    backup.delete_restore_testing_selection(**names)

    assert {key: made[key] for key in RESTORED} == RESTORED
    assert (made["ValidationWindowHours"], changed) == (0, {**made, "ValidationWindowHours": 8})
    assert [each["RestoreTestingSelectionName"] for each in listed["RestoreTestingSelections"]] == ["database"]
    with pytest.raises(backup.exceptions.ResourceNotFoundException):
        read()


def test_plan_for_restores_goes_after_its_selections(backup: Any, restores: dict[str, Any]) -> None:
    name = restores["RestoreTestingPlanName"]
    backup.create_restore_testing_selection(RestoreTestingPlanName=name, RestoreTestingSelection=RESTORED)
    with pytest.raises(backup.exceptions.InvalidRequestException, match="before their plan"):
        backup.delete_restore_testing_plan(RestoreTestingPlanName=name)

    backup.delete_restore_testing_selection(RestoreTestingPlanName=name, RestoreTestingSelectionName="database")
    backup.delete_restore_testing_plan(RestoreTestingPlanName=name)

    with pytest.raises(backup.exceptions.ResourceNotFoundException):
        backup.get_restore_testing_plan(RestoreTestingPlanName=name)
    assert backup.list_tags(ResourceArn=restores["RestoreTestingPlanArn"])["Tags"] == {}


def test_plan_for_restores_and_its_selections_are_made_once(backup: Any, restores: dict[str, Any]) -> None:
    name = restores["RestoreTestingPlanName"]
    backup.create_restore_testing_selection(RestoreTestingPlanName=name, RestoreTestingSelection=RESTORED)

    with pytest.raises(backup.exceptions.AlreadyExistsException):
        backup.create_restore_testing_plan(RestoreTestingPlan={**RESTORES, "RestoreTestingPlanName": name})
    with pytest.raises(backup.exceptions.AlreadyExistsException):
        backup.create_restore_testing_selection(RestoreTestingPlanName=name, RestoreTestingSelection=RESTORED)
    with pytest.raises(backup.exceptions.ResourceNotFoundException):
        backup.create_restore_testing_selection(RestoreTestingPlanName="nosuch", RestoreTestingSelection=RESTORED)
