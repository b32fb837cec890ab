"""A role that reaches more data than its function uses gives that data away with the function."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tooling.gate.documents import Statement, Unreadable
from tooling.gate.engine.check import PlanCheck, Subject, Violation
from tooling.gate.planned import Planned, PlanView
from tooling.gate.roles import Elsewhere, Granted, grants_of, role_of

_SERVICES = ("dynamodb", "s3")
_DATA = {"aws_dynamodb_table": "name", "aws_s3_bucket": "bucket"}

#: Attributes that say which table or bucket it is, not how it is made.
_IDENTITY = frozenset(
    {"", "arn", "bucket", "bucket_domain_name", "bucket_regional_domain_name", "id", "name", "stream_arn"}
)


class FunctionsReachTheDataTheyAreToldOf(PlanCheck):
    """A function's role reaches only tables and buckets whose name the function is given.

    It is given one by a variable of its environment, by an SSM parameter whose name is in there, or by what invokes it:
    the stream of a table, the notifications of a bucket.
    """

    def __init__(self) -> None:
        super().__init__(
            id="GP_LAMBDA_2",
            name="A function's role reaches only tables and buckets that the function is told of",
            resources=["aws_lambda_function"],
        )

    def violations(self, subject: Subject) -> Iterator[Violation]:
        function, plan = subject.resource, subject.plan
        role = role_of(function, "role", plan)
        if role is None:
            named = function.values.get("role")
            what = f"its role '{named}' is not in the stack" if named else "its role is known only after apply"
            yield Violation(f"{what}, so nobody sees what it may do", undecided=not named)
            return
        told = _told(function, plan)
        for granted in grants_of(role, plan):
            if isinstance(granted, Elsewhere):
                yield Violation(f"its role has policy '{granted.policy}', which is not in the stack")
            elif isinstance(granted.statement, Unreadable):
                yield Violation(f"the policy in {granted.where} is known only after apply", undecided=True)
            elif granted.statement.allows and _is_about_data(granted.statement):
                yield from _beyond(granted, granted.statement, told, plan)


@dataclass(frozen=True)
class _Told:
    """What a function is told of.

    Attributes:
        texts: Values that it is given.
        things: Addresses of the tables and buckets that values not known yet come from.
        whole: Nothing that it is given is unknown beyond that.
    """

    texts: tuple[str, ...]
    things: frozenset[str]
    whole: bool

    def of(self, name: str) -> bool:
        # A name of its own, not part of a longer one; a bucket's may go on as a host.
        word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?=\.s3[.-]|[^\w.-]|$)")
        return any(word.search(text) for text in self.texts)


def _told(function: Planned, plan: PlanView) -> _Told:
    environment = function.expressions.get("environment")
    texts = list(_texts(function.values.get("environment")))
    things: list[Planned] = []
    whole = True
    if _any_unknown(function.unknown.get("environment")):
        sources = plan.sources(environment, seen_from=function)
        things += _identified(environment, function, plan)
        whole = bool(sources) and all(source.instances is not None for source in sources)
    for mapping in plan.of_type("aws_lambda_event_source_mapping"):
        if _names_function(mapping, "function_name", mapping.values.get("function_name"), function, plan):
            texts += _texts(mapping.values.get("event_source_arn"))
            things += _identified(mapping.expressions.get("event_source_arn"), mapping, plan)
    for notification in plan.of_type("aws_s3_bucket_notification"):
        if any(
            _names_function(notification, "lambda_function", block.get("lambda_function_arn"), function, plan)
            for block in notification.values.get("lambda_function") or ()
        ):
            texts += _texts(notification.values.get("bucket"))
            things += _identified(notification.expressions.get("bucket"), notification, plan)
    known = _Told(tuple(texts), frozenset(), whole)
    for parameter in plan.of_type("aws_ssm_parameter"):
        if known.of(str(parameter.values.get("name"))) or parameter in things:
            for attribute in ("value", "insecure_value"):
                texts += _texts(parameter.values.get(attribute))
                things += _identified(parameter.expressions.get(attribute), parameter, plan)
    texts += [str(name) for item in things if (name := item.values.get(_DATA.get(item.type, ""))) is not None]
    return _Told(tuple(texts), frozenset(item.address for item in things), whole)


def _identified(expression: Any, item: Planned, plan: PlanView) -> list[Planned]:
    """The resources whose name or ARN an expression passes on."""
    sources = plan.sources(expression, seen_from=item)
    return [each for source in sources if source.attribute in _IDENTITY for each in source.instances or ()]


def _names_function(item: Planned, argument: str, value: Any, function: Planned, plan: PlanView) -> bool:
    if isinstance(value, str):
        name = value.split(":function:")[-1].partition(":")[0]
        return name == function.values.get("function_name")
    return function in _identified(item.expressions.get(argument), item, plan)


def _is_about_data(statement: Statement) -> bool:
    """Whether any of its actions may be one on tables or buckets."""
    services = [(action or "*").partition(":")[0].lower() for action in statement.actions]
    return bool(statement.not_actions) or any(
        service in _SERVICES or "*" in service or "?" in service for service in services
    )


def _beyond(granted: Granted, statement: Statement, told: _Told, plan: PlanView) -> Iterator[Violation]:
    """What a statement allows on data that the function is not told of."""
    if statement.not_resources:
        yield Violation(f"{granted.where} holds for everything but what it lists")
    names = dict.fromkeys(name for arn in statement.resources if arn is not None for name in _names(arn))
    for name in names:
        if not told.of(name):
            yield _not_told(granted, f"'{name}'", told)
    if None in statement.resources:
        yield from _unknown_beyond(granted, statement, told, plan)


def _unknown_beyond(granted: Granted, statement: Statement, told: _Told, plan: PlanView) -> Iterator[Violation]:
    """The same for resources that are not known yet: by what they come from."""
    sources = plan.sources(statement.resources_expression, seen_from=granted.item)
    data = [(source, each) for source in sources for each in source.instances or () if each.type in _DATA]
    if not data or any(source.instances is None for source in sources):
        yield Violation(f"a resource of {granted.where} is known only after apply", undecided=True)
    for _, each in data:
        name = each.values.get(_DATA[each.type])
        if each.address not in told.things and not (isinstance(name, str) and told.of(name)):
            yield _not_told(granted, each.address, told)


def _not_told(granted: Granted, thing: str, told: _Told) -> Violation:
    if not told.whole:
        return Violation(
            f"{granted.where} allows access to {thing}; whether the function is told of it is known only after apply",
            undecided=True,
        )
    return Violation(f"{granted.where} allows access to {thing}, of which the function is not told")


def _names(arn: str) -> Iterator[str]:
    """The table or bucket that an ARN in a statement is about; the ARN itself where it is about more than one."""
    parts = arn.split(":", 5)
    if len(parts) < 6:
        yield arn
        return
    service, thing = parts[2], parts[5]
    if "*" in service or "?" in service:
        yield arn
    elif service == "s3":
        first, _, rest = thing.partition("/")
        yield rest.partition("/")[0] if first == "accesspoint" else first
    elif service == "dynamodb":
        yield thing.partition("/")[2].partition("/")[0] or thing


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _any_unknown(unknown: Any) -> bool:
    if isinstance(unknown, dict):
        return any(_any_unknown(each) for each in unknown.values())
    if isinstance(unknown, list):
        return any(_any_unknown(each) for each in unknown)
    return unknown is True


check = FunctionsReachTheDataTheyAreToldOf()
