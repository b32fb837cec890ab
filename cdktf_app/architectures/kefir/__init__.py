"""kefir: the back end of a mobile app (specs/kefir.md).

Cognito sign-in by e-mail code, an HTTP API of Lambda functions, one DynamoDB table, a bucket for photos, reminders
every five minutes, and in production alarms and a dashboard.
"""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_app import packages
from cdktf_app.architectures.kefir.api import Api, ApiProps
from cdktf_app.architectures.kefir.auth import Auth, AuthProps
from cdktf_app.architectures.kefir.data import Data, DataProps
from cdktf_app.architectures.kefir.monitoring import Monitoring, MonitoringProps
from cdktf_app.architectures.kefir.scheduler import Scheduler, SchedulerProps
from cdktf_app.architectures.kefir.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.function_packages import FunctionPackages, FunctionPackagesProps
from cdktf_app.constructs.lambda_function import FunctionSettings, LambdaFunction
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import ModuleStack

# Life of a presigned URL (KF-S3-08).
PRESIGN_TTL_SECONDS = 300


class Kefir(ModuleStack):
    """The whole of kefir as one module.

    Args:
        retain_data: Refuse, at plan, whatever would destroy the table, the bucket or the user pool.
    """

    def __init__(self, scope: Construct, construct_id: str, *, retain_data: bool) -> None:
        super().__init__(scope, construct_id)
        built = packages.build("kefir")
        variables = Variables(self, functions=sorted(built))
        deployment = Deployment(
            prefix=f"kefir-app-{variables.environment.string}",
            account_id=variables.account_id.string,
            region=variables.region.string,
            tags=variables.tags.string_map,
        )
        monitoring = Monitoring(self, "monitoring", props=MonitoringProps(deployment=deployment, variables=variables))
        logs = LogSettings(retention_days=variables.log_retention_days.number, kms_key=monitoring.log_key)
        auth = Auth(self, "auth", props=AuthProps(deployment=deployment, variables=variables, retain_data=retain_data))
        data = Data(self, "data", props=DataProps(deployment=deployment, variables=variables, retain_data=retain_data))
        functions = FunctionSettings(
            deployment=deployment,
            packages=FunctionPackages(
                self,
                "packages",
                props=FunctionPackagesProps(
                    packages=built,
                    artifacts_bucket=variables.artifacts_bucket,
                    overrides=variables.function_packages,
                ),
            ),
            environment={
                "TABLE_NAME": data.table.name,
                "BUCKET_NAME": data.photos.name,
                "USER_POOL_ID": auth.pool.id,
                "USER_POOL_CLIENT_ID": auth.client_id,
                "STAGE": variables.environment.string,
                "PRESIGN_TTL_SECONDS": str(PRESIGN_TTL_SECONDS),
            },
            logs=logs,
            runtime=variables.lambda_runtime.string,
            memory_mb=variables.lambda_memory_mb.number,
            timeout_seconds=variables.lambda_timeout_seconds.number,
        )
        api = Api(
            self,
            "api",
            props=ApiProps(
                deployment=deployment, variables=variables, functions=functions, auth=auth, data=data, logs=logs
            ),
        )
        scheduler = Scheduler(
            self,
            "scheduler",
            props=SchedulerProps(deployment=deployment, variables=variables, functions=functions, table=data.table),
        )
        everything = [*api.functions, scheduler.reminder_processor]
        monitoring.watch(functions=everything, api=api.http, table=data.table)
        self._outputs(auth=auth, data=data, api=api, monitoring=monitoring, functions=everything)

    def _outputs(
        self, *, auth: Auth, data: Data, api: Api, monitoring: Monitoring, functions: Sequence[LambdaFunction]
    ) -> None:
        self.output(
            "alerts_topic_arn",
            monitoring.topic.arn,
            description="ARN of the topic of all alarms, null without monitoring.",
        )
        self.output("api_url", api.url, description="URL of the API, without a slash at its end.")
        self.output("bucket_name", data.photos.name, description="Name of the bucket that holds the photos.")
        self.output(
            "dashboard_name", monitoring.dashboard_name, description="Name of the dashboard, null without monitoring."
        )
        self.output(
            "function_names",
            {function.key: function.name for function in functions},
            description="Names of the Lambda functions, by the names of their sources.",
        )
        self.output("table_name", data.table.name, description="Name of the table.")
        self.output("user_pool_client_id", auth.client_id, description="Id of the app's client in the user pool.")
        self.output("user_pool_id", auth.pool.id, description="Id of the user pool.")


def build(scope: Construct, *, retain_data: bool) -> Kefir:
    return Kefir(scope, "kefir", retain_data=retain_data)
