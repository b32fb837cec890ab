"""Tracing with X-Ray: a share of the application's requests, and the group that their traces are found in."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.solemate.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.trace_group import TraceGroup, TraceGroupProps
from cdktf_app.deployment import Deployment

_APP = "app"


@dataclass(frozen=True, kw_only=True)
class TracingProps:
    """Shape of the tracing.

    Attributes:
        deployment: Names and tags.
        variables: The module's inputs.
    """

    deployment: Deployment
    variables: Variables


class Tracing(Construct):
    """Group and sampling rule of the application."""

    def __init__(self, scope: Construct, construct_id: str, *, props: TracingProps) -> None:
        super().__init__(scope, construct_id)
        TraceGroup(
            self,
            "traces",
            props=TraceGroupProps(
                deployment=props.deployment,
                name=_APP,
                service=service_name(props.deployment),
                sampling_percent=props.variables.trace_sampling_percent,
            ),
        )


def service_name(deployment: Deployment) -> str:
    """Name that the application gives itself in its traces, as ``AWS_XRAY_TRACING_NAME`` tells it."""
    return deployment.name(_APP)
