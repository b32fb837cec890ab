"""`groundplan logs`: by the names that people use, what CloudWatch holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.project import Answer, Project
from tests.support.written_state import PROVIDER, Written, write_stack
from tests.unit.toolkit.conftest import Applied
from tooling.environment.config import AliasConfig, StackConfig
from tooling.errors import ToolError
from tooling.functions.finding import find_function
from tooling.live import LiveStack, live_stack
from tooling.logs.groups import find_group, log_groups
from tooling.logs.queries import ask, find_query, saved_queries
from tooling.logs.reading import follow_events
from tooling.session import open_session
from tooling.target import Target
from tooling.workspace import Workspace

QUERY = "fields @timestamp, @message"


@dataclass
class Logging:
    """An applied stack with two functions, a service and a saved query, whose log groups are there."""

    project: Project
    target: Target
    name: str

    def run(self, *args: str) -> Answer:
        return self.project.run("logs", args[0], "--stack", "kefir", *args[1:])

    def group(self, function: str) -> str:
        return f"/aws/lambda/{self.function(function)}"

    def function(self, key: str) -> str:
        return f"kefir-{self.name}-{key}"

    def say(self, function: str, *messages: str, ago: timedelta = timedelta(0)) -> None:
        """Let a function log lines, a second apart."""
        logs, first = self.target.client("logs"), datetime.now(UTC) - ago
        stream = "2026/11/21/[$LATEST]abc"
        there = logs.describe_log_streams(logGroupName=self.group(function))["logStreams"]
        if not there:
            logs.create_log_stream(logGroupName=self.group(function), logStreamName=stream)
        times = [int(first.timestamp() * 1000) + 1000 * number for number in range(len(messages))]
        events = [{"timestamp": when, "message": text} for when, text in zip(times, messages, strict=True)]
        logs.put_log_events(logGroupName=self.group(function), logStreamName=stream, logEvents=events)

    def live(self) -> LiveStack:
        session = open_session(Workspace(self.project.root), "local", ["kefir"])
        return live_stack(session, session.stack)


@pytest.fixture
def logging(applied: Applied, target: Target, name: str) -> Logging:
    found = Logging(applied("kefir", {}), target, name)
    names = {key: found.function(key) for key in ("handleAuth", "reminderProcessor")}
    groups = {**{key: found.group(key) for key in names}, "app": f"/ecs/app-{name}"}
    for group in groups.values():
        target.client("logs").create_log_group(logGroupName=group)
    options = {"awslogs-group": groups["app"], "awslogs-region": "us-east-1"}
    containers = [{"name": "web", "logConfiguration": {"logDriver": "awslogs", "options": options}}]
    task = {"arn": "arn:task:1", "family": "app", "container_definitions": json.dumps(containers)}
    definition = {"name": f"kefir-{name}-find-errors", "query_string": QUERY, "log_group_names": [groups["handleAuth"]]}
    resources = [
        Written("aws_lambda_function", "handle_auth", "api", {"function_name": names["handleAuth"]}),
        Written("aws_cloudwatch_log_group", "auth_logs", "api", {"name": groups["handleAuth"], "retention_in_days": 7}),
        Written("aws_lambda_function", "reminders", "scheduler", {"function_name": names["reminderProcessor"]}),
        Written("aws_cloudwatch_log_group", "reminders", "scheduler", {"name": groups["reminderProcessor"]}),
        Written("aws_ecs_task_definition", "app", "service", task),
        Written("aws_ecs_service", "app", "service", {"name": "shop-service", "task_definition": "arn:task:1"}),
        Written("aws_cloudwatch_log_group", "app", "service", {"name": groups["app"]}),
        Written("aws_cloudwatch_query_definition", "query_find_errors", "monitoring", definition),
    ]
    write_stack(
        found.project,
        target,
        stack="kefir",
        bucket=f"state-{name}",
        resources=resources,
        outputs={"function_names": names},
    )
    return found


@pytest.mark.requirement("KF-TEST-05")
def test_a_functions_log_is_found_by_stack_and_function(logging: Logging) -> None:
    logging.say("handleAuth", '{"level":"INFO"}', "second\n")
    logging.say("reminderProcessor", "of another function")

    answer = logging.run("tail", "ApiStack/handleAuth")

    assert answer.code == 0, answer.said
    lines = answer.out.splitlines()
    assert [line.split(" ", 2)[1:] for line in lines] == [
        ["2026/11/21/[$LATEST]abc", '{"level":"INFO"}'],
        ["2026/11/21/[$LATEST]abc", "second"],
    ]


@pytest.mark.requirement("KF-TEST-05")
def test_the_list_names_each_log_and_its_page_in_the_console(logging: Logging) -> None:
    answer = logging.run("list", "--json")

    assert answer.code == 0, answer.said
    found = {one["short"]: one for one in json.loads(answer.out)}
    assert list(found) == ["api/handleAuth", "scheduler/reminderProcessor", "service/shop-service"]
    assert found["api/handleAuth"]["retention_days"] == 7
    page = found["api/handleAuth"]["console"]
    home = "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:log-groups/log-group/"
    assert page == f"{home}$252Faws$252Flambda$252F{logging.function('handleAuth')}"


def test_lines_before_the_time_and_against_the_pattern_are_left_out(logging: Logging) -> None:
    logging.say("handleAuth", "ERROR long ago", ago=timedelta(hours=3))
    logging.say("handleAuth", "ERROR now", "all is well")

    recent = logging.run("tail", "handleAuth", "--since", "1h ago", "--filter", "ERROR", "--json")
    older = logging.run("tail", "handleAuth", "--since", "4h ago", "--filter", "ERROR", "--json")

    between = logging.run("tail", "handleAuth", "--since", "4h ago", "--until", "2h ago", "--json")

    assert [json.loads(line)["message"] for line in recent.out.splitlines()] == ["ERROR now"]
    assert [json.loads(line)["message"] for line in between.out.splitlines()] == ["ERROR long ago"]
    assert [json.loads(line)["message"] for line in older.out.splitlines()] == ["ERROR long ago", "ERROR now"]


def test_a_log_that_says_nothing_is_told_apart_from_one_that_is_not_read(logging: Logging) -> None:
    logging.say("handleAuth", "all is well", ago=timedelta(hours=3))

    answer = logging.run("tail", "handleAuth")

    assert (answer.code, answer.out) == (0, "")
    assert f"{logging.group('handleAuth')}: nothing since 2" in answer.err


def test_a_log_cannot_steer_the_terminal_of_who_reads_it(logging: Logging) -> None:
    logging.say("handleAuth", "\x1b]0;mine\x07now \x9b2J")

    answer = logging.run("tail", "handleAuth")
    as_json = logging.run("tail", "handleAuth", "--json")

    assert "\x1b" not in answer.out
    assert "\x9b" not in answer.out
    assert "]0;mine" in answer.out
    assert as_json.out.isascii()
    assert json.loads(as_json.out)["message"] == "\x1b]0;mine\x07now \x9b2J"


@pytest.mark.parametrize("asked", ["shop-service", "web", "service/web", "ServiceStack/shop-service"])
def test_a_service_is_found_by_its_name_and_its_containers(logging: Logging, asked: str) -> None:
    assert find_group(logging.live(), asked).name == f"/ecs/app-{logging.name}"


def test_a_whole_name_of_a_group_is_taken_as_it_is(logging: Logging) -> None:
    live = logging.live()

    assert [find_group(live, group.name) for group in log_groups(live)] == list(log_groups(live))


@pytest.mark.parametrize("asked", ["nobody", "scheduler/handleAuth"])
def test_a_log_that_is_not_there_is_refused_with_those_that_are(logging: Logging, asked: str) -> None:
    answer = logging.run("tail", asked)

    assert answer.code == 2
    assert f"no log group of the name '{asked}'" in answer.err
    assert "api/handleAuth, scheduler/reminderProcessor" in answer.err


def test_a_log_group_that_is_gone_is_told(logging: Logging) -> None:
    logging.target.client("logs").delete_log_group(logGroupName=logging.group("handleAuth"))

    answer = logging.run("tail", "handleAuth")

    assert answer.code == 1
    assert "FilterLogEvents was refused: ResourceNotFoundException" in answer.err


def test_following_tells_each_line_once(logging: Logging) -> None:
    logging.say("handleAuth", "first", ago=timedelta(seconds=30))
    live = logging.live()
    later: list[Callable[[], None]] = [lambda: logging.say("handleAuth", "second"), lambda: None]

    def sleep(_seconds: float) -> None:
        if not later:
            raise KeyboardInterrupt
        later.pop(0)()

    told: list[str] = []
    since = datetime.now(UTC) - timedelta(minutes=5)
    events = follow_events(live, find_group(live, "handleAuth"), since, sleep=sleep)
    with pytest.raises(KeyboardInterrupt):
        told.extend(event.message for event in events)

    assert told == ["first", "second"]


def test_a_saved_query_is_put_to_its_log_groups(logging: Logging) -> None:
    logging.say("handleAuth", "first", "second", ago=timedelta(minutes=5))

    answer = logging.run("query", "find-errors", "--json")

    assert answer.code == 0, answer.said
    assert sorted(row["@message"] for row in json.loads(answer.out)) == ["first", "second"]
    assert all("@ptr" not in row for row in json.loads(answer.out))


def test_saved_queries_are_listed_with_their_text(logging: Logging) -> None:
    answer = logging.run("queries")

    assert answer.code == 0, answer.said
    assert answer.out.splitlines() == [f"find-errors: {logging.group('handleAuth')}", f"    {QUERY}"]
    assert [query.short for query in saved_queries(logging.live())] == ["find-errors"]


def test_a_query_that_is_not_there_is_refused(logging: Logging) -> None:
    answer = logging.run("query", "nothing")

    assert answer.code == 2
    assert "no saved query 'nothing'" in answer.err
    assert "find-errors" in answer.err


@pytest.mark.parametrize("asked", ["find-errors", "Find Errors", "kefir-{name}-find_errors"])
def test_a_query_is_found_however_its_words_are_joined(logging: Logging, asked: str) -> None:
    assert find_query(logging.live(), asked.format(name=logging.name)).short == "find-errors"


def test_a_line_of_several_lines_is_one_row_of_the_answer(logging: Logging) -> None:
    logging.say("handleAuth", "Error: no\n    at handler\x1b[2J", ago=timedelta(minutes=5))

    answer = logging.run("query", "find-errors")

    assert answer.code == 0, answer.said
    head, *rows = answer.out.splitlines()
    assert head.split() == ["@timestamp", "@message"]
    assert [row.split("  ", 1)[1].strip() for row in rows] == ["Error: no at handler\N{REPLACEMENT CHARACTER}[2J"]


def test_an_answer_that_is_cut_off_says_so(logging: Logging) -> None:
    logging.say("handleAuth", "first", "second", "third", ago=timedelta(minutes=5))

    cut = logging.run("query", "find-errors", "--limit", "3")
    whole = logging.run("query", "find-errors", "--limit", "4")

    assert "these are the first 3 rows, there may be more" in cut.err
    assert "there may be more" not in whole.err


@pytest.mark.parametrize("asked", [("query", "find-errors"), ("tail", "handleAuth")])
def test_a_period_in_which_nothing_can_be_is_refused(logging: Logging, asked: tuple[str, str]) -> None:
    answer = logging.run(*asked, "--since", "1h ago", "--until", "2h ago")

    assert answer.code == 2
    assert "--since is not before --until" in answer.err


def test_what_ends_is_not_followed(logging: Logging) -> None:
    answer = logging.run("tail", "handleAuth", "--follow", "--until", "now")

    assert answer.code == 2
    assert "give either --until or --follow" in answer.err


class Slow:
    """CloudWatch Logs, whose query runs for as long as anybody waits."""

    def __init__(self, end: str) -> None:
        self.end = end
        self.stopped: list[str] = []

    def start_query(self, **_asked: object) -> dict[str, str]:
        return {"queryId": "one"}

    def get_query_results(self, queryId: str) -> dict[str, object]:
        assert queryId == "one"
        return {"status": self.end, "results": []}

    def stop_query(self, queryId: str) -> None:
        self.stopped.append(queryId)


@dataclass(frozen=True)
class SlowStack(LiveStack):
    """A stack whose queries take long."""

    logs: Slow

    def client(self, service: str, region: str | None = None) -> Slow:
        assert (service, region) == ("logs", "us-east-1")
        return self.logs


def slow_stack(logging: Logging, end: str) -> SlowStack:
    live = logging.live()
    return SlowStack(live.session, live.stack, live.state, Slow(end))


def test_a_query_that_nobody_waits_for_any_more_is_stopped(logging: Logging) -> None:
    live, now = slow_stack(logging, "Running"), datetime.now(UTC)

    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(live, find_query(live, "find-errors"), now - timedelta(hours=1), now, sleep=interrupted)

    assert live.logs.stopped == ["one"]


def test_a_query_that_found_no_answer_is_a_failure(logging: Logging) -> None:
    live, now = slow_stack(logging, "Timeout"), datetime.now(UTC)

    with pytest.raises(ToolError, match="the query find-errors ended as Timeout"):
        ask(live, find_query(live, "find-errors"), now - timedelta(hours=1), now)


def test_a_query_without_a_log_group_says_so(logging: Logging) -> None:
    live, now = logging.live(), datetime.now(UTC)
    query = replace(find_query(live, "find-errors"), log_groups=())

    with pytest.raises(ToolError, match="names no log group"):
        ask(live, query, now - timedelta(hours=1), now)


def test_of_several_logs_of_one_name_the_whole_names_are_told(logging: Logging, target: Target) -> None:
    first, second = f"/one/{logging.name}/access", f"/two/{logging.name}/access"
    resources = [
        Written("aws_cloudwatch_log_group", one, "api", {"name": group})
        for one, group in (("first", first), ("second", second))
    ]
    write_stack(logging.project, target, stack="kefir", bucket=f"state-{logging.name}", resources=resources)

    answer = logging.run("tail", "api/access")

    assert answer.code == 2
    assert "2 log groups of the name 'api/access'" in answer.err
    assert f"there are: {first}, {second}" in answer.err


def test_of_one_name_in_two_regions_the_first_region_is_meant(logging: Logging) -> None:
    live = logging.live()
    stacks = {"kefir": StackConfig(aliases={"failover": AliasConfig(region="us-west-2")})}
    live.session.config = live.session.config.model_copy(update={"stacks": stacks})
    kinds = {"aws_cloudwatch_log_group": {"name": "/shop/access"}, "aws_lambda_function": {"function_name": "echo"}}
    resources = [
        {
            "module": "module.kefir",
            "mode": "managed",
            "type": kind,
            "name": f"one{alias.replace('.', '_')}",
            "provider": PROVIDER + alias,
            "instances": [{"attributes": attributes}],
        }
        for alias in (".failover", "")
        for kind, attributes in kinds.items()
    ]
    both = LiveStack(live.session, live.stack, {**live.state, "outputs": {}, "resources": resources})
    away = LiveStack(live.session, live.stack, {**live.state, "outputs": {}, "resources": resources[:2]})

    assert [find_group(one, "access").region for one in (both, away)] == ["us-east-1", "us-west-2"]
    assert [find_function(one, "echo").region for one in (both, away)] == ["us-east-1", "us-west-2"]
