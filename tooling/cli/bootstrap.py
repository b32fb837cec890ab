from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tooling.cli.options import env_option, json_option, print_json, yes_option

if TYPE_CHECKING:
    from tooling.ci.roles import WantedRole
    from tooling.environment.config import EnvironmentConfig
    from tooling.workspace import Workspace


@click.command()
@env_option
@click.option(
    "--ci",
    "repository",
    metavar="OWNER/NAME",
    help="Repository at GitHub: make the roles as well that its runners plan and deploy with (docs/ci.md).",
)
@click.option("--show-policies", is_flag=True, help="Print what these roles may do, as JSON, and stop.")
@click.option("--dry-run", is_flag=True, help="Compare with the account, say what would be made, and stop.")
@yes_option
@json_option
def bootstrap(env: str, repository: str | None, show_policies: bool, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Make the buckets for state and function packages, in every region, and the roles for CI.

    Says first what it will do, and asks. Repeatable; deletes nothing.

    \b
    groundplan bootstrap --env dev --dry-run
    groundplan bootstrap --env dev --ci octo-org/infrastructure
    """
    from tooling.bootstrap import bootstrap as run
    from tooling.bootstrap import buckets_there
    from tooling.ci.making_roles import compare_roles, make_roles
    from tooling.cli.bootstrap_text import tell_made, tell_planned
    from tooling.cli.confirm import let_type
    from tooling.environment.config import load_environment
    from tooling.errors import Exit, ToolError
    from tooling.target import check_identity, choose_target
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    config = load_environment(workspace, env)
    roles = _roles(workspace, env, config, repository) if repository is not None else ()
    if show_policies:
        if not roles:
            hint = "name the repository: --ci OWNER/NAME"
            raise ToolError("there are roles for CI only", where="--show-policies", hint=hint, exit_code=Exit.USAGE)
        print_json({role.name: {"trust": role.trust, "policy": role.policy} for role in roles})
        return
    target = choose_target(workspace, env, config)
    check_identity(target, env)
    there = buckets_there(target, config)
    standings = compare_roles(target, roles) if roles else ()
    asks = config.confirm and not yes
    if dry_run or asks:
        tell_planned(config, there, standings, as_json=as_json, err=not dry_run)
    if dry_run:
        return
    if asks:
        where = f"account {config.account_id}, {config.region}, on {target.name}"
        let_type(env, env, where, "the buckets and roles above", reviewed="a --dry-run was read")
    buckets = run(target, config)
    if roles:
        make_roles(target, roles)
    tell_made(buckets, standings, as_json=as_json)


def _roles(workspace: Workspace, env: str, config: EnvironmentConfig, repository: str) -> tuple[WantedRole, WantedRole]:
    from tooling.ci.roles import read_modules, wanted_roles
    from tooling.ci.settings import PlaceSettings, load_settings

    own = load_settings(workspace).environments.get(env, PlaceSettings())
    modules = read_modules(workspace, config)
    approves = own.approval == "environment" and config.approval.approvals > 0
    return wanted_roles(env, config, modules, repository, approves=approves)
