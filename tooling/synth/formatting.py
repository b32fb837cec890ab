"""``terraform fmt`` over many files in one process."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.terraform.binary import find_terraform
from tooling.terraform.runner import Terraform
from tooling.terraform.running import Running

if TYPE_CHECKING:
    from collections.abc import Mapping

# What `terraform fmt` looks at; a lock file is left alone by it.
_FORMATTED = (".tf", ".tfvars")
# Collected at Go's own pace, `fmt` takes twice as much CPU; with this, about 100 MB.
_GARBAGE = "400"


def format_hcl(files: Mapping[Path, str]) -> dict[Path, str]:
    """The same files, formatted; those that are no HCL come back untouched, and what is twice there is read once.

    Raises:
        ToolError: A text is no HCL.
    """
    paths = {text: path for path, text in files.items() if path.suffix in _FORMATTED}
    with tempfile.TemporaryDirectory(prefix="groundplan-fmt-") as folder:
        base = Path(folder) / "files"
        for text, path in paths.items():
            (base / path).parent.mkdir(parents=True, exist_ok=True)
            (base / path).write_text(text, encoding="utf-8")
        terraform = Terraform(
            binary=find_terraform().path,
            root=base,
            data=Path(folder) / "data",
            environ={"GOGC": _GARBAGE, **os.environ},
            stack="synth",
            running=Running(),
        )
        terraform.format_all()
        formatted = {text: (base / path).read_text(encoding="utf-8") for text, path in paths.items()}
    return {path: formatted[text] if path.suffix in _FORMATTED else text for path, text in files.items()}
