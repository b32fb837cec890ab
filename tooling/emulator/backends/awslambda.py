"""Lambda: settings that moto takes and forgets, provisioned concurrency, mappings to aliases. Nothing is run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from moto.awslambda.models import LambdaBackend, lambda_backends
from moto.dynamodb.models import dynamodb_backends
from moto.kinesis.models import kinesis_backends
from moto.sqs.models import sqs_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

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
        name = _function_name(call)
        call.store("function-settings").pop(name, None)
        for key in [key for key in _provisioned(call) if key[0] == name]:
            del _provisioned(call)[key]


@backend.answers("PutProvisionedConcurrencyConfig")
def put_provisioned_concurrency(call: Call) -> Mapping[str, Any]:
    """aws_lambda_provisioned_concurrency_config, create and update: READY at once."""
    _moto(call).get_function(call.params["FunctionName"], call.params["Qualifier"])  # refuses what is not there
    count = call.params["ProvisionedConcurrentExecutions"]
    _provisioned(call)[_function_name(call), call.params["Qualifier"]] = {
        "RequestedProvisionedConcurrentExecutions": count,
        "AvailableProvisionedConcurrentExecutions": count,
        "AllocatedProvisionedConcurrentExecutions": count,
        "Status": "READY",
        "LastModified": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"),
    }
    return get_provisioned_concurrency(call)


@backend.answers("GetProvisionedConcurrencyConfig")
def get_provisioned_concurrency(call: Call) -> Mapping[str, Any]:
    """aws_lambda_provisioned_concurrency_config, read."""
    config = _provisioned(call).get((_function_name(call), call.params["Qualifier"]))
    if config is None:
        message = "No Provisioned Concurrency Config found for this function"
        raise AwsError("ProvisionedConcurrencyConfigNotFoundException", message)
    return config


@backend.answers("ListProvisionedConcurrencyConfigs")
def list_provisioned_concurrency(call: Call) -> Mapping[str, Any]:
    """Reading back what all versions and aliases of a function have."""
    function = _function_name(call)
    arn = call.arn(f"function:{function}")
    return {
        "ProvisionedConcurrencyConfigs": [
            {**config, "FunctionArn": f"{arn}:{qualifier}"}
            for (name, qualifier), config in _provisioned(call).items()
            if name == function
        ]
    }


@backend.answers("DeleteProvisionedConcurrencyConfig")
def delete_provisioned_concurrency(call: Call) -> Mapping[str, Any]:
    """aws_lambda_provisioned_concurrency_config, delete."""
    _provisioned(call).pop((_function_name(call), call.params["Qualifier"]), None)
    return {}


@backend.amends("DeleteAlias")
def forget_alias(call: Call, _answer: dict[str, Any]) -> None:
    """aws_lambda_alias, delete: its provisioned concurrency goes with it."""
    _provisioned(call).pop((_function_name(call), call.params["Name"]), None)


@backend.amends("CreateEventSourceMapping", "UpdateEventSourceMapping")
def keep_mapped_alias(call: Call, answer: dict[str, Any]) -> None:
    """aws_lambda_event_source_mapping, create and update.

    moto answers the version behind an alias, which the next plan would change back. And it would run the function for
    each item and message that comes, here without success, and take those messages out of their queue.
    """
    if function := call.params.get("FunctionName"):
        name, qualifier = _name_and_qualifier(function)
        call.store("mapped-functions")[answer["UUID"]] = call.arn(
            f"function:{':'.join(filter(None, (name, qualifier)))}"
        )
    _unplug(call, answer["EventSourceArn"])
    recall_mapped_alias(call, answer)


@backend.amends("GetEventSourceMapping")
def recall_mapped_alias(call: Call, answer: dict[str, Any]) -> None:
    """aws_lambda_event_source_mapping, read."""
    answer["FunctionArn"] = call.store("mapped-functions").get(answer["UUID"], answer["FunctionArn"])


@backend.amends("DeleteEventSourceMapping")
def forget_mapped_alias(call: Call, answer: dict[str, Any]) -> None:
    """aws_lambda_event_source_mapping, delete."""
    recall_mapped_alias(call, answer)
    call.store("mapped-functions").pop(answer["UUID"], None)


@backend.amends("ListEventSourceMappings")
def recall_mapped_aliases(call: Call, answer: dict[str, Any]) -> None:
    """Reading back what a stream or queue is mapped to."""
    for mapping in answer["EventSourceMappings"]:
        recall_mapped_alias(call, mapping)


def _unplug(call: Call, source: str) -> None:
    """Take moto's own hook off the source of events; the mapping stays in the list of mappings."""
    dynamodb = dynamodb_backends[call.account][call.region].tables.values()
    queues = sqs_backends[call.account][call.region].queues.values()
    streams = kinesis_backends[call.account][call.region].streams.values()
    for table in dynamodb:
        if table.latest_stream_label and source.startswith(f"{table.table_arn}/stream/"):
            table.lambda_event_source_mappings.clear()
    for queue in queues:
        if queue.queue_arn == source:
            queue.lambda_event_source_mappings.clear()
    for stream in streams:
        if stream.arn == source:
            stream.lambda_event_source_mappings.clear()


def _recall(call: Call, configuration: dict[str, Any]) -> None:
    name = configuration["FunctionName"]
    kept = call.store("function-settings").get(name, {})
    configuration.update({key: value for key, value in kept.items() if value})
    # Lambda answers the log group of every function, asked for or not.
    logging = configuration.setdefault("LoggingConfig", {})
    logging.setdefault("LogFormat", "Text")
    logging.setdefault("LogGroup", f"/aws/lambda/{name}")


def _function_name(call: Call) -> str:
    return _name_and_qualifier(call.params["FunctionName"])[0]


def _name_and_qualifier(function: str) -> tuple[str, str]:
    """Of a name, ``NAME:QUALIFIER``, or an ARN with or without a qualifier; "" for none."""
    name, _, qualifier = function.rpartition(":function:")[2].partition(":")
    return name, qualifier


def _provisioned(call: Call) -> dict[tuple[str, str], dict[str, Any]]:
    return call.store("provisioned-concurrency")


def _moto(call: Call) -> LambdaBackend:
    return lambda_backends[call.account][call.region]
