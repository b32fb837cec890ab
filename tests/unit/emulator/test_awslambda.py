"""Lambda: settings that moto forgets, provisioned concurrency, and event sources mapped to aliases."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

Client = Callable[..., Any]

DEAD_LETTERS = {"TargetArn": "arn:aws:sqs:us-east-1:555555555555:dead"}
JSON_LOGS = {
    "LogFormat": "JSON",
    "ApplicationLogLevel": "INFO",
    "SystemLogLevel": "WARN",
    "LogGroup": "/aws/lambda/somewhere",
}


@pytest.fixture
def functions(client: Client) -> Any:
    return client("lambda")


@pytest.fixture(scope="module")
def settings(client: Client) -> dict[str, Any]:
    """What every function needs."""
    role = client("iam").create_role(RoleName="function", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("index.mjs", "export const handler = async () => ({})")
    return {
        "Role": role,
        "Runtime": "nodejs22.x",
        "Handler": "index.handler",
        "Code": {"ZipFile": package.getvalue()},
    }


_READERS: dict[str, Callable[[Any, str], dict[str, Any]]] = {
    "get_function": lambda c, name: c.get_function(FunctionName=name)["Configuration"],
    "get_function_configuration": lambda c, name: c.get_function_configuration(FunctionName=name),
    "update_function_code": lambda c, name: c.update_function_code(
        FunctionName=name, ZipFile=b"PK\x05\x06" + b"\0" * 18
    ),
    "publish_version": lambda c, name: c.publish_version(FunctionName=name),
    "list_functions": lambda c, name: next(f for f in c.list_functions()["Functions"] if f["FunctionName"] == name),
    "list_versions_by_function": lambda c, name: c.list_versions_by_function(FunctionName=name)["Versions"][-1],
}


@pytest.mark.parametrize("reader", _READERS)
def test_settings_come_back_from_every_reader(functions: Any, settings: dict[str, Any], reader: str) -> None:
    name = f"reads-{reader}"
    made = functions.create_function(
        FunctionName=name, LoggingConfig=JSON_LOGS, DeadLetterConfig=DEAD_LETTERS, **settings
    )

    read = _READERS[reader](functions, name)

    for answer in (made, read):
        assert (answer["LoggingConfig"], answer["DeadLetterConfig"]) == (JSON_LOGS, DEAD_LETTERS)
        assert answer["FunctionArn"].startswith(f"arn:aws:lambda:us-east-1:555555555555:function:{name}")


def test_function_without_settings_logs_as_text_to_its_own_group(functions: Any, settings: dict[str, Any]) -> None:
    made = functions.create_function(FunctionName="plain", **settings)

    assert made["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/plain"}
    assert "DeadLetterConfig" not in made


def test_changed_settings_replace_the_old(functions: Any, settings: dict[str, Any]) -> None:
    functions.create_function(FunctionName="changed", LoggingConfig=JSON_LOGS, **settings)

    functions.update_function_configuration(FunctionName="changed", LoggingConfig={"LogFormat": "Text"})

    read = functions.get_function_configuration(FunctionName="changed")
    assert read["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/changed"}


def test_change_of_something_else_keeps_the_settings(functions: Any, settings: dict[str, Any]) -> None:
    functions.create_function(FunctionName="kept", LoggingConfig=JSON_LOGS, **settings)

    functions.update_function_configuration(FunctionName="kept", MemorySize=512)

    read = functions.get_function_configuration(FunctionName="kept")
    assert (read["LoggingConfig"], read["MemorySize"]) == (JSON_LOGS, 512)


def test_function_made_again_starts_without_settings(functions: Any, settings: dict[str, Any]) -> None:
    functions.create_function(FunctionName="again", LoggingConfig=JSON_LOGS, **settings)

    functions.delete_function(FunctionName="again")

    assert functions.create_function(FunctionName="again", **settings)["LoggingConfig"]["LogFormat"] == "Text"


@pytest.fixture
def alias(functions: Any, settings: dict[str, Any], request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Alias "live" of a function of this test's own, in the words of the calls that name both."""
    name = request.node.name[:60].replace("[", "-").replace("]", "")
    functions.create_function(FunctionName=name, Publish=True, **settings)
    functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    yield {"FunctionName": name, "Qualifier": "live"}
    functions.delete_function(FunctionName=name)


def test_provisioned_concurrency_is_ready_changes_and_goes(functions: Any, alias: dict[str, str]) -> None:
    for count in (2, 3):
        functions.put_provisioned_concurrency_config(**alias, ProvisionedConcurrentExecutions=count)
    read = functions.get_provisioned_concurrency_config(**alias)
    (listed,) = functions.list_provisioned_concurrency_configs(FunctionName=alias["FunctionName"])[
        "ProvisionedConcurrencyConfigs"
    ]

    functions.delete_provisioned_concurrency_config(**alias)

    assert (read["Status"], read["AllocatedProvisionedConcurrentExecutions"]) == ("READY", 3)
    assert listed["FunctionArn"].endswith(f":{alias['FunctionName']}:live")
    with pytest.raises(functions.exceptions.ProvisionedConcurrencyConfigNotFoundException):
        functions.get_provisioned_concurrency_config(**alias)


