"""How a backend says which operations it takes, and how all backends are found.

A backend is one file in ``backends/`` that makes a :class:`Backend` and decorates functions with it. Adding a service
is adding a file of its name: nothing lists them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from moto.core.exceptions import ServiceException

from tooling.emulator import backends
from tooling.emulator.call import Call
from tooling.emulator.moto_gateway import Missing


class AwsError(ServiceException):  # type: ignore[misc]  # moto is untyped here
    """``raise AwsError("ResourceNotFoundException", "no such plan")``: written as the service writes that error."""


Answer = Callable[[Call], Mapping[str, Any] | None]
Amendment = Callable[[Call, dict[str, Any]], None]
Preparation = Callable[[Call], None]
Watch = Callable[[Call, Mapping[str, Any]], None]
_Answer = TypeVar("_Answer", bound=Answer)
_Amendment = TypeVar("_Amendment", bound=Amendment)
_Preparation = TypeVar("_Preparation", bound=Preparation)
_Watch = TypeVar("_Watch", bound=Watch)
_Handler = TypeVar("_Handler", bound=Callable[..., Any])


class Backend:
    """What we answer of one service.

    Args:
        service: Service in boto3's spelling, e.g. "cognito-idp".
    """

    def __init__(self, service: str) -> None:
        self.service = service
        self._answers: dict[str, Answer] = {}
        self._amendments: dict[str, Amendment] = {}
        self._preparations: dict[str, Preparation] = {}
        self._watches: dict[str, Watch] = {}
        self._serial: set[str] = set()

    def answers(self, *operations: str) -> Callable[[_Answer], _Answer]:
        """The function answers in moto's place; when it returns None, moto is asked after all."""
        return self._taking(self._answers, operations)

    def amends(self, *operations: str) -> Callable[[_Amendment], _Amendment]:
        """The function mends a successful answer of moto's, in place."""
        return self._taking(self._amendments, operations)

    def prepares(self, *operations: str) -> Callable[[_Preparation], _Preparation]:
        """The function may change ``call.body`` before moto reads it."""
        return self._taking(self._preparations, operations)

    def watches(self, *operations: str) -> Callable[[_Watch], _Watch]:
        """The function does something of its own after a success of moto's; the client gets moto's answer as it is."""
        return self._taking(self._watches, operations)

    def serialises(self, *operations: str) -> None:
        """One call at a time: moto looks first and acts then, without a lock between."""
        self._serial |= set(operations)

    def lacks(self, *operations: str) -> None:
        """Nobody has these, though moto takes them for something else and would answer that."""

        def refuse(_call: Call) -> None:
            raise Missing

        self._taking(self._answers, operations)(refuse)

    def answer_for(self, operation: str) -> Answer | None:
        return self._answers.get(operation)

    def amendment_for(self, operation: str) -> Amendment | None:
        return self._amendments.get(operation)

    def preparation_for(self, operation: str) -> Preparation | None:
        return self._preparations.get(operation)

    def watch_for(self, operation: str) -> Watch | None:
        return self._watches.get(operation)

    def is_serial(self, operation: str) -> bool:
        return operation in self._serial

    def operations(self) -> frozenset[str]:
        """Every operation that some handler takes."""
        return frozenset({*self._answers, *self._amendments, *self._preparations, *self._watches, *self._serial})

    def _taking(self, table: dict[str, Any], operations: tuple[str, ...]) -> Callable[[_Handler], _Handler]:
        def take(handler: _Handler) -> _Handler:
            for operation in operations:
                if operation in table:
                    raise ValueError(f"{self.service}:{operation} is taken twice, again by {handler.__qualname__}")
                table[operation] = handler
            return handler

        return take


# The one service whose name no module can have.
_FILE_OF = {"lambda": "awslambda"}


class _Backends(Mapping[str, Backend]):
    """Backends by service, each imported when it is first asked for.

    What a backend needs of moto takes up to a second to import; nobody uses all services in one run.
    """

    def __init__(self) -> None:
        service_of = {file: service for service, file in _FILE_OF.items()}
        files = [module.name for module in pkgutil.iter_modules(backends.__path__)]
        self._files = {service_of.get(file, file.replace("_", "-")): file for file in files}

    def __getitem__(self, service: str) -> Backend:
        file = self._files[service]
        backend = getattr(importlib.import_module(f"{backends.__name__}.{file}"), "backend", None)
        if not isinstance(backend, Backend) or backend.service != service:
            raise ValueError(f"backends/{file}.py has no backend = Backend({service!r})")
        return backend

    def __contains__(self, service: object) -> bool:
        return service in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def discover() -> Mapping[str, Backend]:
    """Every backend in ``backends/``, by service, which the file is named after.

    Raises:
        ValueError: A file without ``backend``, or with that of another service; when it is asked for.
    """
    return _Backends()
