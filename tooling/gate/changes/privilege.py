"""Which grants a plan widens: of roles and users, and of what keys, buckets, queues and functions let others do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tooling.gate.changes.before import stack_exists, view_before
from tooling.gate.changes.documents import policies_in
from tooling.gate.changes.finding import finding
from tooling.gate.changes.links import linked, part
from tooling.gate.changes.model import NARROWED, WIDENED, GrantChange
from tooling.gate.changes.statements import grants_in, in_words
from tooling.gate.changes.subsumption import Grant
from tooling.gate.planned import Planned, PlanView
from tooling.gate.prepare import NOT_YET

if TYPE_CHECKING:
    from tooling.gate.model import ChangeLimits, Finding

#: Resources that are a policy of another one: the argument that names it, and what it may be.
_BELONGS_TO: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "aws_api_gateway_rest_api_policy": ("rest_api_id", ("aws_api_gateway_rest_api",)),
    "aws_backup_vault_policy": ("backup_vault_name", ("aws_backup_vault",)),
    "aws_ecr_repository_policy": ("repository", ("aws_ecr_repository",)),
    "aws_efs_file_system_policy": ("file_system_id", ("aws_efs_file_system",)),
    "aws_iam_group_policy": ("group", ("aws_iam_group",)),
    "aws_iam_group_policy_attachment": ("group", ("aws_iam_group",)),
    "aws_iam_role_policy": ("role", ("aws_iam_role",)),
    "aws_iam_role_policy_attachment": ("role", ("aws_iam_role",)),
    "aws_iam_user_policy": ("user", ("aws_iam_user",)),
    "aws_iam_user_policy_attachment": ("user", ("aws_iam_user",)),
    "aws_kms_key_policy": ("key_id", ("aws_kms_key", "aws_kms_replica_key")),
    "aws_lambda_permission": ("function_name", ("aws_lambda_function", "aws_lambda_alias")),
    "aws_s3_bucket_policy": ("bucket", ("aws_s3_bucket",)),
    "aws_secretsmanager_secret_policy": ("secret_arn", ("aws_secretsmanager_secret",)),
    "aws_sns_topic_policy": ("arn", ("aws_sns_topic",)),
    "aws_sqs_queue_policy": ("queue_url", ("aws_sqs_queue",)),
}
_ATTACHMENTS = tuple(kind for kind in _BELONGS_TO if kind.endswith("_policy_attachment"))


@dataclass(frozen=True)
class _Said:
    """A statement about a subject, as it is written, and what of it compares.

    Attributes:
        statement: As JSON has it; None for a policy of which nothing is known.
        where: The attribute it stands in.
        made_from: What its unknown resources come from.
    """

    statement: Mapping[str, Any] | None
    where: str
    made_from: tuple[Planned, ...] = ()

    @property
    def grants(self) -> tuple[Grant, ...]:
        return tuple(grants_in(self.statement)) if self.statement is not None else ()

    @property
    def words(self) -> str:
        return in_words(self.statement, whole=True) if self.statement is not None else f"what {self.where} says"


def grant_changes(plan: Mapping[str, Any], view: PlanView) -> tuple[GrantChange, ...]:
    """The statements that come, go or change in a stack that exists, by subject, wider ones first.

    A grant that one of before covers is no wider one, however it is written. Of a new stack nothing is said: there is
    nothing to compare it with.
    """
    if not stack_exists(plan):
        return ()
    before = view_before(plan, view)
    names = _policies_beside_roles(before) | _policies_beside_roles(view)
    had, has = _said_of(before, names), _said_of(view, names)
    found: list[GrantChange] = []
    for subject in sorted({*had, *has}):
        old, new = had.get(subject, ()), has.get(subject, ())
        existing = subject in before.resources
        if subject in view.resources:
            found += _compared(subject, old, new, WIDENED, existing, before)
        found += _compared(subject, new, old, NARROWED, existing, before) if existing else ()
    return tuple(sorted(found, key=lambda change: (change.direction != WIDENED, not change.existing, change.subject)))


def privilege_findings(changes: Iterable[GrantChange], limits: ChangeLimits) -> Iterator[Finding]:
    """A finding for each statement that grants more on what exists."""
    if limits.wider_grants != "refuse":
        return
    for change in changes:
        if change.direction == WIDENED and change.existing:
            remark = " (as far as that is known before the apply)" if change.undecided else ""
            yield finding("GP_PRIVILEGE_1", change.subject, f"{change.statement}{remark}", undecided=change.undecided)


def _compared(
    subject: str, old: Sequence[_Said], new: Sequence[_Said], direction: str, existing: bool, before: PlanView
) -> list[GrantChange]:
    """What the new statements allow and the old ones did not, and what the old ones denied and the new ones do not.

    For what is narrowed, the two are given the other way round.
    """
    reference = [grant for said in old for grant in said.grants]
    remaining = [grant for said in new for grant in said.grants]
    found: list[GrantChange] = []

    def add(statement: str, undecided: bool) -> None:
        texts = [tuple(sorted(said.words for said in side)) for side in (old, new)]
        earlier, later = texts if direction == WIDENED else reversed(texts)
        found.append(
            GrantChange(
                subject=subject,
                statement=statement,
                direction=direction,
                existing=existing,
                undecided=undecided,
                before=earlier,
                after=later,
            )
        )

    for said in new:
        if said.statement is None:
            if direction == WIDENED:
                add(f"{said.where}: nothing of it is known before the apply", True)
            continue
        wider = [grant for grant in said.grants if grant.allows and not _is_covered(grant, reference, said, before)]
        if wider:
            add(in_words(_only(said.statement, wider)), any(_is_unknown(grant) for grant in wider))
    for said in old:
        lost = [
            grant for grant in said.grants if not grant.allows and not any(other.covers(grant) for other in remaining)
        ]
        if lost and said.statement is not None:
            unread = any(each.statement is None for each in new)
            add(f"no longer denied: {in_words(_only(said.statement, lost))}", unread)
    return found


def _is_covered(grant: Grant, reference: Sequence[Grant], said: _Said, before: PlanView) -> bool:
    if any(other.covers(grant) for other in reference):
        return True
    if NOT_YET not in grant.resource.patterns or grant.resource.excepted:
        return False
    return _was_granted_already(grant, reference, said.made_from, before)


def _was_granted_already(
    grant: Grant, reference: Sequence[Grant], made_from: Sequence[Planned], before: PlanView
) -> bool:
    """Whether the unknown resource is one that is only made anew, and that was granted before.

    It will have the name that it has: everything that it may be has to be in an old statement of the same kind.
    """
    granted = {
        pattern
        for other in reference
        if other.covers(replace(grant, resource=other.resource))
        for pattern in other.resource.patterns
    }
    return bool(made_from) and all(
        item.address in before.resources and any(_is_of(text, before.resources[item.address]) for text in granted)
        for item in made_from
    )


def _is_of(text: str, item: Planned) -> bool:
    """Whether a resource of a statement is the one of an ARN, or something in it."""
    arns = [str(item.values[name]) for name in ("arn", "execution_arn") if item.values.get(name)]
    return any(text == arn or text.startswith((f"{arn}/", f"{arn}:", f"{arn}*")) for arn in arns)


def _is_unknown(grant: Grant) -> bool:
    texts = {*grant.resource.patterns, *grant.principal.patterns, *grant.action.patterns}
    values = {value for _, held in grant.conditions for value in held}
    return any(NOT_YET in text for text in texts | values)


def _only(statement: Mapping[str, Any], grants: Collection[Grant]) -> Mapping[str, Any]:
    """The statement, with no more than the actions and resources that the grants are about."""
    actions = {text for grant in grants for text in grant.action.patterns}
    resources = {text for grant in grants for text in grant.resource.patterns}
    kept = dict(statement)
    if "Action" in kept:
        kept["Action"] = [text for text in _listed(kept["Action"]) if text.lower() in actions]
    if "Resource" in kept:
        kept["Resource"] = [text for text in _listed(kept["Resource"]) if text in resources]
    return kept


def _said_of(view: PlanView, beside: frozenset[tuple[str, str]]) -> dict[str, tuple[_Said, ...]]:
    """By address of a subject: all that is said about it."""
    found: dict[str, list[_Said]] = {}
    for item in view.resources.values():
        if item.is_data:
            continue
        said = [*_statements(item, view, beside)]
        if said:
            found.setdefault(_subject(item, view), []).extend(said)
    return {subject: tuple(said) for subject, said in found.items()}


def _statements(item: Planned, view: PlanView, beside: frozenset[tuple[str, str]]) -> Iterator[_Said]:
    if item.type in _ATTACHMENTS:
        arn = part(item, "policy_arn")
        made_here = linked(arn, ("aws_iam_policy",), view).items
        # Not the ARN, which is known on one side of the comparison only.
        name = made_here[0].address if made_here else str(arn.value or NOT_YET)
        yield _Said({"Effect": "Allow", "Action": ["whatever the policy says"], "Resource": [name]}, "policy_arn")
    elif item.type == "aws_lambda_permission":
        yield _Said(_permission(item), "permission")
    elif item.type == "aws_iam_role" and "managed_policy_arns" in item.expressions:
        for value in item.values.get("managed_policy_arns") or ():
            yield _Said({"Effect": "Allow", "Action": ["whatever the policy says"], "Resource": [value]}, "policies")
    for policy in policies_in(item, view):
        if policy.attribute.startswith("inline_policy") and _stands_beside(item, policy.attribute, beside):
            continue
        if policy.statements is None:
            yield _Said(None, f"{policy.attribute} of {item.address}")
            continue
        for index, statement in enumerate(policy.statements):
            made_from = policy.made_from[index] if index < len(policy.made_from) else ()
            yield _Said(statement, policy.attribute, made_from)


def _permission(item: Planned) -> Mapping[str, Any]:
    """An ``aws_lambda_permission`` as the statement that Lambda makes of it."""
    principal = str(item.values.get("principal") or NOT_YET)
    kind = "Service" if principal.endswith(".amazonaws.com") else "AWS"
    conditions: dict[str, dict[str, Any]] = {}
    for argument, operator, key in (
        ("source_arn", "ArnLike", "AWS:SourceArn"),
        ("source_account", "StringEquals", "AWS:SourceAccount"),
        ("principal_org_id", "StringEquals", "aws:PrincipalOrgID"),
        ("function_url_auth_type", "StringEquals", "lambda:FunctionUrlAuthType"),
        ("event_source_token", "StringEquals", "lambda:EventSourceToken"),
    ):
        given = part(item, argument)
        if given.value or given.awaited:
            conditions.setdefault(operator, {})[key] = given.value or NOT_YET
    qualifier = item.values.get("qualifier")
    return {
        "Effect": "Allow",
        "Principal": {kind: principal} if principal != "*" else "*",
        "Action": [str(item.values.get("action") or NOT_YET)],
        "Resource": [f"the version {qualifier}" if qualifier else "the function"],
        **({"Condition": conditions} if conditions else {}),
    }


def _subject(item: Planned, view: PlanView) -> str:
    argument, kinds = _BELONGS_TO.get(item.type, ("", ()))
    named = linked(part(item, argument), kinds, view).items if argument else ()
    return named[0].address if len(named) == 1 else item.address


def _policies_beside_roles(view: PlanView) -> frozenset[tuple[str, str]]:
    """Role and name of the policies that are resources of their own: AWS shows them in the role as well."""
    return frozenset(
        (_subject(policy, view), str(policy.values.get("name"))) for policy in view.of_type("aws_iam_role_policy")
    )


def _stands_beside(role: Planned, attribute: str, beside: frozenset[tuple[str, str]]) -> bool:
    index = attribute.partition("[")[2].partition("]")[0]
    name = part(role, "inline_policy", int(index), "name").value if index.isdigit() else None
    return (role.address, str(name)) in beside


def _listed(value: Any) -> list[str]:
    return [str(text) for text in (value if isinstance(value, list) else [value]) if text is not None]
