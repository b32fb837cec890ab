"""What ``cdktf synth`` runs in ``make bench``: one stack an architecture, with provider, backend and values of local.

The constructs are those of ``cdktf_app``. What differs is what a plain app does otherwise: the bindings are imported
with their package, so that its ``__init__`` and the whole JavaScript of the provider load, and each stack is a root of
its own.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import tomllib
from pathlib import Path
from typing import Any

from bench.cdktf_app_plain.imports import plain_bindings

plain_bindings()

from cdktf_app.bindings.core import App, TerraformLocal, TerraformStack  # noqa: E402
from cdktf_app.conditional_part import ConditionalPart, place_parts  # noqa: E402
from cdktf_app.synthesis import architectures, build  # noqa: E402

ENV = "local"
PROJECT = Path(os.environ["BENCH_PROJECT"])


def main() -> None:
    settings = tomllib.loads((PROJECT / "envs" / ENV / "env.toml").read_text(encoding="utf-8"))
    app = App()
    stacks = {name: build(name, app, retain_data=False) for name in architectures() if name in settings["stacks"]}
    for name, stack in stacks.items():
        stack.reject_duplicates()
        name_locals(stack)
        as_root(stack, name, settings)
    app.synth()
    for name, stack in stacks.items():
        folder = Path(app.outdir) / "stacks" / name
        finish(stack, folder)
        write_values(name, folder, settings)


def name_locals(stack: TerraformStack) -> None:
    """Locals keep the names that expressions have for them: cdktf ends each in a hash, as it does everything's."""
    for element in stack.node.find_all():
        if isinstance(element, TerraformLocal):
            element.override_logical_id(element.node.id)


def as_root(stack: TerraformStack, name: str, settings: dict[str, Any]) -> None:
    """Provider and backend, as the generated root of that stack has them."""
    bindings = importlib.import_module("cdktf_cdktf_provider_aws.provider")
    core = importlib.import_module("cdktf")
    regions = {"": settings["region"]} | {
        alias: other["region"] for alias, other in settings["stacks"][name].get("aliases", {}).items()
    }
    for alias, region in regions.items():
        bindings.AwsProvider(
            stack,
            f"aws_{alias or 'home'}",
            alias=alias or None,
            region=region,
            allowed_account_ids=[settings["account_id"]],
            default_tags=[{"tags": {"Architecture": name, "Environment": ENV, "ManagedBy": "groundplan"}}],
        )
    core.S3Backend(
        stack,
        bucket=settings["state"]["bucket"],
        key=f"cdktf/{name}.tfstate",
        region=settings["state"]["region"],
        encrypt=True,
    )
    # Younger than these bindings.
    stack.add_override("terraform.backend.s3.use_lockfile", True)


def finish(stack: TerraformStack, folder: Path) -> None:
    """Put condition and provider on the parts that exist under one: cdktf has no construct for it."""
    file = folder / "cdk.tf.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    place_parts(content, [part for part in stack.node.children if isinstance(part, ConditionalPart)])
    file.write_text(json.dumps(content, indent=2), encoding="utf-8")


def write_values(name: str, folder: Path, settings: dict[str, Any]) -> None:
    """The committed values and lock file of the stack, and the values that its generated root pins."""
    for file in ("terraform.tfvars", ".terraform.lock.hcl"):
        shutil.copy(PROJECT / "envs" / ENV / name / file, folder)
    pinned = {
        "environment": ENV,
        **{key: settings[key] for key in ("account_id", "region", "artifacts_bucket")},
        **{
            f"{alias}_{key}": value
            for alias, other in settings["stacks"][name].get("aliases", {}).items()
            for key, value in other.items()
        },
    }
    declared = json.loads((folder / "cdk.tf.json").read_text(encoding="utf-8"))["variable"]
    known = {key: value for key, value in pinned.items() if key in declared}
    (folder / "pinned.auto.tfvars.json").write_text(json.dumps(known), encoding="utf-8")


if __name__ == "__main__":
    main()
