"""Recommendations by Amazon Personalize: what it learns from, what it trains, and when."""

from __future__ import annotations

import json
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.architectures.rewind.training import BATCH_INPUT, NO_CAMPAIGN, Training
from cdktf_app.architectures.rewind.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alert_topic import AlertTopic
from cdktf_app.constructs.dead_letter_queue import DeadLetterQueue, DeadLetterQueueProps
from cdktf_app.constructs.event_rule import EventRule, EventRuleProps
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.metric_alarms import Alarm, MetricAlarms, MetricAlarmsProps
from cdktf_app.constructs.policy_document import Condition, Statement
from cdktf_app.constructs.private_bucket import PrivateBucket, PrivateBucketProps
from cdktf_app.constructs.provider_gap import ProviderGap, ProviderGapProps
from cdktf_app.constructs.published_value import PublishedValue
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.constructs.single_table import SingleTable
from cdktf_app.constructs.state_machine import StateMachine, StateMachineProps
from cdktf_app.constructs.stream_consumer import StreamConsumer, StreamConsumerProps
from cdktf_app.deployment import Deployment

_PERSONALIZE = "personalize.amazonaws.com"
_NAME = "similar-podcasts"
# The columns that Personalize asks of interactions, and what kind of interaction it was.
# https://docs.aws.amazon.com/personalize/latest/dg/interactions-dataset-requirements.html
_INTERACTIONS = {
    "type": "record",
    "name": "Interactions",
    "namespace": "com.amazonaws.personalize.schema",
    "fields": [
        {"name": "USER_ID", "type": "string"},
        {"name": "ITEM_ID", "type": "string"},
        {"name": "TIMESTAMP", "type": "long"},
        {"name": "EVENT_TYPE", "type": "string"},
    ],
    "version": "1.0",
}


@dataclass(frozen=True, kw_only=True)
class RecommendationsProps:
    """Shape of the recommendations.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        logs: Retention and encryption of the training's log.
        alerts: Where alarms report.
        retain_data: Refuse, at plan, whatever would destroy what was learned from.
    """

    deployment: Deployment
    variables: Variables
    logs: LogSettings
    alerts: AlertTopic
    retain_data: bool


