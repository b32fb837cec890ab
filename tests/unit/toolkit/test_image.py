"""`groundplan image`: a tag stays with its image, and an image gets into ECR with and without Docker."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.image_files import digest_of, docker_archive, oci_archive
from tests.support.project import Answer, Project
from tests.support.written_state import Written, write_stack
from tests.unit.toolkit.conftest import Applied
from tooling.errors import ToolError
from tooling.images.archive import read_archive
from tooling.images.pushing import push
from tooling.images.registry import find_repository
from tooling.images.tags import check_tag
from tooling.live import LiveStack, live_stack
from tooling.session import open_session
from tooling.target import Target
from tooling.workspace import Workspace

# Writes what was asked of it beside itself, and gives the image that the test prepared.
DOCKER = """\
#!/bin/sh
echo "$@" > "$0.asked"
test "$4" = app:build || { echo "Error response from daemon: reference does not exist" >&2; exit 1; }
cp "$0.tar" "$3"
"""


@dataclass
class Registry:
    """An applied stack with an image repository."""

    project: Project
    target: Target
    repository: str

    @property
    def ecr(self) -> Any:
        return self.target.client("ecr")

    def run(self, *args: str, **environ: str) -> Answer:
        return self.project.run("image", args[0], "--stack", "doomscroll", *args[1:], environ=environ)

    def tagged(self) -> dict[str, str]:
        """Digest of each tag."""
        found = self.ecr.describe_images(repositoryName=self.repository)["imageDetails"]
        return {tag: one["imageDigest"] for one in found for tag in one["imageTags"]}


@pytest.fixture
def registry(applied: Applied, target: Target, name: str) -> Registry:
    project = applied("doomscroll", {})
    made = target.client("ecr").create_repository(repositoryName=f"shop-{name}/app", imageTagMutability="IMMUTABLE")
    attributes = {"name": f"shop-{name}/app", "repository_url": made["repository"]["repositoryUri"]}
    resources = [Written("aws_ecr_repository", "repository", "registry", attributes)]
    write_stack(project, target, stack="doomscroll", bucket=f"state-{name}", resources=resources)
    return Registry(project, target, f"shop-{name}/app")


class Late:
    """ECR's client, whose every layer is there already by the time that it is completed."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def complete_layer_upload(self, **asked: Any) -> None:
        self._client.complete_layer_upload(**asked)
        told = {"Error": {"Code": "LayerAlreadyExistsException", "Message": "it is there"}}
        raise self._client.exceptions.LayerAlreadyExistsException(told, "CompleteLayerUpload")


class Racing(LiveStack):
    """A stack to whose repository somebody else pushes the same layers at the same time."""

    def client(self, service: str, region: str | None = None) -> Any:
        return Late(super().client(service, region))


def racing(registry: Registry) -> Racing:
    session = open_session(Workspace(registry.project.root), "local", ["doomscroll"])
    return Racing(session, session.stack, live_stack(session, session.stack).state)


def checkout(folder: Path) -> str:
    """A git checkout with one commit, which is given back."""
    folder.mkdir()
    commit = ["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "--allow-empty", "-m", "first"]
    for command in (["init", "-q"], commit):
        subprocess.run(["git", *command], cwd=folder, check=True)
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, check=True, capture_output=True, text=True)
    return head.stdout.strip()


@pytest.mark.requirement("FD-ECR-08")
def test_a_release_is_pushed_under_its_version(registry: Registry, tmp_path: Path) -> None:
    file = docker_archive(tmp_path / "image.tar")

    answer = registry.run("push", "--tag", "v1.2.3", "--archive", str(file))

    assert answer.code == 0, answer.said
    (digest,) = registry.tagged().values()
    assert list(registry.tagged()) == ["v1.2.3"]
    assert digest in answer.out
    assert 'image_tag = "v1.2.3" in envs/local/doomscroll/terraform.tfvars' in answer.out
    (image,) = registry.ecr.batch_get_image(repositoryName=registry.repository, imageIds=[{"imageTag": "v1.2.3"}])[
        "images"
    ]
    assert digest_of(image["imageManifest"].encode()) == digest
    manifest = json.loads(image["imageManifest"])
    wanted = [manifest["config"]["digest"], *(layer["digest"] for layer in manifest["layers"])]
    there = registry.ecr.batch_check_layer_availability(repositoryName=registry.repository, layerDigests=wanted)
    assert [layer["layerDigest"] for layer in there["layers"]] == wanted
    assert there["failures"] == []


@pytest.mark.requirement("FD-ECR-08")
@pytest.mark.parametrize("tag", ["latest", "1.2", "v01.2.3", "v1.2.3+build"])
def test_what_is_no_version_and_no_commit_is_refused(registry: Registry, tmp_path: Path, tag: str) -> None:
    file = docker_archive(tmp_path / "image.tar")

    answer = registry.run("push", "--tag", tag, "--archive", str(file))

    assert answer.code == 2
    assert f"'{tag}' is no version and no commit" in answer.err
    assert registry.ecr.describe_images(repositoryName=registry.repository)["imageDetails"] == []


