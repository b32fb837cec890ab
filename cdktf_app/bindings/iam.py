"""AWS Identity and Access Management."""

from cdktf_cdktf_provider_aws.data_aws_iam_policy_document import (
    DataAwsIamPolicyDocument,
    DataAwsIamPolicyDocumentStatement,
    DataAwsIamPolicyDocumentStatementCondition,
    DataAwsIamPolicyDocumentStatementPrincipals,
)
from cdktf_cdktf_provider_aws.iam_openid_connect_provider import (
    IamOpenidConnectProvider,
)
from cdktf_cdktf_provider_aws.iam_role import (
    IamRole,
)
from cdktf_cdktf_provider_aws.iam_role_policy import (
    IamRolePolicy,
)

__all__ = [
    "DataAwsIamPolicyDocument",
    "DataAwsIamPolicyDocumentStatement",
    "DataAwsIamPolicyDocumentStatementCondition",
    "DataAwsIamPolicyDocumentStatementPrincipals",
    "IamOpenidConnectProvider",
    "IamRole",
    "IamRolePolicy",
]
