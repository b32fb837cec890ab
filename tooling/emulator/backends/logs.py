"""CloudWatch Logs: saved Insights queries, keys and tags of groups that exist already, or again."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

from moto.logs.models import logs_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("logs")


@backend.answers("AssociateKmsKey")
def associate_kms_key(call: Call) -> Mapping[str, Any]:
    """aws_cloudwatch_log_group, update that sets kms_key_id."""
    _log_group(call).kms_key_id = call.params["kmsKeyId"]
    return {}


@backend.answers("DisassociateKmsKey")
def disassociate_kms_key(call: Call) -> Mapping[str, Any]:
    """aws_cloudwatch_log_group, update that drops kms_key_id."""
    _log_group(call).kms_key_id = None
    return {}


@backend.amends("DeleteLogGroup")
def forget_tags(call: Call, _answer: dict[str, Any]) -> None:
    """aws_cloudwatch_log_group, made again after it was destroyed: moto would give it the tags of the old one."""
    arn = call.arn(f"log-group:{call.params['logGroupName']}")
    logs_backends[call.account][call.region].tagger.delete_all_tags_for_resource(arn)


@backend.answers("PutQueryDefinition")
def put_query_definition(call: Call) -> Mapping[str, Any]:
    """aws_cloudwatch_query_definition, create and update."""
    queries = call.store("query-definitions")
    given = call.params
    query_id = given.get("queryDefinitionId") or str(uuid.uuid4())
    if "queryDefinitionId" in given and query_id not in queries:
        raise AwsError("ResourceNotFoundException", "The specified query definition does not exist.")
    queries[query_id] = {
        "queryDefinitionId": query_id,
        "name": given["name"],
        "queryString": given["queryString"],
        "logGroupNames": given.get("logGroupNames", []),
        "lastModified": int(time.time() * 1000),
    }
    return {"queryDefinitionId": query_id}


@backend.answers("DescribeQueryDefinitions")
def describe_query_definitions(call: Call) -> Mapping[str, Any]:
    """aws_cloudwatch_query_definition, read: the provider lists by the name and picks the id."""
    prefix = call.params.get("queryDefinitionNamePrefix", "")
    queries = call.store("query-definitions").values()
    return {"queryDefinitions": [query for query in queries if query["name"].startswith(prefix)]}


@backend.answers("DeleteQueryDefinition")
def delete_query_definition(call: Call) -> Mapping[str, Any]:
    """aws_cloudwatch_query_definition, delete."""
    removed = call.store("query-definitions").pop(call.params["queryDefinitionId"], None)
    if removed is None:
        raise AwsError("ResourceNotFoundException", "The specified query definition does not exist.")
    return {"success": True}


def _log_group(call: Call) -> Any:
    name = call.params.get("logGroupName")
    group = logs_backends[call.account][call.region].groups.get(name)
    if group is None:
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    return group
