"""GP_SUPPLY_*: whose code runs when a plan is applied.

A provisioner runs a program with the rights of whoever applies, and a provider is a program itself. Both do what no
plan shows, so nothing of it can be reviewed: everything is made by the AWS provider or by Terraform's built-in one.

A ``connection`` block is not in a plan and does nothing without a provisioner, which is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tooling.gate.addresses import without_keys
from tooling.gate.model import Finding, Severity
from tooling.gate.rules import RULES

AWS = "registry.terraform.io/hashicorp/aws"

#: Terraform itself, for ``terraform_data`` and ``terraform_remote_state``.
BUILT_IN = "terraform.io/builtin/terraform"

#: What may make things.
SUPPLIERS = frozenset({AWS, BUILT_IN})


def look_at_suppliers(plan: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What of a plan would run a program, or comes from a foreign provider, in any module of it.

    Args:
        plan: The JSON of ``terraform show -json``. Its configuration is judged, so that a resource counts also where
            its ``count`` is 0 today, and whatever only its state still has.
    """
    configuration = plan.get("configuration") or {}
    root = configuration.get("root_module") or {}
    in_use = _providers_in_use(plan)
    configured = configuration.get("provider_config") or {}
    full_names = {key: str(entry.get("full_name") or "") for key, entry in configured.items()}
    found: dict[tuple[str, str], Finding] = {}
    for module, resource in _resources(root, ""):
        address = f"{module}{resource['address']}"
        for provisioner in resource.get("provisioners") or ():
            message = f"a provisioner ({provisioner.get('type')}) runs when it is made or destroyed"
            _add(found, "GP_SUPPLY_1", address, message)
        provider = full_names.get(str(resource.get("provider_config_key"))) or in_use.get(address, "")
        if provider not in SUPPLIERS:
            _add(found, "GP_SUPPLY_2", address, _foreign(provider))
    for address, provider in in_use.items():
        if provider not in SUPPLIERS:
            _add(found, "GP_SUPPLY_2", address, _foreign(provider))
    blamed = {finding.message for finding in found.values()}
    for key, provider in full_names.items():
        if provider not in SUPPLIERS and _foreign(provider) not in blamed:
            _add(found, "GP_SUPPLY_2", _address_of_provider(key), f"{_foreign(provider)}, and would be installed")
    return tuple(found.values())


def _add(found: dict[tuple[str, str], Finding], check_id: str, address: str, message: str) -> None:
    rule = RULES[check_id]
    finding = Finding(
        check_id=check_id,
        name=rule.name,
        severity=Severity.HIGH,
        address=address,
        message=message,
        source=rule.source,
    )
    found.setdefault((check_id, address), finding)


def _foreign(provider: str) -> str:
    return f"its provider is {provider}" if provider else "the plan does not say which provider makes it"


def _resources(module: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for resource in module.get("resources") or ():
        yield prefix, resource
    for name, call in (module.get("module_calls") or {}).items():
        yield from _resources(call.get("module") or {}, f"{prefix}module.{name}.")


def _providers_in_use(plan: Mapping[str, Any]) -> dict[str, str]:
    """By address without instance keys: the provider that a change or a value names."""
    changes = plan.get("resource_changes") or ()
    planned = (plan.get("planned_values") or {}).get("root_module") or {}
    named = [*changes, *_values(planned)]
    return {without_keys(each["address"]): each["provider_name"] for each in named if each.get("provider_name")}


def _values(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources") or ()
    for child in module.get("child_modules") or ():
        yield from _values(child)


def _address_of_provider(key: str) -> str:
    """``module.a:null`` is what a plan calls the provider ``null`` of the module ``a``."""
    module, _, name = key.rpartition(":")
    return f"{module}.provider.{name}" if module else f"provider.{name}"
