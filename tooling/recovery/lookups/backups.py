"""AWS Backup. Vaults are listed, not asked for by name: what is not there would be refused like what is forbidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tooling.recovery.answers import needs, tags_in
from tooling.recovery.asking import answer, each
from tooling.recovery.lookup import Found, Wanted, finds


@finds("aws_backup_vault")
@needs("name")
def _vault(wanted: Wanted) -> Iterator[Found]:
    client = wanted.client("backup")
    for vault in each(client, "list_backup_vaults", "BackupVaultList"):
        if vault["BackupVaultName"] == wanted.values["name"]:
            yield Found(vault["BackupVaultName"], _tags(client, vault["BackupVaultArn"]), vault.get("CreationDate"))


@finds("aws_backup_plan")
@needs("name")
def _plan(wanted: Wanted) -> Iterator[Found]:
    client = wanted.client("backup")
    for plan in each(client, "list_backup_plans", "BackupPlansList"):
        if plan["BackupPlanName"] == wanted.values["name"]:
            yield Found(plan["BackupPlanId"], _tags(client, plan["BackupPlanArn"]), plan.get("CreationDate"))


@finds("aws_backup_selection")
@needs("name", "plan_id")
def _selection(wanted: Wanted) -> Iterator[Found]:
    asked = {"BackupPlanId": wanted.values["plan_id"]}
    for entry in each(wanted.client("backup"), "list_backup_selections", "BackupSelectionsList", **asked):
        if entry["SelectionName"] == wanted.values["name"]:
            yield Found(entry["SelectionId"], None, entry.get("CreationDate"), within=True)


@finds("aws_backup_restore_testing_plan")
@needs("name")
def _restore_testing_plan(wanted: Wanted) -> Iterator[Found]:
    # The provider has no id for it and reads by name.
    client, name = wanted.client("backup"), wanted.values["name"]
    told = answer(client.get_restore_testing_plan, RestoreTestingPlanName=name)
    if told:
        plan = told["RestoreTestingPlan"]
        yield Found(name, _tags(client, plan["RestoreTestingPlanArn"]), plan.get("CreationTime"))


@finds("aws_backup_restore_testing_selection")
@needs("name", "restore_testing_plan_name")
def _restore_testing_selection(wanted: Wanted) -> Iterator[Found]:
    # The provider has no id for it and reads by both names.
    name, plan = wanted.values["name"], wanted.values["restore_testing_plan_name"]
    asked = {"RestoreTestingPlanName": plan, "RestoreTestingSelectionName": name}
    told = answer(wanted.client("backup").get_restore_testing_selection, **asked)
    if told:
        yield Found(f"{name}:{plan}", None, told["RestoreTestingSelection"].get("CreationTime"), within=True)


def _tags(client: Any, arn: str) -> dict[str, str]:
    return tags_in((answer(client.list_tags, ResourceArn=arn) or {}).get("Tags"))
