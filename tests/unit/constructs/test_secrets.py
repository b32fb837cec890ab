from __future__ import annotations

from collections.abc import Callable

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.secret import Secret, SecretProps
from cdktf_app.deployment import Deployment
from cdktf_app.expressions import Expression
from cdktf_app.module_stack import Input, ModuleStack
from tests.unit.constructs.synthesized import Synthesized

DEPLOYMENT = Deployment(
    prefix="app", suffix="-dev", account_id="${var.account_id}", region="${var.region}", tags={"Owner": "me"}
)


def secret(part: Construct, *, written_with: tuple[Expression, ...] = ()) -> Secret:
    props = SecretProps(
        deployment=DEPLOYMENT,
        name="database",
        description="How to connect.",
        content={"username": "owner", "password": Input("password").expression},
        version=Input("password_version").number,
        written_with=written_with,
        force_destroy=Input("force_destroy"),
    )
    return Secret(part, "secret", props=props)


def test_the_content_is_write_only(part: Construct, synthesize: Callable[[], Synthesized]) -> None:
    secret(part)

    version = synthesize().the("aws_secretsmanager_secret_version")
    assert version["secret_string_wo"].replace("\n", "").replace(" ", "") == (
        '${jsonencode({username="owner"password=var.password})}'
    )
    assert version["secret_string_wo_version"] == "${var.password_version}"
    assert not {"secret_string", "secret_binary", "lifecycle"} & version.keys()


def test_the_name_tells_environments_apart_before_its_slash(
    part: Construct, synthesize: Callable[[], Synthesized]
) -> None:
    made = secret(part)

    assert synthesize().the("aws_secretsmanager_secret")["name"] == made.name == "app-dev/database"
    assert made.arn_pattern == ("arn:aws:secretsmanager:${var.region}:${var.account_id}:secret:app-dev/database-??????")
    assert made.arn == "${aws_secretsmanager_secret_version.secret_version.arn}"


def test_a_deleted_secret_can_be_had_back_for_a_month_unless_its_stack_is_to_go(
    part: Construct, synthesize: Callable[[], Synthesized]
) -> None:
    secret(part)

    kept = synthesize().the("aws_secretsmanager_secret")["recovery_window_in_days"]
    assert kept == "${var.force_destroy ? 0 : 30}"


def test_the_content_is_written_again_with_what_it_is_of(
    part: Construct, synthesize: Callable[[], Synthesized]
) -> None:
    secret(part, written_with=(Expression("aws_db_instance.database.id"),))

    version = synthesize().the("aws_secretsmanager_secret_version")
    assert version["lifecycle"] == {"replace_triggered_by": ["aws_db_instance.database.id"]}


def test_an_ephemeral_input_says_so(stack: ModuleStack, synthesize: Callable[[], Synthesized]) -> None:
    stack.variable("password", "string", description="A secret.", sensitive=True, ephemeral=True)
    stack.variable("name", "string", description="No secret.")

    declared = synthesize().module["variable"]
    assert declared["password"]["ephemeral"] is True
    assert declared["password"]["sensitive"] is True
    assert "ephemeral" not in declared["name"]
