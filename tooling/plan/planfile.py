"""What a saved plan says of the state it was made against, read without starting Terraform."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tooling.errors import ToolError
from tooling.state import StateVersion


def planned_against(plan: Path) -> StateVersion:
    """Lineage and serial of the state that Terraform planned against.

    A saved plan is a zip file that carries that state as its member ``tfstate``; Terraform compares the same
    two values before it applies. https://developer.hashicorp.com/terraform/internals/json-format

    Raises:
        ToolError: The file is no plan.
    """
    try:
        with zipfile.ZipFile(plan) as archive:
            state = json.loads(archive.read("tfstate"))
        return StateVersion(str(state["lineage"]), int(state["serial"]))
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ToolError(f"is no saved plan: {error}", where=str(plan), hint="plan again") from error
