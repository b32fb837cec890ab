"""An allowed ``service:*`` grows with every feature AWS adds to the service."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tooling.gate.documents import Statement, Unreadable, policies_of
from tooling.gate.engine.check import PlanCheck, Subject, Violation

#: In a key policy the account's root stands for "whoever IAM allows": AWS's own default statement.
_ACCOUNT_ROOT = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:root")


class NoActionIsWild(PlanCheck):
    """Statements that allow name every action; ``s3:Get*`` is wild as well."""

    def __init__(self) -> None:
        super().__init__(
            id="GP_IAM_1",
            name="IAM policies name the actions that they allow",
            resources=["aws_*", "data.aws_iam_policy_document"],
        )

    def violations(self, subject: Subject) -> Iterator[Violation]:
        resource, plan = subject.resource, subject.plan
        for part in policies_of(resource, plan):
            if isinstance(part, Unreadable):
                yield Violation(f"the policy in {part.where} is known only after apply", undecided=True)
            elif part.allows:
                yield from _violations(part)


def _violations(statement: Statement) -> Iterator[Violation]:
    if statement.not_actions:
        yield Violation(f"{statement.where} allows every action but {_listed(statement.not_actions)}")
    wild = [action for action in statement.actions if action is not None and ("*" in action or "?" in action)]
    if wild and not _delegates_a_key_to_iam(statement):
        yield Violation(f"{statement.where} allows {_listed(wild)}")
    if None in statement.actions:
        yield Violation(f"an action of {statement.where} is known only after apply", undecided=True)


def _delegates_a_key_to_iam(statement: Statement) -> bool:
    return (
        bool(statement.principals)
        and all(action is not None and action.startswith("kms:") for action in statement.actions)
        and all(
            kind == "AWS" and name is not None and _ACCOUNT_ROOT.fullmatch(name) for kind, name in statement.principals
        )
    )


def _listed(texts: list[str] | tuple[str | None, ...]) -> str:
    return ", ".join(f"'{text}'" for text in texts)


check = NoActionIsWild()