@pytest.mark.requirement("FD-ECR-08", "FD-ECR-09")
@pytest.mark.parametrize("tag", ["v1.2.3", "1.2.3", "v0.10.0-rc.1", "v1.2.3-0a", "abcdef0", "a" * 40])
def test_versions_and_commits_are_taken(tag: str) -> None:
    assert check_tag(tag) == tag


@pytest.mark.requirement("FD-ECR-08", "FD-ECR-09")
@pytest.mark.parametrize(
    "tag",
    [
        "v1.2.3.4",
        "main",
        "ABCDEF0",
        "abc123",
        "a" * 41,
        "v1.2.3-rc..1",
        "v1.2.3-01",
        "v1.2.3-",
        "v1.\u0662.3",
        "v1.2.3\n",
    ],
)
def test_what_looks_like_a_version_or_commit_and_is_none_is_refused(tag: str) -> None:
    with pytest.raises(ToolError, match="is no version and no commit"):
        check_tag(tag)


@pytest.mark.requirement("FD-ECR-09")
def test_without_a_tag_it_is_the_commit(registry: Registry, tmp_path: Path) -> None:
    head = checkout(tmp_path / "app")
    file = docker_archive(tmp_path / "image.tar")

    answer = registry.run("push", "--source", str(tmp_path / "app"), "--archive", str(file), "--json")

    assert answer.code == 0, answer.said
    assert json.loads(answer.out)["tag"] == head
    assert list(registry.tagged()) == [head]


@pytest.mark.requirement("FD-ECR-09")
def test_a_commit_that_does_not_tell_what_was_built_is_no_tag(registry: Registry, tmp_path: Path) -> None:
    checkout(tmp_path / "app")
    (tmp_path / "app/new.txt").write_text("new")
    file = str(docker_archive(tmp_path / "image.tar"))

    dirty = registry.run("push", "--source", str(tmp_path / "app"), "--archive", file)
    nowhere = registry.run("push", "--source", str(tmp_path), "--archive", file)

    assert dirty.code == 1
    assert "has 1 uncommitted files" in dirty.err
    assert nowhere.code == 2
    assert "is no git checkout" in nowhere.err


def test_docker_is_asked_for_an_image_that_it_has(registry: Registry, tmp_path: Path) -> None:
    docker = tmp_path / "bin/docker"
    docker.parent.mkdir()
    docker.write_text(DOCKER)
    docker.chmod(0o755)
    docker_archive(tmp_path / "bin/docker.tar")
    path = f"{docker.parent}:/usr/bin:/bin:/usr/local/bin"

    pushed = registry.run("push", "--tag", "v1.0.0", "--image", "app:build", PATH=path)
    missing = registry.run("push", "--tag", "v1.0.1", "--image", "app:other", PATH=path)

    assert pushed.code == 0, pushed.said
    assert list(registry.tagged()) == ["v1.0.0"]
    assert missing.code == 1
    assert "app:other: docker save failed: Error response from daemon: reference does not exist" in missing.err


def test_pushing_again_changes_nothing_and_another_image_is_refused(registry: Registry, tmp_path: Path) -> None:
    one, other = docker_archive(tmp_path / "1.tar"), docker_archive(tmp_path / "2.tar", what=b"else")
    assert registry.run("push", "--tag", "v1.0.0", "--archive", str(one)).code == 0
    before = registry.tagged()

    again = registry.run("push", "--tag", "v1.0.0", "--archive", str(one))
    taken = registry.run("push", "--tag", "v1.0.0", "--archive", str(other))

    assert again.code == 0, again.said
    assert "is there already" in again.out
    assert taken.code == 1
    assert f"the tag v1.0.0 is taken: by {before['v1.0.0']}" in taken.err
    assert registry.tagged() == before


def test_layers_that_are_there_are_not_sent_again(registry: Registry, tmp_path: Path) -> None:
    one, other = docker_archive(tmp_path / "1.tar"), docker_archive(tmp_path / "2.tar", what=b"else")

    first = registry.run("push", "--tag", "v1.0.0", "--archive", str(one), "--json")
    second = registry.run("push", "--tag", "v1.0.1", "--archive", str(other), "--json")

    assert json.loads(first.out)["uploaded"] == 3
    assert json.loads(second.out)["uploaded"] == 1


def test_a_layer_that_somebody_else_pushed_meanwhile_is_no_failure(registry: Registry, tmp_path: Path) -> None:
    live = racing(registry)
    work = tmp_path / "work"
    work.mkdir()
    image = read_archive(docker_archive(tmp_path / "1.tar"), work)

    pushed = push(live, find_repository(live), image, "v1.0.0")

    assert registry.tagged() == {"v1.0.0": pushed.digest}


