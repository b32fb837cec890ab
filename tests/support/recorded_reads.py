"""Which calls a plan of each applied stack makes: recorded on the way to the emulator, kept beside their tests.

To renew, with every stack of local applied: ``python -m tests.support.recorded_reads``
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tooling.emulator.process import status
from tooling.environment.config import load_environment
from tooling.faultproxy.proxy import FaultProxy
from tooling.target import ENDPOINT_VARIABLE
from tooling.workspace import Workspace, find_workspace

FILE = Path(__file__).parents[1] / "unit/ci/recorded_reads.json"
ENV = "local"
# As botocore names a service and as IAM does, where that is not the same.
_IN_IAM = {
    "apigatewayv2": "apigateway",
    "elbv2": "elasticloadbalancing",
    "service-quotas": "servicequotas",
    "sesv2": "ses",
    "stepfunctions": "states",
}


def record(workspace: Workspace) -> dict[str, list[str]]:
    """Calls by architecture, as ``service:Operation`` in IAM's spelling of the service; those of S3 with their key."""
    running = status(workspace.emulator_home)
    assert running is not None, "the emulator is not running"
    found = {}
    with FaultProxy(running.endpoint) as proxy:
        for architecture in load_environment(workspace, ENV).stacks:
            before = len(proxy.log)
            command = [sys.executable, "-c", "from tooling.cli.main import main; main()", "plan"]
            done = subprocess.run(
                [*command, "--env", ENV, "--stack", architecture],
                cwd=workspace.root,
                env={**os.environ, ENDPOINT_VARIABLE: proxy.endpoint},
                check=False,
            )
            assert done.returncode == 0, architecture
            asked = [entry.asked for entry in proxy.log[before:]]
            calls = {f"{_IN_IAM.get(one.service, one.service)}:{one.operation}" for one in asked if not one.bucket}
            objects = {f"s3:{one.operation} {one.bucket}/{one.key}".rstrip("/") for one in asked if one.bucket}
            found[architecture] = sorted(calls | objects)
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(record(find_workspace()), indent=1) + "\n", encoding="utf-8")
