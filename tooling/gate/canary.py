"""The planted plan that has to be refused, so that silence means "clean" and not "off".

checkov exits happily when it evaluated nothing: a wrong file, a filter, a registry that
did not load. So before a plan is judged, one is judged of which the answer is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from tooling.errors import Exit, ToolError
from tooling.gate.addresses import parse_address
from tooling.gate.planned import view_of
from tooling.gate.policies_folder import Example, Policies
from tooling.gate.prepare import for_checkov
from tooling.gate.supply import AWS, BUILT_IN, look_at_suppliers

#: Dated checks judge the planted plan on this day, whatever day it is.
CANARY_DAY = date(2026, 1, 1)

#: One check of each sort that checkov has: on an attribute, on a data source, over the graph.
_PLANTED = (
    ("CKV_AWS_53", Example("aws_s3_bucket_public_access_block.planted", {"block_public_acls": False}, {}, {})),
    (
        "CKV_AWS_283",
        Example(
            "data.aws_iam_policy_document.planted",
            {
                "statement": [
                    {
                        "actions": ["s3:GetObject"],
                        "resources": ["arn:aws:s3:::planted/*"],
                        "principals": [{"type": "AWS", "identifiers": ["*"]}],
                    }
                ]
            },
            {},
            {},
        ),
    ),
    ("CKV2_AWS_6", Example("aws_s3_bucket.planted", {"bucket": "planted"}, {}, {})),
)


#: A provisioner, a foreign provider in a nested module, and one that is asked for without being used.
_PLANTED_SUPPLIERS: dict[str, Any] = {
    "configuration": {
        "provider_config": {
            "planted": {"name": "planted", "full_name": "registry.terraform.io/planted/planted"},
            "terraform": {"name": "terraform", "full_name": BUILT_IN},
            "module.planted:external": {"name": "external", "full_name": "registry.terraform.io/hashicorp/external"},
        },
        "root_module": {
            "resources": [
                {
                    "address": "terraform_data.planted",
                    "provider_config_key": "terraform",
                    "provisioners": [{"type": "local-exec"}],
                }
            ],
            "module_calls": {
                "planted": {
                    "module": {
                        "resources": [
                            {
                                "address": "data.external.planted",
                                "mode": "data",
                                "provider_config_key": "module.planted:external",
                            }
                        ]
                    }
                }
            },
        },
    }
}

_PLANTED_AT = (
    ("GP_SUPPLY_1", "terraform_data.planted"),
    ("GP_SUPPLY_2", "module.planted.data.external.planted"),
    ("GP_SUPPLY_2", "provider.planted"),
)


def plan_of(examples: Iterable[Example]) -> dict[str, Any]:
    """A plan (as ``terraform show -json`` prints it) that creates the examples."""
    resources, changes, configured = [], [], []
    providers: dict[str, Any] = {"aws": {"name": "aws", "full_name": AWS}}
    for example in examples:
        at = parse_address(example.address)
        named = {"address": example.address, "mode": at.mode, "type": at.type, "name": at.name}
        resources.append({**named, "values": dict(example.values)})
        change = {"actions": ["create"], "after": dict(example.values), "after_unknown": dict(example.unknown)}
        changes.append({**named, "change": change})
        provider = f"aws.{example.region}" if example.region else "aws"
        configured.append({**named, "provider_config_key": provider, "expressions": dict(example.expressions)})
        if example.region:
            region = {"region": {"constant_value": example.region}}
            providers[provider] = {"name": "aws", "full_name": AWS, "alias": example.region, "expressions": region}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": changes,
        "configuration": {"provider_config": providers, "root_module": {"resources": configured}},
    }


def prove(policies: Policies) -> tuple[str, ...]:
    """Judge the planted plans.

    Returns:
        The ids that refused theirs: checkov's planted ones, every check of ``policies/``, and the gate's own rules on
        suppliers and changes.

    Raises:
        ToolError: One of them let its plan pass (exit code 4).
    """
    from tooling.gate.changes.canary import prove as prove_changes
    from tooling.gate.engine.scan import scan

    planted: list[tuple[str, Example]] = list(_PLANTED)
    around: list[Example] = []
    for check_id in policies.ids:
        examples = policies.examples[check_id]
        planted += [(check_id, example) for example in examples.failing]
        around += examples.around
    plan = plan_of([*(example for _, example in planted), *around])
    view = view_of(plan, today=CANARY_DAY)
    found = scan(for_checkov(plan, view), view, policies.own)
    failed = {
        (outcome.check_id, outcome.address)
        for outcome in found.outcomes
        if outcome.crash is None and not outcome.unanalysed
    }
    silent = sorted(
        f"{check_id} on {example.address}" for check_id, example in planted if (check_id, example.address) not in failed
    )
    refused = {(finding.check_id, finding.address) for finding in look_at_suppliers(_PLANTED_SUPPLIERS)}
    silent += [f"{check_id} on {address}" for check_id, address in _PLANTED_AT if (check_id, address) not in refused]
    if silent:
        raise ToolError(
            f"the gate is off: a planted plan was not refused by {', '.join(silent)}",
            where=str(policies.folder),
            hint="nothing is applied until the checks work again",
            exit_code=Exit.REFUSED,
        )
    proved = (check_id for check_id, _ in (*planted, *_PLANTED_AT))
    return tuple(dict.fromkeys((*proved, *prove_changes())))
