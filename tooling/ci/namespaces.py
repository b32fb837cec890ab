"""Which of AWS's services a resource type belongs to, and which calls only read its settings.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# By how a type begins; the longest that fits counts. A type that is not here belongs to the service it is named after.
_BY_TYPE = {
    "api_gateway": "apigateway",
    "apigatewayv2": "apigateway",
    "appautoscaling": "application-autoscaling",
    "cloudwatch_event": "events",
    "cloudwatch_log": "logs",
    "cloudwatch_query_definition": "logs",
    "codestarconnections": "codestar-connections",
    "cognito": "cognito-idp",
    "db": "rds",
    "default_security_group": "ec2",
    "eip": "ec2",
    "flow_log": "ec2",
    "internet_gateway": "ec2",
    "launch_template": "ec2",
    "lb": "elasticloadbalancing",
    "media_convert": "mediaconvert",
    "nat_gateway": "ec2",
    "network_acl": "ec2",
    "route": "ec2",
    "route_table": "ec2",
    "security_group": "ec2",
    "sesv2": "ses",
    "sfn": "states",
    "subnet": "ec2",
    "vpc": "ec2",
}
_READS = ("Describe*", "Get*", "List*")
# Where those would read what people and programs keep there, and not only how it is set up.
_READS_OF = {
    "apigateway": ("GET",),
    "bedrock-agentcore": ("GetMemory", "ListMemories", "ListTagsForResource"),
    "budgets": ("Describe*", "ListTagsForResource", "ViewBudget"),
    # Builds and projects are read by the batch only.
    "codebuild": ("BatchGet*", "Describe*", "List*"),
    "cognito-idp": (
        "Describe*",
        "GetLogDeliveryConfiguration",
        "GetUserPoolMfaConfig",
        "ListTagsForResource",
        "ListUserPoolClients",
        "ListUserPools",
    ),
    "dynamodb": ("Describe*", "GetResourcePolicy", "ListTables", "ListTagsOfResource"),
    "ec2": ("Describe*", "GetManagedPrefixList*"),
    "ecr": ("Describe*", "GetLifecyclePolicy", "GetRepositoryPolicy", "ListTagsForResource"),
    "logs": ("Describe*", "ListTags*"),
    "s3": ("GetBucket*", "Get*Configuration", "ListAllMyBuckets", "ListBucket", "ListTagsForResource"),
    "secretsmanager": ("DescribeSecret", "GetResourcePolicy", "ListSecrets"),
    "ses": (
        "Describe*",
        "GetAccount",
        "GetConfigurationSet*",
        "GetEmailIdentity*",
        "GetTemplate",
        "ListTagsForResource",
    ),
    "ssm": ("DescribeParameters", "ListTagsForResource"),
    "states": ("DescribeStateMachine*", "ListStateMachine*", "ListTagsForResource", "ValidateStateMachineDefinition"),
    "xray": ("GetGroup*", "GetSamplingRules", "ListTagsForResource"),
}
# Types of which Terraform reads the content whenever it looks at them: the calls, the type that bears the name, and how
# an ARN ends in that name. Secrets Manager puts six characters behind it.
_CONTENT_OF = {
    "aws_secretsmanager_secret_version": (
        "secretsmanager:GetSecretValue",
        "aws_secretsmanager_secret",
        "secretsmanager:*:{account}:secret:{name}-??????",
    ),
    "aws_ssm_parameter": ("ssm:GetParameter*", "aws_ssm_parameter", "ssm:*:{account}:parameter/{name}"),
}
_BLOCK = r'^resource "{}" "\w+" \{{\n(.*?)^\}}'


def namespace(resource_type: str) -> str:
    """The service whose actions manage a resource type, as in ``rds`` for ``aws_db_instance``."""
    words = resource_type.removeprefix("aws_").split("_")
    for length in range(len(words), 0, -1):
        if found := _BY_TYPE.get("_".join(words[:length])):
            return found
    return words[0]


def namespaces(resource_types: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({namespace(one) for one in resource_types}))


def reads(resource_types: Iterable[str]) -> tuple[str, ...]:
    """Actions by which a plan of these types sees how they are set up."""
    services = namespaces(resource_types)
    return tuple(sorted(f"{service}:{call}" for service in services for call in _READS_OF.get(service, _READS)))


def contents(text: str, account_id: str) -> dict[str, tuple[str, ...]]:
    """What a plan of generated modules reads besides: the content of these, by action and ARN."""
    found = {}
    for kept, (action, named, arn) in _CONTENT_OF.items():
        if f'resource "{kept}"' in text:
            names = {_pattern(body) for body in re.findall(_BLOCK.format(named), text, re.MULTILINE | re.DOTALL)}
            found[action] = tuple(
                f"arn:aws:{arn.format(account=account_id, name=name.removeprefix('/'))}" for name in sorted(names)
            )
    return found


def _pattern(body: str) -> str:
    """The name that a block gives, with ``*`` for what is known later; ``*`` where it is no text at all."""
    name = re.search(r'^  name\s*= "(.*)"$', body, re.MULTILINE)
    return re.sub(r"\$\{[^}]*\}", "*", name.group(1)) if name else "*"


def built_by_cloudformation(text: str) -> tuple[str, ...]:
    """Services of the resources that a module leaves to CloudFormation, which acts with its caller's permissions."""
    spelled = {"BedrockAgentCore": "bedrock-agentcore"}
    return tuple(sorted({spelled.get(one, one.lower()) for one in re.findall(r'"AWS::(\w+)::\w+"', text)}))
