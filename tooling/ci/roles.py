"""The two roles of an environment that GitHub's runners take on: one reads and plans, one applies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.ci.namespaces import built_by_cloudformation, contents, namespaces, reads
from tooling.ci.places import role_name
from tooling.ci.workflows import APPLY_MINUTES
from tooling.environment.stacks import module_folder
from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tooling.environment.config import EnvironmentConfig
    from tooling.workspace import Workspace

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
# With the numbers that GitHub puts into the subjects of newer repositories, or without.
# https://docs.github.com/actions/concepts/security/openid-connect
_REPOSITORY = re.compile(r"^[A-Za-z0-9][A-Za-z0-9-]*(@\d+/[A-Za-z0-9._-]+@\d+|/[A-Za-z0-9._-]+)$")
# Services that are asked in one region, wherever their resources are.
_GLOBAL = ("budgets", "ce", "cloudfront", "iam", "route53", "sts")
_MANAGES_ROLES = (
    "AttachRolePolicy",
    "CreateRole",
    "DeleteRole",
    "DeleteRolePolicy",
    "DetachRolePolicy",
    "PutRolePolicy",
    "TagRole",
    "UntagRole",
    "UpdateAssumeRolePolicy",
    "UpdateRole",
    "UpdateRoleDescription",
)
# Services that another one's actions need as well, or that it is called by its new name.
_ALSO = {"backup": ("backup-storage",), "codestar-connections": ("codeconnections",)}
_TOO_MUCH = ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess")
Statement = dict[str, Any]


@dataclass(frozen=True)
class WantedRole:
    """A role as it should be.

    Attributes:
        name: Its name.
        purpose: What it is for.
        trust: Who may take it on.
        policy: What it may do.
        session_seconds: How long its credentials may last.
    """

    name: str
    purpose: str
    trust: Statement
    policy: Statement
    session_seconds: int


@dataclass(frozen=True)
class Modules:
    """What the modules of an environment hold, as far as permissions go.

    Attributes:
        types: Resource types.
        left_to_cloudformation: Services that a CloudFormation stack of theirs makes resources of.
        principals: Services of AWS that take on roles of theirs.
        contents: Of which things a plan reads the content too: ARNs by action.
        states: The buckets with the states of all environments.
    """

    types: frozenset[str]
    left_to_cloudformation: tuple[str, ...]
    principals: tuple[str, ...]
    contents: Mapping[str, tuple[str, ...]]
    states: tuple[str, ...]


def read_modules(workspace: Workspace, config: EnvironmentConfig) -> Modules:
    """Read the generated modules that the environment's stacks call."""
    from tooling.environment.config import environment_names, load_environment

    folders = [
        module_folder(workspace.modules, name, retain_data=stack.retain_data) for name, stack in config.stacks.items()
    ]
    text = "\n".join(file.read_text(encoding="utf-8") for folder in folders for file in sorted(folder.glob("*.tf")))
    principals = set(re.findall(r'"([a-z0-9.-]+\.amazonaws\.com)"', text)) - {AUDIENCE}
    return Modules(
        frozenset(re.findall(r'^resource "(aws_\w+)"', text, re.MULTILINE)),
        built_by_cloudformation(text),
        tuple(sorted(principals)),
        contents(text, config.account_id),
        tuple(sorted({load_environment(workspace, name).state.bucket for name in environment_names(workspace)})),
    )


def wanted_roles(
    env: str, config: EnvironmentConfig, modules: Modules, repository: str, *, approves: bool
) -> tuple[WantedRole, WantedRole]:
    """Both roles of an environment.

    Args:
        env: Its name.
        config: Its ``env.toml``.
        modules: What its stacks may hold.
        repository: At GitHub, ``owner/name``, or ``owner@number/name@number`` (docs/ci.md).
        approves: Whether the role that applies may approve as well (docs/ci.md).

    Raises:
        ToolError: Exit 2: that is no repository.
    """
    if not _REPOSITORY.match(repository):
        hint = "as in --ci octo-org/infrastructure"
        raise ToolError(f"'{repository}' is no repository of GitHub's", hint=hint, exit_code=Exit.USAGE)
    return (
        WantedRole(
            role_name(env, "plan"),
            "reads and plans",
            _trust(config, repository, f"{env}-plan"),
            _document(_planning(env, config, modules)),
            3600,
        ),
        WantedRole(
            role_name(env, "deploy"),
            "applies",
            _trust(config, repository, env),
            _document(_deploying(env, config, modules, approves=approves)),
            APPLY_MINUTES * 60,
        ),
    )


def provider_arn(account_id: str) -> str:
    return f"arn:aws:iam::{account_id}:oidc-provider/{ISSUER}"


