"""AWS Backup: selections, and tags by the address Go uses."""

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


@pytest.fixture
def backup(client: Client) -> Any:
    return client("backup")


@pytest.fixture
def plan(backup: Any, request: pytest.FixtureRequest) -> str:
    rule = {"RuleName": "daily", "TargetBackupVaultName": "Default"}
    made = backup.create_backup_plan(BackupPlan={"BackupPlanName": request.node.name, "Rules": [rule]})
    return str(made["BackupPlanId"])


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
