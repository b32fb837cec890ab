"""`groundplan drill failover`: with the first region gone, the second serves the same; and what if it does not."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.applied import applied_project
from tests.support.project import Project
from tests.support.two_regions import DOMAIN, FIRST, SECOND, TwoRegions, package
from tooling.drill.apis import find_api_id
from tooling.drill.contents import item_digests, require_equal
from tooling.drill.emulated import try_failover
from tooling.drill.failover import Report, drill, readiness
from tooling.emulator.process import RunningEmulator, outage
from tooling.errors import ToolError
from tooling.progress import Tick
from tooling.session import Session, open_session
from tooling.target import Target
from tooling.workspace import Workspace

Applied = Callable[..., Project]
Breaking = Callable[[TwoRegions], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def two(target: Target) -> TwoRegions:
    return TwoRegions(target, "drill")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, home: Path, target: Target, two: TwoRegions) -> Project:
    root = tmp_path_factory.mktemp("drill")
    return applied_project(root, home, target, stack="rewind", bucket="state-drill", outputs=two.outputs)


@pytest.fixture
def session(project: Project) -> Session:
    return open_session(Workspace(project.root), "local", ["rewind"])


def rehearse(session: Session, emulator: RunningEmulator) -> Report:
    return drill(session, session.stack, lambda region: outage(emulator, region), patience=0.5)


def left_behind(two: TwoRegions) -> list[str]:
    """Versions of objects, and items, that a drill wrote."""
    found = []
    for region, bucket in two.buckets.items():
        listed = two.client("s3", region).list_object_versions(Bucket=bucket, Prefix=".groundplan")
        found += [entry["Key"] for entry in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]]
        found += [key for key in item_digests(two.client("dynamodb", region), two.table) if "GROUNDPLAN" in key]
    return found


def test_the_second_region_serves_what_the_first_did(project: Project, two: TwoRegions) -> None:
    answer = project.run("drill", "failover", "--stack", "rewind", "--json")

    assert answer.code == 0, answer.said
    report = json.loads(answer.out)
    assert (report["kind"], report["first"], report["second"], report["passed"]) == ("drill", FIRST, SECOND, True)
    saw = {check["name"]: check["saw"] for check in report["checks"]}
    assert saw["the site bucket of us-east-1 no longer answers"] == "ListObjectsV2: HTTP 503"
    assert saw["the API of us-east-1 no longer answers"] == "GetRestApi: HTTP 503"
    assert saw["us-west-2 has every object of the site"] == "3 objects (the probe is one), all equal"
    assert saw["us-west-2 has every item of the table"] == "4 items (the probe is one), all equal"
    assert saw["the API of us-west-2 has the same routes and is deployed"] == "4 routes, deployed to v1"
    assert all(check["seconds"] >= 0 for check in report["checks"])
    assert len(report["checks"]) == 14
    assert left_behind(two) == []


@contextmanager
def object_missing(two: TwoRegions) -> Iterator[None]:
    client = two.client("s3", SECOND)
    client.delete_object(Bucket=two.buckets[SECOND], Key="assets/a.js")
    yield
    client.put_object(Bucket=two.buckets[SECOND], Key="assets/a.js", Body=b"assets/a.js")


@contextmanager
def object_different(two: TwoRegions) -> Iterator[None]:
    client = two.client("s3", SECOND)
    client.put_object(Bucket=two.buckets[SECOND], Key="index.html", Body=b"other")
    yield
    client.put_object(Bucket=two.buckets[SECOND], Key="index.html", Body=b"index.html")


@contextmanager
def object_surplus(two: TwoRegions) -> Iterator[None]:
    client = two.client("s3", SECOND)
    client.put_object(Bucket=two.buckets[SECOND], Key="stale.html", Body=b"old")
    yield
    client.delete_object(Bucket=two.buckets[SECOND], Key="stale.html")


@contextmanager
def no_replication(two: TwoRegions) -> Iterator[None]:
    client = two.client("s3")
    rules = client.get_bucket_replication(Bucket=two.buckets[FIRST])["ReplicationConfiguration"]
    client.delete_bucket_replication(Bucket=two.buckets[FIRST])
    yield
    client.put_bucket_replication(Bucket=two.buckets[FIRST], ReplicationConfiguration=rules)


def resource(two: TwoRegions, path: str) -> dict[str, Any]:
    listed = two.client("apigateway", SECOND).get_resources(restApiId=two.apis[SECOND])["items"]
    return {"restApiId": two.apis[SECOND], "resourceId": next(one["id"] for one in listed if one["path"] == path)}


@contextmanager
def route_missing(two: TwoRegions) -> Iterator[None]:
    where = resource(two, "/share") | {"httpMethod": "OPTIONS"}
    client = two.client("apigateway", SECOND)
    client.delete_method(**where)
    yield
    client.put_method(**where, authorizationType="NONE")
    client.put_integration(**where, type="MOCK")


@contextmanager
def calls_across_regions(two: TwoRegions) -> Iterator[None]:
    where = resource(two, "/share") | {"httpMethod": "POST", "type": "AWS_PROXY", "integrationHttpMethod": "POST"}
    client = two.client("apigateway", SECOND)
    client.put_integration(**where, uri=two.integration(FIRST, "shareHandler"))
    yield
    client.put_integration(**where, uri=two.integration(SECOND, "shareHandler"))


@contextmanager
def stage_missing(two: TwoRegions) -> Iterator[None]:
    client = two.client("apigateway", SECOND)
    client.delete_stage(restApiId=two.apis[SECOND], stageName="v1")
    yield
    client.create_deployment(restApiId=two.apis[SECOND], stageName="v1")


@contextmanager
def other_code(two: TwoRegions) -> Iterator[None]:
    client = two.client("lambda", SECOND)
    client.update_function_code(FunctionName=f"shareHandler-{two.name}", ZipFile=package("older"))
    yield
    client.update_function_code(FunctionName=f"shareHandler-{two.name}", ZipFile=package("shareHandler"))


@contextmanager
def other_table(two: TwoRegions) -> Iterator[None]:
    client = two.client("lambda", SECOND)
    name = f"podcastHandler-{two.name}"
    client.update_function_configuration(FunctionName=name, Environment={"Variables": {"DYNAMODB_TABLE_NAME": "x"}})
    yield
    variables = {"DYNAMODB_TABLE_NAME": two.table}
    client.update_function_configuration(FunctionName=name, Environment={"Variables": variables})


@contextmanager
def function_missing(two: TwoRegions) -> Iterator[None]:
    two.client("lambda", SECOND).delete_function(FunctionName=f"shareHandler-{two.name}")
    yield
    two.make_function(SECOND, "shareHandler")


@contextmanager
def secondary_elsewhere(two: TwoRegions) -> Iterator[None]:
    two.change_record("UPSERT", "SECONDARY", "elsewhere.example.net")
    yield
    two.change_record("UPSERT", "SECONDARY", two.domains[SECOND])


@contextmanager
def secondary_missing(two: TwoRegions) -> Iterator[None]:
    two.change_record("DELETE", "SECONDARY", two.domains[SECOND])
    yield
    two.change_record("CREATE", "SECONDARY", two.domains[SECOND])


@contextmanager
def primary_unwatched(two: TwoRegions) -> Iterator[None]:
    two.change_record("UPSERT", "PRIMARY", two.domains[FIRST])
    yield
    two.change_record("UPSERT", "PRIMARY", two.domains[FIRST], two.health_check)


@contextmanager
def primary_watched_by_another(two: TwoRegions) -> Iterator[None]:
    made = two.client("route53").create_health_check(
        CallerReference=f"other-{two.name}", HealthCheckConfig={"Type": "HTTPS", "FullyQualifiedDomainName": "x.org"}
    )
    two.change_record("UPSERT", "PRIMARY", two.domains[FIRST], made["HealthCheck"]["Id"])
    yield
    two.change_record("UPSERT", "PRIMARY", two.domains[FIRST], two.health_check)


@contextmanager
def health_check_of_the_domain_itself(two: TwoRegions) -> Iterator[None]:
    client = two.client("route53")
    config = client.get_health_check(HealthCheckId=two.reachable)["HealthCheck"]["HealthCheckConfig"]
    client.update_health_check(HealthCheckId=two.reachable, FullyQualifiedDomainName=DOMAIN)
    yield
    watched = config["FullyQualifiedDomainName"]
    client.update_health_check(HealthCheckId=two.reachable, FullyQualifiedDomainName=watched)


@contextmanager
def domain_of_another_api(two: TwoRegions) -> Iterator[None]:
    client = two.client("apigateway", SECOND)
    other = client.create_rest_api(name="other")["id"]
    client.delete_base_path_mapping(domainName=DOMAIN, basePath="(none)")
    client.create_base_path_mapping(domainName=DOMAIN, restApiId=other)
    yield
    client.delete_base_path_mapping(domainName=DOMAIN, basePath="(none)")
    client.create_base_path_mapping(domainName=DOMAIN, restApiId=two.apis[SECOND], stage="v1")


@contextmanager
def watching_nothing(two: TwoRegions) -> Iterator[None]:
    client = two.client("route53")
    client.update_health_check(HealthCheckId=two.health_check, ChildHealthChecks=[])
    yield
    client.update_health_check(HealthCheckId=two.health_check, ChildHealthChecks=[two.reachable])


@contextmanager
def distribution_with(two: TwoRegions, change: Callable[[dict[str, Any]], object]) -> Iterator[None]:
    client = two.client("cloudfront")
    before = client.get_distribution_config(Id=two.distribution)
    changed = json.loads(json.dumps(before["DistributionConfig"]))
    change(changed)
    tag = client.update_distribution(Id=two.distribution, IfMatch=before["ETag"], DistributionConfig=changed)["ETag"]
    yield
    client.update_distribution(Id=two.distribution, IfMatch=tag, DistributionConfig=before["DistributionConfig"])


def one_origin(two: TwoRegions) -> AbstractContextManager[None]:
    return distribution_with(two, lambda config: config["DefaultCacheBehavior"].update(TargetOriginId=FIRST))


def fewer_codes(two: TwoRegions) -> AbstractContextManager[None]:
    codes = {"Quantity": 1, "Items": [500]}
    return distribution_with(
        two, lambda config: config["OriginGroups"]["Items"][0]["FailoverCriteria"].update(StatusCodes=codes)
    )


def origins_exchanged(two: TwoRegions) -> AbstractContextManager[None]:
    return distribution_with(two, lambda config: config["OriginGroups"]["Items"][0]["Members"]["Items"].reverse())


SITE = "us-west-2 has every object of the site"
ROUTES = "the API of us-west-2 has the same routes and is deployed"
FUNCTIONS = "its functions are in us-west-2, with the same code and the table there"
DNS = "Route 53 leads the API's callers to us-west-2"
ORIGINS = "CloudFront takes the site from us-west-2"


# Each breaks another check, so that one drill tries several.
@pytest.mark.parametrize(
    "broken",
    [
        [
            (object_missing, SITE, "of 3 objects (the probe is one): 1 missing (assets/a.js)"),
            (route_missing, ROUTES, "missing: OPTIONS /share"),
            (other_code, FUNCTIONS, "POST /share: shareHandler-drill has other code"),
            (secondary_elsewhere, DNS, "SECONDARY does not lead to d-"),
            (one_origin, ORIGINS, "by the origin us-east-1, not by an origin group"),
        ],
        [
            (object_different, SITE, "1 different (index.html)"),
            (stage_missing, ROUTES, "nothing is deployed to v1"),
            (other_table, FUNCTIONS, "podcastHandler-drill does not know the table"),
            (secondary_missing, DNS, "has no SECONDARY record"),
            (fewer_codes, ORIGINS, "does not fail over at 502, 503, 504"),
        ],
        [
            (object_surplus, SITE, "1 that the first had not (stale.html)"),
            (function_missing, FUNCTIONS, "shareHandler-drill, which is not there"),
            (primary_unwatched, DNS, "PRIMARY has no health check"),
            (origins_exchanged, ORIGINS, "not site-drill-us-east-1 and then site-drill-us-west-2"),
        ],
        [
            (calls_across_regions, FUNCTIONS, "calls shareHandler-drill in us-east-1"),
            (health_check_of_the_domain_itself, DNS, "watches api.example.com itself"),
        ],
        [(primary_watched_by_another, DNS, "PRIMARY has another health check than")],
        [(domain_of_another_api, DNS, "in us-west-2 the domain leads to the API")],
        [(watching_nothing, DNS, "watches nothing")],
    ],
)
def test_what_is_broken_fails_its_check_and_no_other(
    session: Session, emulator: RunningEmulator, two: TwoRegions, broken: list[tuple[Breaking, str, str]]
) -> None:
    with ExitStack() as all_at_once:
        for breaking, _, _ in broken:
            all_at_once.enter_context(breaking(two))
        report = rehearse(session, emulator)

    assert [check.name for check in report.failed] == [name for _, name, _ in broken]
    for check, (_, _, saw) in zip(report.failed, broken, strict=True):
        assert saw in check.saw


def test_replication_that_is_off_is_noticed(session: Session, emulator: RunningEmulator, two: TwoRegions) -> None:
    with no_replication(two):
        report = rehearse(session, emulator)

    assert [failed.name for failed in report.failed] == [
        "an object written in us-east-1 arrives in us-west-2",
        "us-west-2 has every object of the site",
    ]
    assert "did not arrive" in report.failed[0].saw


def test_a_failed_check_ends_with_1_and_the_report_says_what_does_not_fail_over(
    project: Project, two: TwoRegions
) -> None:
    with fewer_codes(two):
        answer = project.run("drill", "failover", "--stack", "rewind")

    assert answer.code == 1
    assert "✗ CloudFront takes the site from us-west-2" in answer.out
    assert "local/rewind: 1 of 14 checks failed: CloudFront takes the site from us-west-2" in answer.err
    told = answer.out.partition("does not fail over:")[2]
    for what in (
        "sign-in (Cognito)",
        "tokens that were issued work until they expire",
        "recommendations (Personalize)",
        "site deploys",
        "weekly training",
    ):
        assert what in told


class StopsAt:
    """A watcher that does something when a check begins."""

    def __init__(self, check: str, act: Callable[[], object]) -> None:
        self.check = check
        self.act = act
        self.notes: list[str] = []

    def tick(self, tick: Tick) -> None:
        if self.check in tick.current:
            self.check = "\0"
            self.act()

    def note(self, text: str) -> None:
        self.notes.append(text)


def terminate() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def interrupt() -> None:
    # A shell that starts the tests in the background has them ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.kill(os.getpid(), signal.SIGINT)


def crash() -> None:
    raise RuntimeError("boom")


@pytest.mark.parametrize(
    ("act", "error"), [(interrupt, KeyboardInterrupt), (terminate, KeyboardInterrupt), (crash, RuntimeError)]
)
def test_the_region_comes_back_and_the_probes_go_however_it_ends(
    session: Session,
    emulator: RunningEmulator,
    two: TwoRegions,
    act: Callable[[], None],
    error: type[BaseException],
) -> None:
    session.progress = StopsAt("us-west-2 has every item", act)

    with pytest.raises(error):
        rehearse(session, emulator)

    assert two.client("s3").list_objects_v2(Bucket=two.buckets[FIRST])["KeyCount"] == 2
    assert left_behind(two) == []


def test_a_region_that_a_killed_drill_left_away_comes_back_with_the_next_one(
    session: Session, emulator: RunningEmulator
) -> None:
    with outage(emulator, FIRST):
        report = try_failover(session)

    assert report.kind == "drill"
    assert not report.failed


def test_a_stack_without_a_second_region_says_how_to_have_one(applied: Applied) -> None:
    project = applied("rewind", {"bucket_name": "b", "failover": {}})

    answer = project.run("drill", "failover", "--stack", "rewind")

    assert answer.code == 1
    assert "error: local/rewind: has no second region: its output failover is empty" in answer.err
    assert "enable_failover = true" in answer.err


@pytest.mark.parametrize(
    ("outputs", "says"),
    [
        (None, "nothing is applied here"),
        ({"bucket_name": "b"}, "has no output failover"),
        ({"failover": {"region": SECOND}}, "outputs are missing: bucket_name, distribution_id"),
    ],
)
def test_a_stack_that_cannot_be_drilled_is_refused(
    applied: Applied, outputs: dict[str, object] | None, says: str
) -> None:
    answer = applied("rewind", outputs).run("drill", "failover", "--stack", "rewind")

    assert answer.code == 1
    assert says in answer.err


@pytest.fixture
def on_aws(session: Session, target: Target, monkeypatch: pytest.MonkeyPatch) -> Session:
    """The same stack as if it were on AWS: nothing but the shell's own setting leads to the emulator."""
    for key, value in {**target.environ, "AWS_ENDPOINT_URL": str(target.endpoint)}.items():
        monkeypatch.setenv(key, value)
    session.target = Target("aws", None, dict(os.environ), FIRST, target.account_id)
    return session


