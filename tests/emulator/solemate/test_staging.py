"""Solemate with staging's values: made, read back, planned again, changed in place, destroyed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.emulator.account import Account
from tests.emulator.stack import apply, change, must, project_of, verified
from tests.support.leftovers import files, holding, objects
from tests.support.project import Project
from tooling.emulator.process import RunningEmulator

STAGING = "222233334444"
# What the user exports; signs that files spell in ways of their own are in it.
PASSWORD = "planted-Password-0123456789+=&<>"
pytestmark = pytest.mark.xdist_group("solemate-staging-on-the-emulator")


@pytest.mark.requirement(
    "SM-FR5-02", "SM-OV-01", "SM-ENV-02", "SM-ENV-03", "SM-ENV-04", "SM-ENV-05", "SM-ENV-06", "SM-ENV-07",
    "SM-FS-03", "SM-FS-04", "SM-TST-01",
)  # fmt: skip
def test_staging_is_made_as_the_documents_table_says_and_goes_without_a_trace(
    tmp_path: Path, home: Path, emulator: RunningEmulator
) -> None:
    # GIVEN staging's values, applied
    copied = project_of(tmp_path, home, env="staging", stack="solemate")
    project = Project(copied.root, {**copied.environ, "TF_VAR_master_password": PASSWORD})
    account = Account(emulator, STAGING)
    second_region = Account(emulator, STAGING, "us-west-2")
    outputs = apply(project, "solemate")

    # THEN it is all there, in one region, without what is for production
    (database,) = account.pages("rds", "describe_db_instances", "DBInstances")
    (cluster,) = account.client("ecs").describe_clusters(clusters=[outputs["cluster_name"]])["clusters"]
    (service,) = account.client("ecs").describe_services(
        cluster=outputs["cluster_name"], services=[outputs["service_name"]]
    )["services"]
    (vpc,) = account.client("ec2").describe_vpcs(VpcIds=[outputs["vpc_id"]])["Vpcs"]
    distribution = account.client("cloudfront").get_distribution(Id=outputs["distribution_id"])["Distribution"]
    assert vpc["CidrBlock"] == "10.0.0.0/16"
    assert (database["DBInstanceClass"], database["MultiAZ"], database["DBInstanceStatus"]) == (
        "db.t3.micro",
        True,
        "available",
    )
    assert (cluster["clusterName"], service["desiredCount"], service["launchType"]) == (
        outputs["cluster_name"],
        1,
        "FARGATE",
    )
    assert distribution["DistributionConfig"]["Aliases"]["Items"] == ["staging.solemate.com"]
    assert outputs["dashboard_name"] == "solemate-staging"
    assert outputs["assets_bucket"] == f"solemate-assets-staging-{STAGING}"
    assert outputs["db_replica_endpoints"] == []
    assert not {"trails", "configuration recorders", "backup plans", "VPC endpoints of services"} & set(
        account.holdings()
    )
    assert second_region.holdings().keys() <= {
        "anomaly monitors",
        "buckets",
        "budgets",
        "distributions",
        "instance profiles",
        "origin access controls",
        "response headers policies",
        "roles",
        "web ACLs of CloudFront",
        "zones",
    }, "only what AWS lists in every region"
    assert verified(project) > 130

    # AND the password arrived where the application reads it, and is nowhere else
    secret = account.client("secretsmanager").get_secret_value(SecretId="solemate-staging/database")["SecretString"]
    assert json.loads(secret)["password"] == PASSWORD
    searched = [name for name, _ in files(project.root)]
    stored = [name for name, _ in objects(account.client("s3"))]
    assert {"plan.tfplan!tfplan", "plan.json", "gate.json", "report.md"} <= {
        name.rpartition("/")[2] for name in searched
    }
    assert any("staging/solemate.tfstate@" in name for name in stored)
    assert holding(PASSWORD, files(project.root)) == []
    assert holding(PASSWORD, objects(account.client("s3"))) == []

    # WHEN a size is changed, it is changed in place
    change(project.root / "envs/staging/solemate/terraform.tfvars", db_instance_class='"db.t3.small"')
    must(project.run("plan", seconds=300))
    must(project.run("apply", "--yes", seconds=900))
    (larger,) = account.pages("rds", "describe_db_instances", "DBInstances")
    assert (larger["DBInstanceClass"], larger["DbiResourceId"]) == ("db.t3.small", database["DbiResourceId"])

    # AND when it is destroyed, assets and all, only the toolkit's own buckets are left
    account.client("s3").put_object(Bucket=outputs["assets_bucket"], Key="shoe.jpg", Body=b"shoe")
    must(project.run("destroy", "--yes", seconds=900))
    assert set(account.holdings()) == {"buckets"}
    assert all(name.startswith("groundplan-") for name in account.holdings()["buckets"])
    must(project.run("synth", "--check", seconds=120))
