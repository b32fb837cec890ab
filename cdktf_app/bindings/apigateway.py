"""Amazon API Gateway, REST APIs."""

from cdktf_cdktf_provider_aws.api_gateway_account import (
    ApiGatewayAccount,
)
from cdktf_cdktf_provider_aws.api_gateway_authorizer import (
    ApiGatewayAuthorizer,
)
from cdktf_cdktf_provider_aws.api_gateway_base_path_mapping import (
    ApiGatewayBasePathMapping,
)
from cdktf_cdktf_provider_aws.api_gateway_deployment import (
    ApiGatewayDeployment,
)
from cdktf_cdktf_provider_aws.api_gateway_domain_name import (
    ApiGatewayDomainName,
    ApiGatewayDomainNameEndpointConfiguration,
)
from cdktf_cdktf_provider_aws.api_gateway_gateway_response import (
    ApiGatewayGatewayResponse,
)
from cdktf_cdktf_provider_aws.api_gateway_integration import (
    ApiGatewayIntegration,
)
from cdktf_cdktf_provider_aws.api_gateway_integration_response import (
    ApiGatewayIntegrationResponse,
)
from cdktf_cdktf_provider_aws.api_gateway_method import (
    ApiGatewayMethod,
)
from cdktf_cdktf_provider_aws.api_gateway_method_response import (
    ApiGatewayMethodResponse,
)
from cdktf_cdktf_provider_aws.api_gateway_method_settings import (
    ApiGatewayMethodSettings,
    ApiGatewayMethodSettingsSettings,
)
from cdktf_cdktf_provider_aws.api_gateway_model import (
    ApiGatewayModel,
)
from cdktf_cdktf_provider_aws.api_gateway_request_validator import (
    ApiGatewayRequestValidator,
)
from cdktf_cdktf_provider_aws.api_gateway_resource import (
    ApiGatewayResource,
)
from cdktf_cdktf_provider_aws.api_gateway_rest_api import (
    ApiGatewayRestApi,
    ApiGatewayRestApiEndpointConfiguration,
)
from cdktf_cdktf_provider_aws.api_gateway_stage import (
    ApiGatewayStage,
    ApiGatewayStageAccessLogSettings,
)

__all__ = [
    "ApiGatewayAccount",
    "ApiGatewayAuthorizer",
    "ApiGatewayBasePathMapping",
    "ApiGatewayDeployment",
    "ApiGatewayDomainName",
    "ApiGatewayDomainNameEndpointConfiguration",
    "ApiGatewayGatewayResponse",
    "ApiGatewayIntegration",
    "ApiGatewayIntegrationResponse",
    "ApiGatewayMethod",
    "ApiGatewayMethodResponse",
    "ApiGatewayMethodSettings",
    "ApiGatewayMethodSettingsSettings",
    "ApiGatewayModel",
    "ApiGatewayRequestValidator",
    "ApiGatewayResource",
    "ApiGatewayRestApi",
    "ApiGatewayRestApiEndpointConfiguration",
    "ApiGatewayStage",
    "ApiGatewayStageAccessLogSettings",
]
