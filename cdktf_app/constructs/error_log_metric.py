"""A metric of how many errors functions log."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_app.bindings.cloudwatch import CloudwatchLogMetricFilter, CloudwatchLogMetricFilterMetricTransformation
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.deployment import Deployment


class ErrorLogMetric(Construct):
    """Counts the entries of level ERROR of each function in one metric, ``LoggedErrors``.

    Lambda's JSON log format names the level of the function's own entries and of the runtime's alike:
    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, deployment: Deployment, functions: Sequence[LambdaFunction]
    ) -> None:
        super().__init__(scope, construct_id)
        for function in functions:
            CloudwatchLogMetricFilter(
                self,
                function.node.id,
                name=deployment.verbatim.name(f"{function.key}-errors"),
                log_group_name=function.logs.name,
                pattern='{ $.level = "ERROR" }',
                metric_transformation=CloudwatchLogMetricFilterMetricTransformation(
                    namespace=deployment.prefix,
                    name="LoggedErrors",
                    value="1",
                    default_value="0",
                ),
            )
