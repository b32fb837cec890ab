"""The only place that starts Terraform.

python-terraform builds the argument lists. Its own runner cannot be used: ``synchronous=False`` leaks into
the arguments, ``destroy`` passes the removed ``-force``, and nothing is streamed (docs/adr/0005).
"""

from __future__ import annotations

import json
import signal
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from python_terraform import IsFlagged
from python_terraform import Terraform as ArgumentBuilder

from tooling.errors import Exit, ToolError
from tooling.terraform.events import Diagnostic, Event, parse_diagnostic, parse_event
from tooling.terraform.failures import failure
from tooling.terraform.output import Log, Record, appended, opened
from tooling.terraform.running import Running
from tooling.workspace import exclusive, private_folder

OnEvent = Callable[[Event], None]


@dataclass(frozen=True)
class Outcome:
    """A Terraform run that ended well."""

    events: tuple[Event, ...]
    diagnostics: tuple[Diagnostic, ...]

    def last(self, kind: str) -> Event | None:
        return next((event for event in reversed(self.events) if event.kind == kind), None)


class Terraform(ArgumentBuilder):  # type: ignore[misc]
    """Terraform in one root module.

    Args:
        binary: The executable.
        root: Folder of the root module; nothing is written into it.
        data: Folder for TF_DATA_DIR, the logs, and what belongs to this machine only.
        environ: The whole environment of the process.
        stack: Name for messages, as ``dev/kefir``.
        running: Where the process is entered while it lives.
        shown_log: How a log file is named to the user.
        init_lock: File that is locked while ``init`` runs, where stacks share a folder that it fills. Default: none.
    """

    def __init__(
        self,
        *,
        binary: Path,
        root: Path,
        data: Path,
        environ: Mapping[str, str],
        stack: str,
        running: Running,
        shown_log: Callable[[Path], str] = str,
        init_lock: Path | None = None,
    ) -> None:
        super().__init__(working_dir=str(root), terraform_bin_path=str(binary))
        self.root = root
        self.data = private_folder(data)
        self.stack = stack
        self.running = running
        self.shown_log = shown_log
        self.init_lock = init_lock
        self.environ = {
            **{key: value for key, value in environ.items() if key != "TF_CLI_CONFIG_FILE" or Path(value).is_file()},
            "TF_DATA_DIR": str(data / "terraform"),
            # Planning is bound by the CPU; half as many collections cost no memory that shows (make bench).
            "GOGC": environ.get("GOGC", "200"),
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "CHECKPOINT_DISABLE": "1",
        }

    def read_state_file(self, file_path: str | None = None) -> None:
        """State is in the backend; the parent class would look for a file here."""

    def init(self) -> None:
        """``terraform init`` with the committed lock file, which it may not change."""
        with exclusive(self.init_lock) if self.init_lock is not None else nullcontext():
            self._run("init", _ignore, input=False, no_color=IsFlagged, lockfile="readonly")

    def plan(
        self,
        out: Path | None,
        on_event: OnEvent,
        *,
        destroy: bool = False,
        refresh_only: bool = False,
        targets: Sequence[str] = (),
    ) -> Outcome:
        """``terraform plan``; with ``out`` the plan is saved there, readable by its owner only.

        ``refresh_only`` plans nothing but to write what is there into the state; ``targets`` restricts the plan.
        The caller holds the state's lock (docs/adr/0010); so for :meth:`apply` and whatever else touches the state.
        """
        options: dict[str, Any] = {"json": IsFlagged, "input": False, "lock": False}
        if out is not None:
            options["out"] = str(out)
        if destroy:
            options["destroy"] = IsFlagged
        if refresh_only:
            options["refresh_only"] = IsFlagged
        if targets:
            options["target"] = list(targets)
        outcome = self._run("plan", on_event, **options)
        if outcome.last("change_summary") is None:
            raise self._unexpected("plan", outcome)
        if out is not None:
            self._must_be_whole(out)
            out.chmod(0o600)
        return outcome

    def _must_be_whole(self, plan: Path) -> None:
        """Terraform ends well also where a full disk took half of the plan file, or nothing of it."""
        if not zipfile.is_zipfile(plan):
            raise ToolError(
                f"terraform plan left a file that is not whole: {self.shown_log(plan)}",
                where=self.stack,
                hint="is there no space left on the device? make room, then plan again",
            )

    def show(self, plan: Path) -> dict[str, Any]:
        """The plan as JSON, secrets in clear: keep it in memory, write it masked."""
        outcome = self._run("show", _ignore, str(plan), json=IsFlagged, streamed=False)
        return self._object("show", "\n".join(event.message for event in outcome.events))

    def apply(self, plan: Path, on_event: OnEvent, *, parallelism: int = 10, record: Record | None = None) -> Outcome:
        """Apply that saved plan, and nothing else.

        Args:
            plan: The plan.
            on_event: Told of each event.
            parallelism: How many resources at once.
            record: Where Terraform writes its events itself. Then it goes on also when this process dies, and its
                success counts although a full disk kept its last words.
        """
        options: dict[str, Any] = {"json": IsFlagged, "input": False, "lock": False, "parallelism": parallelism}
        outcome = self._run("apply", on_event, str(plan), record=record, **options)
        if outcome.last("change_summary") is None and record is None:
            raise self._unexpected("apply", outcome)
        return outcome

    def push_state(self, file: Path) -> None:
        """Write a state into the backend; Terraform refuses one of another lineage or of an older serial."""
        self._run("state push", _ignore, str(file), lock=False)

    def format_all(self) -> None:
        """``terraform fmt`` in place, folders below included."""
        self._run("fmt", _ignore, recursive=IsFlagged, list=False)

    def _object(self, command: str, text: str) -> dict[str, Any]:
        try:
            value = json.loads(text)
        except ValueError as error:
            raise ToolError(
                f"terraform {command} printed something that is no JSON: {text[:120]!r}",
                where=self.stack,
                hint="is GROUNDPLAN_TERRAFORM, or the terraform on PATH, really Terraform?",
            ) from error
        if not isinstance(value, dict):
            raise ToolError(f"terraform {command} printed no JSON object: {text[:120]!r}", where=self.stack)
        return value

    def _unexpected(self, command: str, outcome: Outcome) -> ToolError:
        last = outcome.events[-1].message if outcome.events else ""
        return ToolError(
            f"terraform {command} ended without a summary; the last it printed: {last[:200]!r}",
            where=self.stack,
            hint=f"all it printed: {self.shown_log(self.data / f'{command}.log')}",
        )

    def _run(
        self,
        command: str,
        on_event: OnEvent,
        *args: str,
        streamed: bool = True,
        record: Record | None = None,
        **options: Any,
    ) -> Outcome:
        line = cast("list[str]", self.generate_cmd_string(command, *args, **options))
        log = record.path if record else self.data / f"{command.replace(' ', '-')}.log"
        events: list[Event] = []
        diagnostics: list[Diagnostic] = []
        with Log(None if record else log) as file, opened(record) as (output, end):
            # A session of its own: the terminal's Ctrl-C must not reach Terraform a second time.
            process = subprocess.Popen(
                line,
                cwd=self.root,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
                # A state that cannot be stored is left in the root module's folder, and it may hold secrets.
                umask=0o077,
            )
            self.running.add(process)
            try:
                if record:
                    record.started(process.pid)
                for text in process.stdout or appended(output, end, process):
                    # What is not streamed is one large answer that may hold secrets: no log, no events.
                    event = parse_event(text) if streamed else Event("raw", text.rstrip("\n"), {})
                    if streamed:
                        file.write(text)
                    events.append(event)
                    if (diagnostic := parse_diagnostic(event)) is not None:
                        diagnostics.append(diagnostic)
                    self.running.under_way.heard(self.stack, event)
                    on_event(event)
                code = process.wait()
            except BaseException:
                # Whatever broke on our side, Terraform must end well: nobody else would tell it to.
                process.send_signal(signal.SIGINT)
                process.communicate()
                raise
            finally:
                self.running.remove(process)
                self.running.under_way.ended(self.stack)
        if code != 0:
            raise self._failure(command, code, events, diagnostics, log)
        return Outcome(tuple(events), tuple(diagnostics))

    def _failure(
        self, command: str, code: int, events: list[Event], diagnostics: list[Diagnostic], log: Path
    ) -> ToolError:
        if self.running.cut_short and command == "apply":
            return ToolError(
                f"terraform {command} was ended at once; what it was making is in doubt",
                where=self.stack,
                hint=f"find out, and bring the state up to it: groundplan resume --env {self.stack.partition('/')[0]}",
                exit_code=Exit.INTERRUPTED,
            )
        if self.running.interrupted:
            return ToolError(
                f"terraform {command} was interrupted; what was done is in the state, the lock is released",
                where=self.stack,
                exit_code=Exit.INTERRUPTED,
            )
        if code < 0:
            return ToolError(
                f"terraform {command} was ended by {signal.Signals(-code).name}",
                where=self.stack,
                hint=f"all it printed: {self.shown_log(log)}",
            )
        if not diagnostics:
            diagnostics = _from_text("\n".join(event.message for event in events))
        return failure(self.stack, command, diagnostics, self.shown_log(log))


def _ignore(event: Event) -> None:
    """For commands whose progress nobody watches."""


def _from_text(text: str) -> list[Diagnostic]:
    """``init`` and friends print for people; the first error in it is what counts."""
    plain = [line.strip("│╷╵ ") for line in text.splitlines()]
    for number, line in enumerate(plain):
        if line.startswith("Error: "):
            detail = " ".join(part for part in plain[number + 1 :] if part)
            return [Diagnostic("error", line.removeprefix("Error: "), detail[:600])]
    return [Diagnostic("error", " ".join(part for part in plain if part)[-400:])] if text.strip() else []
