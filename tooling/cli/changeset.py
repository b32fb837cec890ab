from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tooling.cli.listing import WholeSentences
from tooling.cli.options import env_option, json_option, print_json
from tooling.errors import Exit

if TYPE_CHECKING:
    from tooling.encryption.choice import KeyChoice

Command = TypeVar("Command", bound=Callable[..., Any])
_FILE = click.Path(dir_okay=False, path_type=Path)


def _name_option(function: Command) -> Command:
    return click.option("--changeset", "name", default="latest", show_default=True, help="Id of the changeset.")(
        function
    )


def _key_options(function: Command) -> Command:
    for option in (
        click.option(
            "--passphrase-file",
            type=_FILE,
            help="File with the passphrase. Without it, and without another key, GROUNDPLAN_PASSPHRASE counts.",
        ),
        click.option("--key-file", type=_FILE, help="File with 32 random bytes in base64; `changeset key` makes one."),
        click.option("--kms-key", metavar="ID", help="Id, ARN or alias of a symmetric key of AWS KMS."),
    ):
        function = option(function)
    return function


def _keys(kms_key: str | None, key_file: Path | None, passphrase_file: Path | None) -> KeyChoice:
    import os

    from tooling.encryption.choice import KeyChoice

    return KeyChoice(kms_key, key_file, passphrase_file, dict(os.environ))


@click.group(cls=WholeSentences)
def changeset() -> None:
    """Look at sealed changesets, compare them, and move them between machines.

    \b
    groundplan changeset show --env dev
    """


@changeset.command("list")
@env_option
@json_option
def list_(env: str, as_json: bool) -> None:
    """List the changesets of an environment, newest first, and what became of them.

    \b
    groundplan changeset list --env dev
    """
    from datetime import UTC, datetime

    from tooling.changeset.listing import list_changesets
    from tooling.cli.changeset_text import listed_json, listed_text
    from tooling.environment.config import load_environment
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    load_environment(workspace, env)
    found = list_changesets(workspace, env, datetime.now(UTC))
    if as_json:
        print_json([listed_json(one) for one in found])
    else:
        listed_text(env, found)


@changeset.command()
@env_option
@_name_option
@click.option("--offline", is_flag=True, help="Leave out what needs the account: approvals, and what is missing.")
@json_option
def show(env: str, name: str, offline: bool, as_json: bool) -> None:
    """Show what is in a changeset, from its sealed parts only, the most dangerous changes first.

    \b
    groundplan changeset show --env dev --changeset 20260102T030405Z-0a1b2c
    """
    from datetime import UTC, datetime

    from tooling.changeset.reading import open_parts
    from tooling.changeset.standing import ask
    from tooling.cli.changeset_text import read_json, read_text
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    found = open_parts(workspace, env, name)
    standing = ask(workspace, found.changeset, found.folder, offline=offline)
    now = datetime.now(UTC)
    if as_json:
        print_json(read_json(found, standing, now))
    else:
        read_text(found, standing, now)


@changeset.command()
@env_option
@_name_option
@click.option("--offline", is_flag=True, help="Leave out what needs the account: states and approvals.")
@json_option
def verify(env: str, name: str, offline: bool, as_json: bool) -> None:
    """Compare every part of a changeset with its seal, and what it was made from with what is there now.

    Ends with 4 when anything differs.

    \b
    groundplan changeset verify --env dev --offline
    """
    from dataclasses import asdict

    from tooling.changeset.proving import prove, require_proven
    from tooling.cli.changeset_text import proofs_text
    from tooling.workspace import find_workspace

    proofs = prove(find_workspace(), env, name, offline=offline)
    if as_json:
        print_json([asdict(one) for one in proofs])
    else:
        proofs_text(proofs)
    require_proven(env, proofs)


@changeset.command()
@env_option
@click.argument("first", metavar="A")
@click.argument("second", metavar="B", default="latest")
@click.option("--exit-code", is_flag=True, help="End with 5 when they differ.")
@json_option
def diff(env: str, first: str, second: str, exit_code: bool, as_json: bool) -> int:
    """Say what differs between two changesets: changes, findings, cost, and what they were made from.

    B is `latest` when it is not given.

    \b
    groundplan changeset diff --env dev 20260102T030405Z-0a1b2c latest
    """
    from tooling.changeset.difference import compare
    from tooling.changeset.reading import open_parts
    from tooling.cli.difference_text import difference_text
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    found = compare(open_parts(workspace, env, first), open_parts(workspace, env, second))
    if as_json:
        print_json(found.to_json())
    else:
        difference_text(found)
    return Exit.CHANGES if exit_code and not found.same else Exit.DONE


@changeset.command()
@click.option("--to", required=True, type=_FILE, help="File to write.")
def key(to: Path) -> None:
    """Make a key file for `export` and `import`, of mode 0600.

    \b
    groundplan changeset key --to changeset.key
    """
    from tooling.encryption import make_key_file

    make_key_file(to)
    click.echo(f"{to}: whoever has it can read every changeset that is exported with it")


@changeset.command()
@env_option
@_name_option
@click.option("--to", required=True, type=_FILE, help="File to write.")
@_key_options
@json_option
def export(
    env: str,
    name: str,
    to: Path,
    kms_key: str | None,
    key_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Write a changeset to one encrypted file: plans hold secrets in clear.

    \b
    groundplan changeset export --env dev --to dev.gpc --kms-key alias/changesets
    """
    from tooling.changeset.transfer import export_changeset, key_to_write
    from tooling.cli.changeset_text import moved_json
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    source = key_to_write(workspace, env, _keys(kms_key, key_file, passphrase_file))
    moved = export_changeset(workspace, env, name, to, source)
    if as_json:
        print_json(moved_json(moved))
    else:
        click.echo(f"changeset {moved.changeset.id} · seal {moved.changeset.seal[:16]} · {to} (key: {moved.key})")


@changeset.command("import")
@click.argument("file", type=_FILE)
@click.option("--env", help="Refuse a changeset of another environment. Default: take any that this checkout has.")
@_key_options
@json_option
def import_(
    file: Path,
    env: str | None,
    kms_key: str | None,
    key_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Take an exported changeset in, if it is what was sealed, and let `latest` point to it.

    \b
    groundplan changeset import dev.gpc --key-file changeset.key
    """
    from tooling.changeset.transfer import import_changeset, key_to_read
    from tooling.cli.changeset_text import moved_json
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    find = key_to_read(workspace, _keys(kms_key, key_file, passphrase_file))
    moved = import_changeset(workspace, file, find, env=env)
    if as_json:
        print_json(moved_json(moved))
    else:
        was_here = " (it was here already)" if moved.known else ""
        one = moved.changeset
        click.echo(f"changeset {one.id} of {one.env} · seal {one.seal[:16]}{was_here}")
        click.echo(f"look at it: groundplan changeset show --env {one.env}")
