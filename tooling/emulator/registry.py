"""How a backend says which operations it takes, and how all backends are found.

A backend is one file in ``backends/`` that makes a :class:`Backend` and decorates functions with it. Adding a service
is adding a file: nothing lists them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
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
_Answer = TypeVar("_Answer", bound=Answer)
_Amendment = TypeVar("_Amendment", bound=Amendment)
_Preparation = TypeVar("_Preparation", bound=Preparation)
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

    def is_serial(self, operation: str) -> bool:
        return operation in self._serial

    def operations(self) -> frozenset[str]:
        """Every operation that some handler takes."""
        return frozenset({*self._answers, *self._amendments, *self._preparations, *self._serial})

    def _taking(self, table: dict[str, Any], operations: tuple[str, ...]) -> Callable[[_Handler], _Handler]:
        def take(handler: _Handler) -> _Handler:
            for operation in operations:
                if operation in table:
                    raise ValueError(f"{self.service}:{operation} is taken twice, again by {handler.__qualname__}")
                table[operation] = handler
            return handler

        return take


def discover() -> Mapping[str, Backend]:
    """Every backend in ``backends/``, by service.

    Raises:
        ValueError: A file without ``backend``, or two files for one service.
    """
    found: dict[str, Backend] = {}
    for module in pkgutil.iter_modules(backends.__path__):
        backend = getattr(importlib.import_module(f"{backends.__name__}.{module.name}"), "backend", None)
        if not isinstance(backend, Backend):
            raise ValueError(f"backends/{module.name}.py has no Backend named 'backend'")
        if backend.service in found:
            raise ValueError(f"backends/{module.name}.py is a second backend for {backend.service}")
        found[backend.service] = backend
    return found
