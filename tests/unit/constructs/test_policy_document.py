from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.policy_document import Condition, PolicyDocument, Statement
from tests.unit.constructs.synthesized import Synthesized


@pytest.mark.parametrize("action", ["*", "s3:*", "s3:Get*"])
def test_refuses_to_allow_a_wildcard_action(action: str, part: Construct) -> None:
    document = PolicyDocument(part, "document")

    with pytest.raises(ValueError, match="statement Much allows"):
        document.add(Statement(sid="Much", actions=[action], resources=["arn:aws:s3:::b"]))


def test_denies_what_it_is_told_to_deny(part: Construct, synthesize: Callable[[], Synthesized]) -> None:
    PolicyDocument(
        part,
        "document",
        statements=[
            Statement(
                sid="No",
                deny=True,
                actions=["s3:*"],
                resources=["arn:aws:s3:::b"],
                principals={"*": ["*"]},
                conditions=[Condition(test="Bool", variable="aws:SecureTransport", values=["false"])],
            )
        ],
    )

    assert synthesize().statements("document")["No"] == {
        "sid": "No",
        "effect": "Deny",
        "actions": ["s3:*"],
        "resources": ["arn:aws:s3:::b"],
        "principals": [{"type": "*", "identifiers": ["*"]}],
        "condition": [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["false"]}],
    }


def test_refuses_two_statements_of_one_name(part: Construct) -> None:
    statement = Statement(sid="Read", actions=["s3:GetObject"], resources=["arn:aws:s3:::b/*"])

    with pytest.raises(ValueError, match="there is a statement Read already"):
        PolicyDocument(part, "document", statements=[statement, statement])
