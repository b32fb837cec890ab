from __future__ import annotations

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what lets a shell complete commands, options, environments and stacks.

    The folders have to be there. bash takes it where bash-completion is installed; zsh wants "fpath+=~/.zfunc" before
    compinit in ~/.zshrc; then open a new shell.

    \b
    groundplan completion bash > ~/.local/share/bash-completion/completions/groundplan
    groundplan completion zsh > ~/.zfunc/_groundplan
    groundplan completion fish > ~/.config/fish/completions/groundplan.fish
    """
    from click.shell_completion import get_completion_class

    from tooling.cli.main import cli

    kind = get_completion_class(shell)
    assert kind is not None
    # bash is asked for its version here, in a process of its own, and an old one is only told of.
    click.echo(kind(cli, {}, "groundplan", "_GROUNDPLAN_COMPLETE").source())
