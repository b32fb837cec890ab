from __future__ import annotations

import click

from tooling.cli.listing import WholeSentences
from tooling.cli.options import (
    env_option,
    json_option,
    lock_timeout_option,
    one_stack_option,
    print_json,
    stack_option,
    yes_option,
)
from tooling.errors import Exit


@click.group(cls=WholeSentences)
def state() -> None:
    """The states of an environment: their history, who holds them, and the way back.

    \b
    groundplan state history --env dev --stack kefir
    """


@state.command()
@env_option
@one_stack_option
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="How many versions.")
@json_option
def history(env: str, stack: str, limit: int, as_json: bool) -> None:
    """List the versions of a state that its bucket keeps, and the backups of it, newest first.

    \b
    groundplan state history --env dev --stack kefir --limit 50
    """
    from tooling.cli.state_text import history_json, history_text
    from tooling.session import open_session
    from tooling.states.backups import list_here, list_in_bucket
    from tooling.states.versions import history as read
    from tooling.workspace import find_workspace

    session = open_session(find_workspace(), env, [stack])
    versions = read(session, session.stack, limit)
    backups = [*list_here(session, session.stack), *list_in_bucket(session, session.stack)]
    if as_json:
        print_json(history_json(versions, backups, session))
    else:
        history_text(versions, backups, session)


@state.command()
@env_option
@one_stack_option
@click.argument("first", metavar="A")
@click.argument("second", metavar="B", default="current")
@click.option("--exit-code", is_flag=True, help="End with 5 when they differ.")
@json_option
def diff(env: str, stack: str, first: str, second: str, exit_code: bool, as_json: bool) -> int:
    """Say what differs between two states of a stack, by resource and attribute; secrets are never shown.

    A and B: the id of a version, a serial, `last-good`, `current`, or a backup's file. B is `current` when not given.

    \b
    groundplan state diff --env dev --stack kefir 41 42
    """
    from tooling.cli.state_text import difference_json, difference_text
    from tooling.session import open_session
    from tooling.states.choosing import choose
    from tooling.states.comparing import compare_states
    from tooling.workspace import find_workspace

    session = open_session(find_workspace(), env, [stack])
    one, other = (choose(session, session.stack, name) for name in (first, second))
    found = compare_states(one.state, other.state)
    if as_json:
        print_json(difference_json(one, other, found))
    else:
        difference_text(one, other, found)
    return Exit.CHANGES if exit_code and not found.same else Exit.DONE


@state.command()
@env_option
@one_stack_option
@click.argument("which")
@click.option("--other-lineage", is_flag=True, help="Also a state of another line of descent.")
@lock_timeout_option
@yes_option
@json_option
def restore(env: str, stack: str, which: str, other_lineage: bool, lock_timeout: str, yes: bool, as_json: bool) -> None:
    """Bring an earlier state back, also one that was deleted or damaged; AWS is not touched.

    WHICH: the id of a version, a serial, `last-good`, or a backup's file. What is there now is backed up first.

    \b
    groundplan state restore --env dev --stack kefir last-good
    """
    from tooling.cli.confirm import ask
    from tooling.cli.state_text import restoration_text, restored_json, restored_text
    from tooling.session import open_session
    from tooling.states.restoring import prepare
    from tooling.states.restoring import restore as run
    from tooling.workspace import find_workspace

    session = open_session(find_workspace(), env, [stack], lock_timeout=lock_timeout)
    plan = prepare(session, session.stack, which, other_lineage=other_lineage)
    if plan is None:
        if as_json:
            print_json({"stack": session.stack.name, "restored": False})
        else:
            click.echo(f"{session.stack.name}: that is what is there already; nothing was restored")
        return
    restoration_text(session.stack.name, plan)
    ask(session, f"restore {plan.chosen.label} as serial {plan.serial}", reviewed="the difference was read", yes=yes)
    done = run(session, session.stack, plan)
    if as_json:
        print_json(restored_json(session, plan, done))
    else:
        restored_text(session, plan, done)


@state.command()
@env_option
@one_stack_option
@click.argument("lock_id", default="")
@click.option("--host-is-gone", default="", metavar="HOST", help="Its machine is no more: vouch for it by its name.")
@click.option("--force", is_flag=True, help="Also a lock whose owner cannot be proven dead: vouch for it.")
@yes_option
@json_option
def unlock(env: str, stack: str, lock_id: str, host_is_gone: str, force: bool, yes: bool, as_json: bool) -> None:
    """Break the lock of a run that is dead. One whose owner still runs is never broken.

    LOCK_ID is in the error that named the lock; without it, whichever lock is there is meant.

    \b
    groundplan state unlock --env dev --stack kefir 6d5b9a3e-...
    """
    from tooling.cli.confirm import let_type
    from tooling.session import open_session
    from tooling.unlocking import break_lock, breakable
    from tooling.workspace import find_workspace

    session = open_session(find_workspace(), env, [stack])
    name = session.stack.name
    lock = breakable(session, session.stack, lock_id, force=force, host_is_gone=host_is_gone)
    if lock is not None and not yes:
        where = f"held by {lock.holder}{f': {lock.info}' if lock.info else ''}"
        let_type(env, name, where, "break its lock; two at work at once damage the state", reviewed="that run is dead")
    broken = lock is not None and break_lock(session, session.stack, lock)
    if as_json:
        print_json({"stack": name, "lock": lock.id if lock else None, "broken": broken})
    else:
        click.echo(f"{name}: {'the lock is gone' if broken else 'nobody holds it'}")


@state.command()
@env_option
@stack_option
@json_option
def locks(env: str, stacks: tuple[str, ...], as_json: bool) -> None:
    """Say who holds which state: since when, for what, and whether that process still runs.

    \b
    groundplan state locks --env dev
    """
    from tooling.cli.state_text import lock_json, lock_text
    from tooling.locking import read_lock
    from tooling.session import open_session
    from tooling.workspace import find_workspace

    session = open_session(find_workspace(), env, stacks)
    found = [(stack, read_lock(session, stack)) for stack in session.stacks]
    if as_json:
        print_json([lock_json(stack, lock) for stack, lock in found])
        return
    for stack, lock in found:
        lock_text(stack, lock)
