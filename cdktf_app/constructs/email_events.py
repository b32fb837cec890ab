"""What becomes of mails: counted in CloudWatch, and nothing more to addresses that bounced or complained."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.ses import (
    Sesv2AccountSuppressionAttributes,
    Sesv2ConfigurationSet,
    Sesv2ConfigurationSetDeliveryOptions,
    Sesv2ConfigurationSetEventDestination,
    Sesv2ConfigurationSetEventDestinationEventDestination,
    Sesv2ConfigurationSetEventDestinationEventDestinationCloudWatchDestination,
    Sesv2ConfigurationSetEventDestinationEventDestinationCloudWatchDestinationDimensionConfiguration,
    Sesv2ConfigurationSetReputationOptions,
    Sesv2ConfigurationSetSuppressionOptions,
)
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

_SUPPRESSED = ("BOUNCE", "COMPLAINT")


@dataclass(frozen=True, kw_only=True)
class EmailEventsProps:
    """Shape of a configuration set.

    Attributes:
        deployment: Names and tags.
        name: Last part of its name.
        enabled: Switch under which it exists.
    """

    deployment: Deployment
    name: str
    enabled: Input


class EmailEvents(Construct):
    """Configuration set that sends over TLS only, counts what was sent, bounced and complained of, and remembers it.

    Creates: configuration set, event destination. ``name`` is null when it is not enabled.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: EmailEventsProps) -> None:
        super().__init__(scope, construct_id)
        self._exists = expressions.Existence(props.enabled.expression)
        name = props.deployment.name(props.name)
        self.set = Sesv2ConfigurationSet(
            self,
            "this",
            count=self._exists.count,
            configuration_set_name=name,
            delivery_options=Sesv2ConfigurationSetDeliveryOptions(tls_policy="REQUIRE"),
            reputation_options=Sesv2ConfigurationSetReputationOptions(reputation_metrics_enabled=True),
            suppression_options=Sesv2ConfigurationSetSuppressionOptions(suppressed_reasons=list(_SUPPRESSED)),
            tags=props.deployment.tags,
        )
        dimension = Sesv2ConfigurationSetEventDestinationEventDestinationCloudWatchDestinationDimensionConfiguration(
            # A tag that SES gives every mail by itself.
            dimension_name="ses:configuration-set",
            dimension_value_source="MESSAGE_TAG",
            default_dimension_value=name,
        )
        Sesv2ConfigurationSetEventDestination(
            self,
            "metrics",
            count=self._exists.count,
            configuration_set_name=self.name,
            event_destination_name="cloudwatch",
            event_destination=Sesv2ConfigurationSetEventDestinationEventDestination(
                enabled=True,
                matching_event_types=["SEND", "BOUNCE", "COMPLAINT"],
                cloud_watch_destination=Sesv2ConfigurationSetEventDestinationEventDestinationCloudWatchDestination(
                    dimension_configuration=[dimension]
                ),
            ),
        )

    @property
    def name(self) -> str:
        return self._exists.attribute(self.set, "configuration_set_name")


class AccountSuppression(Construct):
    """The account's list of addresses not to send to, filled by itself; for mails without a configuration set.

    Args:
        managed: Switch under which it is looked after here: an account has one in a region.
    """

    def __init__(self, scope: Construct, construct_id: str, *, managed: Input) -> None:
        super().__init__(scope, construct_id)
        self.attributes = Sesv2AccountSuppressionAttributes(
            self, "this", count=expressions.count_if(managed.expression), suppressed_reasons=list(_SUPPRESSED)
        )
