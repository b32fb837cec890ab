"""The database's class of doomscroll is changed in place: the plan says so before anything is done."""

from __future__ import annotations

import json
import re

import pytest

from tests.support.in_process import run_here
from tests.support.project import REPOSITORY, Project, with_aws
from tooling.plan.summary import SIGNS
from tooling.target import Target

MODULE = REPOSITORY / "modules/doomscroll/database.tf"
IMPORT = '\nimport {\n  to = module.tiny.aws_db_instance.database\n  id = "fckdoomscroll-db-{NAME}"\n}\n'
# Of the module's inputs, what is not the class; and of its other resources what the database names.
VALUES = {
    "var.db_allocated_storage": "20",
    "var.db_backup_retention_days": "7",
    "var.db_backup_window": '"03:00-04:00"',
    "var.deletion_protection": "false",
    "aws_db_subnet_group.database_subnets.name": "null",
    "aws_db_parameter_group.database_parameters.name": "null",
    "var.engine_version": '"16"',
    "var.final_snapshot": "false",
    "var.db_instance_class": '"db.t4g.medium"',
    "var.db_iops": "0",
    "var.db_maintenance_window": '"sun:04:00-sun:05:00"',
    "var.db_max_allocated_storage": "100",
    "var.multi_az": "true",
    "var.db_password_version": "1",
    "var.db_password": '"tests-only-0123456789"',
    "var.db_storage_throughput": "0",
    "var.tags": "{}",
    "aws_security_group.rds.id": '"sg-1"',
}


def database(name: str) -> str:
    """The module's own database, of the class db.t4g.medium, and by itself."""
    (block,) = re.findall(r'^resource "aws_db_instance" "database" \{$.*?^\}$', MODULE.read_text(), re.M | re.S)
    block = re.sub(r"^  depends_on = .*$", "", block, flags=re.M).replace("${var.name_suffix}", f"-{name}")
    for reference, value in VALUES.items():
        block = re.sub(rf"{re.escape(reference)}\b", value, block)
    assert re.findall(r"\b(?:var|local|data|aws_\w+)\.[\w.]+", block) == []
    return f"{block}\n"


@pytest.mark.requirement("FD-RDS-29")
def test_another_class_is_an_update_in_place_and_no_replacement(tiny: Project, target: Target, bucket: str) -> None:
    target.client("rds").create_db_instance(
        DBInstanceIdentifier=f"fckdoomscroll-db-{bucket}",
        DBName="fckdoomscroll",
        Engine="postgres",
        EngineVersion="16",
        DBInstanceClass="db.t4g.small",
        AllocatedStorage=20,
        StorageType="gp3",
        StorageEncrypted=True,
        MultiAZ=True,
        MasterUsername="fckadmin",
        MasterUserPassword="tests-only-0123456789",
    )
    with_aws(tiny, database(bucket))
    root = tiny.root / "envs/local/tiny/main.tf"
    root.write_text(root.read_text() + IMPORT.replace("{NAME}", bucket))

    answer = run_here(tiny, "plan")

    # The gate refuses so lonely a database; what counts here is what the plan says of the change.
    planned = json.loads((tiny.latest / "tiny/plan.json").read_text())
    (change,) = [one["change"] for one in planned["resource_changes"] if one["type"] == "aws_db_instance"]
    assert change["actions"] == ["update"], answer.said
    assert (change["before"]["instance_class"], change["after"]["instance_class"]) == ("db.t4g.small", "db.t4g.medium")
    assert f"{SIGNS['update']} module.tiny.aws_db_instance.database" in answer.out


@pytest.mark.requirement("FD-RDS-29")
def test_nothing_but_the_classes_hangs_on_the_class() -> None:
    module = "".join(file.read_text() for file in sorted(MODULE.parent.glob("*.tf")) if file.name != "variables.tf")

    uses = [line.split() for line in module.splitlines() if "var.db_instance_class" in line]

    # A name, a count or a key that held the class would replace what carries it.
    assert uses == [["instance_class", "=", "var.db_instance_class"]] * 2
