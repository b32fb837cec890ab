"""A second region of a stack: what env.toml says of it, what its root is generated with, where packages go."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.support.applied import emulated_target
from tests.support.project import REPOSITORY, Project
from tooling.artifacts import upload_packages
from tooling.bootstrap import bootstrap, planned_buckets
from tooling.environment.config import EnvironmentConfig, parse_environment
from tooling.environment.stacks import select_stacks
from tooling.errors import Exit, ToolError
from tooling.session import Session, open_session
from tooling.state import require_bucket
from tooling.synth.generated import Module, root_files
from tooling.target import Target
from tooling.workspace import Workspace

ACCOUNT = "210987654321"
ENV_TOML = """\
account_id       = "210987654321"
region           = "us-east-1"
target           = "emulator"
confirm          = false
artifacts_bucket = "packages-zzz"

[state]
bucket = "state-zzz"
region = "us-east-1"

[stacks.rewind]
[stacks.rewind.aliases.failover]
region           = "us-west-2"
artifacts_bucket = "packages-zzz-us-west-2"
"""
VARIABLES = {
    name: {"type": "string", "description": "One.", "nullable": False}
    for name in ("region", "artifacts_bucket", "failover_region", "failover_artifacts_bucket", "price_class")
}


def parsed(folder: Path, text: str) -> EnvironmentConfig:
    file = folder / "env.toml"
    file.write_text(text)
    return parse_environment(file, "envs/x/env.toml")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('"us-west-2"', '"us-wst-2"', 13, "failover.region is 'us-wst-2': no AWS region; use one of us-"),
        ('"us-west-2"', '"us-east-1"', 13, "failover.region is 'us-east-1': that is the environment's own region"),
        ("packages-zzz-us-west-2", "Packages", 14, "failover.artifacts_bucket is 'Packages': string should match"),
        ("packages-zzz-us-west-2", "packages-zzz", 14, "'packages-zzz': that bucket is in us-east-1"),
        ("packages-zzz-us-west-2", "state-zzz", 14, "'state-zzz': that bucket is in us-east-1"),
        ('"us-west-2"', '"us-west-2"\nzone = 1', 14, "failover.zone is not a setting of env.toml"),
    ],
)
def test_a_wrong_second_region_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    with pytest.raises(ToolError) as caught:
        parsed(tmp_path, ENV_TOML.replace(old, new))

    assert says in str(caught.value)
    assert (caught.value.where, caught.value.exit_code) == (f"envs/x/env.toml:{line}", Exit.USAGE)


def test_a_name_that_cannot_begin_a_variable_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"stacks\.rewind\.aliases\.Fail-over is 'Fail-over'") as caught:
        parsed(tmp_path, ENV_TOML.replace("aliases.failover", "aliases.Fail-over"))

    assert caught.value.where == "envs/x/env.toml:12"


def test_two_stacks_may_share_the_bucket_of_a_region_but_not_across_regions(tmp_path: Path) -> None:
    other = '[stacks.kefir.aliases.spare]\nregion = "REGION"\nartifacts_bucket = "packages-zzz-us-west-2"\n'

    config = parsed(tmp_path, ENV_TOML + other.replace("REGION", "us-west-2"))
    assert [bucket for bucket, _, _ in planned_buckets(config)] == [
        "state-zzz",
        "packages-zzz",
        "packages-zzz-us-west-2",
    ]

    with pytest.raises(ToolError, match="that bucket is in us-west-2") as caught:
        parsed(tmp_path, ENV_TOML + other.replace("REGION", "eu-west-1"))
    assert caught.value.where == "envs/x/env.toml:17"


def module(aliases: list[str], *, packages: bool = True, environment: bool = False) -> Module:
    variables = {
        name: body for name, body in VARIABLES.items() if packages or not name.endswith("failover_artifacts_bucket")
    }
    if environment:
        variables["environment"] = {"type": "string", "description": "Which.", "nullable": False}
    content: dict[str, Any] = {
        "variable": variables,
        "output": {},
        "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "configuration_aliases": aliases}}},
    }
    return Module("rewind", content, content)


def workspace_of(folder: Path, text: str) -> tuple[Workspace, EnvironmentConfig]:
    project = Project(folder)
    file = project.write("envs/local/env.toml", text)
    return Workspace(folder), parse_environment(file, "envs/local/env.toml")


def without_second_region(text: str) -> str:
    return text.partition("[stacks.rewind.aliases.failover]")[0]


def test_the_root_has_the_provider_of_the_second_region_and_pins_its_values(tmp_path: Path) -> None:
    workspace, config = workspace_of(tmp_path, ENV_TOML)

    files = root_files(workspace, "local", config, module(["aws.failover"]))

    words = " ".join(files[Path("envs/local/rewind/main.tf")].split())
    assert 'provider "aws" { alias = "failover" region = "us-west-2" allowed_account_ids = ["210987654321"]' in words
    assert "providers = { aws = aws aws.failover = aws.failover }" in words
    assert 'failover_region = "us-west-2" failover_artifacts_bucket = "packages-zzz-us-west-2"' in words
    assert "var.price_class" in words
    assert "failover" not in files[Path("envs/local/rewind/variables.tf")]


def test_a_stack_without_the_bucket_of_packages_its_module_needs_is_refused(tmp_path: Path) -> None:
    workspace, config = workspace_of(tmp_path, ENV_TOML.replace('artifacts_bucket = "packages-zzz-us-west-2"', ""))

    with pytest.raises(ToolError, match=r"stacks\.rewind\.aliases\.failover\.artifacts_bucket is missing") as caught:
        root_files(workspace, "local", config, module(["aws.failover"]))

    assert (caught.value.where, caught.value.exit_code) == ("envs/local/env.toml:12", Exit.USAGE)


def test_a_bucket_of_packages_for_a_module_without_functions_is_refused(tmp_path: Path) -> None:
    workspace, config = workspace_of(tmp_path, ENV_TOML)

    with pytest.raises(ToolError, match="artifacts_bucket is not needed: rewind has no functions there") as caught:
        root_files(workspace, "local", config, module(["aws.failover"], packages=False))

    assert caught.value.where == "envs/local/env.toml:14"


def test_a_region_without_functions_needs_no_bucket_of_packages(tmp_path: Path) -> None:
    text = ENV_TOML.replace('artifacts_bucket = "packages-zzz-us-west-2"', "")
    workspace, config = workspace_of(tmp_path, text)

    files = root_files(workspace, "local", config, module(["aws.failover"], packages=False))

    root = files[Path("envs/local/rewind/main.tf")]
    assert "us-west-2" in root
    assert "failover_artifacts_bucket" not in root
    assert [bucket for bucket, _, _ in planned_buckets(config)] == ["state-zzz", "packages-zzz"]


def test_a_stack_may_call_its_environment_by_the_words_of_its_document(tmp_path: Path) -> None:
    text = ENV_TOML.replace("[stacks.rewind]", '[stacks.rewind]\nenvironment = "production"')
    workspace, config = workspace_of(tmp_path, text)

    files = root_files(workspace, "local", config, module(["aws.failover"], environment=True))

    words = " ".join(files[Path("envs/local/rewind/main.tf")].split())
    assert 'environment = "production"' in words
    assert 'Environment = "production"' in words
    assert 'key = "local/rewind.tfstate"' in words


def test_a_stack_that_lacks_the_region_its_module_needs_is_refused(tmp_path: Path) -> None:
    workspace, config = workspace_of(tmp_path, without_second_region(ENV_TOML))

    with pytest.raises(ToolError, match="rewind needs a second region: the provider alias 'failover'") as caught:
        root_files(workspace, "local", config, module(["aws.failover"]))

    assert caught.value.where == "envs/local/env.toml:11"
    assert "add [stacks.rewind.aliases.failover] with region and artifacts_bucket" in str(caught.value.hint)
    assert caught.value.exit_code == Exit.USAGE


def test_a_region_that_the_module_does_not_take_is_refused(tmp_path: Path) -> None:
    workspace, config = workspace_of(tmp_path, ENV_TOML)

    with pytest.raises(ToolError, match="rewind takes no provider alias 'failover'") as caught:
        root_files(workspace, "local", config, module([]))

    assert (caught.value.where, caught.value.hint) == (
        "envs/local/env.toml:12",
        "remove [stacks.rewind.aliases.failover]",
    )


def generated(folder: Path, text: str, aliases: list[str]) -> tuple[Workspace, EnvironmentConfig]:
    workspace, config = workspace_of(folder, text)
    for path, content in root_files(workspace, "local", config, module(aliases)).items():
        Project(folder).write(str(path), content)
    (folder / "modules/rewind").mkdir(parents=True)
    return workspace, config


def test_a_root_of_the_same_settings_is_taken(tmp_path: Path) -> None:
    workspace, config = generated(tmp_path, ENV_TOML, ["aws.failover"])

    assert [stack.name for stack in select_stacks(workspace, "local", config, ["rewind"])] == ["local/rewind"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"us-west-2"', '"eu-west-1"', "its failover_region is 'us-west-2', not 'eu-west-1'"),
        ("packages-zzz-us-west-2", "other", "its failover_artifacts_bucket is 'packages-zzz-us-west-2', not 'other'"),
        ('"packages-zzz"', '"other"', "its artifacts_bucket is 'packages-zzz', not 'other'"),
        ("aliases.failover", "aliases.spare", "it has a provider alias 'failover'"),
    ],
)
def test_a_root_of_other_regions_or_buckets_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    generated(tmp_path, ENV_TOML, ["aws.failover"])
    workspace, config = workspace_of(tmp_path, ENV_TOML.replace(old, new))

    with pytest.raises(ToolError, match=says) as caught:
        select_stacks(workspace, "local", config, ["rewind"])

    assert caught.value.hint == "generate it again: groundplan synth"


def test_a_root_without_the_provider_that_env_toml_names_is_refused(tmp_path: Path) -> None:
    generated(tmp_path, without_second_region(ENV_TOML), [])
    workspace, config = workspace_of(tmp_path, ENV_TOML)

    with pytest.raises(ToolError, match="it has no provider alias 'failover'"):
        select_stacks(workspace, "local", config, ["rewind"])


@pytest.fixture
def second_account(target: Target) -> Target:
    return emulated_target(str(target.endpoint), ACCOUNT)


@pytest.fixture
def session(tmp_path: Path, home: Path, target: Target, name: str) -> Session:
    assert target.emulated
    generated(tmp_path, ENV_TOML.replace("zzz", name), ["aws.failover"])
    (tmp_path / ".groundplan").mkdir()
    (tmp_path / ".groundplan/emulator").symlink_to(home)
    shutil.copytree(REPOSITORY / "functions/kefir", tmp_path / "functions/rewind")
    if (REPOSITORY / "functions/shared").is_dir():
        shutil.copytree(REPOSITORY / "functions/shared", tmp_path / "functions/shared")
    return open_session(Workspace(tmp_path), "local", ["rewind"])


@pytest.mark.requirement("RW-DEP-01")
def test_bootstrap_makes_a_bucket_in_each_region_once(session: Session, second_account: Target, name: str) -> None:
    first = bootstrap(session.target, session.config)
    again = bootstrap(session.target, session.config)

    assert [(one.name, one.region, one.created) for one in first] == [
        (f"state-{name}", "us-east-1", True),
        (f"packages-{name}", "us-east-1", True),
        (f"packages-{name}-us-west-2", "us-west-2", True),
    ]
    assert not any(one.created for one in again)
    place = second_account.client("s3", "us-west-2").get_bucket_location(Bucket=f"packages-{name}-us-west-2")
    assert place["LocationConstraint"] == "us-west-2"


def test_packages_go_to_the_bucket_of_every_region(session: Session, name: str) -> None:
    bootstrap(session.target, session.config)

    uploaded = upload_packages(session)
    again = upload_packages(session)

    keys = {
        bucket: {
            entry["Key"] for entry in session.target.client("s3", region).list_objects_v2(Bucket=bucket)["Contents"]
        }
        for bucket, region in session.config.artifacts_buckets("rewind")
    }
    assert set(keys) == {f"packages-{name}", f"packages-{name}-us-west-2"}
    assert len({frozenset(there) for there in keys.values()}) == 1
    assert sorted(uploaded) == sorted(f"{bucket}/{key}" for bucket, there in keys.items() for key in there)
    assert again == ()


class Noting(Target):
    """A target that tells which regions it was asked for a client of."""

    regions: ClassVar[list[str | None]] = []

    def client(
        self, service: str, region: str | None = None, *, retries: int | None = None, read: float | None = None
    ) -> Any:
        self.regions.append(region)
        return super().client(service, region, retries=retries, read=read)


def test_each_bucket_is_asked_in_its_own_region(session: Session) -> None:
    bootstrap(session.target, session.config)
    target = session.target
    session.target = Noting(target.name, target.endpoint, target.environ, target.region, target.account_id)

    upload_packages(session)

    assert Noting.regions == ["us-east-1", "us-west-2"]


def test_a_missing_bucket_of_the_second_region_is_named(session: Session, name: str) -> None:
    bootstrap(session.target, session.config)
    session.target.client("s3", "us-west-2").delete_bucket(Bucket=f"packages-{name}-us-west-2")

    with pytest.raises(ToolError, match=f"the artifacts bucket packages-{name}-us-west-2 refuses us") as caught:
        upload_packages(session)

    assert caught.value.hint == "make it: groundplan bootstrap --env local"


def test_doctor_tells_of_every_bucket_of_packages(session: Session, name: str, home: Path) -> None:
    project = Project(session.workspace.root)
    (project.root / "cdktf_app").mkdir()

    def package_buckets() -> dict[str, str]:
        checks = json.loads(project.run("doctor", "--json").out)
        return next(check for check in checks if check["name"] == "package buckets")

    assert package_buckets()["saw"] == f"envs/local/env.toml: the bucket packages-{name} does not exist"
    assert package_buckets()["next"] == "make it: groundplan bootstrap --env local"

    answer = project.run("bootstrap", "--env", "local")
    assert f"packages-{name}-us-west-2 (us-west-2) for function packages: made" in answer.out
    assert (package_buckets()["status"], package_buckets()["next"]) == ("ok", "")
    assert package_buckets()["saw"] == f"packages-{name} (us-east-1), packages-{name}-us-west-2 (us-west-2)"


def test_a_bucket_in_another_region_than_env_toml_says_is_refused(second_account: Target, name: str) -> None:
    second_account.client("s3").create_bucket(Bucket=f"east-{name}")

    with pytest.raises(ToolError, match=f"the function packages bucket east-{name} is in us-east-1, not in us-west-2"):
        require_bucket(second_account, "local", f"east-{name}", "us-west-2", "function packages")
