"""Why is a deployment refused: who asks, what that identity may do, what the last apply was denied."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.doctor.deploying import needed
from tooling.doctor.examination import Diagnosis, Part
from tooling.doctor.policies import role
from tooling.errors import ToolError
from tooling.live import failed, ok, skipped

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.live import Finding

_ASSUMED = re.compile(r"(arn:[\w-]+):sts::(\d{12}):assumed-role/([^/]+)/.+")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
_DENIED = re.compile(r"is not authorized to perform: ([\w-]+:\w+)(?: on resource: (\S+))?")
_CODES = re.compile(r"AccessDenied|UnauthorizedOperation|AuthorizationError|not authorized", re.IGNORECASE)
_DENY = "explicitDeny"
_OPERATION = re.compile(r"operation error ([\w ]+): (\w+)")


def caller(examination: Examination) -> Iterator[Finding]:
    """Who asks, and whether that identity may do what applying the stack needs."""
    with examination.live.asking("who asks"):
        arn = str(examination.client("sts").get_caller_identity()["Arn"])
    yield ok("caller", arn)
    yield from judged(examination, arn)


def judged(examination: Examination, arn: str) -> Iterator[Finding]:
    """Whether an identity may do what applying the stack needs.

    Args:
        examination: The stack.
        arn: As STS tells it: of a user, a role's session, or the root user.
    """
    actions = needed(examination.types)
    source = _source(examination, arn)
    if source is None or not actions:
        yield skipped(
            "permissions to deploy", "the account's root user may do everything" if actions else "none needed"
        )
        return
    client = examination.client("iam")
    with examination.live.asking("permissions to deploy"):
        results = [
            one
            for page in client.get_paginator("simulate_principal_policy").paginate(
                PolicySourceArn=source, ActionNames=list(actions)
            )
            for one in page["EvaluationResults"]
        ]
    refused = {str(one["EvalActionName"]): str(one["EvalDecision"]) for one in results}
    refused = {action: decision for action, decision in sorted(refused.items()) if decision != "allowed"}
    partly = _on_some(examination, source, [action for action, decision in refused.items() if decision != _DENY])
    lacking = [action for action in refused if action not in partly]
    if lacking:
        yield failed(
            "permissions to deploy",
            f"{source} may not: {', '.join(lacking)}",
            means="an apply ends halfway with AccessDenied",
            next="use a role with more, or have these allowed; groundplan bootstrap makes a role for CI",
        )
    else:
        some = f", {len(partly)} of them on some resources or on conditions only" if partly else ""
        yield ok("permissions to deploy", f"all {len(actions)} actions that the stack begins with are allowed{some}")


def _on_some(examination: Examination, source: str, actions: list[str]) -> frozenset[str]:
    """Those actions that a role's own policies allow on some resource.

    IAM's simulator is asked about every resource, since most are not there yet; that refuses what a narrow policy
    allows by name. https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
    """
    if not actions or ":role/" not in source:
        return frozenset()
    found = role(examination, source)
    return frozenset(action for action in actions if found.allows(action))


def denied(examination: Examination) -> Iterator[Finding]:
    """What the newest apply of the stack was denied, from its log."""
    log = last_log(examination)
    if log is None:
        yield skipped("denied in the last apply", "no apply of this stack was logged on this machine")
        return
    found = denied_actions(log.read_text(encoding="utf-8", errors="replace"))
    shown = examination.live.session.workspace.relative(log)
    if found:
        yield failed(
            "denied in the last apply",
            "; ".join(found),
            means="AWS refused it: a policy, a permissions boundary or an organization's rule",
            next=f"have it allowed, then groundplan resume {examination.command}; all that was said: {shown}",
        )
    else:
        yield ok("denied in the last apply", f"nothing, says {shown}")


def denied_actions(log: str) -> tuple[str, ...]:
    """What was denied according to what Terraform printed: the action, on what, for which resource.

    >>> denied_actions('{"diagnostic": {"severity": "error", "summary": "creating role", "detail": '
    ...     '"api error AccessDenied: User: u is not authorized to perform: iam:CreateRole on resource: r because"}}')
    ('iam:CreateRole on r',)
    """
    found = []
    for line in log.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        told = event.get("diagnostic") if isinstance(event, dict) else None
        if not isinstance(told, dict) or told.get("severity") != "error":
            continue
        text = f"{told.get('summary')} {told.get('detail')}"
        address = f" ({told['address']})" if told.get("address") else ""
        if match := _DENIED.search(text):
            found.append(f"{match[1]}{f' on {match[2]}' if match[2] else ''}{address}")
        elif _CODES.search(text):
            called = _OPERATION.search(text)
            found.append(f"{called[1]}: {called[2]}{address}" if called else f"{told.get('summary')}{address}")
    return tuple(dict.fromkeys(found))


def last_log(examination: Examination) -> Path | None:
    """The newest log of an apply of this stack: beside its journal, or in its work folder."""
    stack, workspace = examination.live.stack, examination.live.session.workspace
    own = [stack.work / "apply.log"]
    beside = workspace.changesets(stack.env).glob(f"*/{stack.architecture}/run-*.jsonl")
    there = [path for path in (*own, *beside) if path.is_file()]
    return max(there, key=lambda path: path.stat().st_mtime, default=None)


def _source(examination: Examination, arn: str) -> str | None:
    """What IAM simulates: a role for a session of it; None for the root user, whom no policy holds back."""
    if arn.endswith(":root"):
        return None
    if (match := _ASSUMED.fullmatch(arn)) is None:
        return arn
    try:
        with examination.live.asking("the caller's role"):
            return str(examination.client("iam").get_role(RoleName=match[3])["Role"]["Arn"])
    except ToolError:
        # Whoever may not read its own role: only the path is lost, and most have none.
        return f"{match[1]}:iam::{match[2]}:role/{match[3]}"


DIAGNOSIS = Diagnosis(
    "permissions",
    "why is a deployment refused",
    (),
    (Part("permissions to deploy", caller), Part("denied in the last apply", denied)),
    before_apply=True,
)
