"""Backup plans: with rules that run, and something that they back up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.promises.promise import Answer, Promise, broken, kept

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack


def planned(live: LiveStack, plan: LiveResource) -> Answer:
    client = live.client("backup", plan.region)
    found = client.get_backup_plan(BackupPlanId=plan.id)
    # AWS Backup still describes a plan that was deleted.
    if found.get("DeletionDate"):
        return broken("the plan was deleted", means="nothing is backed up")
    rules = found["BackupPlan"]["Rules"]
    if not rules:
        return broken("the plan has no rule", means="nothing is backed up")
    pages = client.get_paginator("list_backup_selections").paginate(BackupPlanId=plan.id)
    selections = [one for page in pages for one in page["BackupSelectionsList"]]
    if not selections:
        return broken("nothing is chosen for the plan", means="nothing is backed up")
    return kept(f"{len(rules)} rules, {len(selections)} selections")


PROMISES = (Promise("backups-on", "backup plans run and back something up", ("aws_backup_plan",), planned),)
