"""Running plans: each distinct one once a test run, in a copy of the project, however many workers ask for it.

A run also takes what an earlier one kept, where nothing that the plan is made from has changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tftest

from tests.support.kept import Kept, contents, key_of, tools
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
# The folder of a run, which is another each time, in what is kept of its plans.
_WORK = "(the folder of the run)"
# Refusals that follow from configuration and inputs; anything else may have been bad luck, and is not kept.
_REFUSALS = ("Invalid value for variable", "No value for required variable", "Resource precondition failed")
_MODULE_SOURCE = re.compile(r'\bsource"?\s*[=:]\s*"(\.[^"]*)"')
# What of the user's environment could change a plan: AWS_PROFILE, TF_VAR_..., TF_CLI_ARGS, TF_LOG.
_FOREIGN = ("AWS_", "TF_")


class Planner:
    """Plans of the roots of one copy of ``envs/`` and ``modules/``.

    Args:
        work: Folder of the run, the same for all its workers.
        endpoint: Address of an emulator, asked for when something is planned: the roots' provider asks STS whose
            credentials these are.
        kept: Where plans are kept from run to run. Default: nowhere.
        source: The project that is planned. Default: this one.
    """

    def __init__(
        self, work: Path, endpoint: Callable[[], str], kept: Kept | None = None, *, source: Path = REPOSITORY
    ) -> None:
        self._work = work
        self._project = work / "project"
        self._endpoint = endpoint
        self._kept = kept
        self._source = source
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
                text, is_refused = self._made_or_kept(root, variables, result.with_suffix(".tfvars.json"))
                (refused if is_refused else planned).write_text(text)
        if refused.is_file():
            raise tftest.TerraformTestError(refused.read_text())
        return tftest.TerraformPlanOutput(json.loads(planned.read_text()))

    def key(self, env: str, architecture: str, variables: Mapping[str, Any]) -> str:
        """Key of a plan: of all that it is made from, and of nothing else."""
        root = self._project / "envs" / env / architecture
        settings = root.parent / "env.toml"
        given = json.dumps(variables, sort_keys=True)
        return key_of(
            [env, architecture, given.replace(str(self._work), _WORK)],
            [*_files_in(variables)],
            settings.read_text() if settings.is_file() else "",
            {str(folder.relative_to(self._project.resolve())): contents(folder) for folder in _with_modules(root)},
            {**tools(), "planner": Path(__file__).read_text(), "tftest": version("tftest")},
        )

    def made(self, root: Path, values: Path) -> Json:
        """The plan that Terraform makes of a root with a file of values.

        Raises:
            tftest.TerraformTestError: It refused.
        """
        self._initialise(root)
        return dict(self._terraform(root).plan(output=True, lock=False, tf_var_file=str(values)))

    def _made_or_kept(self, root: Path, variables: Mapping[str, Any], values: Path) -> tuple[str, bool]:
        """A plan, or why there is none; and whether there is none."""
        key = self.key(root.parent.name, root.name, variables) if self._kept else ""
        found = self._kept.get(key) if self._kept else None
        if found is not None:
            kept: Json = json.loads(found.decode().replace(_WORK, str(self._work)))
            return kept["text"], kept["is_refused"]
        values.write_text(json.dumps(variables))
        try:
            text, is_refused = json.dumps(self.made(root, values)), False
        except tftest.TerraformTestError as error:
            text, is_refused = error.cmd_error or str(error), True
        if self._kept and (not is_refused or _is_lasting(text)):
            whole = json.dumps({"text": text, "is_refused": is_refused})
            self._kept.put(key, whole.replace(str(self._work), _WORK).encode())
        return text, is_refused

    def sources(self, architecture: str) -> str:
        """The text of a module as it is planned, for what a plan does not show."""
        files = sorted((self._project / "modules" / architecture).glob("*.tf"))
        return "\n".join(file.read_text(encoding="utf-8") for file in files)

    def _copy(self) -> None:
        """Never the source tree itself: tftest deletes lock files and local state."""
        half = self._work / "project.half"
        ignored = shutil.ignore_patterns(".terraform", "*.tfstate*", "__pycache__")
        for folder in ("envs", "modules"):
            shutil.copytree(self._source / folder, half / folder, ignore=ignored)
        for module in sorted((half / "modules").iterdir()):
            _write_root(half / "envs" / BARE / module.name, module)
            override = self._source / "tests/plan" / module.name / "named_override.tf"
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
            "AWS_ENDPOINT_URL": self._endpoint(),
            # The user's own settings are in no key.
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            # The emulator takes an access key of twelve digits for the account itself.
            "AWS_ACCESS_KEY_ID": of_env.get("account_id", "123456789012"),
            "AWS_SECRET_ACCESS_KEY": "emulator",
            "AWS_REGION": of_env.get("region", "us-east-1"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }


def _with_modules(root: Path) -> list[Path]:
    """A root, and every folder whose module it calls, be it through another."""
    found = [root.resolve()]
    for folder in found:
        for file in (*sorted(folder.glob("*.tf")), *sorted(folder.glob("*.tf.json"))):
            for source in _MODULE_SOURCE.findall(file.read_text()):
                called = (folder / source).resolve()
                if called.is_dir() and called not in found:
                    found.append(called)
    return found


def _files_in(value: Any) -> Iterator[list[str]]:
    """Name and digest of each file that an input names."""
    if isinstance(value, Mapping | list | tuple):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _files_in(each)
    elif isinstance(value, str) and value.startswith("/") and Path(value).is_file():
        yield [Path(value).name, hashlib.sha256(Path(value).read_bytes()).hexdigest()]


def _is_lasting(refusal: str) -> bool:
    """Whether a refusal would be the same at any time."""
    headlines = re.findall(r"Error: (.*)", refusal)
    return bool(headlines) and all(headline.startswith(_REFUSALS) for headline in headlines)


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
def emulator_when_asked(home: Path) -> Iterator[Callable[[], str]]:
    """What starts the emulator that the workers of a run share when it is first asked for its address."""
    with ExitStack() as running:
        yield cache(lambda: running.enter_context(shared_emulator(home)))


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
