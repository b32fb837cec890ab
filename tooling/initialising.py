"""``terraform init`` where it is needed, and only there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling import digest
from tooling.changeset.inputs import init_digest
from tooling.changeset.provider import locked_providers
from tooling.workspace import exclusive, write_private

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.progress import StackProgress
    from tooling.session import Session


def ensure_initialised(session: Session, stack: Stack, progress: StackProgress | None = None) -> bool:
    """Run ``terraform init`` unless nothing that it reads has moved since it last ran here.

    Returns:
        True if it had to run.
    """
    stamp = stack.work / "init.key"
    key = _init_key(session, stack)
    with exclusive(stack.work / "init.lock"):
        if stamp.is_file() and stamp.read_text() == key and _in_place(stack):
            return False
        if progress is not None:
            progress.enter("init")
        session.terraform(stack).init()
        write_private(stamp, key)
        return True


def _init_key(session: Session, stack: Stack) -> str:
    config = session.provider.cli_config
    return digest.of_value(
        {
            "terraform": session.binary.version,
            "provider": config.read_text() if config else "",
            "configuration": init_digest(session.workspace, stack),
            "lock": digest.of_file(stack.root / ".terraform.lock.hcl"),
            "module": str(stack.module),
        }
    )


def _in_place(stack: Stack) -> bool:
    """What ``init`` leaves behind is there: its backend, and of each locked provider a link that leads somewhere."""
    data = stack.work / "terraform"
    return (data / "terraform.tfstate").is_file() and all(
        any(path.is_dir() for path in (data / "providers" / source / version).glob("*"))
        for source, version in locked_providers(stack)
    )
