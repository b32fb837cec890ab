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


def format_hcl(files: Mapping[Path, str]) -> dict[Path, str]:
    """The same files, formatted; those that are no HCL come back untouched.

    Raises:
        ToolError: A text is no HCL.
    """
    with tempfile.TemporaryDirectory(prefix="groundplan-fmt-") as folder:
        base = Path(folder) / "files"
        base.mkdir()
        for path, text in files.items():
            if path.suffix in _FORMATTED:
                (base / path).parent.mkdir(parents=True, exist_ok=True)
                (base / path).write_text(text, encoding="utf-8")
        terraform = Terraform(
            binary=find_terraform().path,
            root=base,
            data=Path(folder) / "data",
            environ=os.environ,
            stack="synth",
            running=Running(),
        )
        terraform.format_all()
        return {
            path: (base / path).read_text(encoding="utf-8") if path.suffix in _FORMATTED else text
            for path, text in files.items()
        }
