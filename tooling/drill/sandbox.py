"""A throw-away copy of the project with an emulator of its own, where a drill may kill, cut and delete.

The user's own emulator, work files and resources are neither read nor changed. When a drill ends, also by an interrupt,
its processes are ended and its folder is removed, unless it is kept for a look.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from tooling.drill.family import descendants, end_family
from tooling.emulator.process import RunningEmulator, down, status
from tooling.errors import ToolError
from tooling.process import parse_process, this_process
from tooling.workspace import ROOT_VARIABLE, Workspace, private_folder, write_private

if TYPE_CHECKING:
    from tooling.environment.config import EnvironmentConfig
    from tooling.target import Target

PREFIX = "groundplan-drill-"
_SOURCES = Path(__file__).resolve().parents[2]
_COPIED = ("envs", "modules", "policies", "specs", "functions", "cdktf_app")
_NOT_COPIED = shutil.ignore_patterns("__pycache__", ".terraform", "node_modules")
_OWNER = "owner"
_KEPT = "kept"
# What a user's shell may hold for the real project, and no drill may follow.
_FOREIGN = ("AWS_", "GROUNDPLAN_ENV", "GROUNDPLAN_STACK", "GROUNDPLAN_YES", "EMULATOR", "TF_DATA_DIR", "TF_CLI_ARGS")


@dataclass(frozen=True)
class Ended:
    """What a command ended with.

    Attributes:
        code: Exit code; negative: the signal that ended it.
        out, err: All that it printed.
        seconds: Wall time.
    """

    code: int
    out: str
    err: str
    seconds: float = 0.0

    @property
    def said(self) -> str:
        return self.out + self.err


@dataclass
class Sandbox:
    """A project that a drill may do anything to.

    Attributes:
        root: Its folder.
        env: The environment that its emulator is made ready for.
        environ: Added to the environment of every command.
    """

    root: Path
    env: str
    environ: dict[str, str] = field(default_factory=dict)
    _started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.root)

    @property
    def emulator(self) -> RunningEmulator:
        """The sandbox's own.

        Raises:
            ToolError: It does not run (any more).
        """
        running = status(self.workspace.emulator_home)
        if running is None:
            raise ToolError("the sandbox's emulator does not run", where=str(self.root))
        return running

    @property
    def config(self) -> EnvironmentConfig:
        from tooling.environment.config import load_environment

        return load_environment(self.workspace, self.env)

    def target(self) -> Target:
        """The sandbox's emulator, for clients that look at what is there."""
        from tooling.target import choose_target

        # Its commands alone go through a proxy that EMULATOR_ENDPOINT may name.
        return choose_target(self.workspace, self.env, self.config, self._environment({}) | {"EMULATOR": "1"})

    def run(self, *args: str, seconds: float = 3600, environ: Mapping[str, str] | None = None) -> Ended:
        """One ``groundplan`` command, to its end.

        Raises:
            ToolError: It did not end within ``seconds``; it and what it started are ended.
        """
        began = time.monotonic()
        process = self.start(*args, environ=environ)
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            for one in descendants(process.pid):
                one.kill()
            process.kill()
            out, err = process.communicate()
            raise ToolError(
                f"groundplan {' '.join(args)} did not end within {seconds:.0f} s; the last it said: {err[-300:]}",
                where=str(self.root),
            ) from None
        self._started.remove(process)
        return Ended(process.returncode, out, err, time.monotonic() - began)

    def start(self, *args: str, environ: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """One ``groundplan`` command, under way. Whoever starts it reads its pipes (``communicate``)."""
        process = subprocess.Popen(
            # Not from the sandbox's folder, which has packages of the same names.
            [sys.executable, "-P", "-c", "from tooling.cli.main import main; main()", *args],
            cwd=self.root,
            env=self._environment(self.environ | dict(environ or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # An interrupt of the drill ends the drill, which then ends this; it is not passed on behind its back.
            start_new_session=True,
        )
        self._started.append(process)
        return process

    def must(self, *args: str, seconds: float = 3600) -> Ended:
        """As :meth:`run`, for what has to go well before a drill can begin.

        Raises:
            ToolError: It ended badly.
        """
        ended = self.run(*args, seconds=seconds)
        if ended.code != 0:
            last = [line for line in ended.err.splitlines() if line][-4:]
            raise ToolError(
                f"groundplan {' '.join(args)} ended with {ended.code}: {' / '.join(last)}",
                where=f"the sandbox {self.root}",
                hint="it does so without any drill? then mend that first",
            )
        return ended

    def json(self, *args: str, seconds: float = 3600) -> Any:
        """What a command prints with ``--json``; see :meth:`must`."""
        return json.loads(self.must(*args, "--json", seconds=seconds).out)

    def ready(self) -> None:
        """Its emulator runs and has the environment's buckets."""
        self.must("emulator", "ready", "--env", self.env)

    def start_over(self) -> None:
        """The emulator as new, with the environment's buckets; changesets and work files are forgotten."""
        from tooling.emulator.process import reset

        reset(self.emulator)
        for name in ("changesets", "backups", "journals"):
            shutil.rmtree(self.workspace.work / name, ignore_errors=True)
        self.ready()

    def keep_if(self, wanted: bool) -> None:
        """Leave the folder where it is when the sandbox ends, with what is in the emulator now."""
        if not wanted:
            return
        write_private(self.root / _KEPT, "")
        from dataclasses import asdict

        from tooling.emulator.process import inventory

        held = [asdict(one) for one in inventory(self.emulator)]
        write_private(self.root / "inventory.json", json.dumps(held, indent=1))
        client, bucket = self.target().client("s3", self.config.state.region), self.config.state.bucket
        for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
            for number, version in enumerate(page.get("Versions", [])):
                which = {"Bucket": bucket, "Key": version["Key"], "VersionId": version["VersionId"]}
                file = self.root / "bucket" / f"{number:04}-{version['Key'].replace('/', '-')}"
                private_folder(file.parent)
                write_private(file, client.get_object(**which)["Body"].read())

    @property
    def kept(self) -> bool:
        return (self.root / _KEPT).exists()

    def _environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        own = {key: value for key, value in os.environ.items() if not key.startswith(_FOREIGN)}
        return {
            **own,
            "PYTHONPATH": str(_SOURCES),
            ROOT_VARIABLE: str(self.root),
            "EMULATOR": "1",
            "NO_COLOR": "1",
            "COLUMNS": "200",
            **extra,
        }

    def close(self) -> None:
        """End what was started in it and its emulator; remove the folder unless it is kept."""
        end_family(self.root)
        for process in self._started:
            process.communicate()
        down(self.workspace.emulator_home)
        if not self.kept:
            shutil.rmtree(self.root, ignore_errors=True)


@contextmanager
def sandbox(source: Workspace, env: str) -> Iterator[Sandbox]:
    """A sandbox of a project, its emulator made ready for ``env``.

    SIGTERM and a lost terminal end it as an interrupt does. One that was left behind by a killed drill is cleared away.

    Args:
        source: The project to copy; nothing is written there.
        env: Environment; on the emulator whatever its ``env.toml`` says.

    Raises:
        ToolError: There is no such environment, or the emulator does not start.
    """
    from tooling.environment.config import load_environment

    load_environment(source, env)
    clear_left_behind()
    box = Sandbox(_copy(source), env)
    with _ended_by_signals():
        try:
            box.ready()
            yield box
        finally:
            box.close()


def clear_left_behind(parent: Path | None = None) -> list[Path]:
    """End and remove the sandboxes of drills that were killed; those that are kept stay.

    Args:
        parent: Folder of temporary files. Default: the system's.

    Returns:
        What was removed.
    """
    removed = []
    for root in sorted((parent or Path(tempfile.gettempdir())).glob(f"{PREFIX}*")):
        if root.stat().st_uid != os.getuid() or (root / _KEPT).exists() or not (root / _OWNER).is_file():
            continue
        owner = parse_process((root / _OWNER).read_text(encoding="utf-8"))
        if owner is not None and owner.lives() is False:
            Sandbox(root, "").close()
            removed.append(root)
    return removed


def _copy(source: Workspace) -> Path:
    # Its real name: Terraform and the kernel tell places by it.
    root = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
    write_private(root / _OWNER, this_process().to_text())
    for name in _COPIED:
        if (source.root / name).is_dir():
            shutil.copytree(source.root / name, root / name, ignore=_NOT_COPIED)
    private_folder(root / ".groundplan")
    return root


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP raise KeyboardInterrupt, as SIGINT does, so that what is held is let go of."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    previous = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
