"""What a plan does not know of a module: worked out by Terraform, with stand-ins for what only an apply makes."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.plans import Json

_EVERY = re.compile(r"values\((aws_\w+\.\w+)\)\[\*\]\.(\w+)|(aws_\w+\.\w+)\[\*\]\.(\w+)")
_ATTRIBUTE = re.compile(r'(?<![\w."])(aws_\w+\.\w+\.\w+)')


def evaluated(module: Json, expression: str, inputs: Mapping[str, Any], work: Path) -> Any:
    """The value of an expression of a synthesised module.

    Args:
        module: The module as Terraform JSON.
        expression: An argument as it stands there. Each attribute of a resource in it becomes its own name
            (``aws_lb.load_balancer.arn_suffix``), and of a resource with several instances a list of one.
        inputs: Inputs of the module; the others have their defaults.
        work: An empty folder.
    """
    declared = {
        name: {key: each[key] for key in ("type", "default", "nullable") if key in each}
        for name, each in module["variable"].items()
    }
    root = {"variable": declared, "locals": {"value": _standing_in(expression)}}
    (work / "main.tf.json").write_text(json.dumps(root))
    # Of inputs that are not asked for here, any value will do.
    missing = {name: "" for name, each in declared.items() if "default" not in each}
    (work / "terraform.tfvars.json").write_text(json.dumps({**missing, **inputs}))
    done = subprocess.run(
        ["terraform", "console"],
        cwd=work,
        input="jsonencode(local.value)\n",
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if not name.startswith("TF_")},
    )
    assert done.returncode == 0, done.stderr
    # The console prints a string as its language writes one, which JSON can read.
    return json.loads(json.loads(done.stdout))


def _standing_in(expression: str) -> str:
    lists = _EVERY.sub(lambda found: f'["{found[1] or found[3]}.{found[2] or found[4]}"]', expression)
    return _ATTRIBUTE.sub(r'"\1"', lists)
