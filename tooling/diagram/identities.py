"""Finding the resource that a text means: an ARN that was put together, or a name in what is taken down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tooling.diagram.model import Node

#: Service and resource part of an ARN, for types whose ARN follows from a name that is known before they are there.
#: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_ARNS = {
    "aws_cloudwatch_event_bus": ("events", "event-bus/", "name"),
    "aws_cloudwatch_log_group": ("logs", "log-group:", "name"),
    "aws_dynamodb_table": ("dynamodb", "table/", "name"),
    "aws_ecr_repository": ("ecr", "repository/", "name"),
    "aws_iam_role": ("iam", "role/", "name"),
    "aws_lambda_function": ("lambda", "function:", "function_name"),
    "aws_s3_bucket": ("s3", "", "bucket"),
    "aws_secretsmanager_secret": ("secretsmanager", "secret:", "name"),
    "aws_sesv2_email_identity": ("ses", "identity/", "email_identity"),
    "aws_sfn_state_machine": ("states", "stateMachine:", "name"),
    "aws_sns_topic": ("sns", "", "name"),
    "aws_sqs_queue": ("sqs", "", "name"),
    "aws_ssm_parameter": ("ssm", "parameter", "name"),
}
#: Secrets Manager ends an ARN with a hyphen and six characters of its own.
#: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
_AFTER = {"secretsmanager": ":/*?-"}
_IDENTITIES = ("arn", "id", "name", "bucket", "function_name", "url")


class Identities:
    """All names by which the resources of a plan may be called in a text."""

    def __init__(self, values: Iterable[tuple[Node, Mapping[str, Any]]]) -> None:
        self._arns: dict[tuple[str, str], list[Node]] = {}
        self._names: dict[str, list[Node]] = {}
        for node, known in values:
            service, beginning, attribute = _ARNS.get(node.type, ("", "", ""))
            name = known.get(attribute)
            if isinstance(name, str) and name:
                self._arns.setdefault((service, beginning + name), []).append(node)
            for text in dict.fromkeys(known.get(key) for key in _IDENTITIES):
                if isinstance(text, str) and text:
                    self._names.setdefault(text, []).append(node)

    def of_arn(self, text: str) -> Node | None:
        """The resource that an ARN is of, what stands below it included (``table/x/index/y``, ``bucket/*``)."""
        if not text.startswith("arn:") or text.count(":") < 5:
            return None
        exact = self._names.get(text)
        if exact:
            return exact[0]
        _, _, service, region, _, resource = text.split(":", 5)
        for end in _ends(resource, _AFTER.get(service, ":/*?")):
            found = self._arns.get((service, resource[:end]), [])
            if found:
                return next((node for node in found if node.region == region), found[0])
        return None

    def named(self, text: str, attribute: str, asking: Node) -> Node | None:
        """The resource of that name, id or ARN that an argument of this name would mean.

        What hangs on a resource often has the same id, so the plainest type counts.
        """
        found = [node for node in self._names.get(text, []) if node.address != asking.address]
        word = attribute.removesuffix("_arn").removesuffix("_id").removesuffix("_name").removesuffix("s")
        fitting = [node for node in found if word in node.type]
        if fitting:
            return min(fitting, key=lambda node: (len(node.type), node.address))
        return found[0] if len(found) == 1 and ":" in text else None


def _ends(resource: str, after: str) -> Iterator[int]:
    """Where the name of a resource may end, longest first: before what is below it, before a wildcard."""
    yield len(resource)
    for end in range(len(resource) - 1, 0, -1):
        if resource[end] in after:
            yield end


def texts_in(value: Any) -> Iterator[str]:
    """All texts of a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)
