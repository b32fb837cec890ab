"""Questions to the logs that are kept ready in CloudWatch Logs Insights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.cloudwatch import CloudwatchQueryDefinition
from cdktf_app.bindings.core import Construct
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class SavedQuery:
    """One question.

    Attributes:
        name: Construct id, and end of the query's name (with hyphens).
        query: The question, in the language of Logs Insights.
    """

    name: str
    query: str


@dataclass(frozen=True, kw_only=True)
class SavedQueriesProps:
    """Shape of a set of queries.

    Attributes:
        deployment: Names.
        log_groups: Names of the log groups that they are put to; as an expression where only Terraform knows which
            there are.
        queries: The questions.
    """

    deployment: Deployment
    log_groups: Sequence[str] | expressions.Expression
    queries: Sequence[SavedQuery]


class SavedQueries(Construct):
    """Saved queries of Logs Insights over the same log groups."""

    def __init__(self, scope: Construct, construct_id: str, *, props: SavedQueriesProps) -> None:
        super().__init__(scope, construct_id)
        groups = props.log_groups
        for query in props.queries:
            CloudwatchQueryDefinition(
                self,
                query.name,
                name=props.deployment.name(query.name.replace("_", "-")),
                query_string=query.query,
                log_group_names=expressions.strings(groups)
                if isinstance(groups, expressions.Expression)
                else list(groups),
            )
