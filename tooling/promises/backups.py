"""Backup plans: with rules that run, and something that they back up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.promises.promise import Answer, Promise, broken, kept

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack


def planned(live: LiveStack, plan: LiveResource) -> Answer:
    client = live.client("backup", plan.region)
    rules = client.get_backup_plan(BackupPlanId=plan.id)["BackupPlan"]["Rules"]
    if not rules:
        return broken("the plan has no rule", means="nothing is backed up")
    selections = client.list_backup_selections(BackupPlanId=plan.id)["BackupSelectionsList"]
    if not selections:
        return broken("nothing is chosen for the plan", means="nothing is backed up")
    return kept(f"{len(rules)} rules, {len(selections)} selections")


PROMISES = (Promise("backups-on", "backup plans run and back something up", ("aws_backup_plan",), planned),)
