"""The weekly training as the plan has it, walked through with a stand-in for AWS."""

from __future__ import annotations

import fnmatch
import json
import re
from collections import Counter
from itertools import repeat
from typing import Any

import pytest

from tests.plan.rewind.parts import bucket_name, home, suffix
from tests.plan.rewind.personalize import VERSION, Account, always
from tests.support.plans import Plan
from tests.support.state_machine import Json, StateMachine, Walk, actions, followers, reachable

MACHINE = "aws_sfn_state_machine"
THROTTLED = "Personalize.LimitExceededException"
REFUSED = "Personalize.InvalidInputException"
# Calls of the SDK whose permission has another name.
PERMISSION = {"s3:headObject": "s3:GetObject"}
# What a call needs beside its own permission: Personalize acts in a role that it is handed.
HANDED_OVER = {"iam:PassRole"}
IMPORTS = "personalize:createDatasetImportJob"
TRAINS = "personalize:createSolutionVersion"
CREATES, UPDATES = "personalize:createCampaign", "personalize:updateCampaign"
BATCH = "personalize:createBatchInferenceJob"
PUBLISHES = "ssm:putParameter"


def definition(plan: Plan) -> Json:
    found: Json = json.loads(plan.one(MACHINE)["definition"])
    return found


def train(plan: Plan, account: Account) -> Walk:
    done = StateMachine(definition(plan), account).run()
    assert done.path.count("TrainingFailed") + done.path.count("Trained") == (done.status != "TIMED_OUT")
    return done


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def with_campaign(account: Account) -> Account:
    account.campaign = ["ACTIVE"]
    account.parameter = "arn:of-last-week"
    return account


@pytest.mark.requirement("RW-PZ-02", "RW-PZ-04")
def test_first_training_makes_the_campaign(prod: Plan, account: Account) -> None:
    done = train(prod, account)

    assert done.status == "SUCCEEDED"
    assert done.called(CREATES) == [
        {"Name": "rewind-similar-podcasts", "SolutionVersionArn": VERSION, "MinProvisionedTPS": 1}
    ]
    assert not done.called(UPDATES)
    # Only when it answers.
    assert done.path[-5:] == ["WaitForCampaign", "DescribeCampaign", "CampaignDone", "PublishCampaign", "Trained"]
    assert account.parameter == prod.outputs["campaign_arn"]


@pytest.mark.requirement("RW-PZ-02", "RW-PZ-04")
def test_later_trainings_update_it(prod: Plan, with_campaign: Account) -> None:
    done = train(prod, with_campaign)

    assert done.status == "SUCCEEDED"
    assert done.called(UPDATES) == [
        {"CampaignArn": prod.outputs["campaign_arn"], "SolutionVersionArn": VERSION, "MinProvisionedTPS": 1}
    ]
    assert not done.called(CREATES)
    # The campaign answers all the time, so its own status does not tell whether the update is through.
    assert done.path.count("WaitForCampaign") == 3
    assert with_campaign.parameter == prod.outputs["campaign_arn"]


@pytest.mark.requirement("RW-PZ-02", "RW-PZ-04")
def test_campaign_that_could_not_be_made_is_made_good_by_the_next_training(prod: Plan, account: Account) -> None:
    # https://docs.aws.amazon.com/personalize/latest/dg/API_UpdateCampaign.html: in ACTIVE or CREATE FAILED.
    account.campaign = ["CREATE FAILED", "CREATE FAILED", "CREATE FAILED", "ACTIVE"]

    done = train(prod, account)

    assert done.status == "SUCCEEDED"
    assert len(done.called(UPDATES)) == 1
    assert account.parameter == prod.outputs["campaign_arn"]


