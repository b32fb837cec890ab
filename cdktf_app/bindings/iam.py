"""AWS Identity and Access Management."""

from cdktf_cdktf_provider_aws.data_aws_iam_policy_document import (
    DataAwsIamPolicyDocument,
    DataAwsIamPolicyDocumentStatement,
    DataAwsIamPolicyDocumentStatementCondition,
    DataAwsIamPolicyDocumentStatementPrincipals,
)
from cdktf_cdktf_provider_aws.iam_instance_profile import (
    IamInstanceProfile,
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
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import (
    IamRolePolicyAttachment,
)

__all__ = [
    "DataAwsIamPolicyDocument",
    "DataAwsIamPolicyDocumentStatement",
    "DataAwsIamPolicyDocumentStatementCondition",
    "DataAwsIamPolicyDocumentStatementPrincipals",
    "IamInstanceProfile",
    "IamOpenidConnectProvider",
    "IamRole",
    "IamRolePolicy",
    "IamRolePolicyAttachment",
]
