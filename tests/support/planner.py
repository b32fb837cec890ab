"""Running plans: each distinct one once a test run, in a copy of the project, however many workers ask for it."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tftest

from tests.support.plans import Json
from tests.support.project import REPOSITORY
from tooling.emulator.process import down, up
from tooling.terraform.mirror import provider_source
from tooling.workspace import exclusive

# The environment that is none: a root that passes on to the module what a test gives, and nothing of its own.
BARE = "bare"
# The same, of the module with `named_override.tf` from its tests: it gives names that AWS makes up otherwise, so that
# the plan can show what holds them.
NAMED = "named"
_PROVIDER = {"source": "hashicorp/aws", "version": "5.100.0"}
# Where a bare root's providers make what a module makes by the provider's own configuration, and by any other.
_REGION, _OTHER_REGION = "us-east-1", "us-west-2"
# What of the user's environment could change a plan: AWS_PROFILE, TF_VAR_..., TF_CLI_ARGS, TF_LOG.
_FOREIGN = ("AWS_", "TF_")


class Planner:
    """Plans of the roots of one copy of ``envs/`` and ``modules/``.

    Args:
        work: Folder of the run, the same for all its workers.
        endpoint: Address of an emulator: the roots' provider asks STS whose credentials these are.
    """

    def __init__(self, work: Path, endpoint: str) -> None:
        self._work = work
        self._project = work / "project"
        self._endpoint = endpoint
        self._provider_config = work / "checked-provider.rc"
        with exclusive(work / "copy.lock"):
            if not self._project.is_dir():
                self._copy()

    def plan(self, env: str, architecture: str, **variables: Any) -> tftest.TerraformPlanOutput:
        """The plan of a root as it is committed, with ``variables`` on top of its ``terraform.tfvars``.

        Args:
            env: Folder in ``envs/``; or ``BARE``, the module alone; or ``NAMED``, where its tests have such a module.
            architecture: Folder in it.
            variables: Values as JSON has them.

        Raises:
            tftest.TerraformTestError: Terraform refused, and said why.
        """
        root = self._project / "envs" / env / architecture
        request = json.dumps([env, architecture, variables], sort_keys=True)
        result = self._work / "plans" / f"{env}-{architecture}-{hashlib.sha256(request.encode()).hexdigest()[:12]}"
        planned, refused = result.with_suffix(".json"), result.with_suffix(".refused")
        with exclusive(result.with_suffix(".lock")):
            if not planned.is_file() and not refused.is_file():
                self._initialise(root)
                values = result.with_suffix(".tfvars.json")
                values.write_text(json.dumps(variables))
                try:
                    output = self._terraform(root).plan(output=True, lock=False, tf_var_file=str(values))
                    planned.write_text(json.dumps(dict(output)))
                except tftest.TerraformTestError as error:
                    refused.write_text(error.cmd_error or str(error))
        if refused.is_file():
            raise tftest.TerraformTestError(refused.read_text())
        return tftest.TerraformPlanOutput(json.loads(planned.read_text()))

    def sources(self, architecture: str) -> str:
        """The text of a module as it is planned, for what a plan does not show."""
        files = sorted((self._project / "modules" / architecture).glob("*.tf"))
        return "\n".join(file.read_text(encoding="utf-8") for file in files)

    def _copy(self) -> None:
        """Never the source tree itself: tftest deletes lock files and local state."""
        half = self._work / "project.half"
        ignored = shutil.ignore_patterns(".terraform", "*.tfstate*", "__pycache__")
        for folder in ("envs", "modules"):
            shutil.copytree(REPOSITORY / folder, half / folder, ignore=ignored)
        for module in sorted((half / "modules").iterdir()):
            _write_root(half / "envs" / BARE / module.name, module)
            override = REPOSITORY / "tests/plan" / module.name / "named_override.tf"
            if override.is_file():
                named = shutil.copytree(module, half / "named-modules" / module.name)
                shutil.copy(override, named)
                _write_root(half / "envs" / NAMED / module.name, named)
        for root in (half / "envs").glob("*/*/"):
            (root / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
        half.rename(self._project)

    def _initialise(self, root: Path) -> None:
        """Do for a root what ``terraform init`` does, without reading the provider's 700 MB again."""
        with exclusive(self._work / "init.lock"):
            if not self._provider_config.is_file():
                self._install_provider()
            if not (root / ".terraform").is_dir():
                (root / ".terraform").mkdir()
                shutil.copy(self._work / "model/.terraform/terraform.tfstate", root / ".terraform")
                self._terraform(root).execute_command("get", "-no-color")

    def _install_provider(self) -> None:
        """Have Terraform install the provider and check it against the lock file, once a run.

        Every command would check it again, which takes longer than all else that a plan does. A development override
        names the checked files instead.
        """
        model = self._work / "model"
        model.mkdir(exist_ok=True)
        settings = {"required_providers": {"aws": _PROVIDER}, "backend": {"local": {}}}
        (model / "main.tf.json").write_text(json.dumps({"terraform": settings}))
        shutil.copy(REPOSITORY / "tooling/synth/provider.lock.hcl", model / ".terraform.lock.hcl")
        self._terraform(model).setup(cleanup_on_exit=False)
        (installed,) = (model / ".terraform/providers").glob(f"*/{_PROVIDER['source']}/{_PROVIDER['version']}/*")
        overrides = f'dev_overrides {{\n    "{_PROVIDER["source"]}" = {json.dumps(str(installed))}\n  }}'
        self._provider_config.write_text(f"provider_installation {{\n  {overrides}\n}}\n")

    def _terraform(self, root: Path) -> tftest.TerraformTest:
        terraform = tftest.TerraformTest(str(root))
        terraform.env = self._environment(root)
        return terraform

    def _environment(self, root: Path) -> dict[str, str]:
        own = self._provider_config if self._provider_config.is_file() else None
        config = own or provider_source(self._work).cli_config
        settings = root.parent / "env.toml"
        of_env = tomllib.loads(settings.read_text()) if settings.is_file() else {}
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)},
            **({"TF_CLI_CONFIG_FILE": str(config)} if config else {}),
            "CHECKPOINT_DISABLE": "1",
            # A third of a plan's processor time is Go collecting garbage that the end of the process frees anyway.
            "GOGC": "off",
            "GOMEMLIMIT": "1GiB",
            "AWS_ENDPOINT_URL": self._endpoint,
            # The emulator takes an access key of twelve digits for the account itself.
            "AWS_ACCESS_KEY_ID": of_env.get("account_id", "123456789012"),
            "AWS_SECRET_ACCESS_KEY": "emulator",
            "AWS_REGION": of_env.get("region", "us-east-1"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }


