"""What the gate holds the stacks of an environment to, from its ``env.toml``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from tooling.environment.config import EnvironmentConfig
    from tooling.gate import BrokenGlass, GateConfig
    from tooling.workspace import Workspace


def gate_config(
    workspace: Workspace,
    config: EnvironmentConfig,
    today: date,
    *,
    env: str,
    glass: tuple[BrokenGlass, ...] = (),
    destroying: bool = False,
) -> GateConfig:
    """What the gate holds the stacks of an environment to.

    Args:
        workspace: The project.
        config: ``env.toml`` of the environment.
        today: The day to measure against.
        env: Its name.
        glass: Limits that are stepped over in this changeset.
        destroying: Whether the stacks are planned to be destroyed.
    """
    from tooling.gate import ChangeLimits, GateConfig, Severity

    limits = config.gate.blast_radius
    return GateConfig(
        fail_on=Severity[config.gate.fail_on],
        waivers=workspace.policies / "waivers.yaml",
        policies=workspace.policies,
        today=today,
        limits=ChangeLimits(
            max_destroys=limits.max_destroys,
            max_replaces=limits.max_replaces,
            stateful_may_go=limits.stateful_may_go,
            protected=limits.protected,
            new_exposure=config.gate.new_exposure,
            wider_grants=config.gate.wider_grants,
            destroying=destroying,
        ),
        glass=glass,
        baseline=workspace.envs / env / "baseline.yaml",
        warn_expiring_days=config.gate.warn_expiring_days,
    )
