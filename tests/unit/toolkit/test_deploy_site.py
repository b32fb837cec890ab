"""`groundplan deploy-site`: the bucket becomes the folder, and at no moment less than a site."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from tests.support.project import Answer, Project
from tooling.errors import ToolError
from tooling.progress import Silent, Tick
from tooling.session import Session, open_session
from tooling.site.deploying import SiteChanges, compare, deploy, find_site
from tooling.site.dist import read_dist
from tooling.target import Target
from tooling.workspace import Workspace

Applied = Callable[..., Project]
BUILT = {
    "index.html": "<script type=module src=/assets/index-BkP9d3xQ.js></script>",
    "assets/index-BkP9d3xQ.js": "console.log(1)",
    "assets/index-BkP9d3xQ.css": "body{}",
    "manifest.webmanifest": "{}",
    "robots.txt": "User-agent: *",
    "sw.js": "self.skipWaiting()",
    ".well-known/assetlinks.json": "[]",
}


@dataclass
class Site:
    """A stack with a site, and the folder that is deployed to it."""

    project: Project
    target: Target
    bucket: str
    distribution: str
    dist: Path

    def build(self, files: Mapping[str, str]) -> None:
        for path, text in files.items():
            file = self.dist / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def deploy(self) -> tuple[SiteChanges, str]:
        """What `groundplan deploy-site` does, in this process: what it changed, and the invalidation's id."""
        self.session.progress = Silent()
        changes = self.changes()
        return changes, deploy(self.session, self.session.stack, changes)

    def command(self, *options: str) -> Answer:
        return self.project.run("deploy-site", "--stack", "rewind", "--dist", str(self.dist), *options)

    def content(self) -> dict[str, str]:
        client = self.target.client("s3")
        listed = client.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return {
            entry["Key"]: client.get_object(Bucket=self.bucket, Key=entry["Key"])["Body"].read().decode()
            for entry in listed
        }

    def invalidations(self) -> list[str]:
        listed = self.target.client("cloudfront").list_invalidations(DistributionId=self.distribution)
        return [entry["Id"] for entry in listed["InvalidationList"].get("Items", [])]

    @cached_property
    def session(self) -> Session:
        return open_session(Workspace(self.project.root), "local", ["rewind"])

    def changes(self) -> SiteChanges:
        session = self.session
        return compare(session, session.stack, find_site(session, session.stack), read_dist(self.dist, "dist"))


def make_distribution(target: Target, bucket: str) -> str:
    origin = {
        "Id": "site",
        "DomainName": f"{bucket}.s3.us-east-1.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    config = {
        "CallerReference": bucket,
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "site",
            "ViewerProtocolPolicy": "redirect-to-https",
            "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        },
    }
    return str(target.client("cloudfront").create_distribution(DistributionConfig=config)["Distribution"]["Id"])


@pytest.fixture
def site(applied: Applied, target: Target, name: str, tmp_path: Path) -> Site:
    return make_site(applied, target, name, tmp_path)


def make_site(applied: Applied, target: Target, name: str, tmp_path: Path, *, confirm: bool = False) -> Site:
    bucket = f"site-{name}"
    target.client("s3").create_bucket(Bucket=bucket)
    distribution = make_distribution(target, bucket)
    project = applied("rewind", {"bucket_name": bucket, "distribution_id": distribution}, confirm=confirm)
    site = Site(project, target, bucket, distribution, tmp_path / "dist")
    site.build(BUILT)
    return site


@pytest.mark.requirement("RW-S3-06")
def test_the_bucket_holds_what_the_folder_holds_with_types_and_cache_headers(site: Site) -> None:
    answer = site.command("--json")

    assert answer.code == 0, answer.said
    assert site.content() == BUILT
    client = site.target.client("s3")
    heads = {key: client.head_object(Bucket=site.bucket, Key=key) for key in BUILT}
    assert {key: (head["ContentType"], head["CacheControl"]) for key, head in heads.items()} == {
        entry["key"]: (entry["content_type"], entry["cache_control"]) for entry in json.loads(answer.out)["uploads"]
    }
    assert heads["assets/index-BkP9d3xQ.js"]["CacheControl"] == "public, max-age=31536000, immutable"
    assert heads["index.html"]["CacheControl"] == "no-cache"
    assert heads["sw.js"]["CacheControl"] == "no-cache"


