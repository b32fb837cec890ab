"""A project whose one stack counts as applied: its state, with the outputs that a test gives, is in the bucket."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tests.support.forked import ForkedProject
from tests.support.project import Project
from tooling.state import make_bucket
from tooling.target import Target

ACCOUNT = "123456789012"
ENV_TOML = """\
account_id       = "{ACCOUNT}"
region           = "us-east-1"
target           = "emulator"
confirm          = {CONFIRM}
artifacts_bucket = "{BUCKET}"

[state]
bucket = "{BUCKET}"
region = "us-east-1"

[stacks.{STACK}]
"""
# The toolkit looks for what it reads here: a backend that names bucket and key.
ROOT = 'terraform {\n  backend "s3" {\n    bucket = "{BUCKET}"\n    key    = "local/{STACK}.tfstate"\n  }\n}\n'


def emulated_target(endpoint: str, account: str = ACCOUNT) -> Target:
    environ = {"AWS_ACCESS_KEY_ID": account, "AWS_SECRET_ACCESS_KEY": "emulator"}
    return Target("emulator", endpoint, environ, "us-east-1", account)


def applied_project(
    root: Path,
    home: Path,
    target: Target,
    *,
    stack: str,
    bucket: str,
    outputs: Mapping[str, object] | None,
    confirm: bool = False,
) -> Project:
    """A project of one environment (``local``) and one stack.

    Args:
        root: An empty folder.
        home: Work files of the running emulator.
        target: The same emulator.
        stack: Name of the architecture.
        bucket: Holds the state.
        outputs: Of the stack; None: it was never applied.
        confirm: Whether the environment asks before it is changed.
    """
    project = ForkedProject(root)
    (root / "cdktf_app").mkdir()
    words = {"{ACCOUNT}": target.account_id, "{BUCKET}": bucket, "{STACK}": stack, "{CONFIRM}": str(confirm).lower()}
    for path, text in {"envs/local/env.toml": ENV_TOML, f"envs/local/{stack}/main.tf": ROOT}.items():
        for word, value in words.items():
            text = text.replace(word, value)
        project.write(path, text)
    project.write(f"modules/{stack}/main.tf", "")
    (root / ".groundplan").mkdir()
    (root / ".groundplan/emulator").symlink_to(home)
    make_bucket(target, bucket, "us-east-1")
    if outputs is not None:
        state = {
            "version": 4,
            "serial": 1,
            "lineage": "00000000-0000-0000-0000-000000000000",
            "outputs": {name: {"value": value} for name, value in outputs.items()},
            "resources": [{"mode": "managed", "type": "aws_s3_bucket", "name": "site", "instances": [{}]}],
        }
        key = f"local/{stack}.tfstate"
        target.client("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps(state).encode())
    return project
