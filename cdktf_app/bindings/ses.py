"""Amazon SES, both versions of its API: what is in the second is taken from there."""

from cdktf_cdktf_provider_aws.ses_template import (
    SesTemplate,
)
from cdktf_cdktf_provider_aws.sesv2_account_suppression_attributes import (
    Sesv2AccountSuppressionAttributes,
)
from cdktf_cdktf_provider_aws.sesv2_configuration_set import (
    Sesv2ConfigurationSet,
    Sesv2ConfigurationSetDeliveryOptions,
    Sesv2ConfigurationSetReputationOptions,
    Sesv2ConfigurationSetSuppressionOptions,
)
from cdktf_cdktf_provider_aws.sesv2_configuration_set_event_destination import (
    Sesv2ConfigurationSetEventDestination,
    Sesv2ConfigurationSetEventDestinationEventDestination,
    Sesv2ConfigurationSetEventDestinationEventDestinationCloudWatchDestination,
    Sesv2ConfigurationSetEventDestinationEventDestinationCloudWatchDestinationDimensionConfiguration,
)
from cdktf_cdktf_provider_aws.sesv2_email_identity import (
    Sesv2EmailIdentity,
    Sesv2EmailIdentityDkimSigningAttributes,
)

__all__ = [
    "SesTemplate",
    "Sesv2AccountSuppressionAttributes",
    "Sesv2ConfigurationSet",
    "Sesv2ConfigurationSetDeliveryOptions",
    "Sesv2ConfigurationSetEventDestination",
    "Sesv2ConfigurationSetEventDestinationEventDestination",
    "Sesv2ConfigurationSetEventDestinationEventDestinationCloudWatchDestination",
    "Sesv2ConfigurationSetEventDestinationEventDestinationCloudWatchDestinationDimensionConfiguration",
    "Sesv2ConfigurationSetReputationOptions",
    "Sesv2ConfigurationSetSuppressionOptions",
    "Sesv2EmailIdentity",
    "Sesv2EmailIdentityDkimSigningAttributes",
]
