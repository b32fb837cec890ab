"""MediaConvert, which moto does not have: queues, and jobs that are kept. Nothing is transcoded."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("mediaconvert")

_DEFAULT_QUEUE = "Default"
"""Every account has it, and cannot delete it."""


@backend.answers("DescribeEndpoints")
def describe_endpoints(call: Call) -> Mapping[str, Any]:
    """Clients of before 2024 ask where their account's endpoint is: here."""
    return {"Endpoints": [{"Url": call.request().host_url.rstrip("/")}]}


@backend.answers("CreateQueue")
def create_queue(call: Call) -> Mapping[str, Any]:
    """aws_media_convert_queue, create."""
    given = call.params
    if given["Name"] in _queues(call):
        raise AwsError("ConflictException", f"Queue {given['Name']} already exists.")
    queue = _new_queue(call, given["Name"], "CUSTOM") | {
        key: given[key] for key in ("Description", "PricingPlan", "Status", "ConcurrentJobs") if key in given
    }
    _queues(call)[given["Name"]] = queue
    _tags(call)[queue["Arn"]] = dict(given.get("Tags", {}))
    return {"Queue": queue}


@backend.answers("GetQueue")
def get_queue(call: Call) -> Mapping[str, Any]:
    """aws_media_convert_queue, read; and its delete, which waits until this fails."""
    return {"Queue": _queue(call)}


@backend.answers("ListQueues")
def list_queues(call: Call) -> Mapping[str, Any]:
    """Reading back an account's queues; the console's view."""
    return {"Queues": list(_queues(call).values())}


@backend.answers("UpdateQueue")
def update_queue(call: Call) -> Mapping[str, Any]:
    """aws_media_convert_queue, update."""
    queue = _queue(call)
    changed = {key: call.params[key] for key in ("Description", "Status", "ConcurrentJobs") if key in call.params}
    queue.update(changed, LastUpdated=datetime.now(UTC))
    return {"Queue": queue}


@backend.answers("DeleteQueue")
def delete_queue(call: Call) -> Mapping[str, Any]:
    """aws_media_convert_queue, delete."""
    queue = _queue(call)
    if queue["Type"] == "SYSTEM":
        raise AwsError("BadRequestException", "You cannot delete the default queue.")
    del _queues(call)[queue["Name"]]
    return {}


@backend.answers("ListTagsForResource")
def list_tags_for_resource(call: Call) -> Mapping[str, Any]:
    """aws_media_convert_queue, read."""
    return {"ResourceTags": {"Arn": call.params["Arn"], "Tags": _tags_of_queue(call)}}


@backend.answers("TagResource")
def tag_resource(call: Call) -> Mapping[str, Any]:
    """aws_media_convert_queue, change of tags."""
    _tags_of_queue(call).update(call.params["Tags"])
    return {}


@backend.answers("UntagResource")
def untag_resource(call: Call) -> Mapping[str, Any]:
    """aws_media_convert_queue, tags that go."""
    tags = _tags_of_queue(call)
    for key in call.params.get("TagKeys", []):
        tags.pop(key, None)
    return {}


@backend.answers("CreateJob")
def create_job(call: Call) -> Mapping[str, Any]:
    """What NullCheck's functions ask for; the job stays as it was submitted."""
    given = call.params
    queue = _named_queue(call, given.get("Queue", _DEFAULT_QUEUE).rpartition("/")[2])
    job_id = f"{int(time.time() * 1000)}-{uuid.uuid4().hex[:6]}"
    kept = ("Role", "Settings", "UserMetadata", "Priority", "StatusUpdateInterval", "JobTemplate")
    job = {key: given[key] for key in kept if key in given} | {
        "Id": job_id,
        "Arn": call.arn(f"jobs/{job_id}"),
        "Queue": queue["Arn"],
        "Status": "SUBMITTED",
        "CreatedAt": datetime.now(UTC),
    }
    _jobs(call)[job_id] = job
    return {"Job": job}


@backend.answers("GetJob")
def get_job(call: Call) -> Mapping[str, Any]:
    """Reading a job back."""
    job = _jobs(call).get(call.params["Id"])
    if job is None:
        raise AwsError("NotFoundException", f"The job {call.params['Id']} was not found.")
    return {"Job": job}


@backend.answers("ListJobs")
def list_jobs(call: Call) -> Mapping[str, Any]:
    """Reading all jobs back, newest first unless asked otherwise; of one queue, or of one status."""
    queue, status = call.params.get("Queue", "").rpartition("/")[2], call.params.get("Status")
    jobs = [
        job
        for job in _jobs(call).values()
        if (not queue or job["Queue"].rpartition("/")[2] == queue) and status in (None, job["Status"])
    ]
    return {"Jobs": jobs if call.params.get("Order") == "ASCENDING" else jobs[::-1]}


def _queue(call: Call) -> dict[str, Any]:
    return _named_queue(call, call.params["Name"])


def _named_queue(call: Call, name: str) -> dict[str, Any]:
    queue = _queues(call).get(name)
    if queue is None:
        raise AwsError("NotFoundException", f"The queue {name} was not found.")
    return queue


def _tags_of_queue(call: Call) -> dict[str, str]:
    """The tags of the queue that the call names by its ARN, if there is one."""
    queue = _named_queue(call, call.params["Arn"].rpartition("/")[2])
    return _tags(call).setdefault(queue["Arn"], {})


def _queues(call: Call) -> dict[str, dict[str, Any]]:
    queues = call.store("queues")
    if not queues:
        queues[_DEFAULT_QUEUE] = _new_queue(call, _DEFAULT_QUEUE, "SYSTEM")
    return queues


def _new_queue(call: Call, name: str, kind: str) -> dict[str, Any]:
    return {
        "Arn": call.arn(f"queues/{name}"),
        "Name": name,
        "PricingPlan": "ON_DEMAND",
        "Status": "ACTIVE",
        "Type": kind,
        "CreatedAt": datetime.now(UTC),
        "ProgressingJobsCount": 0,
        "SubmittedJobsCount": 0,
    }


def _jobs(call: Call) -> dict[str, dict[str, Any]]:
    return call.store("jobs")


def _tags(call: Call) -> dict[str, dict[str, str]]:
    return call.store("mediaconvert-tags")
