"""Which mutants are those of a row."""

from __future__ import annotations

import pytest

from tests.mutation.applying import apply
from tests.mutation.mutants import Defaults, mutants_of
from tests.mutation.rows import Row, Rows, read_rows
from tests.unit.mutation.small import DOCUMENT, SCHEMA, small_views, values

LEDGER = """\
- {id: KF-A-01, kind: resource, check: 'plan: aws_dynamodb_table.ttl[0].enabled == true', resources: []}
- {id: KF-A-02, kind: resource, check: 'plan: stream_enabled true on all', resources: [aws_dynamodb_table]}
- {id: KF-A-03, kind: iam, check: 'plan: exactly these actions', resources: [aws_iam_role_policy]}
- {id: KF-A-04, kind: resource, check: 'plan: var.timeout is 10; output table_name', resources: []}
- {id: KF-A-06, kind: resource, check: 'every aws_cloudwatch_event_rule; optional aws_lambda_function', resources: []}
- {id: KF-A-07, kind: resource, check: 'no aws_nat_gateway, aws_vpc; exactly one aws_iam_role_policy', resources: []}
- {id: KF-A-08, kind: resource, check: 'plan: every aws_dynamodb_table.table_class empty and .replica', resources: []}
- {id: KF-A-05, kind: doc, check: 'aws_lambda_function.timeout == 10', resources: [aws_lambda_function]}
- {id: RW-A-01, kind: resource, check: 'aws_lambda_function.timeout == 10', resources: [aws_lambda_function]}
"""


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    file = tmp_path_factory.mktemp("ledger") / "requirements.yaml"
    file.write_text(LEDGER)
    return read_rows(file, "kefir", frozenset({"timeout"}), frozenset({"table_name"}))


@pytest.fixture(scope="module")
def rows(ledger: list[Row]) -> dict[str, tuple[str, ...]]:
    views = small_views()
    found = Rows(ledger, SCHEMA, views)
    return {mutant.id: found.of(mutant) for mutant in [*mutants_of(views, SCHEMA), *found.additions()]}


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("aws_dynamodb_table.table:ttl.0.enabled:flip", ("KF-A-01",)),
        # Without the block there is no flag in it.
        ("aws_dynamodb_table.table:ttl.0:drop", ("KF-A-01",)),
        ("aws_dynamodb_table.table:ttl.0.attribute_name:text", ()),
        ("aws_dynamodb_table.table:stream_enabled:flip", ("KF-A-02",)),
        ("aws_dynamodb_table.table:resource", ("KF-A-01", "KF-A-02", "KF-A-08")),
        (f"{DOCUMENT}:statement.0.actions.0:widen-action", ("KF-A-03", "KF-A-07")),
        ("var.timeout:default:figure+1", ("KF-A-04",)),
        ("output.table_name:output", ("KF-A-04",)),
        # Named without an argument: all of it; but not what is optional.
        ("aws_cloudwatch_event_rule.ended:event_pattern.{}.source.0:text", ("KF-A-06",)),
        # What there must not be, or only once.
        ("aws_vpc.mutant:add", ("KF-A-07",)),
        ("aws_nat_gateway.mutant:add", ("KF-A-07",)),
        ("aws_iam_role_policy.mutant:add", ("KF-A-03", "KF-A-07")),
        # The row is none that a test must prove, or another architecture's.
        ("aws_lambda_function.reader:timeout:figure:+1", ()),
    ],
)
def test_rows_of(rows: dict[str, tuple[str, ...]], identifier: str, expected: tuple[str, ...]) -> None:
    assert rows[identifier] == expected


def test_what_a_row_names_and_no_resource_has_is_set_on_each(ledger: list[Row]) -> None:
    views = small_views()
    for view in views:
        del view.configured["aws_dynamodb_table.table"]["expressions"]["table_class"]
        view.resources["aws_dynamodb_table.table"][0]["values"]["table_class"] = None

    found = [mutant for mutant in Rows(ledger, SCHEMA, views).additions() if mutant.kind == "set"]

    assert [mutant.id for mutant in found] == [
        'aws_dynamodb_table.other:table_class:set:"mutant"',
        'aws_dynamodb_table.table:table_class:set:"mutant"',
    ]
    assert apply(found[1], views, Defaults(views, SCHEMA)) == 2
    assert values(views[0], "aws_dynamodb_table.table")["table_class"] == "mutant"


def test_what_must_not_be_is_planned(ledger: list[Row]) -> None:
    views = small_views()
    additions = {mutant.block: mutant for mutant in Rows(ledger, SCHEMA, views).additions()}

    defaults = Defaults(views, SCHEMA)
    for block in ("aws_vpc.mutant", "aws_iam_role_policy.mutant"):
        assert apply(additions[block], views, defaults) == 2

    assert values(views[0], "aws_vpc.mutant") == {}
    assert values(views[0], "aws_iam_role_policy.mutant") == values(views[0], "aws_iam_role_policy.reader")
    assert "aws_vpc.mutant" in views[0].configured