def test_provisioned_concurrency_of_no_alias_is_refused(functions: Any, alias: dict[str, str]) -> None:
    with pytest.raises(functions.exceptions.ResourceNotFoundException):
        functions.put_provisioned_concurrency_config(
            **{**alias, "Qualifier": "nosuch"}, ProvisionedConcurrentExecutions=1
        )


def test_provisioned_concurrency_goes_with_its_alias(functions: Any, alias: dict[str, str]) -> None:
    name = alias["FunctionName"]
    functions.put_provisioned_concurrency_config(**alias, ProvisionedConcurrentExecutions=1)

    functions.delete_alias(FunctionName=name, Name="live")
    functions.create_alias(FunctionName=name, Name="live", FunctionVersion="1")

    assert functions.list_provisioned_concurrency_configs(FunctionName=name)["ProvisionedConcurrencyConfigs"] == []


def test_provisioned_concurrency_goes_with_its_function(
    functions: Any, settings: dict[str, Any], alias: dict[str, str]
) -> None:
    name = alias["FunctionName"]
    functions.put_provisioned_concurrency_config(**alias, ProvisionedConcurrentExecutions=1)

    functions.delete_function(FunctionName=name)
    functions.create_function(FunctionName=name, **settings)

    assert functions.list_provisioned_concurrency_configs(FunctionName=name)["ProvisionedConcurrencyConfigs"] == []


@pytest.fixture
def source(client: Client, request: pytest.FixtureRequest) -> dict[str, str]:
    """A table with a stream, and a queue."""
    name = request.node.name[:60].replace("[", "-").replace("]", "")
    table = client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]
    url = client("sqs").create_queue(QueueName=name)["QueueUrl"]
    queue = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return {"table": name, "stream": table["LatestStreamArn"], "queue": queue, "url": url}


_ARN = "arn:aws:lambda:us-east-1:555555555555:function:"


@pytest.mark.parametrize(
    ("given", "answered"),
    [
        (_ARN + "{}:live", _ARN + "{}:live"),
        ("{}:live", _ARN + "{}:live"),
        (_ARN + "{}", _ARN + "{}"),
        ("{}", _ARN + "{}"),
    ],
    ids=["alias-arn", "alias", "arn", "name"],
)
def test_mapping_names_the_alias_that_it_was_given(
    functions: Any, alias: dict[str, str], source: dict[str, str], given: str, answered: str
) -> None:
    function, expected = given.format(alias["FunctionName"]), answered.format(alias["FunctionName"])

    made = functions.create_event_source_mapping(
        FunctionName=function, EventSourceArn=source["stream"], StartingPosition="LATEST"
    )

    uuid = made["UUID"]
    changed = functions.update_event_source_mapping(UUID=uuid, BatchSize=7)
    read = functions.get_event_source_mapping(UUID=uuid)
    (listed,) = functions.list_event_source_mappings(EventSourceArn=source["stream"])["EventSourceMappings"]
    deleted = functions.delete_event_source_mapping(UUID=uuid)
    assert {each["FunctionArn"] for each in (made, changed, read, listed, deleted)} == {expected}
    assert read["BatchSize"] == 7


def test_mapping_moves_to_the_function_itself(functions: Any, alias: dict[str, str], source: dict[str, str]) -> None:
    name = alias["FunctionName"]
    uuid = functions.create_event_source_mapping(FunctionName=f"{name}:live", EventSourceArn=source["queue"])["UUID"]

    functions.update_event_source_mapping(UUID=uuid, FunctionName=name)

    assert functions.get_event_source_mapping(UUID=uuid)["FunctionArn"] == _ARN + name


def test_mapped_sources_run_nothing_and_lose_nothing(
    client: Client, functions: Any, alias: dict[str, str], source: dict[str, str]
) -> None:
    name = alias["FunctionName"]
    functions.create_event_source_mapping(FunctionName=name, EventSourceArn=source["stream"], StartingPosition="LATEST")
    functions.create_event_source_mapping(FunctionName=name, EventSourceArn=source["queue"])

    client("dynamodb").put_item(TableName=source["table"], Item={"pk": {"S": "1"}})
    client("sqs").send_message(QueueUrl=source["url"], MessageBody="kept")

    (message,) = client("sqs").receive_message(QueueUrl=source["url"], AttributeNames=["All"])["Messages"]
    assert (message["Body"], message["Attributes"]["ApproximateReceiveCount"]) == ("kept", "1")
    groups = client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"]
    assert groups == []
