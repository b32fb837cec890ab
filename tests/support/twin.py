"""A second stack beside ``tiny``, so that one may fail while the other does not."""

from __future__ import annotations

import shutil

from tests.support.project import Project


def with_twin(project: Project, module: str) -> None:
    """Give the project the stack ``twin`` with a module of its own."""
    root = project.root
    settings = root / "envs/local/env.toml"
    settings.write_text(settings.read_text() + "\n[stacks.twin]\n")
    shutil.copytree(root / "envs/local/tiny", root / "envs/local/twin")
    main = root / "envs/local/twin/main.tf"
    main.write_text(main.read_text().replace("local/tiny", "local/twin").replace("modules/tiny", "modules/twin"))
    project.write("modules/twin/main.tf", module)
    waivers = root / "policies/waivers.yaml"
    ticket = "ticket: TINY-1\n"
    also = waivers.read_text().replace("module.tiny.", "module.*.")
    assert ticket in also
    waivers.write_text(also)
