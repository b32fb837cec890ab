"""AWS Backup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tooling.cost.component import Component, Pricer, only, unpriced
from tooling.cost.estate import Resource

BACKUP = "AWS Backup"


def backup_selection(item: Resource) -> Iterator[Component]:
    """What AWS Backup keeps, by the kind of what it is told to keep."""
    kinds = {arn.split(":")[2] for arn in item.get("resources", []) if isinstance(arn, str) and arn.count(":") >= 5}
    known = {"rds": "backup.rds_gb", "s3": "backup.s3_gb", "dynamodb": "backup.dynamodb_gb"}
    narrowed = item.blocks("selection_tag") or any(any(block.values()) for block in item.blocks("condition"))
    if narrowed or not kinds:
        yield unpriced("backups", BACKUP, "what it selects is not to be read from the plan")
    for kind in sorted(kinds):
        if kind in known:
            price = f"backup.storage.{kind}"
            yield only(BACKUP, f"kept {kind}", price, item.assume(known[kind]), f"backups of {kind}")
        else:
            yield unpriced(f"kept {kind}", BACKUP, f"no prices of backups of {kind}")


def restore_test(item: Resource) -> Iterator[Component]:
    tests = item.assume("backup.restore_tests")
    remark = "what is restored runs for the hours of the validation window and is paid as any"
    yield only(BACKUP, "tests", "backup.restore_test", tests, "restore tests", remark)


PRICED: Mapping[str, Pricer] = {
    "aws_backup_restore_testing_selection": restore_test,
    "aws_backup_selection": backup_selection,
}
