"""An applied stack, as its checks see it: what its state says there is, and clients to ask AWS about it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError
from tooling.state import read_state
from tooling.states.content import current

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tooling.environment.stacks import Stack
    from tooling.session import Session


@dataclass(frozen=True)
class LiveResource:
    """One managed resource of the state.

    Attributes:
        address: As in ``module.kefir.aws_dynamodb_table.table``.
        type: As in ``aws_dynamodb_table``.
        name: Its name in the module, as ``table``.
        attributes: As the state has them; secrets are in it, so show single values only.
        region: Where it is.
    """

    address: str
    type: str
    name: str
    attributes: Mapping[str, Any]
    region: str

    @property
    def id(self) -> str:
        return str(self.attributes.get("id") or "")

    def __getitem__(self, attribute: str) -> Any:
        return self.attributes[attribute]


@dataclass(frozen=True)
class LiveStack:
    """A stack with something in it.

    Attributes:
        session: The run.
        stack: Which.
        state: Its state.
    """

    session: Session
    stack: Stack
    state: Mapping[str, Any]

    @cached_property
    def outputs(self) -> dict[str, Any]:
        """Values of the outputs that are not sensitive, by name."""
        found = self.state.get("outputs", {})
        return {name: entry["value"] for name, entry in sorted(found.items()) if not entry.get("sensitive")}

    @cached_property
    def _clients(self) -> dict[tuple[str, str | None], Any]:
        return {}

    @cached_property
    def _making(self) -> Lock:
        return Lock()

    @cached_property
    def all(self) -> tuple[LiveResource, ...]:
        """Every managed resource, by address."""
        return tuple(
            LiveResource(
                address,
                str(one.resource["type"]),
                str(one.resource["name"]),
                one.body.get("attributes") or {},
                self._region(str(one.resource.get("provider", ""))),
            )
            for address, one in sorted(current(self.state).items())
        )

    def of(self, *types: str) -> tuple[LiveResource, ...]:
        """The resources of these types."""
        return tuple(one for one in self.all if one.type in types)

    def only(self, type_: str, name: str = "") -> LiveResource:
        """The one resource of a type, and of a name in the module if there are several.

        Raises:
            ToolError: There is none, or more than one.
        """
        found = [one for one in self.of(type_) if name in ("", one.name)]
        if len(found) != 1:
            what = f"{type_}.{name}" if name else type_
            raise ToolError(f"{len(found)} of {what} in the state, one is expected", where=self.stack.name)
        return found[0]

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client of the stack's account; the same one for the same question, and for several threads."""
        key = (service, region)
        # Making one reads megabytes of service descriptions: once is enough, however many ask.
        with self._making:
            if key not in self._clients:
                self._clients[key] = self.session.target.client(service, region)
            return self._clients[key]

    @contextmanager
    def asking(self, what: str, *, hint: str | None = None) -> Iterator[None]:
        """What AWS refuses or does not answer is an error of ours, with what was asked.

        Raises:
            ToolError: It does.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            told = error.response.get("Error", {})
            raise ToolError(
                f"{what}: {error.operation_name} was refused: {told.get('Code')}: {told.get('Message')}",
                where=self.stack.name,
                hint=hint,
            ) from error
        except BotoCoreError as error:
            raise ToolError(f"{what}: no answer from AWS: {error}", where=self.stack.name, hint=hint) from error

    def _region(self, provider: str) -> str:
        """A provider of a state reads ``provider["registry.terraform.io/hashicorp/aws"].failover``."""
        alias = provider.rpartition('"].')[2] if '"].' in provider else ""
        aliases = self.session.config.stacks[self.stack.architecture].aliases
        return aliases[alias].region if alias in aliases else self.session.config.region


def live_stack(session: Session, stack: Stack) -> LiveStack:
    """The stack as it is applied.

    Raises:
        ToolError: Nothing is.
    """
    state = read_state(session.target, session.config, stack)
    if state is None or not state.get("resources"):
        raise ToolError("nothing is applied here", where=stack.name, hint=f"apply it: make apply ENV={stack.env}")
    return LiveStack(session, stack, state)
