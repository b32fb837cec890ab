"""How the functions are made: what they share, and of which of the document's four groups each is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from cdktf_app import inputs
from cdktf_app.architectures.nullcheck.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.lambda_function import FunctionSettings, LambdaFunction, LambdaFunctionProps

Group = Literal["episode", "event", "agent", "mediaconvert"]


class Functions:
    """Makes functions, and remembers them.

    Args:
        settings: What all functions share.
        variables: The module's inputs, with the sizes of single functions.
    """

    def __init__(self, *, settings: FunctionSettings, variables: Variables) -> None:
        self._settings = settings
        self._variables = variables
        self.all: list[LambdaFunction] = []

    def add(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        group: Group,
        description: str,
        environment: Mapping[str, str],
    ) -> LambdaFunction:
        """Make a function.

        Args:
            scope: Part that it belongs to.
            construct_id: Its id there.
            name: Name of its package, and its own.
            group: Group of the document's permission lists, its tag (NC-FN-08).
            description: What it does, for the console.
            environment: What it needs beside what every function gets.
        """
        variables = self._variables
        overrides = variables.function_overrides
        function = LambdaFunction(
            scope,
            construct_id,
            props=LambdaFunctionProps(
                name=name,
                description=description,
                settings=self._settings,
                environment=environment,
                memory_mb=inputs.overridden(overrides, name, "memory_mb", variables.lambda_memory_mb),
                timeout_seconds=inputs.overridden(overrides, name, "timeout_seconds", variables.lambda_timeout_seconds),
                tags={"function-group": group},
            ),
        )
        self.all.append(function)
        return function
