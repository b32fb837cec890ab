"""AWS Backup: changes of plans, what a plan selects, and tags by the address the provider uses."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from moto.backup.models import Plan, backup_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("backup")


@backend.answers("ListTags")
def list_tags(call: Call) -> Mapping[str, Any]:
    """aws_backup_plan and aws_backup_vault, read: Go leaves out the trailing slash that moto's address needs."""
    return {"Tags": backup_backends[call.account][call.region].list_tags(call.params["ResourceArn"])}


@backend.amends("DeleteBackupVault")
def forget_tags(call: Call, _answer: dict[str, Any]) -> None:
    """aws_backup_vault, made again after it was destroyed: moto would give it the tags of the old one."""
    arn = call.arn(f"backup-vault:{call.params['BackupVaultName']}")
    backup_backends[call.account][call.region].tagger.delete_all_tags_for_resource(arn)


@backend.prepares("CreateBackupPlan")
def forget_deleted_plan(call: Call) -> None:
    """aws_backup_plan, made again after it was destroyed: moto keeps the deleted plan and its name."""
    plans = backup_backends[call.account][call.region].plans
    for plan in list(plans.values()):
        if plan.deletion_date and plan.backup_plan["BackupPlanName"] == call.params["BackupPlan"]["BackupPlanName"]:
            del plans[plan.backup_plan_id]


@backend.answers("UpdateBackupPlan")
def update_backup_plan(call: Call) -> Mapping[str, Any]:
    """aws_backup_plan, update: the same plan in another version."""
    moto = backup_backends[call.account][call.region]
    plan = moto.get_backup_plan(call.params["BackupPlanId"], None)
    # moto's constructor fills in what a rule leaves out.
    changed = Plan(json.loads(call.body)["BackupPlan"], plan.creator_request_id, moto)
    plan.backup_plan = changed.backup_plan
    plan.advanced_backup_settings = changed.advanced_backup_settings
    plan.version_id = changed.version_id
    return {
        "BackupPlanId": plan.backup_plan_id,
        "BackupPlanArn": plan.backup_plan_arn,
        "CreationDate": plan.creation_date,
        "VersionId": plan.version_id,
        "AdvancedBackupSettings": plan.advanced_backup_settings,
    }


@backend.answers("CreateBackupSelection")
def create_backup_selection(call: Call) -> Mapping[str, Any]:
    """aws_backup_selection, create."""
    plan = call.params["BackupPlanId"]
    backup_backends[call.account][call.region].get_backup_plan(plan, None)  # refuses a plan that is not there
    selection = {
        "SelectionId": str(uuid.uuid4()),
        "BackupPlanId": plan,
        "CreationDate": datetime.now(UTC),
    }
    call.store("selections")[selection["SelectionId"]] = selection | {"BackupSelection": call.params["BackupSelection"]}
    return selection


@backend.answers("GetBackupSelection")
def get_backup_selection(call: Call) -> Mapping[str, Any]:
    """aws_backup_selection, read; and its delete, which waits until this fails."""
    selection: Mapping[str, Any] | None = call.store("selections").get(call.params["SelectionId"])
    if selection is None or selection["BackupPlanId"] != call.params["BackupPlanId"]:
        # The provider tells "gone" from other bad input by these words.
        raise AwsError("InvalidParameterValueException", "Cannot find Backup plan selection")
    return selection


@backend.answers("ListBackupSelections")
def list_backup_selections(call: Call) -> Mapping[str, Any]:
    """Reading back a plan's selections; the console's view."""
    selections = call.store("selections").values()
    return {
        "BackupSelectionsList": [
            {**selection["BackupSelection"], **{key: selection[key] for key in ("SelectionId", "BackupPlanId")}}
            for selection in selections
            if selection["BackupPlanId"] == call.params["BackupPlanId"]
        ]
    }


@backend.answers("DeleteBackupSelection")
def delete_backup_selection(call: Call) -> Mapping[str, Any]:
    """aws_backup_selection, delete."""
    get_backup_selection(call)
    del call.store("selections")[call.params["SelectionId"]]
    return {}


@backend.answers("ListRecoveryPointsByBackupVault")
def list_recovery_points(call: Call) -> Mapping[str, Any]:
    """aws_backup_vault with force_destroy, delete. No backup job ever runs here, so there are none."""
    backup_backends[call.account][call.region].describe_backup_vault(call.params["BackupVaultName"])
    return {"RecoveryPoints": []}