def test_on_aws_everything_is_read_and_nothing_written(on_aws: Session, two: TwoRegions) -> None:
    def traces() -> list[object]:
        versions = [
            two.client("s3", region).list_object_versions(Bucket=bucket)["Versions"]
            for region, bucket in two.buckets.items()
        ]
        return [versions, item_digests(two.client("dynamodb"), two.table)]

    before = traces()
    report = readiness(on_aws, on_aws.stack)

    assert report.kind == "readiness"
    assert not report.failed
    assert len(report.checks) == 6
    assert not any("no longer answers" in check.name or "probe" in check.name for check in report.checks)
    assert traces() == before


def test_on_aws_the_outage_is_never_asked_for(on_aws: Session) -> None:
    on_aws.progress = watcher = StopsAt("no longer answers", crash)

    assert try_failover(on_aws).kind == "readiness"
    assert watcher.notes == ["on AWS nothing is taken away: this is what reading tells (with EMULATOR=1 it is tried)"]


def test_on_aws_a_bucket_that_lags_behind_is_noticed(on_aws: Session, two: TwoRegions) -> None:
    with object_missing(two):
        report = readiness(on_aws, on_aws.stack)

    assert [failed.saw for failed in report.failed] == ["of 2 objects: 1 missing (assets/a.js)"]


def test_an_api_is_found_by_its_own_address_and_by_its_domain(two: TwoRegions) -> None:
    client = two.client("apigateway")

    assert find_api_id(client, "https://abc123.execute-api.us-east-1.amazonaws.com/v1", "") == "abc123"
    assert find_api_id(client, "https://api.example.com", "api.example.com") == two.apis[FIRST]
    with pytest.raises(ToolError, match="no API is mapped to the domain"):
        find_api_id(client, "https://elsewhere.example.com", "")


def test_the_members_of_a_set_have_no_order(two: TwoRegions, target: Target) -> None:
    client = target.client("dynamodb")
    there = item_digests(client, two.table)
    item = {"PK": {"S": "USER#1"}, "SK": {"S": "PROFILE"}, "Tags": {"SS": ["a", "b"]}}
    client.put_item(TableName=two.table, Item=item)

    assert require_equal(there, item_digests(client, two.table), "items") == "3 items, all equal"

    client.put_item(TableName=two.table, Item=item | {"Tags": {"SS": ["a", "c"]}})
    with pytest.raises(ToolError, match=r"1 different \(USER#1/PROFILE\)"):
        require_equal(there, item_digests(client, two.table), "items")
    client.put_item(TableName=two.table, Item=item)
