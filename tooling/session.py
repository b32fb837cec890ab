"""One run of the toolkit over one environment: what it needs, checked once, before anything starts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from urllib.parse import urlsplit

from tooling import machine
from tooling.changeset import Changeset, read_changeset
from tooling.environment.config import EnvironmentConfig, load_environment
from tooling.environment.stacks import Stack, select_stacks
from tooling.errors import Exit, ToolError, disk_failure, raise_all
from tooling.given_secrets import for_terraform
from tooling.interrupts import Interrupts
from tooling.progress import Progress, Silent
from tooling.target import Target, check_identity, choose_target
from tooling.terraform.binary import Binary, find_terraform
from tooling.terraform.mirror import CACHE_VARIABLE, ProviderSource, provider_source
from tooling.terraform.runner import Terraform
from tooling.terraform.running import Running
from tooling.workspace import private_folder

if TYPE_CHECKING:
    from tooling.workspace import Workspace

Result = TypeVar("Result")
# Terraform with the AWS provider takes about this much while it applies (measured; docs/gotchas.md).
BYTES_PER_APPLY = 450 * 1024**2
# And while it plans: a root with providers of two regions has two of them at once (measured with bench).
BYTES_PER_PLAN = 900 * 1024**2
# Seconds that Terraform has for ending by itself after the emulator is gone.
_GRACE = 5.0


def _now() -> datetime:
    return datetime.now(UTC)


def _as_they_are(_stack: Stack) -> int:
    return 0


@dataclass(frozen=True)
class Ended(Generic[Result]):
    """How the work for one stack ended.

    Attributes:
        stack: The stack.
        outcome: What came of it; None when it failed.
        error: Why it failed.
        seconds: How long it took.
        begun: Whether anything was done at all.
    """

    stack: Stack
    outcome: Result | None = None
    error: ToolError | None = None
    seconds: float = 0.0
    begun: bool = True

    @property
    def result(self) -> Result:
        return cast("Result", self.outcome)


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
    ended: list[Ended[Any]] = field(default_factory=list)

    @property
    def stack(self) -> Stack:
        """The one stack of a run that is about one.

        Raises:
            ToolError: Exit 2: there are several.
        """
        if len(self.stacks) != 1:
            names = ", ".join(stack.architecture for stack in self.stacks)
            what = f"one stack is needed, these are {names}"
            raise ToolError(what, where=self.env, hint="name one: --stack", exit_code=Exit.USAGE)
        return self.stacks[0]

    def terraform(self, stack: Stack, *, root: Path | None = None, data: Path | None = None) -> Terraform:
        """Terraform in the root module of one stack, or in a copy of it with a data folder of its own."""
        environ = {
            key: value
            for key, value in self.target.environ.items()
            # Arguments from the shell would change what a sealed plan is.
            if not key.startswith("TF_CLI_ARGS") and key != "TF_WORKSPACE"
        }
        environ |= for_terraform(self.workspace, stack, environ)
        if self.provider.cli_config is not None:
            environ["TF_CLI_CONFIG_FILE"] = str(self.provider.cli_config)
        if self.provider.cache is not None:
            environ[CACHE_VARIABLE] = str(private_folder(self.provider.cache))
        return Terraform(
            binary=self.binary.path,
            root=root or stack.root,
            data=data or stack.work,
            environ=environ,
            stack=stack.name,
            running=self.running,
            shown_log=self.workspace.relative,
            init_lock=self.workspace.work / "plugins.lock" if self.provider.one_at_a_time else None,
        )

    def over(self, stacks: tuple[Stack, ...]) -> Session:
        """The same run over some of its stacks only."""
        return replace(self, stacks=stacks)

    def over_stacks(
        self, work: Callable[[Stack], Result], *, jobs: int, begin_with: Callable[[Stack], Any] | None = None
    ) -> list[Result]:
        """Do ``work`` for every stack, ``jobs`` at a time, and let each finish whatever happens to the others.

        Args:
            work: What to do.
            jobs: For how many stacks at once.
            begin_with: The order in which they are begun: smallest first. Default: the order of the stacks, in which
                the results come back in any case.

        Raises:
            ToolError: The failure of the one stack that failed, or all of them together.
        """
        self.ended = []
        with self._watched(), ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
            ended = self._in_order(partial(self._end, work), pool, sorted(self.stacks, key=begin_with or _as_they_are))
        self.ended = ended
        errors = [one.error for one in ended if one.error is not None]
        if self.emulator_lost:
            raise ToolError(
                f"the emulator at {self.target.endpoint} stopped answering; its resources and state are gone",
                hint="start over: groundplan emulator up, then plan again",
            ) from (errors[0] if errors else None)
        raise_all(errors)
        if self.running.interrupted:
            raise ToolError("interrupted", exit_code=Exit.INTERRUPTED)
        return [one.result for one in ended]

    def _in_order(
        self, end: Callable[[Stack], Ended[Result]], pool: ThreadPoolExecutor, begun: Sequence[Stack]
    ) -> list[Ended[Result]]:
        """What became of each stack, in the order of the stacks, whichever was begun first."""
        futures = {stack: pool.submit(end, stack) for stack in begun}
        try:
            return [futures[stack].result() for stack in self.stacks]
        except BaseException:
            for future in futures.values():
                future.cancel()
            raise

    def must_go_on(self, stack: Stack) -> None:
        """Nothing is begun for a stack after the run was interrupted.

        Raises:
            ToolError: Exit 130: it was.
        """
        if self.running.interrupted:
            raise ToolError("not started: interrupted", where=stack.name, exit_code=Exit.INTERRUPTED)

    def _end(self, work: Callable[[Stack], Result], stack: Stack) -> Ended[Result]:
        try:
            self.must_go_on(stack)
        except ToolError as error:
            return Ended(stack, error=error, begun=False)
        started = monotonic()
        try:
            return Ended(stack, work(stack), seconds=monotonic() - started)
        except ToolError as error:
            return Ended(stack, error=error, seconds=monotonic() - started)
        except OSError as error:
            # A full disk under one stack is no reason to say nothing of the others.
            return Ended(stack, error=disk_failure(error), seconds=monotonic() - started)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Pass SIGINT and SIGTERM on to Terraform once, keep waiting for it to end well, and watch the emulator."""
        stop = threading.Event()
        watch = threading.Thread(target=self._watch_emulator, args=(stop,), daemon=True)
        if self.target.emulated:
            watch.start()
        resume = f"groundplan resume --env {self.env}"
        try:
            # The progress is another one in each phase: it is asked for when there is something to say.
            with Interrupts(self.running, lambda text: self.progress.note(text), resume).caught():
                yield
        finally:
            stop.set()

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


def plan_jobs(stacks: int, *, cores: int | None = None, memory: int | None = None) -> int:
    """How many stacks are planned at once: planning is bound by the CPU, and its memory has to be there.

    Args:
        stacks: How many there are to plan.
        cores: That can calculate at once. Default: this machine's.
        memory: Bytes to spare. Default: this machine's.
    """
    fitting = (machine.free_memory() if memory is None else memory) // BYTES_PER_PLAN
    return max(1, min(stacks, machine.cores() if cores is None else cores, fitting))


def apply_jobs(stacks: int, *, memory: int | None = None) -> int:
    """Applying mostly waits: all side by side, as far as memory goes.

    Args:
        stacks: How many there are to apply.
        memory: Bytes to spare. Default: this machine's.
    """
    return max(1, min(stacks, (machine.free_memory() if memory is None else memory) // BYTES_PER_APPLY))
