"""Calls of a command to AWS: what is refused becomes a sentence, and the progress ends whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.progress import StackProgress


@contextmanager
def asking_aws(progress: StackProgress, *, hint: str) -> Iterator[None]:
    """Watch over the calls of one phase.

    Args:
        progress: Of the stack that it is about; ended as failed when the phase fails.
        hint: What a failure or an interrupt leaves behind, and what to do.

    Raises:
        ToolError: AWS refused a call or did not answer.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        progress.end("failed", failed=True)
        told = error.response["Error"]
        what = f"{error.operation_name} was refused ({told.get('Code')}: {told.get('Message')})"
        raise ToolError(what, where=progress.stack, hint=hint) from error
    except BotoCoreError as error:
        progress.end("failed", failed=True)
        raise ToolError(f"no answer from AWS: {error}", where=progress.stack, hint=hint) from error
    except ToolError:
        progress.end("failed", failed=True)
        raise
    except KeyboardInterrupt:
        progress.end("interrupted", failed=True)
        progress.watcher.note(f"{progress.stack}: {hint}")
        raise
