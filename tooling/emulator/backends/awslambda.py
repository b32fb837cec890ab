"""Lambda: settings that moto takes and forgets. Functions are kept, not run."""

from __future__ import annotations

from typing import Any

from tooling.emulator.call import Call
from tooling.emulator.registry import Backend

backend = Backend("lambda")

# moto would run the function in a container and answer what Docker says about that.
backend.lacks("Invoke", "InvokeAsync", "InvokeWithResponseStream")

_FORGOTTEN = ("DeadLetterConfig", "LoggingConfig")


@backend.amends("CreateFunction", "UpdateFunctionConfiguration")
def remember_settings(call: Call, answer: dict[str, Any]) -> None:
    """aws_lambda_function with dead_letter_config or logging_config, create and update."""
    kept = call.store("function-settings").setdefault(answer["FunctionName"], {})
    kept.update({key: call.params[key] for key in _FORGOTTEN if key in call.params})
    _recall(call, answer)


@backend.amends("GetFunctionConfiguration", "UpdateFunctionCode", "PublishVersion")
def recall_settings(call: Call, answer: dict[str, Any]) -> None:
    """aws_lambda_function, read after each of its changes."""
    _recall(call, answer)


@backend.amends("GetFunction")
def recall_settings_of_function(call: Call, answer: dict[str, Any]) -> None:
    """aws_lambda_function, read."""
    _recall(call, answer["Configuration"])


@backend.amends("ListFunctions", "ListVersionsByFunction")
def recall_settings_of_all(call: Call, answer: dict[str, Any]) -> None:
    """aws_lambda_function with publish, read: the provider looks for the newest version."""
    for configuration in answer.get("Functions", answer.get("Versions", [])):
        _recall(call, configuration)


@backend.amends("DeleteFunction")
def forget_settings(call: Call, _answer: dict[str, Any]) -> None:
    """aws_lambda_function, delete: one made again under the same name starts with nothing."""
    if "Qualifier" not in call.params:
        call.store("function-settings").pop(call.params["FunctionName"].rpartition(":")[2], None)


def _recall(call: Call, configuration: dict[str, Any]) -> None:
    name = configuration["FunctionName"]
    kept = call.store("function-settings").get(name, {})
    configuration.update({key: value for key, value in kept.items() if value})
    # Lambda answers the log group of every function, asked for or not.
    logging = configuration.setdefault("LoggingConfig", {})
    logging.setdefault("LogFormat", "Text")
    logging.setdefault("LogGroup", f"/aws/lambda/{name}")
