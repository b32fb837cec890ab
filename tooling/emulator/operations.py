"""Which operation of which service a request asks for, told by the service models that botocore brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError
from moto.core.model import OperationModel, ServiceModel
from moto.core.request import Request
from moto.core.routing import NotFound, get_service_router
from moto.core.utils import get_service_model

from tooling.emulator.services import candidates

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Operation:
    """One operation, as precisely as the request and the models tell.

    Attributes:
        service: Service in boto3's spelling, e.g. "cloudwatch".
        name: Operation, e.g. "PutMetricAlarm"; method and path when no model has such an operation.
        protocol: "json", "query", "ec2", "rest-json" or "rest-xml": how its answers and errors are written.
        model: Its shapes, or None when botocore does not know it.
        path_parameters: What the address holds, by member name.
    """

    service: str
    name: str
    protocol: str
    model: OperationModel | None
    path_parameters: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.service}:{self.name}"


def resolve(signing_name: str, request: Request) -> Operation:
    """Name the operation of a request that is signed for ``signing_name``; never fails."""
    services = candidates(signing_name)
    if target := request.headers.get("X-Amz-Target"):
        prefix, _, name = target.rpartition(".")
        return _named(services, name, "json", lambda model: str(model.metadata.get("targetPrefix")) == prefix)
    if (request.content_type or "").startswith(_FORM) and (form := parse_qs(request.get_data().decode())):
        name, version = form.get("Action", ["?"])[0], form.get("Version", [""])[0]
        protocol = "ec2" if "ec2" in services else "query"
        return _named(services, name, protocol, lambda model: model.api_version == version)
    return _routed(services, request)


def _named(services: tuple[str, ...], name: str, protocol: str, fits: Any) -> Operation:
    """An operation that the request names itself; the service is the first whose model fits and has it."""
    for service in services:
        model = service_model(service)
        if model and (fits(model) or len(services) == 1) and (operation := _operation(model, name)):
            return Operation(service, name, protocol, operation, {})
    return Operation(services[0], name, protocol, None, {})


def _routed(services: tuple[str, ...], request: Request) -> Operation:
    """An operation that only method and path tell."""
    for service in services:
        model = service_model(service)
        if model and model.protocol.startswith("rest"):
            try:
                operation, parameters = get_service_router(service).match(request)
            except (NotFound, NotImplementedError):
                continue
            return Operation(service, operation.name, model.protocol, operation, parameters)
    known = service_model(services[0])
    protocol = known.protocol if known else "rest-json"
    return Operation(services[0], f"{request.method} {request.path}", protocol, None, {})


@cache
def service_model(service: str) -> ServiceModel | None:
    """The model of a service, or None when botocore has none."""
    try:
        return get_service_model(service)
    except UnknownServiceError:
        return None


def _operation(model: ServiceModel, name: str) -> OperationModel | None:
    try:
        return model.operation_model(name)
    except OperationNotFoundError:
        return None
