"""Planted changes that have to be refused, so that a gate that is silent about a change has looked at it.

Each rule of this package, and each kind of door, has one. They are judged before any plan is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tooling.errors import Exit, ToolError
from tooling.gate.addresses import parse_address
from tooling.gate.changes.look import look_at
from tooling.gate.model import ChangeLimits
from tooling.gate.planned import view_of

_DAY = date(2026, 1, 1)
_ALL_LET_IN = {"cidr_ipv4": "0.0.0.0/0", "ip_protocol": "tcp", "from_port": 22, "to_port": 22}
_BALANCER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/planted/1"


@dataclass(frozen=True)
class Planted:
    """A resource of a planted plan.

    Attributes:
        address: Its address, in the root module.
        before: Its attributes now; None for one that is made.
        after: Its attributes after the plan; None for one that goes.
    """

    address: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = field(default_factory=dict)

    @property
    def actions(self) -> list[str]:
        if self.before is None:
            return ["create"]
        if self.after is None:
            return ["delete"]
        return ["no-op"] if self.before == self.after else ["update"]


def plan_of(resources: Iterable[Planted], *, replaced: Iterable[str] = ()) -> dict[str, Any]:
    """A plan (as ``terraform show -json`` prints it) of a stack in the account 123456789012.

    Args:
        resources: What is in it. All arguments are in the configuration, as values.
        replaced: Addresses of those that are deleted and made anew.
    """
    values, changes, configured = [], [], []
    for resource in resources:
        at = parse_address(resource.address)
        named = {"address": resource.address, "mode": at.mode, "type": at.type, "name": at.name}
        actions = ["delete", "create"] if resource.address in replaced else resource.actions
        changes.append({**named, "change": {"actions": actions, "before": resource.before, "after": resource.after}})
        if resource.after is not None:
            values.append({**named, "values": dict(resource.after)})
            given = {name: {"constant_value": value} for name, value in resource.after.items()}
            configured.append({**named, "provider_config_key": "aws", "expressions": given})
    own = {"expressions": {"allowed_account_ids": {"constant_value": ["123456789012"]}}}
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": values}},
        "resource_changes": changes,
        "configuration": {"provider_config": {"aws": own}, "root_module": {"resources": configured}},
    }


def prove(examples: Iterable[tuple[str, str, Mapping[str, Any]]] | None = None) -> tuple[str, ...]:
    """Judge the planted changes.

    Args:
        examples: Ids of rules, each with the address that it has to refuse and the plan of that. Default: all planted
            ones.

    Returns:
        The ids of the rules that refused theirs.

    Raises:
        ToolError: One of them let it pass (exit code 4).
    """
    limits = ChangeLimits(max_destroys=0, max_replaces=0, protected=("aws_lb.planted",))
    proved: dict[str, None] = {}
    for check_id, address, plan in _planted() if examples is None else examples:
        found = look_at(plan, view_of(plan, today=_DAY), limits).findings
        if (check_id, address) not in {(finding.check_id, finding.address) for finding in found}:
            raise ToolError(
                f"the gate is off: a planted change was not refused by {check_id} on {address}",
                where="tooling/gate/changes",
                hint="nothing is applied until the checks work again",
                exit_code=Exit.REFUSED,
            )
        proved[check_id] = None
    return tuple(proved)


def _planted() -> list[tuple[str, str, Mapping[str, Any]]]:
    stays = Planted("aws_vpc.stays", {"id": "vpc-1"}, {"id": "vpc-1"})
    rule, old_rule = "aws_vpc_security_group_ingress_rule.planted", "aws_security_group_rule.planted"
    found: list[tuple[str, str, Mapping[str, Any]]] = [
        ("GP_BLAST_1", "aws_eip.planted", plan_of([Planted("aws_eip.planted", {}, None)])),
        ("GP_BLAST_2", "aws_eip.planted", plan_of([Planted("aws_eip.planted", {}, {})], replaced=["aws_eip.planted"])),
        ("GP_BLAST_3", "aws_dynamodb_table.planted", plan_of([Planted("aws_dynamodb_table.planted", {}, None)])),
        ("GP_BLAST_4", "aws_lb.planted", plan_of([Planted("aws_lb.planted", {}, None)])),
        ("GP_EXPOSURE_2", rule, plan_of([stays, Planted(rule, None, _ALL_LET_IN)])),
    ]
    alone: dict[str, dict[str, Any]] = {
        "aws_cloudfront_distribution.planted": {"enabled": True},
        "aws_cognito_user_pool.planted": {"name": "planted"},
        "aws_db_instance.planted": {"publicly_accessible": True},
        "aws_lambda_function_url.planted": {"authorization_type": "NONE"},
        "aws_lambda_permission.planted": {"principal": "apigateway.amazonaws.com"},
        "aws_opensearch_domain.planted": {"domain_name": "planted"},
        "aws_s3_bucket.planted": {"bucket": "planted"},
        "aws_sqs_queue_policy.planted": {"policy": _policy("sqs:SendMessage", Principal="*")},
    }
    doors = {
        rule: [Planted(rule, None, _ALL_LET_IN)],
        old_rule: [Planted(old_rule, None, {"type": "ingress", "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]})],
        "aws_security_group.planted": [
            Planted("aws_security_group.planted", None, {"ingress": [{"protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}]})
        ],
        "aws_lb_listener.planted": [
            Planted("aws_lb.planted", None, {"arn": _BALANCER, "internal": False, "load_balancer_type": "network"}),
            Planted(
                "aws_lb_listener.planted", None, {"load_balancer_arn": _BALANCER, "port": 443, "protocol": "HTTPS"}
            ),
        ],
        **{address: [Planted(address, None, values)] for address, values in alone.items()},
        "aws_apigatewayv2_route.planted": [
            Planted("aws_apigatewayv2_api.planted", None, {"id": "api1"}),
            Planted("aws_apigatewayv2_route.planted", None, {"api_id": "api1", "authorization_type": "NONE"}),
        ],
    }
    found += [("GP_EXPOSURE_1", address, plan_of(resources)) for address, resources in doors.items()]
    role = Planted("aws_iam_role.planted", {"name": "planted"}, {"name": "planted"})
    policy = Planted(
        "aws_iam_role_policy.planted",
        {"role": "planted", "policy": _policy("s3:GetObject", Resource="arn:aws:s3:::planted/*")},
        {"role": "planted", "policy": _policy("s3:*", Resource="arn:aws:s3:::planted/*")},
    )
    found.append(("GP_PRIVILEGE_1", role.address, plan_of([role, policy])))
    return found


def _policy(action: str, **more: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, **more}]})