def _trust(config: EnvironmentConfig, repository: str, environment: str) -> Statement:
    """A job of that repository in that GitHub environment, and no other."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": provider_arn(config.account_id)},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{ISSUER}:aud": AUDIENCE,
                f"{ISSUER}:sub": f"repo:{repository}:environment:{environment}",
            }
        },
    }
    return _document([statement])


def _document(statements: list[Statement]) -> Statement:
    return {"Version": "2012-10-17", "Statement": statements}


def _allow(sid: str, actions: Any, resources: Any, **more: Any) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources, **more}


def _deny(sid: str, actions: Any, resources: Any, **more: Any) -> Statement:
    return {"Sid": sid, "Effect": "Deny", "Action": actions, "Resource": resources, **more}


def _planning(env: str, config: EnvironmentConfig, modules: Modules) -> list[Statement]:
    state = f"arn:aws:s3:::{config.state.bucket}"
    packages = [f"arn:aws:s3:::{bucket}" for bucket in _package_buckets(config)]
    return [
        _allow("ReadSettings", list(reads(modules.types)), "*"),
        *(
            _allow(f"ReadContent{number}", action, list(arns))
            for number, (action, arns) in enumerate(modules.contents.items(), start=1)
        ),
        _allow("SayWhoMovedWhat", "cloudtrail:LookupEvents", "*"),
        _allow("FindState", ["s3:ListBucket", "s3:ListBucketVersions"], [state, *packages]),
        _allow(
            "ReadState",
            ["s3:GetObject", "s3:GetObjectVersion"],
            [f"{state}/{env}/*", f"{state}/approvals/{env}/*", *(f"{one}/*" for one in packages)],
        ),
        _allow("LockState", ["s3:PutObject", "s3:DeleteObject"], f"{state}/{env}/*.tflock"),
    ]


def _deploying(env: str, config: EnvironmentConfig, modules: Modules, *, approves: bool) -> list[Statement]:
    account, state = config.account_id, f"arn:aws:s3:::{config.state.bucket}"
    named = {*namespaces(modules.types), *modules.left_to_cloudformation} - {"iam", "s3"}
    services = sorted({service for one in named for service in (one, *_ALSO.get(one, ()))})
    roles, own = f"arn:aws:iam::{account}:role/*", f"arn:aws:iam::{account}:role/groundplan-*"
    written = [f"{state}/{env}/*", *([f"{state}/approvals/{env}/*"] if approves else [])]
    states = [arn for name in modules.states for arn in (f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*")]
    managed = [f"arn:aws:iam::aws:policy/{name}" for name in _TOO_MUCH]
    profiles = "aws_iam_instance_profile" in modules.types
    return [
        _allow("ManageServices", [*(f"{one}:*" for one in services), "cloudtrail:LookupEvents"], "*"),
        {
            "Sid": "ManageBuckets",
            "Effect": "Allow",
            "Action": "s3:*",
            "NotResource": states,
        },
        _allow("FindState", ["s3:GetBucket*", "s3:ListBucket", "s3:ListBucketVersions"], state),
        _allow("ReadState", ["s3:GetObject", "s3:GetObjectVersion"], f"{state}/*"),
        _allow("WriteState", ["s3:PutObject", "s3:DeleteObject"], written),
        _allow("ReadIdentities", ["iam:Get*", "iam:List*"], "*"),
        _allow("ManageRoles", [f"iam:{one}" for one in _MANAGES_ROLES], roles),
        _allow("ServiceLinkedRoles", "iam:CreateServiceLinkedRole", f"{roles[:-1]}aws-service-role/*"),
        _allow(
            "HandRolesToServices",
            "iam:PassRole",
            roles,
            Condition={"StringEquals": {"iam:PassedToService": list(modules.principals)}},
        ),
        *([_allow("InstanceProfiles", "iam:*InstanceProfile*", "*")] if profiles else []),
        {
            "Sid": "NeverItself",
            "Effect": "Deny",
            "NotAction": ["iam:Get*", "iam:List*"],
            "Resource": [own, provider_arn(account)],
        },
        _deny("NoRoleThatMayAll", "iam:AttachRolePolicy", "*", Condition={"ArnEquals": {"iam:PolicyARN": managed}}),
        {
            "Sid": "OnlyItsRegions",
            "Effect": "Deny",
            "NotAction": [f"{one}:*" for one in _GLOBAL],
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": _regions(config)}},
        },
    ]


def _package_buckets(config: EnvironmentConfig) -> list[str]:
    places = [place for name in config.stacks for place in config.artifacts_buckets(name)]
    return list(dict.fromkeys(bucket for bucket, _ in places))


def _regions(config: EnvironmentConfig) -> list[str]:
    """Those of ``env.toml``, and the one that certificates and rules of CloudFront are in."""
    aliases = {alias.region for stack in config.stacks.values() for alias in stack.aliases.values()}
    return sorted({config.region, config.state.region, "us-east-1", *aliases})
