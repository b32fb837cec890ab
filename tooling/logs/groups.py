"""The log groups of an applied stack, by the names that people use."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from tooling.errors import Exit, ToolError
from tooling.functions.finding import functions_of, shown
from tooling.live.parts import is_part, parts_of, without_instances

if TYPE_CHECKING:
    from tooling.live import LiveStack


@dataclass(frozen=True)
class LogGroup:
    """One log group.

    Attributes:
        name: CloudWatch's.
        short: What it is asked for by, with its part: ``api/handleAuth``.
        also: Further names of what logs into it: its function, service or container, or the end of its own name.
        part: Part of the module that declares it; empty where that cannot be told.
        region: Where it is.
        retention_days: How long a line is kept; 0: for ever.
    """

    name: str
    short: str
    also: frozenset[str]
    part: str
    region: str
    retention_days: int

    @property
    def console(self) -> str:
        """Its page in CloudWatch's console, which wants its name encoded twice, with another sign."""
        name = quote(quote(self.name, safe=""), safe="").replace("%", "$")
        home = f"https://{self.region}.console.aws.amazon.com/cloudwatch/home?region={self.region}"
        return f"{home}#logsV2:log-groups/log-group/{name}"


def log_groups(live: LiveStack) -> tuple[LogGroup, ...]:
    """Every log group of a stack, by part and name."""
    names = _names(live)
    parts = parts_of(live.stack)
    found = []
    for one in live.of("aws_cloudwatch_log_group"):
        name = str(one["name"])
        part = parts.get(without_instances(one.address), "")
        own = name.rpartition("/")[2]
        logging = names.get((one.region, name), {})
        # The function's name in the sources comes first, as it is what people know.
        first = next(iter(logging), own)
        also = frozenset(word.lower() for word in (*logging, own))
        retention = int(one.attributes.get("retention_in_days") or 0)
        found.append(LogGroup(name, shown(part, first), also, part, one.region, retention))
    return tuple(sorted(found, key=lambda group: (group.part, group.short, group.region)))


def find_group(live: LiveStack, asked: str) -> LogGroup:
    """The log group that ``asked`` names.

    Args:
        live: The stack.
        asked: A function, an ECS service or container, the end of a group's name, each with or without its part in
            front (``handleAuth``, ``api/handleAuth``, ``ApiStack/handleAuth``); or a group's whole name.

    Raises:
        ToolError: Exit 2: there is none, or several, with those that there are.
    """
    groups = log_groups(live)
    part, _, word = asked.rpartition("/")
    found = [one for one in groups if one.name == asked] or [
        one for one in groups if word.lower() in one.also and (not part or is_part(part, one.part))
    ]
    # A stack with a second region has the same names there.
    found = [one for one in found if one.region == live.session.config.region] or found
    if len(found) != 1:
        # Of several that one name means, only the whole name tells which.
        names = ", ".join(dict.fromkeys([one.name for one in found] or [one.short for one in groups]))
        raise ToolError(
            f"{len(found) or 'no'} log group{'s' if found else ''} of the name '{asked}'",
            where=live.stack.name,
            hint=f"there are: {names or 'none'}",
            exit_code=Exit.USAGE,
        )
    return found[0]


def _names(live: LiveStack) -> dict[tuple[str, str], dict[str, None]]:
    """What logs into each group: names by region and group, the best first."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for function in functions_of(live):
        names = found.setdefault((function.region, function.log_group), {})
        names |= {function.key: None, function.name: None}
    services: dict[str, list[str]] = {}
    for service in live.of("aws_ecs_service"):
        services.setdefault(str(service.attributes.get("task_definition")), []).append(str(service["name"]))
    for task in live.of("aws_ecs_task_definition"):
        running = [
            *services.get(str(task.attributes.get("arn")), []),
            *services.get(str(task.attributes.get("family")), []),
        ]
        for container in json.loads(task.attributes.get("container_definitions") or "[]"):
            options = (container.get("logConfiguration") or {}).get("options") or {}
            if group := options.get("awslogs-group"):
                names = found.setdefault((options.get("awslogs-region") or task.region, str(group)), {})
                names |= dict.fromkeys([*running, str(container["name"])])
    return found
