"""AWS Backup: tags by the address the provider uses, and what a plan selects."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from moto.backup.models import backup_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("backup")


@backend.answers("ListTags")
def list_tags(call: Call) -> Mapping[str, Any]:
    """aws_backup_plan and aws_backup_vault, read: Go leaves out the trailing slash that moto's address needs."""
    return {"Tags": backup_backends[call.account][call.region].list_tags(call.params["ResourceArn"])}


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
