"""``groundplan cost refresh``: the table's figures are replaced by those of AWS's own price list.

A figure is taken only when the price list has exactly one product for it, in the unit that the table has, at a price
that is no order of magnitude away. Whatever else is found is said, and the table keeps what it has.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

from tooling.cost.price_file import Entry
from tooling.cost.price_list import HOME_REGION, Product, Unusable, products, tiers
from tooling.cost.price_writing import NewFigure
from tooling.cost.prices import GLOBAL, Price
from tooling.errors import Exit, ToolError
from tooling.side_by_side import side_by_side

#: A price that moved further than this is more likely another unit or another product.
LARGEST_STEP = 10

#: Calls at once, and how often each is tried: AWS throttles this API early.
JOBS = 4
ATTEMPTS = 8

_EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")
_REFUSED = ("AccessDenied", "AccessDeniedException", "UnrecognizedClientException", "InvalidClientTokenId")
_THROTTLED = ("ThrottlingException", "Throttling", "TooManyRequestsException")
# What AWS says of one query, not of the caller: an attribute or a service that it does not know.
_OF_THE_QUERY = ("InvalidParameterException", "NotFoundException", "ValidationException")


@dataclass(frozen=True)
class Refreshed:
    """A price that AWS's list has.

    Attributes:
        figure: What goes into the table.
        before: The table's price so far; None when it had none for the region.
    """

    figure: NewFigure
    before: Price | None

    @property
    def changed(self) -> bool:
        return self.before is None or self.before.tiers != self.figure.tiers

    @property
    def percent(self) -> Decimal | None:
        """How far the first tier moved; None when there was none before."""
        if self.before is None:
            return None
        return (self.figure.tiers[0].usd / self.before.usd - 1) * 100


@dataclass(frozen=True)
class Left:
    """A price that stays as it is.

    Attributes:
        by_hand: Whether the table says itself that the price list is not asked.
    """

    id: str
    region: str
    why: str
    by_hand: bool = False


@dataclass(frozen=True)
class Outcome:
    """What AWS's price list said about the table, in the table's order."""

    refreshed: tuple[Refreshed, ...]
    left: tuple[Left, ...]

    @property
    def changed(self) -> tuple[Refreshed, ...]:
        return tuple(each for each in self.refreshed if each.changed)


def client_for(env: str | None) -> Any:
    """A client of the price list's API: with the credentials of the shell, or those of an environment's account.

    Raises:
        ToolError: The run is meant for the emulator, which has no price list; or the credentials are another account's.
    """
    from tooling.environment.config import load_environment
    from tooling.target import EMULATOR_VARIABLE, Target, check_identity, choose_target, wants_emulator
    from tooling.workspace import find_workspace

    if env is None:
        if os.environ.get(EMULATOR_VARIABLE, "") not in ("", "0", "false"):
            raise _no_price_list(f"{EMULATOR_VARIABLE} is set")
        target = Target("aws", None, os.environ, HOME_REGION, account_id="")
    else:
        workspace = find_workspace()
        config = load_environment(workspace, env)
        if wants_emulator(config):
            raise _no_price_list(f"{env} runs on the emulator")
        target = choose_target(workspace, env, config)
        check_identity(target, env)
    return target.client("pricing", HOME_REGION, retries=ATTEMPTS)


def regions_of(entries: Sequence[Entry], asked: Sequence[str]) -> tuple[str, ...]:
    """The regions that prices are wanted for: those asked for, else all that the table has.

    Raises:
        ToolError: There is no such region (exit code 2).
    """
    from tooling.environment.config import REGIONS

    for region in asked:
        if region not in REGIONS:
            hint = "write it as us-west-2; what is the same everywhere is asked for with any"
            raise ToolError(f"there is no region '{region}'", hint=hint, exit_code=Exit.USAGE)
    return tuple(asked) or tuple(sorted({name for entry in entries for name in entry.regions} - {GLOBAL}))


def chosen(entries: Sequence[Entry], pattern: str) -> tuple[Entry, ...]:
    """The entries whose id a glob matches.

    Raises:
        ToolError: None does (exit code 2).
    """
    found = tuple(entry for entry in entries if fnmatchcase(entry.id, pattern))
    if not found:
        raise ToolError(f"no price is called '{pattern}'", hint="--id takes a glob, as 'rds.*'", exit_code=Exit.USAGE)
    return found


def refresh(
    client: Any, entries: Sequence[Entry], regions: Sequence[str], *, told: Callable[[int, int], None] = lambda *_: None
) -> Outcome:
    """Ask AWS's price list for every entry, in every region.

    Args:
        client: Of the price list's API.
        entries: Of the table.
        regions: Where prices are wanted; what is the same everywhere is asked for once.
        told: Called with how many answers of how many are there.

    Raises:
        ToolError: AWS refuses the caller, does not answer, or answers what is no price list.
    """
    wanted = [(entry, place) for entry in entries for place in ((GLOBAL,) if GLOBAL in entry.regions else regions)]
    found: dict[tuple[str, str], Refreshed | Left] = {}
    for (entry, region), result in side_by_side(lambda each: _ask(client, *each), wanted, jobs=JOBS):
        found[entry.id, region] = result
        told(len(found), len(wanted))
    inorder = [found[entry.id, region] for entry, region in wanted]
    return Outcome(
        tuple(each for each in inorder if isinstance(each, Refreshed)),
        tuple(each for each in inorder if isinstance(each, Left)),
    )


def _ask(client: Any, entry: Entry, region: str) -> Refreshed | Left:
    if entry.query is None:
        return Left(entry.id, region, f"kept by hand: {entry.by_hand}", by_hand=True)
    try:
        candidates = _products(client, entry, region)
        if len(candidates) != 1:
            raise Unusable(_which(candidates, region))
        (product,) = candidates
        figure = NewFigure(entry, region, tiers(product, entry), product.sku, product.published)
        before = entry.figures().get(region)
        refreshed = Refreshed(figure, before if isinstance(before, Price) else None)
        _check_step(refreshed)
    except Unusable as error:
        return Left(entry.id, region, str(error))
    return refreshed


def _products(client: Any, entry: Entry, region: str) -> list[Product]:
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

    if entry.query is None:
        return []
    try:
        return products(client, entry.query, region)
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise ToolError(
            "there are no AWS credentials",
            hint="set AWS_PROFILE or run `aws sso login`; any account does, with pricing:GetProducts",
        ) from error
    except ClientError as error:
        told = error.response["Error"]
        if told.get("Code") in _OF_THE_QUERY:
            raise Unusable(f"AWS does not take the query: {told.get('Message')}") from error
        raise _refused(str(told.get("Code")), str(told.get("Message"))) from error
    except (BotoCoreError, ValueError) as error:
        raise ToolError(
            f"no answer that reads from AWS's price list: {error}",
            hint="nothing was written; check the network and AWS_ENDPOINT_URL_PRICING",
        ) from error


def _refused(code: str, message: str) -> ToolError:
    if code in _EXPIRED:
        return ToolError("the AWS credentials have expired", hint="renew them (`aws sso login`) and run again")
    if code in _REFUSED:
        hint = "the caller needs pricing:GetProducts; nothing was written"
        return ToolError(f"AWS refused the credentials ({code}: {message})", hint=hint)
    if code in _THROTTLED:
        return ToolError("AWS throttles the price list", hint="wait a minute, or ask for less: --id 'rds.*'")
    return ToolError(f"AWS's price list failed ({code}: {message})", hint="nothing was written; run it again")


def _no_price_list(why: str) -> ToolError:
    return ToolError(
        f"{why}, and the emulator has no price list",
        hint="credentials of any AWS account do, with pricing:GetProducts",
    )


def _which(candidates: Sequence[Product], region: str) -> str:
    if not candidates:
        place = "anywhere" if region == GLOBAL else f"in {region}"
        return f"the price list has no such product {place}"
    names = ", ".join(f"{each.sku} ({each.attributes.get('operation') or each.usagetype})" for each in candidates[:4])
    return f"the price list has {len(candidates)} such products: {names}; the query has to say which"


def _check_step(refreshed: Refreshed) -> None:
    if refreshed.before is None:
        return
    step = refreshed.figure.tiers[0].usd / refreshed.before.usd
    if not Decimal(1) / LARGEST_STEP <= step <= LARGEST_STEP:
        what = f"{refreshed.figure.sku} is {float(step):.3g} times the table's price"
        raise Unusable(f"{what}: another unit or product? change it by hand")
