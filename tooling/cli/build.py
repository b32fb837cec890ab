from __future__ import annotations

from pathlib import Path

import click

from tooling.cli.options import env_option, json_option, one_stack_option, print_json


@click.command()
@env_option
@one_stack_option
@click.option(
    "--from",
    "sources",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of TypeScript handlers.  [default: backend/<stack>, else backend]",
)
@click.option(
    "--esbuild", type=click.Path(path_type=Path), help="What compiles.  [default: of node_modules, else on the path]"
)
@click.option("--write", is_flag=True, help="Let the stack take them: function_packages.auto.tfvars in its root.")
@json_option
def build(env: str, stack: str, sources: Path | None, esbuild: Path | None, write: bool, as_json: bool) -> None:
    """Compile TypeScript handlers with esbuild and write a zip a function to build/functions/<stack>/.

    A function without TypeScript, and every function where there is no esbuild, gets the zip of its committed sources,
    which is what a stack deploys anyway.

    \b
    groundplan build --env dev --stack kefir --from backend --write
    """
    from tooling.environment.config import load_environment
    from tooling.environment.stacks import select_stacks
    from tooling.functions.building import build_functions, find_esbuild, packages_tfvars, require_compiled
    from tooling.workspace import find_workspace

    workspace = find_workspace()
    (chosen,) = select_stacks(workspace, env, load_environment(workspace, env), [stack])
    own = workspace.root / "backend" / chosen.architecture
    folder = sources or (own if own.is_dir() else own.parent)
    target = workspace.root / "build" / "functions" / chosen.architecture
    built = build_functions(
        workspace, chosen.architecture, folder, target, esbuild=find_esbuild(folder, workspace, esbuild)
    )
    text = packages_tfvars(built, chosen.root)
    if write:
        require_compiled(built)
        (chosen.root / "function_packages.auto.tfvars").write_text(text, encoding="utf-8")
    if as_json:
        print_json(
            [
                {
                    "name": one.name,
                    "file": workspace.relative(one.file),
                    "source": workspace.relative(one.source),
                    "compiled": one.compiled,
                    "source_code_hash": one.base64sha256,
                }
                for one in built
            ]
        )
    for one in built:
        if not as_json:
            how = "compiled from" if one.compiled else "packed from"
            click.echo(f"{workspace.relative(one.file)}  {how} {workspace.relative(one.source)}")
        if one.note:
            click.echo(f"warning: {one.note}; npm install esbuild", err=True)
    if sources is not None and not any(one.compiled or one.left_out for one in built):
        names = ", ".join(one.name for one in built)
        click.echo(f"warning: no TypeScript of a function in {sources}: the functions are {names}", err=True)
    if not as_json:
        click.echo(text if not write else f"wrote {workspace.relative(chosen.root)}/function_packages.auto.tfvars")
