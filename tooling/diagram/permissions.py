"""What roles may do to other resources of the plan, in a word or two: read, write, invoke."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.diagram.identities import Identities
from tooling.diagram.model import Node
from tooling.diagram.reading import Reading
from tooling.gate.documents import DOCUMENT, Statement, policies_of
from tooling.gate.planned import Planned

_HOLDING_POLICIES = frozenset({"aws_iam_role", "aws_iam_role_policy", "aws_iam_policy"})
_WORDS = (
    ("invoke", ("Invoke", "ExecuteStatement")),
    ("start", ("Start", "Run", "CreateJob", "CreateSolutionVersion")),
    ("send", ("Send", "PutEvents", "Publish")),
    ("receive", ("Receive",)),
    ("pass", ("PassRole",)),
    ("use", ("Decrypt", "Encrypt", "GenerateDataKey", "ReEncrypt", "AssumeRole")),
    (
        "read",
        ("Get", "List", "Describe", "Query", "Scan", "BatchGet", "Head", "Select", "Search", "AdminGet", "BatchCheck"),
    ),
)


def permissions_of(reading: Reading) -> Iterator[tuple[Node, Node, str]]:
    """Whose policy, on what, and which word says it; the same may come more than once."""
    for node in reading.nodes.values():
        item = reading.planned(node)
        if item is not None and node.type in _HOLDING_POLICIES:
            for statement, source in _statements(item, reading):
                if statement.allows and not statement.where.startswith("assume_role_policy"):
                    for target in _targets(statement, source, reading):
                        for word in sorted(words_of(statement)):
                            yield node, target, word


def words_of(statement: Statement) -> set[str]:
    """What a statement lets one do."""
    return {word_of(action) for action in statement.actions if action is not None}


def word_of(action: str) -> str:
    """A word for one action, ``dynamodb:GetItem``."""
    verb = action.rpartition(":")[2]
    if verb == "*":
        return "all"
    return next((word for word, beginnings in _WORDS if verb.startswith(beginnings)), "write")


def _statements(item: Planned, reading: Reading) -> Iterator[tuple[Statement, Planned]]:
    """The statements of a policy's own text, and of the documents that it is put together from."""
    for found in policies_of(item, reading.view):
        if isinstance(found, Statement):
            yield found, item
    read: set[str] = set()
    expressions = [expression for name, expression in item.expressions.items() if name != "assume_role_policy"]
    waiting: list[tuple[Planned, object]] = [(item, expressions)]
    while waiting:
        user, expression = waiting.pop()
        for source in reading.view.sources(expression, seen_from=user):
            for document in source.instances or ():
                if document.is_data and document.type == DOCUMENT and document.address not in read:
                    read.add(document.address)
                    waiting.append((document, document.expressions))
                    for found in policies_of(document, reading.view):
                        if isinstance(found, Statement):
                            yield found, document


def _targets(statement: Statement, source: Planned, reading: Reading) -> Iterator[Node]:
    """The resources of the plan that a statement is about; of ``*`` nobody is."""
    yield from _named(statement, reading.identities)
    for found in reading.view.sources(statement.resources_expression, seen_from=source):
        for instance in found.instances or ():
            if instance.address in reading.nodes and not instance.is_data:
                yield reading.nodes[instance.address]


def _named(statement: Statement, identities: Identities) -> Iterator[Node]:
    for text in statement.resources:
        node = identities.of_arn(text) if text else None
        if node is not None:
            yield node