@pytest.mark.requirement("RW-CF-05")
def test_every_deploy_empties_the_cache_once(site: Site) -> None:
    _, first = site.deploy()
    changes, second = site.deploy()

    assert changes.empty
    assert sorted(site.invalidations()) == sorted([first, second])
    batch = site.target.client("cloudfront").get_invalidation(DistributionId=site.distribution, Id=second)
    assert batch["Invalidation"]["InvalidationBatch"]["Paths"]["Items"] == ["/*"]


def test_only_what_changed_goes_up_and_what_is_gone_is_deleted(site: Site) -> None:
    site.deploy()
    site.build({"index.html": "<p>new</p>", "assets/index-Xy12dEfG.js": "console.log(2)"})
    (site.dist / "assets/index-BkP9d3xQ.js").unlink()

    changes, _ = site.deploy()

    assert [file.key for file in changes.uploads] == ["assets/index-Xy12dEfG.js", "index.html"]
    assert changes.deletes == ("assets/index-BkP9d3xQ.js",)
    assert changes.unchanged == len(BUILT) - 2
    assert "assets/index-BkP9d3xQ.js" not in site.content()
    assert site.content()["index.html"] == "<p>new</p>"


def test_content_of_the_same_length_is_seen_to_differ(site: Site) -> None:
    site.deploy()
    site.build({"robots.txt": "User-agent: x"})

    assert [file.key for file in site.changes().uploads] == ["robots.txt"]


def test_an_object_with_other_headers_is_uploaded_again(site: Site) -> None:
    site.deploy()
    client = site.target.client("s3")
    body = client.get_object(Bucket=site.bucket, Key="index.html")
    client.put_object(
        Bucket=site.bucket,
        Key="index.html",
        Body=body["Body"].read(),
        Metadata=body["Metadata"],
        ContentType=body["ContentType"],
        CacheControl="max-age=3600",
    )

    assert [file.key for file in site.changes().uploads] == ["index.html"]


def test_a_page_goes_live_after_what_it_names_and_before_the_service_worker(site: Site) -> None:
    keys = [file.key for file in site.changes().uploads]

    assert keys == [
        "assets/index-BkP9d3xQ.css",
        "assets/index-BkP9d3xQ.js",
        ".well-known/assetlinks.json",
        "manifest.webmanifest",
        "robots.txt",
        "index.html",
        "sw.js",
    ]


def test_nothing_is_deleted_and_the_page_stays_when_an_upload_fails(site: Site) -> None:
    site.deploy()
    site.build({"index.html": "<p>new</p>", "assets/index-Xy12dEfG.js": "console.log(2)"})
    (site.dist / "robots.txt").unlink()
    session = site.session
    changes = site.changes()
    (site.dist / "assets/index-Xy12dEfG.js").write_text("changed by a build that still runs")

    with pytest.raises(ToolError, match="changed while it was being deployed"):
        deploy(session, session.stack, changes)

    assert site.content() == BUILT
    assert len(site.invalidations()) == 1


def test_a_refusal_of_s3_names_the_call_and_what_to_do(site: Site) -> None:
    session = site.session
    changes = site.changes()
    site.target.client("s3").delete_bucket(Bucket=site.bucket)

    with pytest.raises(ToolError, match=r"PutObject was refused .*NoSuchBucket") as caught:
        deploy(session, session.stack, changes)

    assert caught.value.where == "local/rewind"
    assert caught.value.hint == "nothing was deleted; run it again: it goes on where this one ended"


