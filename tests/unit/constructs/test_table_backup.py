from __future__ import annotations

from collections.abc import Callable

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.single_table import SingleTable, SingleTableProps
from cdktf_app.constructs.table_backup import TableBackup, TableBackupProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized


def test_backups_exist_only_if_enabled_and_touch_only_their_table(
    part: Construct, deployment: Deployment, synthesize: Callable[[], Synthesized]
) -> None:
    table = SingleTable(part, "table", props=SingleTableProps(deployment=deployment, name="table", ttl_attribute="TTL"))
    TableBackup(
        part, "backup", props=TableBackupProps(deployment=deployment, enabled=Input("backed_up"), tables=[table])
    )

    module = synthesize()
    for kind in ("aws_backup_vault", "aws_backup_plan", "aws_backup_selection", "aws_iam_role", "aws_iam_role_policy"):
        assert module.the(kind)["count"] == "${var.backed_up ? 1 : 0}"
    assert module.the("aws_backup_vault")["force_destroy"] is False
    assert module.the("aws_backup_selection")["iam_role_arn"] == "${one(aws_iam_role.backup_role[*].arn)}"
    assert module.statements("backup_role_permissions")["StartBackups"]["resources"] == [table.arn]
