"""Groundplan's own code as one digest: a gate or a reader that was mended may come to another answer."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

_PASSED_OVER = "__pycache__"
_NOT_RUN = (".md", ".pyc")


@cache
def code_digest() -> str:
    """Over the code and data of the toolkit, whatever its version says, and of the HCL that it shares with synth."""
    tooling = Path(__file__).resolve().parent
    whole = hashlib.sha256()
    for top in (tooling, tooling.parent / "cdktf_app" / "hcl"):
        # Walked by hand: this is asked for where nothing else takes as long.
        for folder, below, files in os.walk(top):
            below[:] = sorted(set(below) - {_PASSED_OVER})
            for name in sorted(files):
                if not name.endswith(_NOT_RUN):
                    whole.update(f"{folder.removeprefix(str(tooling.parent))}/{name}\0".encode())
                    whole.update(hashlib.sha256(Path(folder, name).read_bytes()).digest())
    return whole.hexdigest()
