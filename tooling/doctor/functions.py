"""Why does a function answer 500: its last errors, its environment, its role, its state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tooling.doctor.examination import Diagnosis, Part, looked
from tooling.doctor.loglines import matching
from tooling.doctor.policies import missing_of_applied, role
from tooling.errors import ToolError
from tooling.live import failed, ok, skipped, warned

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.live import Finding, LiveResource

_AGE = timedelta(hours=24)
_SHOWN = 3
# What the runtimes write of an error, and Lambda itself of a run that it ended.
_ERROR = re.compile(r"\bERROR\b|Error\b|Exception\b|Task timed out|Runtime exited|Traceback")
# A word alone would not find TypeError; between % it is a regular expression, which may hold no blank.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
_PATTERN = "%ERROR|Error|Exception|Task.timed.out|Runtime.exited|Traceback%"
_LAMBDA = "lambda.amazonaws.com"


def last_errors(examination: Examination) -> Iterator[Finding]:
    """The newest errors in each function's log."""
    for function in examination.live.of("aws_lambda_function"):
        name = f"errors of {function['function_name']}"
        yield from looked(name, _errors(examination, name, function))


def environment(examination: Examination) -> Iterator[Finding]:
    """The variables that each function was applied with are there, and none is empty."""
    for function in examination.live.of("aws_lambda_function"):
        name = f"environment of {function['function_name']}"
        yield from looked(name, _environment(examination, name, function))


def roles(examination: Examination) -> Iterator[Finding]:
    """The role of each function allows what it was given, and Lambda may take it on."""
    for function in examination.live.of("aws_lambda_function"):
        name = f"role of {function['function_name']}"
        yield from looked(name, _role(examination, name, function))


def states(examination: Examination) -> Iterator[Finding]:
    """Functions that Lambda cannot run, as one whose image or key is gone."""
    sound = 0
    for function in examination.live.of("aws_lambda_function"):
        name = f"state of {function['function_name']}"
        try:
            described = _described(examination, function)
        except ToolError as error:
            yield failed(name, str(error), next=error.hint or "", address=function.address)
            continue
        told = described.get("State", "Active"), described.get("LastUpdateStatus", "Successful")
        if told[0] == "Failed" or told[1] == "Failed":
            why = described.get("StateReason") or described.get("LastUpdateStatusReason") or "no reason was given"
            yield failed(
                name,
                f"{told[0]}, last update {told[1]}: {why}",
                means="Lambda does not run it",
                next=f"groundplan plan {examination.command}, then apply",
                address=function.address,
            )
        else:
            sound += 1
    if sound:
        yield ok("state of the functions", f"Lambda runs {sound} of them")
    else:
        yield skipped("state of the functions", "Lambda runs none of them")


def _errors(examination: Examination, name: str, function: LiveResource) -> Iterator[Finding]:
    lines, number = matching(
        examination,
        _log_group(function),
        function.region,
        age=_AGE,
        pattern=_PATTERN,
        wanted=lambda text: _ERROR.search(text) is not None,
        number=_SHOWN,
    )
    if number:
        told = "".join(f"\n      {line}" for line in lines)
        yield warned(
            name,
            f"{number} in the last day; the newest:{told}",
            means="these requests were answered with 500, or were tried again",
            next=f"read around it: groundplan logs tail {_log_group(function)} {examination.command} --since '1h ago'",
            address=function.address,
        )
    else:
        yield ok(name, "none in the last day", address=function.address)


def _environment(examination: Examination, name: str, function: LiveResource) -> Iterator[Finding]:
    applied = _variables(function)
    found = (_described(examination, function).get("Environment") or {}).get("Variables", {})
    lacking = sorted(key for key in applied if key not in found)
    empty = sorted(key for key in applied if key in found and not str(found[key]).strip())
    if lacking or any(applied[key].strip() for key in empty):
        lacks = [f"lacks {', '.join(lacking)}"] if lacking else []
        lacks += [f"empty: {', '.join(empty)}"] if empty else []
        yield failed(
            name,
            "; ".join(lacks),
            means="the handler fails at its first line that needs it",
            next=f"groundplan plan {examination.command}, then apply",
            address=function.address,
        )
    elif empty:
        yield warned(
            name,
            f"empty: {', '.join(empty)}",
            means="it was applied so; the handler may need a value",
            next=f"give it one in envs/{examination.live.stack.name}/terraform.tfvars, plan and apply",
            address=function.address,
        )
    else:
        yield ok(name, f"has {', '.join(sorted(applied)) or 'none, and needs none'}", address=function.address)


def _role(examination: Examination, name: str, function: LiveResource) -> Iterator[Finding]:
    found = role(examination, str(_described(examination, function)["Role"]))
    missing = list(missing_of_applied(examination, found))
    if not found.trusts(_LAMBDA):
        missing.insert(0, f"sts:AssumeRole for {_LAMBDA}")
    if missing:
        yield failed(
            name,
            f"{found.name} is not allowed {'; '.join(missing)}",
            means="calls of the handler end with AccessDenied",
            next=f"groundplan plan {examination.command}, then apply",
            address=function.address,
        )
    else:
        yield ok(name, f"{found.name} is allowed all it was given", address=function.address)


def _described(examination: Examination, function: LiveResource) -> dict[str, Any]:
    """What Lambda says of a function now.

    Raises:
        ToolError: It is not there any more.
    """
    name, client = str(function["function_name"]), examination.client("lambda", function.region)
    with examination.live.asking(f"the function {name}"):
        try:
            found: dict[str, Any] = client.get_function_configuration(FunctionName=name)
        except client.exceptions.ResourceNotFoundException as error:
            hint = f"put it back: groundplan plan {examination.command}, then apply"
            raise ToolError(f"the function {name} is not there any more", hint=hint) from error
    return found


def _variables(function: LiveResource) -> dict[str, str]:
    """What it was applied with; values may be secret, so names only are shown."""
    blocks = function.attributes.get("environment") or []
    return {str(key): str(value) for block in blocks for key, value in (block.get("variables") or {}).items()}


def _log_group(function: LiveResource) -> str:
    logging = function.attributes.get("logging_config") or [{}]
    return str(logging[0].get("log_group") or f"/aws/lambda/{function['function_name']}")


DIAGNOSIS = Diagnosis(
    "function-errors",
    "why does a function answer 500",
    ("aws_lambda_function",),
    (
        Part("last errors", last_errors),
        Part("environment", environment),
        Part("role", roles),
        Part("state", states),
    ),
)
