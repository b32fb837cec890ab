"""The daily refresh of the podcasts' feeds."""

from __future__ import annotations

from cdktf_app.architectures.rewind.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.event_rule import EventRule, EventRuleProps
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.deployment import Deployment


class Refresh(Construct):
    """Rule that has ``podcastHandler`` refresh the feeds."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        deployment: Deployment,
        variables: Variables,
        podcasts: LambdaFunction,
    ) -> None:
        super().__init__(scope, construct_id)
        EventRule(
            self,
            "rss_update",
            props=EventRuleProps(
                deployment=deployment,
                name="rss-update",
                description="Has the podcasts' feeds refreshed.",
                target=podcasts,
                schedule=variables.rss_schedule.string,
                input={"job": "rss-update"},
            ),
        )
