"""Where to look further: log groups, pages of AWS's console, what the last apply said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from tooling.doctor.permissions import last_log

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.live import LiveResource


@dataclass(frozen=True)
class Link:
    """One place.

    Attributes:
        what: In words.
        where: An address, or a file of this machine.
        address: The resource it is about; empty for a file.
    """

    what: str
    where: str
    address: str = ""


def _console(region: str, path: str) -> str:
    return f"https://{region}.console.aws.amazon.com/{path}"


def _fragment(name: str) -> str:
    """As CloudWatch's console writes a name after its #: percent-encoded twice, with $ for %."""
    return quote(quote(name, safe=""), safe="").replace("%", "$")


def _service(one: LiveResource) -> str:
    cluster = str(one["cluster"]).rpartition("/")[2]
    return _console(one.region, f"ecs/v2/clusters/{quote(cluster)}/services/{quote(str(one['name']))}/events")


_PAGES: Mapping[str, tuple[str, Callable[[LiveResource], str]]] = {
    "aws_cloudwatch_log_group": (
        "log",
        lambda one: _console(
            one.region, f"cloudwatch/home?region={one.region}#logsV2:log-groups/log-group/{_fragment(str(one['name']))}"
        ),
    ),
    "aws_cloudwatch_dashboard": (
        "dashboard",
        lambda one: _console(
            one.region,
            f"cloudwatch/home?region={one.region}#dashboards/dashboard/{quote(str(one['dashboard_name']))}",
        ),
    ),
    "aws_lambda_function": (
        "function",
        lambda one: _console(
            one.region, f"lambda/home?region={one.region}#/functions/{quote(str(one['function_name']))}?tab=monitoring"
        ),
    ),
    "aws_ecs_service": ("service", _service),
    "aws_db_instance": (
        "database",
        lambda one: _console(
            one.region, f"rds/home?region={one.region}#database:id={quote(str(one['identifier']))};is-cluster=false"
        ),
    ),
    "aws_cloudfront_distribution": (
        "distribution",
        lambda one: f"https://console.aws.amazon.com/cloudfront/v4/home#/distributions/{one.id}",
    ),
    "aws_sfn_state_machine": (
        "state machine",
        lambda one: _console(one.region, f"states/home?region={one.region}#/statemachines/view/{one['arn']}"),
    ),
    "aws_cloudformation_stack": (
        "deployment events",
        lambda one: _console(
            one.region,
            f"cloudformation/home?region={one.region}#/stacks/events?stackId={quote(one.id, safe='')}",
        ),
    ),
}
_NAMES = ("name", "dashboard_name", "function_name", "identifier", "domain_name")


def links(examination: Examination) -> Iterator[Link]:
    """Every place of a stack, log groups first, and the last apply's log at the end."""
    for kind, (what, page) in _PAGES.items():
        for one in examination.live.of(kind):
            name = next((str(one.attributes[key]) for key in _NAMES if one.attributes.get(key)), one.id)
            yield Link(f"{what} {name}", page(one), one.address)
    log = last_log(examination)
    if log is not None:
        yield Link("last apply", examination.live.session.workspace.relative(log))
    yield Link("help", "docs/troubleshooting.md")
