"""Sample data for a stack that nobody's data is in, from the ``seed.yaml`` of its architecture.

Each item and each user is written once: what is there is left as it is, so that running it twice changes nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from tooling.aws_calls import asking_aws
from tooling.errors import Exit, ToolError
from tooling.outputs import applied_outputs
from tooling.progress import StackProgress

if TYPE_CHECKING:
    from pathlib import Path

    from tooling.environment.stacks import Stack
    from tooling.session import Session

_MOMENT = re.compile(r"\{now(?:([+-]\d+)([smhdw]))?\}")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_REGION = "AWS_REGION"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Strict):
    """Where something is written: what a variable of the shell names, else what an output of the stack does."""

    variable: str
    output: str


class Seed(_Strict):
    """What an architecture has as sample data.

    Attributes:
        table: The DynamoDB table.
        user_pool: The Cognito user pool. Default: none, for a stack without users.
        users: Addresses of users who sign in by them.
        items: Items of the table, with its keys.
    """

    table: Place
    user_pool: Place | None = None
    users: tuple[str, ...] = ()
    items: tuple[dict[str, str | int | bool], ...]


@dataclass(frozen=True)
class Places:
    """Where the sample data of one stack goes."""

    table: str
    user_pool: str
    region: str


@dataclass(frozen=True)
class Seeded:
    """What came of it.

    Attributes:
        places: Where it went.
        items, users: How many were written.
        kept: How many items and users were there before, and were left as they are.
    """

    places: Places
    items: int
    users: int
    kept: int


def read_seed(session: Session, stack: Stack) -> Seed:
    """The sample data of a stack's architecture.

    Raises:
        ToolError: Exit 2: it has none, or the file is not as it should be.
    """
    import yaml

    file = _file(session, stack)
    where = session.workspace.relative(file)
    if not file.is_file():
        raise ToolError(f"{stack.architecture} has no sample data", where=where, exit_code=Exit.USAGE)
    try:
        return Seed.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")) or {})
    except yaml.YAMLError as error:
        raise ToolError(f"it is no YAML: {error}", where=where, exit_code=Exit.USAGE) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ToolError(f"{place}: {first['msg']}", where=where, exit_code=Exit.USAGE) from error


def _file(session: Session, stack: Stack) -> Path:
    return session.workspace.root / "cdktf_app/architectures" / stack.architecture / "seed.yaml"


def find_places(session: Session, stack: Stack, seed: Seed, environ: Mapping[str, str] | None = None) -> Places:
    """Where the sample data goes: as the shell says, else as the stack's outputs do.

    Raises:
        ToolError: The stack keeps its data, is not applied, or has no such output.
    """
    own = os.environ if environ is None else environ
    if session.config.stacks[stack.architecture].retain_data:
        raise ToolError(
            "sample data is not written where data is kept",
            where=stack.name,
            hint=f"for a stack with retain_data = false in envs/{stack.env}/env.toml only",
        )
    wanted = [place for place in (seed.table, seed.user_pool) if place]
    given = {place.variable for place in wanted if own.get(place.variable)}
    outputs = {} if len(given) == len(wanted) else applied_outputs(session, stack)
    named = [str(own.get(place.variable) or _output(stack, outputs, place)) for place in wanted]
    # A shell has a region for many reasons: it counts with a name of that shell, as in the document.
    region = own.get(_REGION) if given else None
    return Places(named[0], named[1] if seed.user_pool else "", region or session.config.region)


def _output(stack: Stack, outputs: Mapping[str, Any], place: Place) -> str:
    if not (value := outputs.get(place.output)):
        raise ToolError(f"the output {place.output} is empty", where=stack.name, hint=f"or set {place.variable}")
    return str(value)


def write_seed(session: Session, stack: Stack, seed: Seed, places: Places) -> Seeded:
    """Write what is not there yet.

    Raises:
        ToolError: The table is protected against its deletion, so data in it is kept; or AWS refuses.
    """
    progress = StackProgress(session.progress, stack.name, "seed", total=len(seed.items) + len(seed.users))
    with asking_aws(progress, hint="what is missing is written by running it again"):
        table = session.target.client("dynamodb", places.region)
        told = table.describe_table(TableName=places.table)["Table"]
        if told.get("DeletionProtectionEnabled"):
            raise ToolError(
                f"the table {places.table} is protected against deletion, so data in it is kept",
                where=stack.name,
                hint="sample data is for a table that may go",
            )
        keys = [str(one["AttributeName"]) for one in told["KeySchema"]]
        _require_keys(session, stack, seed, keys)
        items = _count(
            _items(seed.items, session.clock()),
            lambda item: _put(table, places.table, keys[0], item),
            lambda item: str(item[keys[-1]]),
            progress,
        )
        pool = session.target.client("cognito-idp", places.region) if places.user_pool else None
        users = _count(seed.users, lambda email: _make_user(pool, places.user_pool, email), str, progress)
    kept = len(seed.items) + len(seed.users) - items - users
    progress.end(f"{items + users} written, {kept} were there")
    return Seeded(places, items, users, kept)


def _require_keys(session: Session, stack: Stack, seed: Seed, keys: Sequence[str]) -> None:
    """Before anything is written: the table takes no item without its keys."""
    for number, item in enumerate(seed.items):
        if missing := [key for key in keys if key not in item]:
            raise ToolError(
                f"items.{number} has no {missing[0]}, a key of the table",
                where=session.workspace.relative(_file(session, stack)),
                exit_code=Exit.USAGE,
            )


def _count(of: Sequence[Any], write: Callable[[Any], bool], name: Callable[[Any], str], progress: StackProgress) -> int:
    written = 0
    for one in of:
        written += write(one)
        progress.step(name(one))
    return written


def _put(client: Any, table: str, key: str, item: Mapping[str, Any]) -> bool:
    """Whether the item was not there before."""
    try:
        client.put_item(
            TableName=table,
            Item=_typed(item),
            ConditionExpression="attribute_not_exists(#key)",
            ExpressionAttributeNames={"#key": key},
        )
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def _make_user(client: Any, pool: str, email: str) -> bool:
    """Whether the user was not there before. No invitation is sent; one signs in with a code by mail."""
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    try:
        client.admin_create_user(UserPoolId=pool, Username=email, UserAttributes=attributes, MessageAction="SUPPRESS")
    except client.exceptions.UsernameExistsException:
        return False
    return True


def _items(items: Sequence[Mapping[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Items with their moments written out."""
    return [
        {name: with_moments(value, now) if isinstance(value, str) else value for name, value in item.items()}
        for item in items
    ]


def with_moments(text: str, now: datetime) -> str:
    """``{now-2h}`` and its like, as JavaScript writes moments.

    >>> with_moments("at {now-2h}", datetime(2026, 11, 21, 12, tzinfo=UTC))
    'at 2026-11-21T10:00:00.000Z'
    """

    def moment(found: re.Match[str]) -> str:
        after = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found[1] else timedelta()
        return f"{(now + after).astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"

    return _MOMENT.sub(moment, text)


def _typed(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {"BOOL": value} if isinstance(value, bool) else {"N" if isinstance(value, int) else "S": str(value)}
        for name, value in item.items()
    }
