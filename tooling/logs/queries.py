"""Questions to the logs that the architecture keeps ready, put to CloudWatch Logs Insights."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from tooling.live import LiveStack

_POLL_SECONDS = 1.0
_UNDER_WAY = ("Scheduled", "Running", "Unknown")
# A pointer to the whole line, of use to CloudWatch only.
_POINTER = "@ptr"


@dataclass(frozen=True)
class SavedQuery:
    """One question.

    Attributes:
        name: CloudWatch's.
        short: Its name without what every resource of the stack begins and ends with, as ``find-errors``.
        text: The question, in the language of Logs Insights.
        log_groups: Names of the groups that it is put to.
        region: Where they are.
    """

    name: str
    short: str
    text: str
    log_groups: tuple[str, ...]
    region: str


def saved_queries(live: LiveStack) -> tuple[SavedQuery, ...]:
    """Every saved query of a stack, by name."""
    found = []
    for one in live.of("aws_cloudwatch_query_definition"):
        # The resource is called after the question: `query_find_errors`.
        short = one.name.removeprefix("query_").replace("_", "-")
        groups = tuple(one.attributes.get("log_group_names") or ())
        found.append(SavedQuery(str(one["name"]), short, str(one["query_string"]), groups, one.region))
    return tuple(sorted(found, key=lambda query: query.short))


def find_query(live: LiveStack, asked: str) -> SavedQuery:
    """The saved query that ``asked`` names, by its short name or CloudWatch's.

    Raises:
        ToolError: Exit 2: there is none, with those that there are.
    """
    queries = saved_queries(live)
    for query in queries:
        if _plain(asked) in (_plain(query.short), _plain(query.name)):
            return query
    raise ToolError(
        f"no saved query '{asked}'",
        where=live.stack.name,
        hint=f"there are: {', '.join(query.short for query in queries) or 'none'}",
        exit_code=Exit.USAGE,
    )


def ask(
    live: LiveStack,
    query: SavedQuery,
    since: datetime,
    until: datetime,
    *,
    limit: int = 100,
    sleep: Callable[[float], object] = time.sleep,
) -> list[dict[str, str]]:
    """Put a question to its log groups and wait for the answer.

    Returns:
        Rows of the answer: value by field.

    Raises:
        ToolError: CloudWatch refuses, or did not find an answer; or the query names no log group.
    """
    if not query.log_groups:
        raise ToolError(f"the query {query.short} names no log group to put it to", where=live.stack.name)
    client = live.client("logs", query.region)
    with live.asking(f"the query {query.short}"):
        identifier = client.start_query(
            logGroupNames=list(query.log_groups),
            startTime=int(since.timestamp()),
            endTime=int(until.timestamp()),
            queryString=query.text,
            limit=limit,
        )["queryId"]
        answer = client.get_query_results(queryId=identifier)
        try:
            while answer["status"] in _UNDER_WAY:
                sleep(_POLL_SECONDS)
                answer = client.get_query_results(queryId=identifier)
        except KeyboardInterrupt:
            # Else it goes on reading, for up to an hour, and what it reads is paid for.
            client.stop_query(queryId=identifier)
            raise
    if answer["status"] != "Complete":
        raise ToolError(f"the query {query.short} ended as {answer['status']}", where=live.stack.name)
    return [{cell["field"]: cell["value"] for cell in row if cell["field"] != _POINTER} for row in answer["results"]]


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(" ", "-")
