"""A database's class is changed in place: the plan says so before anything is done."""

from __future__ import annotations

import json

import pytest

from tests.support.in_process import run_here
from tests.support.project import Project, with_aws
from tooling.plan.summary import SIGNS
from tooling.target import Target

DATABASE = """\
resource "aws_db_instance" "database" {
  identifier          = "{NAME}"
  engine              = "postgres"
  instance_class      = "db.t4g.{CLASS}"
  allocated_storage   = 20
  storage_encrypted   = true
  username            = "app"
  skip_final_snapshot = true
}
"""
IMPORT = '\nimport {\n  to = module.tiny.aws_db_instance.database\n  id = "{NAME}"\n}\n'


@pytest.mark.requirement("FD-RDS-29")
def test_another_class_is_an_update_in_place_and_no_replacement(tiny: Project, target: Target, bucket: str) -> None:
    target.client("rds").create_db_instance(
        DBInstanceIdentifier=bucket,
        Engine="postgres",
        DBInstanceClass="db.t4g.small",
        AllocatedStorage=20,
        StorageEncrypted=True,
        MasterUsername="app",
        MasterUserPassword="tests-only-0123456789",
    )
    with_aws(tiny, DATABASE.replace("{NAME}", bucket).replace("{CLASS}", "medium"))
    root = tiny.root / "envs/local/tiny/main.tf"
    root.write_text(root.read_text() + IMPORT.replace("{NAME}", bucket))

    answer = run_here(tiny, "plan")

    # The gate refuses so bare a database; what counts here is what the plan says of the change.
    planned = json.loads((tiny.latest / "tiny/plan.json").read_text())
    (change,) = [one["change"] for one in planned["resource_changes"] if one["type"] == "aws_db_instance"]
    assert change["actions"] == ["update"], answer.said
    assert (change["before"]["instance_class"], change["after"]["instance_class"]) == ("db.t4g.small", "db.t4g.medium")
    assert f"{SIGNS['update']} module.tiny.aws_db_instance.database" in answer.out
