"""One run of the toolkit over one environment: what it needs, checked once, before anything starts."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from tooling.changeset import Changeset, read_changeset
from tooling.environment.config import EnvironmentConfig, load_environment
from tooling.environment.stacks import Stack, select_stacks
from tooling.errors import Exit, ToolError, raise_all
from tooling.progress import Progress, Silent
from tooling.target import Target, check_identity, choose_target
from tooling.terraform.binary import Binary, find_terraform
from tooling.terraform.mirror import ProviderSource, provider_source
from tooling.terraform.runner import Running, Terraform

if TYPE_CHECKING:
    from tooling.workspace import Workspace

Result = TypeVar("Result")
# Terraform with the AWS provider takes about this much while it applies (measured; docs/gotchas.md).
BYTES_PER_APPLY = 450 * 1024**2
# Seconds that Terraform has for ending by itself after the emulator is gone.
_GRACE = 5.0


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Session:
    """Everything that planning and applying the stacks of one environment share."""

    workspace: Workspace
    env: str
    config: EnvironmentConfig
    stacks: tuple[Stack, ...]
    target: Target
    binary: Binary
    provider: ProviderSource
    caller: str
    lock_timeout: str = "0s"
    progress: Progress = field(default_factory=Silent)
    clock: Callable[[], datetime] = _now
    running: Running = field(default_factory=Running)
    emulator_lost: bool = False

    @property
    def stack(self) -> Stack:
        """The one stack of a run that is about one.

        Raises:
            ToolError: Exit 2: there are several.
        """
        if len(self.stacks) != 1:
            names = ", ".join(stack.architecture for stack in self.stacks)
            raise ToolError(f"one stack is needed, these are {names}", where=self.env, exit_code=Exit.USAGE)
        return self.stacks[0]

    def terraform(self, stack: Stack) -> Terraform:
        """Terraform in the root module of one stack."""
        environ = {
            key: value
            for key, value in self.target.environ.items()
            # Arguments from the shell would change what a sealed plan is.
            if not key.startswith("TF_CLI_ARGS") and key != "TF_WORKSPACE"
        }
        if self.provider.cli_config is not None:
            environ["TF_CLI_CONFIG_FILE"] = str(self.provider.cli_config)
        return Terraform(
            binary=self.binary.path,
            root=stack.root,
            data=stack.work,
            environ=environ,
            stack=stack.name,
            running=self.running,
            shown_log=self.workspace.relative,
        )

    def over_stacks(self, work: Callable[[Stack], Result], *, jobs: int) -> list[Result]:
        """Do ``work`` for every stack, ``jobs`` at a time, and let each finish whatever happens to the others.

        Raises:
            ToolError: The failure of the one stack that failed, or all of them together.
        """
        results: list[Result] = []
        errors: list[ToolError] = []
        with self._interruptible(), ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
            futures = [pool.submit(self._unless_interrupted, work, stack) for stack in self.stacks]
            for future in futures:
                try:
                    results.append(future.result())
                except ToolError as error:
                    errors.append(error)
        if self.emulator_lost:
            raise ToolError(
                f"the emulator at {self.target.endpoint} stopped answering; its resources and state are gone",
                hint="start over: groundplan emulator up, then plan again",
            ) from (errors[0] if errors else None)
        raise_all(errors)
        if self.running.interrupted:
            raise ToolError("interrupted", exit_code=Exit.INTERRUPTED)
        return results

    def _unless_interrupted(self, work: Callable[[Stack], Result], stack: Stack) -> Result:
        if self.running.interrupted:
            raise ToolError("not started: interrupted", where=stack.name, exit_code=Exit.INTERRUPTED)
        return work(stack)

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Pass SIGINT and SIGTERM on to Terraform once, and keep waiting for it to end well."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        previous = {
            number: signal.signal(number, lambda *_: self._interrupt()) for number in (signal.SIGINT, signal.SIGTERM)
        }
        stop = threading.Event()
        watch = threading.Thread(target=self._watch_emulator, args=(stop,), daemon=True)
        if self.target.emulated:
            watch.start()
        try:
            yield
        finally:
            stop.set()
            # Once interrupted the run ends by itself: a second signal must not cut short what it has to say.
            for number, handler in () if self.running.interrupted else previous.items():
                signal.signal(number, handler)

    def _interrupt(self) -> None:
        if not self.running.interrupted:
            # The terminal's own thread may hold the progress while it draws: say it from another.
            words = "interrupt passed on; terraform ends what is under way and saves its state, please wait"
            threading.Thread(target=self.progress.note, args=(words,), daemon=True).start()
        self.running.interrupt()

    def _watch_emulator(self, stop: threading.Event) -> None:
        """The provider tries a dead endpoint 25 times, which is minutes; a refused connection is certain at once."""
        parts = urlsplit(self.target.endpoint or "")
        misses = 0
        while not stop.wait(1.0):
            try:
                socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5).close()
                misses = 0
            except ConnectionRefusedError:
                misses += 1
            except OSError:
                continue
            if misses >= 2:
                self.emulator_lost = True
                self.running.interrupt()
                # The state that Terraform would go on trying to save was in the emulator as well.
                if not stop.wait(_GRACE):
                    self.running.give_up()
                return


def open_session(
    workspace: Workspace,
    env: str,
    wanted: Sequence[str] = (),
    *,
    progress: Progress | None = None,
    lock_timeout: str = "0s",
) -> Session:
    """Check environment, stacks, Terraform, provider, credentials and account; start nothing.

    Raises:
        ToolError: Whatever is wrong, before Terraform runs.
    """
    config = load_environment(workspace, env)
    stacks = select_stacks(workspace, env, config, wanted)
    binary = find_terraform()
    target = choose_target(workspace, env, config)
    caller = check_identity(target, env)
    return Session(
        workspace=workspace,
        env=env,
        config=config,
        stacks=stacks,
        target=target,
        binary=binary,
        provider=provider_source(workspace.work),
        caller=caller,
        lock_timeout=lock_timeout,
        progress=progress or Silent(),
    )


def open_changeset(
    workspace: Workspace,
    env: str,
    wanted: Sequence[str],
    name: str,
    *,
    progress: Progress | None = None,
    lock_timeout: str = "0s",
) -> tuple[Session, Changeset, Path]:
    """A session over the stacks of a changeset (or those of them that were asked for).

    Raises:
        ToolError: Exit 2: no such changeset. Exit 4: it was edited. And see :func:`open_session`.
    """
    load_environment(workspace, env)
    folder = (workspace.changesets(env) / name).resolve()
    changeset = read_changeset(folder, workspace.relative(workspace.changesets(env) / name))
    stacks = list(wanted) or [part.architecture for part in changeset.stacks]
    session = open_session(workspace, env, stacks, progress=progress, lock_timeout=lock_timeout)
    return session, changeset, folder


def plan_jobs(stacks: int) -> int:
    """Planning is bound by the CPU: no more at once than there are cores."""
    return max(1, min(stacks, os.cpu_count() or 1))


def apply_jobs(stacks: int) -> int:
    """Applying mostly waits: all side by side, as far as memory goes."""
    return max(1, min(stacks, _available_memory() // BYTES_PER_APPLY))


def _available_memory() -> int:
    meminfo = Path("/proc/meminfo")
    if meminfo.is_file():
        for line in meminfo.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return 8 * BYTES_PER_APPLY
