"""Where alarms of a region report, and the key of its logs and alerts."""

from __future__ import annotations

from cdktf_app.architectures.rewind.backend import PODCASTS, RECOMMENDATIONS, SHARES
from cdktf_app.architectures.rewind.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alert_topic import AlertTopic, AlertTopicProps
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.rest_api import EXECUTION_LOGS
from cdktf_app.constructs.service_key import ServiceKey, ServiceKeyProps
from cdktf_app.constructs.web_acl import LOG_PREFIX
from cdktf_app.deployment import Deployment


class Alerts(Construct):
    """Topic and key of one region.

    Attributes:
        topic: The topic; alarms can only report to one of their own region.
        logs: How logs of this region are kept.
    """

    def __init__(self, scope: Construct, construct_id: str, *, deployment: Deployment, variables: Variables) -> None:
        super().__init__(scope, construct_id)
        key = ServiceKey(
            self,
            "log_key",
            props=ServiceKeyProps(
                deployment=deployment,
                name="logs",
                description=f"Logs and alerts of {deployment.prefix}{deployment.suffix}",
            ),
        )
        key.grant_log_groups(
            [
                *(deployment.verbatim.log_group("lambda", name) for name in (PODCASTS, RECOMMENDATIONS, SHARES)),
                deployment.log_group("apigateway", "*"),
                deployment.log_group("codebuild", "*"),
                deployment.log_group("vendedlogs/states", "*"),
                f"{EXECUTION_LOGS}*",
                f"{LOG_PREFIX}{deployment.name('*')}",
            ]
        )
        self.topic = AlertTopic(
            self,
            "alerts",
            props=AlertTopicProps(deployment=deployment, name="alerts", kms_key=key, emails=variables.alert_emails),
        )
        self.logs = LogSettings(retention_days=variables.log_retention_days.number, kms_key=key)