class Recommendations(Construct):
    """Bucket of interactions, dataset group with schema, dataset and solution, and the weekly training.

    Attributes:
        campaign_arn: ARN of the campaign, made by the training.
        parameter: Says whether there is a campaign.
        interactions: Bucket that the exports go to.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: RecommendationsProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        deployment = props.deployment
        name = deployment.name(_NAME)
        self.campaign_arn = deployment.arn("personalize", f"campaign/{name}")
        self.parameter = PublishedValue(
            self,
            "campaign",
            deployment=deployment,
            name="campaign",
            description="ARN of the campaign that answers, or none.",
            initial=NO_CAMPAIGN,
        )
        self.interactions = self._bucket()
        self._add_import_role()
        group = deployment.verbatim.name("RewindDatasetGroup")
        self.stack = self._models(group, name)
        self._training = Training(
            dataset_arn=deployment.arn("personalize", f"dataset/{group}/INTERACTIONS"),
            solution_arn=deployment.arn("personalize", f"solution/{name}"),
            campaign_arn=self.campaign_arn,
            campaign_name=name,
            import_role_arn=self._import_role_arn,
            bucket=self.interactions.name,
            parameter=self.parameter.name,
            live=props.variables.enable_campaign.expression,
        )
        self.machine = StateMachine(
            self,
            "training",
            props=StateMachineProps(
                deployment=deployment,
                name="training",
                definition=self._training.definition(),
                logs=props.logs,
            ),
        )
        self._let_train()
        EventRule(
            self,
            "retrain",
            props=EventRuleProps(
                deployment=deployment,
                name="retrain",
                description="Has the recommendations trained anew.",
                target=self.machine,
                schedule=props.variables.retrain_schedule.string,
                input={"action": "retrain"},
            ),
        )

    def learn_from(self, table: SingleTable, *, exporter: LambdaFunction) -> None:
        """Have every change of the table exported to the bucket by a function."""
        self.interactions.grant_write(exporter, prefix="interactions/")
        self._left_out = DeadLetterQueue(
            self, "left_out", props=DeadLetterQueueProps(deployment=self._props.deployment, name="not-exported")
        )
        StreamConsumer(
            self,
            "exports",
            props=StreamConsumerProps(table=table, function=exporter, dead_letters=self._left_out),
        )
        MetricAlarms(
            self,
            "alarm",
            props=MetricAlarmsProps(
                deployment=self._props.deployment,
                alarm_topic=self._props.alerts,
                alarms=[
                    Alarm(
                        name="training_failed",
                        description="The weekly training of the recommendations has failed.",
                        namespace="AWS/States",
                        metric="ExecutionsFailed",
                        above=0,
                        period_seconds=300,
                        watched={"training": self.machine.dimensions},
                    ),
                    Alarm(
                        name="left_out",
                        description="Changes of the table could not be exported and were put aside.",
                        namespace="AWS/SQS",
                        metric="ApproximateNumberOfMessagesVisible",
                        above=0,
                        period_seconds=300,
                        statistic="Maximum",
                        watched={"queue": {"QueueName": self._left_out.name}},
                    ),
                ],
            ),
        )

    def _bucket(self) -> PrivateBucket:
        props = self._props
        whose = [Condition(test="StringEquals", variable="aws:SourceAccount", values=[props.deployment.account_id])]
        return PrivateBucket(
            self,
            "interactions",
            props=PrivateBucketProps(
                deployment=props.deployment,
                name="personalize-export",
                # https://docs.aws.amazon.com/personalize/latest/dg/granting-personalize-s3-access.html
                statements=[
                    Statement(
                        sid="UseByPersonalize",
                        actions=["s3:GetObject", "s3:PutObject"],
                        resources=["/*"],
                        principals={"Service": [_PERSONALIZE]},
                        conditions=whose,
                    ),
                    Statement(
                        sid="ListByPersonalize",
                        actions=["s3:ListBucket"],
                        resources=[""],
                        principals={"Service": [_PERSONALIZE]},
                        conditions=whose,
                    ),
                ],
                retain_data=props.retain_data,
                force_destroy=props.variables.force_destroy.boolean,
            ),
        )

    @property
    def _import_role_arn(self) -> str:
        """Made from names, so that a plan shows what the training does."""
        deployment = self._props.deployment
        return f"arn:aws:iam::{deployment.account_id}:role/{deployment.name('personalize')}"

    def _add_import_role(self) -> None:
        """The role in which Personalize reads what users did and writes recommendations."""
        bucket = self.interactions
        role = ServiceRole(
            self,
            "import",
            props=ServiceRoleProps(
                deployment=self._props.deployment,
                name="personalize",
                service=_PERSONALIZE,
                conditions=[
                    Condition(
                        test="StringEquals",
                        variable="aws:SourceAccount",
                        values=[self._props.deployment.account_id],
                    )
                ],
            ),
        )
        role.allow(
            Statement(
                sid="ReadInteractions",
                actions=["s3:GetObject"],
                resources=[f"{bucket.arn}/interactions/*", f"{bucket.arn}/{BATCH_INPUT}"],
            )
        )
        role.allow(
            Statement(
                sid="WriteRecommendations", actions=["s3:PutObject"], resources=[f"{bucket.arn}/recommendations/*"]
            )
        )
        role.allow(Statement(sid="List", actions=["s3:ListBucket"], resources=[bucket.arn]))

    def _models(self, group: str, name: str) -> ProviderGap:
        return ProviderGap(
            self,
            "personalize",
            props=ProviderGapProps(
                deployment=self._props.deployment,
                name="personalize",
                resources={
                    "DatasetGroup": {"Type": "AWS::Personalize::DatasetGroup", "Properties": {"Name": group}},
                    "Schema": {
                        "Type": "AWS::Personalize::Schema",
                        "Properties": {
                            "Name": self._props.deployment.name("interactions"),
                            "Schema": json.dumps(_INTERACTIONS),
                        },
                    },
                    "Dataset": {
                        "Type": "AWS::Personalize::Dataset",
                        "Properties": {
                            "Name": self._props.deployment.name("interactions"),
                            "DatasetType": "Interactions",
                            "DatasetGroupArn": _arn_of("DatasetGroup"),
                            "SchemaArn": _arn_of("Schema"),
                        },
                    },
                    "Solution": {
                        "Type": "AWS::Personalize::Solution",
                        "Properties": {
                            "Name": name,
                            "DatasetGroupArn": _arn_of("DatasetGroup"),
                            "RecipeArn": self._props.variables.personalize_recipe_arn.string,
                        },
                        # A solution needs a dataset to be trained on.
                        "DependsOn": ["Dataset"],
                    },
                },
                outputs={f"{each}Arn": _arn_of(each) for each in ("DatasetGroup", "Dataset", "Solution")},
                retain_data=self._props.retain_data,
            ),
        )

    def _let_train(self) -> None:
        deployment, training = self._props.deployment, self._training
        jobs = "rewind-*"
        for sid, actions, resources in (
            (
                "Import",
                ["CreateDatasetImportJob", "DescribeDatasetImportJob"],
                [training.dataset_arn, deployment.arn("personalize", f"dataset-import-job/{jobs}")],
            ),
            (
                "Train",
                ["CreateSolutionVersion", "DescribeSolutionVersion", "UpdateSolution"],
                [training.solution_arn, f"{training.solution_arn}/*"],
            ),
            (
                "AnswerLive",
                ["CreateCampaign", "DescribeCampaign", "UpdateCampaign"],
                [training.campaign_arn],
            ),
            (
                "AnswerInBatches",
                ["CreateBatchInferenceJob", "DescribeBatchInferenceJob"],
                [deployment.arn("personalize", f"batch-inference-job/{jobs}")],
            ),
        ):
            self.machine.allow(
                Statement(sid=sid, actions=[f"personalize:{action}" for action in actions], resources=resources)
            )
        self.machine.allow(
            Statement(
                sid="HandOverRole",
                actions=["iam:PassRole"],
                resources=[self._import_role_arn],
                conditions=[Condition(test="StringEquals", variable="iam:PassedToService", values=[_PERSONALIZE])],
            )
        )
        self.machine.allow(
            Statement(
                sid="FindBatchInput",
                actions=["s3:GetObject"],
                resources=[f"{self.interactions.arn}/{BATCH_INPUT}"],
            )
        )
        self.machine.allow(
            Statement(sid="PublishCampaign", actions=["ssm:PutParameter"], resources=[self.parameter.arn])
        )


def _arn_of(logical_id: str) -> expressions.Literal:
    return {"Fn::GetAtt": [logical_id, f"{logical_id}Arn"]}
