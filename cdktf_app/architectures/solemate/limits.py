"""When alarms go off, and when there is something to watch: what the inputs say of both."""

from __future__ import annotations

from cdktf_app import expressions
from cdktf_app.architectures.solemate.variables import Variables


class Limits:
    """The inputs about alarms, as expressions.

    Attributes:
        containers: Whether there are containers.
        instances: Whether there are EC2 instances.
    """

    def __init__(self, variables: Variables) -> None:
        self._thresholds = variables.alarm_thresholds.expression
        self._most_connections = variables.db_max_connections.expression
        self.containers = variables.enable_ecs_service.expression
        self.instances = variables.enable_ec2_backend.expression

    def level(self, name: str) -> expressions.Expression:
        """An entry of ``alarm_thresholds``."""
        return expressions.Expression(f"{self._thresholds}.{name}")

    def threshold(self, name: str) -> float:
        """The same as a number."""
        return expressions.number(self.level(name))

    @property
    def connections(self) -> expressions.Expression:
        """Connections of a database that are too many."""
        return expressions.Expression(f"{self._most_connections} * {self.level('database_connections_percent')} / 100")
