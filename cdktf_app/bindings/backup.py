"""AWS Backup."""

from cdktf_cdktf_provider_aws.backup_plan import BackupPlan, BackupPlanRule, BackupPlanRuleLifecycle
from cdktf_cdktf_provider_aws.backup_restore_testing_plan import (
    BackupRestoreTestingPlan,
    BackupRestoreTestingPlanRecoveryPointSelection,
)
from cdktf_cdktf_provider_aws.backup_restore_testing_selection import BackupRestoreTestingSelection
from cdktf_cdktf_provider_aws.backup_selection import BackupSelection
from cdktf_cdktf_provider_aws.backup_vault import BackupVault

__all__ = [
    "BackupPlan",
    "BackupPlanRule",
    "BackupPlanRuleLifecycle",
    "BackupRestoreTestingPlan",
    "BackupRestoreTestingPlanRecoveryPointSelection",
    "BackupRestoreTestingSelection",
    "BackupSelection",
    "BackupVault",
]
