"""nullcheck: episodes of livestreams, from the uploaded video to clips that a model proposes (specs/nullcheck.md).

A REST API manages episodes in one DynamoDB table and hands out upload addresses. Events do the rest: an upload starts
a MediaConvert job, its end is written down, a transcript goes to a model on Bedrock that has a memory.
"""

from __future__ import annotations

from cdktf_app import packages
from cdktf_app.architectures.nullcheck.agent import Agent, AgentProps
from cdktf_app.architectures.nullcheck.api import Api, ApiProps
from cdktf_app.architectures.nullcheck.bus import Bus, BusProps
from cdktf_app.architectures.nullcheck.data import Data, DataProps
from cdktf_app.architectures.nullcheck.functions import Functions
from cdktf_app.architectures.nullcheck.monitoring import Monitoring, MonitoringProps
from cdktf_app.architectures.nullcheck.processing import Processing, ProcessingProps
from cdktf_app.architectures.nullcheck.variables import Variables
from cdktf_app.architectures.nullcheck.video import Video, VideoProps
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.function_packages import FunctionPackages, FunctionPackagesProps
from cdktf_app.constructs.lambda_function import FunctionSettings
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import ModuleStack

PROJECT = "nullcheck"


class Nullcheck(ModuleStack):
    """The whole of nullcheck as one module.

    Args:
        retain_data: Refuse, at plan, whatever would destroy the table, the bucket or the memory.
    """

    def __init__(self, scope: Construct, construct_id: str, *, retain_data: bool) -> None:
        super().__init__(scope, construct_id)
        built = packages.build("nullcheck")
        variables = Variables(self, functions=sorted(built))
        # What identifies the project on every resource, whatever tags the caller has (NC-DEP-06).
        deployment = Deployment(
            prefix=PROJECT,
            suffix=variables.name_suffix.string,
            account_id=variables.account_id.string,
            region=variables.region.string,
            tags=variables.tags.string_map,
        ).tagged({"Project": PROJECT})
        monitoring = Monitoring(
            self,
            "monitoring",
            props=MonitoringProps(deployment=deployment, variables=variables, functions=sorted(built)),
        )
        logs = LogSettings(retention_days=variables.log_retention_days.number, kms_key=monitoring.log_key)
        data = Data(self, "data", props=DataProps(deployment=deployment, variables=variables, retain_data=retain_data))
        bus = Bus(self, "bus", props=BusProps(deployment=deployment, variables=variables))
        functions = Functions(
            variables=variables,
            settings=FunctionSettings(
                deployment=deployment.verbatim,
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
                    "AWS_NODEJS_CONNECTION_REUSE_ENABLED": "1",
                    "ORIGIN": variables.cors_origin.string,
                },
                logs=logs,
                runtime=variables.lambda_runtime.string,
                architecture=variables.lambda_architecture.string,
                memory_mb=variables.lambda_memory_mb.number,
                timeout_seconds=variables.lambda_timeout_seconds.number,
                tracing=True,
                generated_role_names=True,
                reserved_concurrency=variables.reserved_concurrency.number,
                dead_letters=bus.dead_letters,
            ),
        )
        api = Api(
            self,
            "api",
            props=ApiProps(deployment=deployment, variables=variables, functions=functions, data=data, logs=logs),
        )
        video = Video(
            self,
            "video",
            props=VideoProps(deployment=deployment, variables=variables, functions=functions, data=data, bus=bus),
        )
        processing = Processing(
            self,
            "processing",
            props=ProcessingProps(deployment=deployment, variables=variables, functions=functions, data=data, bus=bus),
        )
        agent = Agent(
            self,
            "agent",
            props=AgentProps(
                deployment=deployment,
                variables=variables,
                functions=functions,
                data=data,
                bus=bus,
                retain_data=retain_data,
            ),
        )
        data.bucket.allow_only(
            variables.allowed_principals,
            beside=[api.create_upload_url, *processing.functions, agent.analyze_transcript, video.chunking.role],
        )
        monitoring.watch(functions=functions.all, api=api.rest, table=data.table, dead_letters=bus.dead_letters)
        self._outputs(functions=functions, data=data, bus=bus, api=api, video=video, agent=agent, monitoring=monitoring)

    def _outputs(
        self,
        *,
        functions: Functions,
        data: Data,
        bus: Bus,
        api: Api,
        video: Video,
        agent: Agent,
        monitoring: Monitoring,
    ) -> None:
        self.output("api_url", api.rest.url, description="URL of the API, without a slash at its end.")
        self.output("bucket_name", data.bucket.name, description="Name of the bucket of videos and transcripts.")
        self.output("dashboard_name", monitoring.dashboard_name, description="Name of the dashboard.")
        self.output(
            "dead_letter_queue_url",
            bus.dead_letters.url,
            description="URL of the queue of failed events, null without one.",
        )
        self.output("event_archive_arn", bus.archive.arn, description="ARN of the archive of events, null without one.")
        self.output(
            "function_names",
            {function.key: function.name for function in functions.all},
            description="Names of the Lambda functions, by the names of their sources.",
        )
        self.output(
            "mediaconvert_role_arn",
            video.chunking.role.arn,
            description="ARN of the role that MediaConvert's jobs have.",
        )
        self.output("memory_id", agent.memory_id, description="Id of the agent's memory.")
        self.output("table_name", data.table.name, description="Name of the table.")


def build(scope: Construct, *, retain_data: bool) -> Nullcheck:
    return Nullcheck(scope, "nullcheck", retain_data=retain_data)