@pytest.mark.requirement("RW-PZ-04", "RW-PZ-05")
@pytest.mark.parametrize("env", ["dev", "prod"])
def test_training_is_on_all_that_was_exported(dev: Plan, prod: Plan, env: str, account: Account) -> None:
    plan = {"dev": dev, "prod": prod}[env]
    own = home(plan)

    done = train(plan, account)

    (imported,) = done.called(IMPORTS)
    assert re.fullmatch(r"rewind-[0-9a-f-]{36}", imported.pop("JobName"))
    assert imported == {
        "DatasetArn": own.arn("personalize", f"dataset/RewindDatasetGroup{suffix(plan)}/INTERACTIONS"),
        "DataSource": {"DataLocation": f"s3://{bucket_name(plan, 'personalize-export')}/interactions/"},
        "RoleArn": f"arn:aws:iam::{plan.input('account_id')}:role/rewind-personalize{suffix(plan)}",
        "ImportMode": "FULL",
    }
    assert done.called(TRAINS) == [
        {
            "SolutionArn": own.arn("personalize", f"solution/rewind-similar-podcasts{suffix(plan)}"),
            "TrainingMode": "FULL",
        }
    ]
    order = [call.action for call in done.calls]
    assert order.index(IMPORTS) < order.index(TRAINS)
    # Nothing is trained before all is imported.
    assert done.path[done.path.index("Train") - 1] == "ImportDone"
    assert done.path.count("WaitForImport") == done.path.count("WaitForTraining") == 3
    assert done.path[:4] == ["Begin", "StopOwnTraining", "ImportInteractions", "WaitForImport"]


@pytest.mark.requirement("RW-PZ-04")
def test_personalize_does_not_train_by_itself_as_well(everywhere: Plan, account: Account) -> None:
    solution = home(everywhere).arn("personalize", f"solution/rewind-similar-podcasts{suffix(everywhere)}")

    assert train(everywhere, account).called("personalize:updateSolution") == [
        {"SolutionArn": solution, "PerformAutoTraining": False}
    ]


@pytest.mark.requirement("RW-PZ-04")
def test_training_goes_on_when_that_cannot_be_said(prod: Plan, account: Account) -> None:
    account.errors["personalize:updateSolution"] = always(REFUSED)

    assert train(prod, account).status == "SUCCEEDED"


@pytest.mark.requirement("RW-PZ-06", "RW-PZ-02")
def test_without_a_campaign_recommendations_are_made_in_a_batch(development: Plan, account: Account) -> None:
    exports = bucket_name(development, "personalize-export")
    account.parameter = "arn:of-a-campaign-that-there-was"

    done = train(development, account)

    (batch,) = done.called(BATCH)
    assert batch.pop("JobName") == done.called(IMPORTS)[0]["JobName"]
    assert batch == {
        "SolutionVersionArn": VERSION,
        "RoleArn": f"arn:aws:iam::{development.input('account_id')}:role/rewind-personalize{suffix(development)}",
        "JobInput": {"S3DataSource": {"Path": f"s3://{exports}/batch/items.json"}},
        "JobOutput": {"S3DataDestination": {"Path": f"s3://{exports}/recommendations/"}},
    }
    assert done.status == "SUCCEEDED"
    assert done.path.count("WaitForBatch") == 3
    # Nobody is to ask a campaign that is no more.
    assert account.parameter == "none"
    assert not {call.action for call in done.calls} & {CREATES, UPDATES, "personalize:describeCampaign"}


@pytest.mark.requirement("RW-PZ-06")
def test_without_a_list_to_recommend_for_there_is_no_batch(development: Plan, account: Account) -> None:
    account.has_input = False
    account.parameter = "arn:of-a-campaign-that-there-was"

    done = train(development, account)

    assert done.called("s3:headObject") == [
        {"Bucket": bucket_name(development, "personalize-export"), "Key": "batch/items.json"}
    ]
    assert not done.called(BATCH)
    assert done.status == "SUCCEEDED"
    assert account.parameter == "none"


@pytest.mark.requirement("RW-PZ-02", "RW-PZ-06")
def test_a_campaign_is_for_prod_and_batches_for_development(
    prod: Plan, development: Plan, minimal: Plan, chosen: Plan, account: Account
) -> None:
    assert (prod.input("enable_campaign"), development.input("enable_campaign")) == (True, False)
    assert minimal.variables["enable_campaign"]["default"] is True
    # With a campaign nothing is inferred in batches.
    assert not train(prod, account).called(BATCH)
    assert train(chosen, Account()).called(BATCH)


