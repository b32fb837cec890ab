"""A state that a test writes by hand, and a module that declares what is in it, part by part."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.project import Project
from tooling.target import Target

PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]'


@dataclass(frozen=True)
class Written:
    """One resource.

    Attributes:
        type, name: As in the module.
        part: The module's file that declares it.
    """

    type: str
    name: str
    part: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


def write_stack(
    project: Project,
    target: Target,
    *,
    stack: str,
    bucket: str,
    resources: Iterable[Written],
    outputs: Mapping[str, object] | None = None,
) -> None:
    """Let a project's stack (``applied_project``) hold these resources.

    Args:
        project: Of one environment, ``local``.
        target: Its emulator.
        stack: Name of the architecture.
        bucket: Holds the state.
        resources: What the state and the module hold.
        outputs: Of the stack.
    """
    written = list(resources)
    root = project.root / f"envs/local/{stack}/main.tf"
    root.write_text(root.read_text() + f'\nmodule "{stack}" {{\n  source = "../../../modules/{stack}"\n}}\n')
    for part in dict.fromkeys(one.part for one in written):
        blocks = [f'resource "{one.type}" "{one.name}" {{\n}}\n' for one in written if one.part == part]
        project.write(f"modules/{stack}/{part}.tf", "\n".join(blocks))
    state = {
        "version": 4,
        "serial": 1,
        "lineage": "00000000-0000-0000-0000-000000000000",
        "outputs": {name: {"value": value} for name, value in (outputs or {}).items()},
        "resources": [
            {
                "module": f"module.{stack}",
                "mode": "managed",
                "type": one.type,
                "name": one.name,
                "provider": PROVIDER,
                "instances": [{"attributes": dict(one.attributes)}],
            }
            for one in written
        ],
    }
    body = json.dumps(state).encode()
    target.client("s3").put_object(Bucket=bucket, Key=f"local/{stack}.tfstate", Body=body)
