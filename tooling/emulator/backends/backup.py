"""AWS Backup: changes of plans, what a plan selects, restores that are tested, tags by the provider's address."""

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


_PLAN_DEFAULTS: Mapping[str, Any] = {"ScheduleExpressionTimezone": "UTC", "StartWindowHours": 24}
_RECOVERY_POINT_DEFAULTS: Mapping[str, Any] = {"ExcludeVaults": [], "SelectionWindowDays": 30}


@backend.answers("CreateRestoreTestingPlan")
def create_restore_testing_plan(call: Call) -> Mapping[str, Any]:
    """aws_backup_restore_testing_plan, create. No restore is ever run here."""
    given = call.params["RestoreTestingPlan"]
    name = given["RestoreTestingPlanName"]
    if name in _restore_testing_plans(call):
        raise AwsError("AlreadyExistsException", f"Restore testing plan {name} already exists.")
    plan = _whole_plan(given) | {
        "RestoreTestingPlanArn": call.arn(f"restore-testing-plan:{name}-{uuid.uuid4()}"),
        "CreationTime": datetime.now(UTC),
    }
    _restore_testing_plans(call)[name] = {"plan": plan, "selections": {}}
    backup_backends[call.account][call.region].tag_resource(plan["RestoreTestingPlanArn"], call.params.get("Tags", {}))
    return plan


@backend.answers("GetRestoreTestingPlan")
def get_restore_testing_plan(call: Call) -> Mapping[str, Any]:
    """aws_backup_restore_testing_plan, read; and its delete, which waits until this fails."""
    return {"RestoreTestingPlan": _restore_testing_plan(call)["plan"]}


@backend.answers("ListRestoreTestingPlans")
def list_restore_testing_plans(call: Call) -> Mapping[str, Any]:
    """Reading back a region's plans; the console's view."""
    return {"RestoreTestingPlans": [each["plan"] for each in _restore_testing_plans(call).values()]}


@backend.answers("UpdateRestoreTestingPlan")
def update_restore_testing_plan(call: Call) -> Mapping[str, Any]:
    """aws_backup_restore_testing_plan, update: what the request leaves out stays."""
    plan = _restore_testing_plan(call)["plan"]
    plan |= _whole_plan({**plan, **call.params["RestoreTestingPlan"]}) | {"LastUpdateTime": datetime.now(UTC)}
    return {**plan, "UpdateTime": plan["LastUpdateTime"]}


@backend.answers("DeleteRestoreTestingPlan")
def delete_restore_testing_plan(call: Call) -> Mapping[str, Any]:
    """aws_backup_restore_testing_plan, delete."""
    found = _restore_testing_plan(call)
    if found["selections"]:
        raise AwsError("InvalidRequestException", "Restore testing selections have to be deleted before their plan.")
    del _restore_testing_plans(call)[call.params["RestoreTestingPlanName"]]
    arn = found["plan"]["RestoreTestingPlanArn"]
    backup_backends[call.account][call.region].tagger.delete_all_tags_for_resource(arn)
    return {}


@backend.answers("CreateRestoreTestingSelection")
def create_restore_testing_selection(call: Call) -> Mapping[str, Any]:
    """aws_backup_restore_testing_selection, create."""
    found, given = _restore_testing_plan(call), call.params["RestoreTestingSelection"]
    name = given["RestoreTestingSelectionName"]
    if name in found["selections"]:
        raise AwsError("AlreadyExistsException", f"Restore testing selection {name} already exists.")
    selection = {
        "ValidationWindowHours": 0,
        "RestoreMetadataOverrides": {},
        **given,
        "RestoreTestingPlanName": call.params["RestoreTestingPlanName"],
        "CreationTime": datetime.now(UTC),
    }
    found["selections"][name] = selection
    return {**selection, "RestoreTestingPlanArn": found["plan"]["RestoreTestingPlanArn"]}


@backend.answers("GetRestoreTestingSelection")
def get_restore_testing_selection(call: Call) -> Mapping[str, Any]:
    """aws_backup_restore_testing_selection, read; and its delete, which waits until this fails."""
    return {"RestoreTestingSelection": _restore_testing_selection(call)}


@backend.answers("ListRestoreTestingSelections")
def list_restore_testing_selections(call: Call) -> Mapping[str, Any]:
    """Reading back a plan's selections; the console's view."""
    return {"RestoreTestingSelections": list(_restore_testing_plan(call)["selections"].values())}


@backend.answers("UpdateRestoreTestingSelection")
def update_restore_testing_selection(call: Call) -> Mapping[str, Any]:
    """aws_backup_restore_testing_selection, update: what the request leaves out stays."""
    selection = _restore_testing_selection(call)
    selection |= call.params["RestoreTestingSelection"]
    arn = _restore_testing_plan(call)["plan"]["RestoreTestingPlanArn"]
    return {**selection, "RestoreTestingPlanArn": arn, "UpdateTime": datetime.now(UTC)}


@backend.answers("DeleteRestoreTestingSelection")
def delete_restore_testing_selection(call: Call) -> Mapping[str, Any]:
    """aws_backup_restore_testing_selection, delete."""
    _restore_testing_selection(call)
    del _restore_testing_plan(call)["selections"][call.params["RestoreTestingSelectionName"]]
    return {}


def _whole_plan(given: Mapping[str, Any]) -> dict[str, Any]:
    selection = {**_RECOVERY_POINT_DEFAULTS, **given["RecoveryPointSelection"]}
    return {**_PLAN_DEFAULTS, **given, "RecoveryPointSelection": selection}


def _restore_testing_plan(call: Call) -> dict[str, Any]:
    """A plan for restores, with its selections by name."""
    name = call.params["RestoreTestingPlanName"]
    if name not in _restore_testing_plans(call):
        raise AwsError("ResourceNotFoundException", f"Restore testing plan {name} does not exist.")
    return _restore_testing_plans(call)[name]


def _restore_testing_selection(call: Call) -> dict[str, Any]:
    name = call.params["RestoreTestingSelectionName"]
    selections: dict[str, dict[str, Any]] = _restore_testing_plan(call)["selections"]
    if name not in selections:
        raise AwsError("ResourceNotFoundException", f"Restore testing selection {name} does not exist.")
    return selections[name]


def _restore_testing_plans(call: Call) -> dict[str, dict[str, Any]]:
    return call.store("restore-testing-plans")