@pytest.mark.requirement("RW-PZ-02")
def test_what_is_published_is_where_the_handler_looks(everywhere: Plan, account: Account) -> None:
    (environment,) = home(everywhere).function("recommendationHandler")["environment"]
    published = train(everywhere, account).called(PUBLISHES)

    assert published == [
        {
            "Name": environment["variables"]["CAMPAIGN_PARAMETER"],
            "Value": environment["variables"]["PERSONALIZE_CAMPAIGN_ARN"]
            if definition(everywhere)["States"]["Begin"]["Parameters"]["live"]
            else "none",
            "Type": "String",
            "Overwrite": True,
        }
    ]


@pytest.mark.requirement("RW-PZ-04")
@pytest.mark.parametrize("status", ["CREATE FAILED", "CREATE STOPPED"])
@pytest.mark.parametrize(
    ("job", "action"), [("DatasetImportJob", TRAINS), ("SolutionVersion", CREATES)], ids=["import", "training"]
)
def test_job_that_fails_ends_the_training(prod: Plan, account: Account, job: str, action: str, status: str) -> None:
    account.statuses[job] = ["CREATE IN_PROGRESS", status]

    done = train(prod, account)

    assert (done.status, done.error) == ("FAILED", "TrainingFailed")
    # What would have been next is not done, and nothing is published.
    assert not done.called(action)
    assert not done.called(PUBLISHES)


@pytest.mark.requirement("RW-PZ-06")
@pytest.mark.parametrize("status", ["CREATE FAILED", "CREATE STOPPED"])
def test_batch_that_fails_ends_the_training(dev: Plan, account: Account, status: str) -> None:
    account.statuses["BatchInferenceJob"] = ["CREATE IN_PROGRESS", status]

    done = train(dev, account)

    assert (done.status, done.error) == ("FAILED", "TrainingFailed")
    assert not done.called(PUBLISHES)


@pytest.mark.requirement("RW-PZ-02")
def test_campaign_that_cannot_be_made_is_not_published(prod: Plan, account: Account) -> None:
    account.statuses["Campaign"] = ["CREATE IN_PROGRESS", "CREATE FAILED"]

    done = train(prod, account)

    assert (done.status, done.error) == ("FAILED", "TrainingFailed")
    assert account.parameter == "none"


@pytest.mark.requirement("RW-PZ-02")
def test_update_that_fails_leaves_the_campaign_as_it_was(prod: Plan, with_campaign: Account) -> None:
    with_campaign.statuses["CampaignUpdate"] = ["CREATE IN_PROGRESS", "CREATE FAILED"]

    done = train(prod, with_campaign)

    assert (done.status, done.error) == ("FAILED", "TrainingFailed")
    assert len(done.called(UPDATES)) == 1
    assert not done.called(PUBLISHES)
    assert with_campaign.parameter == "arn:of-last-week"
    assert with_campaign.campaign == ["ACTIVE"]


def tasks(plan: Plan) -> dict[str, Json]:
    return {name: state for name, state in definition(plan)["States"].items() if state["Type"] == "Task"}


def met(plan: Plan, task: str) -> Account:
    """An account in which the training comes by a task, if it can."""
    account = Account()
    if task == "UpdateCampaign":
        account.campaign = ["ACTIVE"]
    return account


# Each task, and a stack whose training comes by it.
EVERY_TASK = {
    "StopOwnTraining": "prod",
    "ImportInteractions": "prod",
    "DescribeImport": "prod",
    "Train": "prod",
    "DescribeTraining": "prod",
    "FindCampaign": "prod",
    "CreateCampaign": "prod",
    "UpdateCampaign": "prod",
    "DescribeCampaign": "prod",
    "PublishCampaign": "prod",
    "FindBatchInput": "dev",
    "RecommendInBatch": "dev",
    "DescribeBatch": "dev",
    "PublishNone": "dev",
}
# Without these the training goes on; why is said where they are tested above.
GOES_ON = {"StopOwnTraining", "FindBatchInput"}


def test_every_task_is_tried(prod: Plan, dev: Plan) -> None:
    assert tasks(prod).keys() == tasks(dev).keys() == EVERY_TASK.keys()


