"""The Terraform on this machine: where it is, and whether it is new enough."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tooling.errors import ToolError

# use_lockfile of the S3 backend and write-only arguments are both there from 1.11 on.
# https://developer.hashicorp.com/terraform/language/v1.11.x/backend/s3
MINIMUM = (1, 11, 0)
BINARY_VARIABLE = "GROUNDPLAN_TERRAFORM"
_GET_IT = "install Terraform 1.11 or newer: https://developer.hashicorp.com/terraform/install"


@dataclass(frozen=True)
class Binary:
    path: Path
    version: str


def find_terraform() -> Binary:
    """The ``terraform`` on PATH, or the one that GROUNDPLAN_TERRAFORM names.

    Raises:
        ToolError: There is none, it does not run, or it is older than 1.11.
    """
    named = os.environ.get(BINARY_VARIABLE)
    found = shutil.which(named or "terraform")
    if found is None:
        raise ToolError(f"no terraform at '{named}'" if named else "terraform is not on PATH", hint=_GET_IT)
    environment = {key: value for key, value in os.environ.items() if key != "TF_CLI_CONFIG_FILE"}
    try:
        answer = subprocess.run(
            [found, "version", "-json"],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            env={**environment, "CHECKPOINT_DISABLE": "1"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(f"{found} does not run: {error}", hint=_GET_IT) from error
    version = _version_in(answer.stdout)
    if version is None:
        raise ToolError(f"{found} does not say its version (it printed {answer.stdout[:80]!r})", hint=_GET_IT)
    if tuple(int(part) for part in re.findall(r"\d+", version)[:3]) < MINIMUM:
        raise ToolError(f"terraform is {version}, groundplan needs 1.11 or newer", where=found, hint=_GET_IT)
    return Binary(Path(found), version)


def _version_in(output: str) -> str | None:
    try:
        version = json.loads(output)["terraform_version"]
    except (ValueError, KeyError, TypeError):
        return None
    return version if isinstance(version, str) and re.match(r"\d+\.\d+\.\d+", version) else None
