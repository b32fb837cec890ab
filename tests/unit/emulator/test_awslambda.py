"""Lambda: settings that moto forgets, on every call that answers them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
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
