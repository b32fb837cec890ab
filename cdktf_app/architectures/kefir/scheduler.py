"""Reminders (the document's SchedulerStack): a rule that runs their processor every few minutes."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.kefir.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.event_rule import EventRule, EventRuleProps
from cdktf_app.constructs.lambda_function import FunctionSettings, LambdaFunction, LambdaFunctionProps
from cdktf_app.constructs.single_table import SingleTable
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class SchedulerProps:
    """Shape of the reminders.

    Attributes:
        deployment: Names and tags.
        variables: The module's inputs.
        functions: What the functions share.
        table: Where the reminders are.
    """

    deployment: Deployment
    variables: Variables
    functions: FunctionSettings
    table: SingleTable


class Scheduler(Construct):
    """Rule and reminder processor."""

    def __init__(self, scope: Construct, construct_id: str, *, props: SchedulerProps) -> None:
        super().__init__(scope, construct_id)
        self.reminder_processor = LambdaFunction(
            self,
            "reminder_processor",
            props=LambdaFunctionProps(
                name="reminderProcessor", description="Sends the reminders that are due.", settings=props.functions
            ),
        )
        # Finds what is due by the index and marks it as sent; it needs nothing else of the table (KF-REM-01..04).
        props.table.grant_query(self.reminder_processor, index="GSI1")
        props.table.grant_update(self.reminder_processor)
        EventRule(
            self,
            "reminders",
            props=EventRuleProps(
                deployment=props.deployment,
                name="reminders",
                description="Has due reminders sent.",
                target=self.reminder_processor,
                schedule=props.variables.reminder_schedule.string,
                input={"source": "kefir.scheduler", "stage": props.variables.environment.string},
            ),
        )