@pytest.mark.requirement("RW-PZ-04")
@pytest.mark.parametrize("task", EVERY_TASK)
def test_task_that_is_refused_ends_the_training_and_publishes_nothing(dev: Plan, prod: Plan, task: str) -> None:
    plan = {"dev": dev, "prod": prod}[EVERY_TASK[task]]
    done, account = fail(plan, task, [REFUSED] * 99)

    if task in GOES_ON:
        assert done.status == "SUCCEEDED"
        return
    assert (done.status, done.error, done.path[-2:]) == ("FAILED", "TrainingFailed", [task, "TrainingFailed"])
    assert account.parameter == "none"


@pytest.mark.requirement("RW-PZ-04")
@pytest.mark.parametrize("task", sorted(set(EVERY_TASK) - {"FindBatchInput"}))
def test_task_that_is_throttled_is_tried_again(dev: Plan, prod: Plan, task: str) -> None:
    plan = {"dev": dev, "prod": prod}[EVERY_TASK[task]]
    done, _ = fail(plan, task, [THROTTLED] * 2)
    quiet, _ = fail(plan, task, [])

    assert done.status == "SUCCEEDED"
    assert done.path == quiet.path
    assert len(done.calls) == len(quiet.calls) + 2
    # After a pause, which is longer the second time.
    first, second = sorted((Counter(done.pauses) - Counter(quiet.pauses)).elements())
    assert second == 2 * first > 0


@pytest.mark.requirement("RW-PZ-04")
@pytest.mark.parametrize("task", sorted(set(EVERY_TASK) - {"FindBatchInput"}))
def test_task_that_stays_throttled_gives_up(dev: Plan, prod: Plan, task: str) -> None:
    plan = {"dev": dev, "prod": prod}[EVERY_TASK[task]]
    done, account = fail(plan, task, repeat(THROTTLED))

    tried = [call for call in done.calls if call.state == task]
    assert len(tried) == 1 + 5
    if task in GOES_ON:
        assert done.status == "SUCCEEDED"
        return
    assert (done.status, done.path[-2:]) == ("FAILED", [task, "TrainingFailed"])
    assert account.parameter == "none"


def fail(plan: Plan, task: str, errors: Any) -> tuple[Walk, Account]:
    """A training in which one task, and no other of the same call, is answered with these errors first."""
    account = met(plan, task)
    left = iter(errors)
    machine = definition(plan)
    wanted = tasks(plan)[task]
    # The same call by another task is told apart by where it stands.
    machine["States"][task] = {**wanted, "Resource": wanted["Resource"].replace("aws-sdk:", "aws-sdk:task:")}

    def service(action: str, parameters: Json) -> Json:
        mine = action.startswith("task:")
        error = next(left, None) if mine else None
        answering = action.removeprefix("task:")
        if error is not None:
            account.errors[answering] = iter([error])
        return account(answering, parameters)

    return StateMachine(machine, service).run(), account


@pytest.mark.requirement("RW-PZ-04")
@pytest.mark.parametrize("job", Account().statuses)
def test_waiting_for_a_job_that_never_ends_ends_within_a_day(dev: Plan, prod: Plan, account: Account, job: str) -> None:
    account.statuses[job] = ["CREATE IN_PROGRESS"]
    if job == "CampaignUpdate":
        account.campaign = ["ACTIVE"]

    done = train(dev if job == "BatchInferenceJob" else prod, account)

    assert (done.status, done.error) == ("TIMED_OUT", "States.Timeout")
    assert sum(done.pauses) <= 24 * 3600 + max(done.pauses)
    # Without asking all the time, which Personalize would throttle.
    assert min(done.pauses) >= 60
    assert not done.called(PUBLISHES)


@pytest.mark.requirement("RW-PZ-04")
def test_every_state_is_reached_and_leads_to_an_end(everywhere: Plan) -> None:
    machine = definition(everywhere)
    states = machine["States"]
    ends = {name for name, state in states.items() if state["Type"] in ("Succeed", "Fail")}

    assert ends == {"Trained", "TrainingFailed"}
    assert reachable(machine, machine["StartAt"]) == states.keys()
    assert not [name for name in states if not reachable(machine, name) & ends]
    assert not [name for name in states.keys() - ends if not followers(states[name])]


