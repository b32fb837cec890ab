"""What users have around the project: one environment for everything, and the cdktf command line."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from cdktf_app.synthesis import architectures, synthesize
from tests.support.project import REPOSITORY


def test_one_environment_satisfies_every_package_checkovs_old_boto3_included() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "check", "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


@pytest.mark.requirement("SM-FS-02")
def test_what_cdktf_json_names_writes_every_architecture(tmp_path: Path) -> None:
    """The command line of cdktf runs exactly this, with the folder in CDKTF_OUTDIR."""
    app = shlex.split(json.loads((REPOSITORY / "cdktf.json").read_text())["app"])
    assert app[0] == ".venv/bin/python"

    subprocess.run(
        [sys.executable, *app[1:]],
        cwd=REPOSITORY,
        env={**os.environ, "CDKTF_OUTDIR": str(tmp_path)},
        check=True,
        capture_output=True,
    )

    for name in architectures():
        written = json.loads((tmp_path / "stacks" / name / "cdk.tf.json").read_text())
        assert written["resource"].keys() == synthesize(name, retain_data=True)["resource"].keys()
