"""The Lambda functions: how they run and where their code comes from."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from cdktf_app import packages
from tests.plan.kefir.functions import FUNCTIONS, PROCESSOR, function, functions, prefix
from tests.support.plans import Plan


@pytest.mark.requirement("KF-FN-01")
def test_runtime_is_the_documents_by_default(minimal: Plan) -> None:
    assert minimal.variables["lambda_runtime"]["default"] == "nodejs20.x"
    assert {each["runtime"] for each in functions(minimal)} == {"nodejs20.x"}


@pytest.mark.requirement("KF-FN-01")
def test_runtime_of_each_stack_is_one_that_lambda_still_takes(every: Plan) -> None:
    assert every.input("lambda_runtime") == "nodejs22.x"
    assert {each["runtime"] for each in functions(every)} == {"nodejs22.x"}


@pytest.mark.requirement("KF-FN-02")
def test_functions_run_on_arm64(every: Plan) -> None:
    assert [each["architectures"] for each in functions(every)] == [["arm64"]] * len(FUNCTIONS)


@pytest.mark.requirement("KF-FN-03")
def test_functions_have_512_MB(every: Plan) -> None:
    assert {each["memory_size"] for each in functions(every)} == {512}


@pytest.mark.requirement("KF-FN-04")
def test_functions_end_after_30_seconds(every: Plan) -> None:
    assert {each["timeout"] for each in functions(every)} == {30}


@pytest.mark.requirement("KF-FN-08")
def test_functions_log_json_to_a_group_of_their_own(every: Plan) -> None:
    for each in functions(every):
        (logging,) = each["logging_config"]

        assert logging["log_format"] == "JSON"
        group = every.one("aws_cloudwatch_log_group", name=logging["log_group"])
        assert group["name"] == f"/aws/lambda/{each['function_name']}"


@pytest.mark.requirement("KF-REM-03")
def test_reminder_processor_reaches_the_internet(every: Plan) -> None:
    """In no VPC, Lambda's own way out is open, so that it reaches Expo."""
    assert function(every, PROCESSOR)["vpc_config"] == []


@pytest.mark.requirement("KF-FN-07")
def test_code_is_what_was_built_from_the_sources(every: Plan) -> None:
    built = packages.build("kefir")

    for name in FUNCTIONS:
        deployed = function(every, name)
        assert deployed["s3_bucket"] == every.input("artifacts_bucket")
        assert deployed["s3_key"] == built[name].key
        assert deployed["source_code_hash"] == built[name].base64sha256
        assert deployed["handler"] == "index.handler"


@pytest.mark.requirement("KF-FN-07")
def test_a_local_zip_replaces_a_package(complete: Plan, own_zip: Path) -> None:
    replaced = function(complete, "handleAuth")
    content = hashlib.sha256(own_zip.read_bytes()).digest()

    assert (replaced["filename"], replaced["s3_bucket"], replaced["s3_key"]) == (str(own_zip), None, None)
    assert replaced["source_code_hash"] == base64.b64encode(content).decode()


@pytest.mark.requirement("KF-FN-07")
@pytest.mark.parametrize(
    ("name", "bucket", "key"),
    [
        ("handleBatches", "own-bucket", "batches.zip"),
        # Without a bucket of its own it is in that of the other packages.
        ("handleExport", "artifacts-111122223333", "own/export.zip"),
    ],
)
def test_an_object_in_s3_replaces_a_package(complete: Plan, name: str, bucket: str, key: str) -> None:
    replaced = function(complete, name)

    assert (replaced["filename"], replaced["s3_bucket"], replaced["s3_key"]) == (None, bucket, key)
    assert replaced["source_code_hash"] == "b3du"


def test_packages_that_are_not_replaced_stay(complete: Plan) -> None:
    built = packages.build("kefir")

    assert function(complete, "handlePublic")["s3_key"] == built["handlePublic"].key


@pytest.mark.requirement("KF-NX-01")
def test_names_of_functions_are_an_output(every: Plan) -> None:
    assert every.outputs["function_names"] == {name: prefix(every) + name for name in FUNCTIONS}
