"""Stand-in for the services that the training calls: it answers as they do, and refuses what they would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import botocore.session
from botocore.model import OperationModel, Shape, StructureShape
from botocore.validate import validate_parameters

from tests.support.state_machine import Json, TaskFailed

REGION_AND_ACCOUNT = "us-east-1:111122223333"
VERSION = f"arn:aws:personalize:{REGION_AND_ACCOUNT}:solution/rewind-similar-podcasts/a1b2c3d4"
_SESSION = botocore.session.get_session()


class Account:
    """An account in which trainings run.

    A job takes the statuses that are set for it one by one and keeps the last.

    Attributes:
        has_input: Whether there is a list of podcasts to recommend for.
        campaign: Statuses of the campaign; None when there is none.
        updates: Statuses of the campaign's latest update; empty when there was none.
        statuses: Those of each job that is begun, by what it makes.
        errors: Errors that are answered instead, one after the other, by operation.
        parameter: Value of the SSM parameter.
    """

    def __init__(self) -> None:
        self.has_input = True
        self.campaign: list[str] | None = None
        self.updates: list[str] = []
        made = ("DatasetImportJob", "SolutionVersion", "BatchInferenceJob", "Campaign", "CampaignUpdate")
        self.statuses = {each: ["CREATE PENDING", "CREATE IN_PROGRESS", "ACTIVE"] for each in made}
        self.errors: dict[str, Iterator[str]] = {}
        self.parameter = "none"

    def __call__(self, action: str, parameters: Json) -> Json:
        """Answer a call of a task, ``personalize:createCampaign``."""
        service, _, name = action.partition(":")
        operation = _operation(service, name)
        _check(operation, parameters)
        if (error := next(self.errors.get(action, iter(())), None)) is not None:
            raise TaskFailed(error)
        answer: Json = getattr(self, f"_{service}_{name}")(parameters)
        _check_answer(operation, answer)
        return answer

    def _personalize_updateSolution(self, parameters: Json) -> Json:
        return {"SolutionArn": parameters["SolutionArn"]}

    def _personalize_createDatasetImportJob(self, parameters: Json) -> Json:
        job = parameters["JobName"]
        return {"DatasetImportJobArn": f"arn:aws:personalize:{REGION_AND_ACCOUNT}:dataset-import-job/{job}"}

    def _personalize_describeDatasetImportJob(self, parameters: Json) -> Json:
        return {"DatasetImportJob": {**parameters, "Status": _next(self.statuses["DatasetImportJob"])}}

    def _personalize_createSolutionVersion(self, parameters: Json) -> Json:
        assert parameters["SolutionArn"]
        return {"SolutionVersionArn": VERSION}

    def _personalize_describeSolutionVersion(self, parameters: Json) -> Json:
        assert parameters == {"SolutionVersionArn": VERSION}
        return {"SolutionVersion": {**parameters, "Status": _next(self.statuses["SolutionVersion"])}}

    def _personalize_describeCampaign(self, parameters: Json) -> Json:
        if self.campaign is None:
            raise TaskFailed("Personalize.ResourceNotFoundException")
        update = {"LatestCampaignUpdate": {"Status": _next(self.updates)}} if self.updates else {}
        return {"Campaign": {**parameters, "Status": _next(self.campaign), **update}}

    def _personalize_createCampaign(self, parameters: Json) -> Json:
        assert self.campaign is None, "there is a campaign already"
        self.campaign = self.statuses["Campaign"]
        return {"CampaignArn": f"arn:aws:personalize:{REGION_AND_ACCOUNT}:campaign/{parameters['Name']}"}

    def _personalize_updateCampaign(self, parameters: Json) -> Json:
        if self.campaign is None:
            raise TaskFailed("Personalize.ResourceNotFoundException")
        # Beside the status of the campaign, which answers as before.
        self.updates = self.statuses["CampaignUpdate"]
        return {"CampaignArn": parameters["CampaignArn"]}

    def _personalize_createBatchInferenceJob(self, parameters: Json) -> Json:
        job = parameters["JobName"]
        return {"BatchInferenceJobArn": f"arn:aws:personalize:{REGION_AND_ACCOUNT}:batch-inference-job/{job}"}

    def _personalize_describeBatchInferenceJob(self, parameters: Json) -> Json:
        return {"BatchInferenceJob": {**parameters, "Status": _next(self.statuses["BatchInferenceJob"])}}

    def _s3_headObject(self, parameters: Json) -> Json:
        if not (parameters["Key"] and self.has_input):
            raise TaskFailed("S3.NoSuchKeyException")
        return {"ContentLength": 100}

    def _ssm_putParameter(self, parameters: Json) -> Json:
        assert parameters["Overwrite"] is True, "ParameterAlreadyExists"
        self.parameter = parameters["Value"]
        return {"Version": 2}


def always(error: str) -> Iterator[str]:
    """The same error, however often one tries."""
    while True:
        yield error


def _next(statuses: list[str]) -> str:
    return statuses.pop(0) if len(statuses) > 1 else statuses[0]


def _operation(service: str, name: str) -> OperationModel:
    """What the SDK knows of an operation; fails when there is none of that name."""
    return _SESSION.get_service_model(service).operation_model(name[0].upper() + name[1:])


def _check(operation: OperationModel, parameters: Json) -> None:
    """Refuse parameters that the operation does not have, lacks, or has with another type."""
    shape = operation.input_shape
    assert shape is not None
    validate_parameters(_as_the_sdk_has_it(parameters, shape), shape)


def _check_answer(operation: OperationModel, answer: Json) -> None:
    shape = operation.output_shape
    assert shape is not None
    _as_the_sdk_has_it(answer, shape)


def _as_the_sdk_has_it(value: Any, shape: Shape) -> Any:
    """Names as the service's model has them; Step Functions writes their first letter in upper case."""
    if not isinstance(shape, StructureShape):
        return value
    names = {name[0].upper() + name[1:]: name for name in shape.members}
    unknown = value.keys() - names.keys()
    assert not unknown, f"{shape.name} has no {sorted(unknown)}"
    for name, each in value.items():
        allowed = getattr(shape.members[names[name]], "enum", None)
        assert not allowed or each in allowed, f"{name} cannot be {each}"
    return {names[name]: _as_the_sdk_has_it(each, shape.members[names[name]]) for name, each in value.items()}