def _write_root(root: Path, module: Path) -> None:
    root.mkdir(parents=True)
    (root / "main.tf.json").write_text(json.dumps(_bare_root(module), indent=2))


def _bare_root(module: Path) -> Json:
    """A root with all inputs and outputs of the module; an input that is not given is null: its default then holds."""
    inputs = _marks(module / "variables.tf", "variable")
    outputs = _marks(module / "outputs.tf", "output")
    aliases = re.findall(r"\baws[.](\w+)", (module / "versions.tf").read_text())
    providers: list[Json] = [{"region": _REGION}, *({"alias": alias, "region": _OTHER_REGION} for alias in aliases)]
    return {
        "terraform": {"required_providers": {"aws": _PROVIDER}},
        "provider": {"aws": [{**provider, "skip_requesting_account_id": True} for provider in providers]},
        "variable": {name: {"default": None, **marks} for name, marks in inputs.items()},
        "module": {
            module.name: {
                "source": f"../../../{module.parent.name}/{module.name}",
                "providers": {name: name for name in ("aws", *(f"aws.{alias}" for alias in aliases))},
                **{name: f"${{var.{name}}}" for name in inputs},
            }
        },
        "output": {name: {"value": f"${{module.{module.name}.{name}}}", **marks} for name, marks in outputs.items()},
    }


def _marks(file: Path, kind: str) -> dict[str, dict[str, bool]]:
    """Whether each input or output of a module is sensitive or ephemeral, which its root has to say as well."""
    _, *blocks = re.split(rf'^{kind} "', file.read_text(), flags=re.MULTILINE)
    return {
        block.partition('"')[0]: {
            mark: True for mark in ("sensitive", "ephemeral") if re.search(rf"^ +{mark} += true$", block, re.MULTILINE)
        }
        for block in blocks
    }


@contextmanager
def shared_emulator(home: Path) -> Iterator[str]:
    """Endpoint of an emulator that the workers of a run share: the first starts it, the last ends it."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "in-use").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield up(home).endpoint
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # Others still use it.
            else:
                down(home)