def test_an_oci_archive_keeps_the_digest_that_its_builder_gave(registry: Registry, tmp_path: Path) -> None:
    file, digest = oci_archive(tmp_path / "image.tar")

    answer = registry.run("push", "--tag", "v1.0.0", "--archive", str(file))

    assert answer.code == 0, answer.said
    assert registry.tagged() == {"v1.0.0": digest}


@pytest.mark.requirement("FD-ECR-07")
def test_the_newest_image_is_told_by_digest_and_published(registry: Registry, tmp_path: Path) -> None:
    for number, wait in ((0, 1.1), (1, 0)):
        file = docker_archive(tmp_path / f"{number}.tar", what=str(number).encode())
        assert registry.run("push", "--tag", f"v1.0.{number}", "--archive", str(file)).code == 0
        time.sleep(wait)

    told = registry.run("latest", "--publish", "--json")

    assert told.code == 0, told.said
    found = json.loads(told.out)
    assert found["digest"] == registry.tagged()["v1.0.1"]
    assert found["reference"].endswith(f"/{registry.repository}@{found['digest']}")
    name = f"/images/{registry.repository}/latest"
    assert registry.target.client("ssm").get_parameter(Name=name)["Parameter"]["Value"] == found["reference"]
    assert "latest" not in registry.tagged()


def test_an_environment_that_asks_is_asked_before_a_push_and_a_publication(registry: Registry, tmp_path: Path) -> None:
    env = registry.project.root / "envs/local/env.toml"
    env.write_text(env.read_text().replace("confirm          = false", "confirm          = true"))
    push_it = ("push", "--tag", "v1.0.0", "--archive", str(docker_archive(tmp_path / "image.tar")))
    name = f"/images/{registry.repository}/latest"

    refused = registry.run(*push_it)
    before = registry.tagged()
    told = registry.run(*push_it, "--yes")
    again = registry.run(*push_it)
    unpublished = registry.run("latest", "--publish")

    assert refused.code == unpublished.code == 2
    assert "nobody is there to confirm push sha256:" in refused.err
    assert before == {}
    assert told.code == 0, told.said
    # Nothing is left to be done, so nobody is asked.
    assert again.code == 0, again.said
    assert f"nobody is there to confirm write {registry.target.account_id}.dkr.ecr" in unpublished.err
    assert registry.target.client("ssm").get_parameters(Names=[name])["Parameters"] == []


def test_an_empty_repository_has_no_newest_image(registry: Registry) -> None:
    answer = registry.run("latest")

    assert answer.code == 1
    assert "holds no image" in answer.err
    assert "groundplan image push --env local --stack doomscroll" in answer.err


@pytest.mark.requirement("FD-SEC-08")
def test_what_the_scan_found_is_told_and_fails_on_what_is_grave(registry: Registry, tmp_path: Path) -> None:
    file = docker_archive(tmp_path / "image.tar")
    assert registry.run("push", "--tag", "v1.0.0", "--archive", str(file)).code == 0

    unscanned = registry.run("scan-report")
    grave = registry.run("scan-report", "--start", "--tag", "v1.0.0", "--json")
    enough = registry.run("scan-report", "--fail-on", "NONE")

    assert unscanned.code == 1
    assert "was never scanned" in unscanned.err
    assert grave.code == 1
    report = json.loads(grave.out)
    assert report["counts"]["HIGH"] == 1
    assert report["found"][0]["severity"] == "HIGH"
    assert report["found"][0]["name"].startswith("CVE-")
    assert "1 findings of severity HIGH or above" in grave.err
    assert enough.code == 0, enough.said
    assert report["found"][0]["name"] in enough.out


def test_a_stack_without_a_repository_says_so(applied: Applied) -> None:
    project = applied("kefir", {})

    answer = project.run("image", "latest", "--stack", "kefir")

    assert answer.code == 2
    assert "no image repository" in answer.err


def test_a_repository_of_another_stack_is_found_by_the_output_that_names_it(
    registry: Registry, target: Target, tmp_path: Path, name: str
) -> None:
    url = f"123456789012.dkr.ecr.us-east-1.amazonaws.com/{registry.repository}"
    write_stack(
        registry.project,
        target,
        stack="doomscroll",
        bucket=f"state-{name}",
        resources=[Written("aws_sns_topic", "other", "monitoring")],
        outputs={"ecr_repository_url": url},
    )
    file = docker_archive(tmp_path / "image.tar")

    answer = registry.run("push", "--tag", "v1.0.0", "--archive", str(file))

    assert answer.code == 0, answer.said
    assert list(registry.tagged()) == ["v1.0.0"]
