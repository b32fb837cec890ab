"""ECR: scanning that is switched off."""

from __future__ import annotations

import json

from tooling.emulator.call import Call
from tooling.emulator.registry import Backend

backend = Backend("ecr")


@backend.prepares("PutImageScanningConfiguration")
def tell_what_go_leaves_out(call: Call) -> None:
    """aws_ecr_repository, update to scan_on_push = false: Go sends no ``false``, moto takes that for no change."""
    request = json.loads(call.body)
    request["imageScanningConfiguration"] = {"scanOnPush": False, **request["imageScanningConfiguration"]}
    call.body = json.dumps(request).encode()
