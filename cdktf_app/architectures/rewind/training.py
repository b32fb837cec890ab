"""What the weekly training does, in the Amazon States Language.

Imports what users did, trains a version of the solution on it, and with a campaign has it answer live and publishes
its ARN; without one it makes recommendations in a batch, if there is a list of podcasts to make them for.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.expressions import Literal

State = Mapping[str, Literal]

NO_CAMPAIGN = "none"
BATCH_INPUT = "batch/items.json"
_SDK = "arn:aws:states:::aws-sdk"
_FAILED = "TrainingFailed"
_ERROR = "$.error"
# Of the service's own making, and over after a while: it limits how many jobs run at a time.
_RETRIES: State = {
    "ErrorEquals": [
        "Personalize.LimitExceededException",
        "Personalize.ResourceInUseException",
        "Personalize.SdkClientException",
    ],
    "IntervalSeconds": 60,
    "MaxAttempts": 5,
    "BackoffRate": 2,
    "MaxDelaySeconds": 900,
    "JitterStrategy": "FULL",
}


@dataclass(frozen=True, kw_only=True)
class Training:
    """What is trained, by ARNs and names that are known before it exists.

    Attributes:
        dataset_arn: Dataset that gets what users did.
        solution_arn: What is trained.
        campaign_arn: What answers live.
        campaign_name: Name of the campaign, the end of its ARN.
        import_role_arn: Role in which Personalize reads and writes the bucket.
        bucket: Name of the bucket with what users did.
        parameter: SSM parameter that gets the ARN of the campaign.
        live: Whether there is a campaign.
    """

    dataset_arn: str
    solution_arn: str
    campaign_arn: str
    campaign_name: str
    import_role_arn: str
    bucket: str
    parameter: str
    live: expressions.Expression

    def definition(self) -> Mapping[str, Literal]:
        """The state machine."""
        return {
            "Comment": "Trains the recommendations anew and has them answer.",
            "StartAt": "Begin",
            # A training takes hours, not days; what hangs longer is to be looked at.
            "TimeoutSeconds": 24 * 3600,
            "States": {
                **self._import(),
                **self._train(),
                **self._answer_live(),
                **self._answer_in_batches(),
                "Trained": {"Type": "Succeed"},
                _FAILED: {
                    "Type": "Fail",
                    "Error": "TrainingFailed",
                    "Cause": "The state before this one says why; the campaign is as it was.",
                },
            },
        }

    def _import(self) -> dict[str, State]:
        return {
            "Begin": {
                "Type": "Pass",
                "Parameters": {"live": self.live, "job.$": "States.Format('rewind-{}', States.UUID())"},
                "Next": "StopOwnTraining",
            },
            # A new solution trains by itself every week unless told not to, which would be paid for twice.
            "StopOwnTraining": {
                **_call(
                    "updateSolution",
                    {"SolutionArn": self.solution_arn, "PerformAutoTraining": False},
                    catch=[{"ErrorEquals": ["States.ALL"], "ResultPath": _ERROR, "Next": "ImportInteractions"}],
                ),
                "ResultPath": None,
                "Next": "ImportInteractions",
            },
            "ImportInteractions": {
                **_call(
                    "createDatasetImportJob",
                    {
                        "JobName.$": "$.job",
                        "DatasetArn": self.dataset_arn,
                        "DataSource": {"DataLocation": f"s3://{self.bucket}/interactions/"},
                        "RoleArn": self.import_role_arn,
                        "ImportMode": "FULL",
                    },
                ),
                "ResultPath": "$.import",
                "Next": "WaitForImport",
            },
            **_until_active(
                "Import",
                call="describeDatasetImportJob",
                parameters={"DatasetImportJobArn.$": "$.import.DatasetImportJobArn"},
                status="$.DatasetImportJob.Status",
                seconds=300,
                then="Train",
            ),
        }

    def _train(self) -> dict[str, State]:
        return {
            "Train": {
                **_call("createSolutionVersion", {"SolutionArn": self.solution_arn, "TrainingMode": "FULL"}),
                "ResultPath": "$.version",
                "Next": "WaitForTraining",
            },
            **_until_active(
                "Training",
                call="describeSolutionVersion",
                parameters={"SolutionVersionArn.$": "$.version.SolutionVersionArn"},
                status="$.SolutionVersion.Status",
                seconds=600,
                then="LiveOrInBatches",
            ),
            "LiveOrInBatches": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.live", "BooleanEquals": True, "Next": "FindCampaign"}],
                "Default": "FindBatchInput",
            },
        }

    def _answer_live(self) -> dict[str, State]:
        this: State = {"CampaignArn": self.campaign_arn}
        update: State = {"SolutionVersionArn.$": "$.version.SolutionVersionArn", "MinProvisionedTPS": 1}
        return {
            "FindCampaign": {
                **_call(
                    "describeCampaign",
                    this,
                    catch=[
                        {
                            "ErrorEquals": ["Personalize.ResourceNotFoundException"],
                            "ResultPath": _ERROR,
                            "Next": "CreateCampaign",
                        },
                        _GIVE_UP,
                    ],
                ),
                "ResultPath": "$.campaign",
                "Next": "UpdateCampaign",
            },
            "CreateCampaign": {
                **_call("createCampaign", {"Name": self.campaign_name, **update}),
                "ResultPath": None,
                "Next": "WaitForCampaign",
            },
            "UpdateCampaign": {
                **_call("updateCampaign", {**this, **update}),
                "ResultPath": None,
                "Next": "WaitForCampaign",
            },
            "WaitForCampaign": {"Type": "Wait", "Seconds": 300, "Next": "DescribeCampaign"},
            "DescribeCampaign": {
                **_call("describeCampaign", this),
                "ResultPath": "$.campaign",
                "Next": "CampaignDone",
            },
            # While it is updated a campaign stays ACTIVE with its old version; the update has a status of its own.
            "CampaignDone": {
                "Type": "Choice",
                "Choices": [
                    {
                        "And": [
                            {"Variable": "$.campaign.Campaign.LatestCampaignUpdate.Status", "IsPresent": True},
                            {
                                "Variable": "$.campaign.Campaign.LatestCampaignUpdate.Status",
                                "StringMatches": "*FAILED",
                            },
                        ],
                        "Next": _FAILED,
                    },
                    {
                        "And": [
                            {"Variable": "$.campaign.Campaign.LatestCampaignUpdate.Status", "IsPresent": True},
                            {
                                "Not": {
                                    "Variable": "$.campaign.Campaign.LatestCampaignUpdate.Status",
                                    "StringEquals": "ACTIVE",
                                }
                            },
                        ],
                        "Next": "WaitForCampaign",
                    },
                    {
                        "Variable": "$.campaign.Campaign.Status",
                        "StringEquals": "ACTIVE",
                        "Next": "PublishCampaign",
                    },
                    # Last: a campaign that could not be made stays so until an update of it is through.
                    {"Variable": "$.campaign.Campaign.Status", "StringMatches": "*FAILED", "Next": _FAILED},
                ],
                "Default": "WaitForCampaign",
            },
            "PublishCampaign": self._publish(self.campaign_arn),
        }

    def _answer_in_batches(self) -> dict[str, State]:
        return {
            "FindBatchInput": {
                "Type": "Task",
                "Resource": f"{_SDK}:s3:headObject",
                "Parameters": {"Bucket": self.bucket, "Key": BATCH_INPUT},
                "ResultPath": None,
                # Nobody asked for recommendations.
                "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": _ERROR, "Next": "PublishNone"}],
                "Next": "RecommendInBatch",
            },
            "RecommendInBatch": {
                **_call(
                    "createBatchInferenceJob",
                    {
                        "JobName.$": "$.job",
                        "SolutionVersionArn.$": "$.version.SolutionVersionArn",
                        "RoleArn": self.import_role_arn,
                        "JobInput": {"S3DataSource": {"Path": f"s3://{self.bucket}/{BATCH_INPUT}"}},
                        "JobOutput": {"S3DataDestination": {"Path": f"s3://{self.bucket}/recommendations/"}},
                    },
                ),
                "ResultPath": "$.batch",
                "Next": "WaitForBatch",
            },
            **_until_active(
                "Batch",
                call="describeBatchInferenceJob",
                parameters={"BatchInferenceJobArn.$": "$.batch.BatchInferenceJobArn"},
                status="$.BatchInferenceJob.Status",
                seconds=300,
                then="PublishNone",
            ),
            "PublishNone": self._publish(NO_CAMPAIGN),
        }

    def _publish(self, value: str) -> State:
        return {
            "Type": "Task",
            "Resource": f"{_SDK}:ssm:putParameter",
            "Parameters": {"Name": self.parameter, "Value": value, "Type": "String", "Overwrite": True},
            "ResultPath": None,
            "Retry": [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 5, "MaxAttempts": 5, "BackoffRate": 2}],
            "Catch": [_GIVE_UP],
            "Next": "Trained",
        }


_GIVE_UP: State = {"ErrorEquals": ["States.ALL"], "ResultPath": _ERROR, "Next": _FAILED}


def _call(operation: str, parameters: State, *, catch: Sequence[State] = (_GIVE_UP,)) -> State:
    """A call of Personalize that is tried again while it is busy, and by default ends the training when it refuses."""
    return {
        "Type": "Task",
        "Resource": f"{_SDK}:personalize:{operation}",
        "Parameters": parameters,
        "Retry": [_RETRIES],
        "Catch": list(catch),
    }


def _until_active(name: str, *, call: str, parameters: State, status: str, seconds: int, then: str) -> dict[str, State]:
    """Look every so often until a job is ACTIVE, which leads on, or has failed, which ends the training."""
    found = f"$.{name.lower()}Status"
    return {
        f"WaitFor{name}": {"Type": "Wait", "Seconds": seconds, "Next": f"Describe{name}"},
        f"Describe{name}": {
            **_call(call, parameters),
            "ResultSelector": {"status.$": status},
            "ResultPath": found,
            "Next": f"{name}Done",
        },
        f"{name}Done": {
            "Type": "Choice",
            "Choices": [
                {"Variable": f"{found}.status", "StringEquals": "ACTIVE", "Next": then},
                {"Variable": f"{found}.status", "StringMatches": "*FAILED", "Next": _FAILED},
                {"Variable": f"{found}.status", "StringMatches": "*STOPPED", "Next": _FAILED},
            ],
            "Default": f"WaitFor{name}",
        },
    }