class InterruptsAt:
    """A watcher that behaves as Ctrl-C does when a key is through."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.notes: list[str] = []

    def tick(self, tick: Tick) -> None:
        if tick.current == self.key:
            raise KeyboardInterrupt

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.mark.parametrize("key", ["assets/index-Xy12dEfG.js", "index.html", "robots.txt"])
def test_an_interrupted_deploy_leaves_a_whole_site_and_the_next_one_finishes_it(site: Site, key: str) -> None:
    site.deploy()
    site.build({"index.html": "<script src=/assets/index-Xy12dEfG.js>", "assets/index-Xy12dEfG.js": "2"})
    (site.dist / "robots.txt").unlink()
    session = site.session
    changes = site.changes()
    watcher = InterruptsAt(key)
    session.progress = watcher

    with pytest.raises(KeyboardInterrupt):
        deploy(session, session.stack, changes)

    half = site.content()
    named = half["index.html"].partition("src=/")[2].partition(">")[0]
    assert named in half
    assert ("robots.txt" in half) == (key != "robots.txt")
    assert "run it again" in watcher.notes[0]

    site.deploy()
    assert set(site.content()) == (set(BUILT) - {"robots.txt"}) | {"assets/index-Xy12dEfG.js"}
    assert site.content()["assets/index-Xy12dEfG.js"] == "2"


def test_a_dry_run_says_what_would_be_done_and_does_nothing(site: Site) -> None:
    site.deploy()
    site.build({"index.html": "<p>new</p>"})
    (site.dist / "sw.js").unlink()

    answer = site.command("--dry-run")

    assert answer.code == 0, answer.said
    assert "  + index.html  text/html; charset=utf-8  no-cache" in answer.out
    assert "  - sw.js" in answer.out
    assert "would be 1 uploaded, 1 deleted, 5 unchanged" in answer.out
    assert site.content() == BUILT
    assert len(site.invalidations()) == 1


def test_hidden_files_are_left_out_and_told(site: Site) -> None:
    site.build({".DS_Store": "x", ".vite/manifest.json": "{}", "assets/.keep": ""})

    dist = read_dist(site.dist, "dist")

    assert dist.skipped == (".DS_Store", ".vite", "assets/.keep")
    assert {file.key for file in dist.files} == set(BUILT)


def test_a_link_within_the_site_is_the_file_it_leads_to(site: Site) -> None:
    (site.dist / "200.html").symlink_to("index.html")

    site.deploy()

    assert site.content()["200.html"] == BUILT["index.html"]


@pytest.mark.parametrize("leads_to", ["../secret.txt", "nowhere", "assets", ".."])
def test_a_link_out_of_the_site_is_refused(tmp_path: Path, leads_to: str) -> None:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("x")
    (tmp_path / "secret.txt").write_text("secret")
    (dist / "link").symlink_to(leads_to)

    with pytest.raises(ToolError, match="link to a folder, to nothing or out of the site") as caught:
        read_dist(dist, "dist")

    assert (caught.value.where, caught.value.exit_code) == ("dist/link", 2)


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("x")
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(ToolError, match="is no regular file") as caught:
        read_dist(tmp_path, "dist")

    assert caught.value.where == "dist/pipe"


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (None, "dist: is no folder"),
        ({"app.js": "x"}, "dist: has no index.html"),
        ({"index.html": ""}, "dist: index.html is empty"),
        ({"sub/index.html": "x"}, "dist: has no index.html"),
    ],
)
def test_what_is_no_built_site_is_refused(tmp_path: Path, files: dict[str, str] | None, says: str) -> None:
    dist = tmp_path / "dist"
    for path, text in (files or {}).items():
        (dist / path).parent.mkdir(parents=True, exist_ok=True)
        (dist / path).write_text(text)

    with pytest.raises(ToolError) as caught:
        read_dist(dist, "dist")

    assert (str(caught.value), caught.value.exit_code) == (says, 2)


@pytest.mark.parametrize(
    ("outputs", "says"),
    [
        (None, "local/rewind: nothing is applied here"),
        ({"bucket_name": "photos"}, "local/rewind: has no site: there is no output distribution_id"),
        ({"bucket_name": "", "distribution_id": "E1"}, "local/rewind: has no site: there is no output bucket_name"),
    ],
)
def test_a_stack_without_a_site_is_refused(
    applied: Applied, tmp_path: Path, outputs: dict[str, str] | None, says: str
) -> None:
    project = applied("rewind", outputs)
    (tmp_path / "index.html").write_text("x")

    answer = project.run("deploy-site", "--stack", "rewind", "--dist", str(tmp_path))

    assert answer.code == 1
    assert f"error: {says}" in answer.err


def test_where_the_environment_asks_nobody_to_answer_means_no(
    applied: Applied, target: Target, name: str, tmp_path: Path
) -> None:
    site = make_site(applied, target, name, tmp_path, confirm=True)

    answer = site.command()

    assert answer.code == 2
    assert "nobody is there to confirm 7 files to upload" in answer.err
    assert site.content() == {}
    assert site.command("--yes").code == 0
    assert site.content() == BUILT