@pytest.mark.requirement("RW-PZ-04")
def test_every_task_is_tried_again_and_caught(everywhere: Plan) -> None:
    for name, state in tasks(everywhere).items():
        # A list that is not there is the usual case, and the next training is in a week.
        assert ("Retry" in state) == (name != "FindBatchInput")
        assert "States.ALL" in {error for catcher in state["Catch"] for error in catcher["ErrorEquals"]}
        for retrier in state.get("Retry", []):
            assert retrier["MaxAttempts"] == 5
            assert retrier["BackoffRate"] == 2
            assert "States.ALL" not in retrier["ErrorEquals"]


def permissions(plan: Plan) -> set[tuple[str, str]]:
    role = plan.referred(plan.one(MACHINE), "role_arn", "aws_iam_role")
    (policy,) = [each for each in plan.all("aws_iam_role_policy") if role.block in plan.references(each, "role")]
    statements = plan.statements(policy, "policy")
    assert all(each.allows for each in statements)
    return {pair for each in statements for pair in each.grants}


def permission(call: str) -> str:
    """What IAM calls a call of the SDK."""
    return PERMISSION.get(call) or re.sub(r":(.)", lambda found: f":{found[1].upper()}", call)


@pytest.mark.requirement("RW-PZ-04", "RW-IAM-03")
def test_role_has_every_action_that_is_called_and_no_other(everywhere: Plan) -> None:
    granted = {action for action, _ in permissions(everywhere) if action.split(":")[0] not in ("logs", "xray")}

    assert granted == {permission(call) for call in actions(definition(everywhere))} | HANDED_OVER


@pytest.mark.requirement("RW-PZ-04", "RW-IAM-03")
@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("again", [True, False])
def test_role_has_what_is_called_on_what_it_is_called_for(prod: Plan, live: bool, again: bool) -> None:
    account = Account()
    account.campaign = ["ACTIVE"] if again else None
    machine = definition(prod)
    machine["States"]["Begin"]["Parameters"]["live"] = live

    done = StateMachine(machine, account).run()

    assert done.status == "SUCCEEDED"
    for call in done.calls:
        needed = named(prod, call.action, call.parameters)
        allowed = [resource for action, resource in permissions(prod) if action == permission(call.action)]
        assert [one for one in allowed if fnmatch.fnmatchcase(needed, one)], f"{call.action} on {needed}"


def named(plan: Plan, action: str, parameters: Json) -> str:
    """The resource that IAM asks for.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonpersonalize.html
    """
    own = home(plan)
    match action.partition(":")[2]:
        case "headObject":
            return f"arn:aws:s3:::{parameters['Bucket']}/{parameters['Key']}"
        case "putParameter":
            return own.arn("ssm", f"parameter{parameters['Name']}")
        case "createDatasetImportJob":
            return own.arn("personalize", f"dataset-import-job/{parameters['JobName']}")
        case "createBatchInferenceJob":
            return own.arn("personalize", f"batch-inference-job/{parameters['JobName']}")
        case "createCampaign":
            return own.arn("personalize", f"campaign/{parameters['Name']}")
        case "updateCampaign":
            return str(parameters["CampaignArn"])
    (arn,) = [value for name, value in parameters.items() if name.endswith("Arn")]
    # The stand-in's account is another.
    return str(arn).replace("111122223333", plan.input("account_id"))


@pytest.mark.requirement("RW-PZ-04")
def test_training_is_logged_and_traced_and_reported_when_it_fails(everywhere: Plan) -> None:
    machine = everywhere.one(MACHINE)
    (logging,) = machine["logging_configuration"]
    name = f"rewind-training{suffix(everywhere)}"
    logs = everywhere.references(machine, "logging_configuration", "log_destination")
    (group,) = [each for each in everywhere.all("aws_cloudwatch_log_group") if each.block in logs]

    assert (logging["level"], logging["include_execution_data"]) == ("ALL", True)
    assert group["name"] == f"/aws/vendedlogs/states/{name}"
    assert machine["tracing_configuration"] == [{"enabled": True}]
    assert machine["name"] == name
