"""What a run makes of Ctrl-C, of SIGTERM and of a lost terminal while Terraform works for it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tooling.terraform.running import Running

# Nobody reads a warning in less: whoever holds Ctrl-C down, or a wrapper that sends each signal twice, ends nothing.
SECONDS_TO_READ = 1.0
_NAMED = 20


@dataclass
class Interrupts:
    """The first signal is passed on, the second says what a third would cost, the third ends Terraform at once.

    Attributes:
        running: The Terraform processes of the run.
        say: Tells whoever watches.
        resume: The command that finds out afterwards what became of what was cut short.
        clock: Seconds that only grow.
    """

    running: Running
    say: Callable[[str], None]
    resume: str
    clock: Callable[[], float] = monotonic
    _second: bool = False
    _read: float | None = None
    _third: bool = False

    def arrived(self) -> None:
        """One signal. May be called by a signal handler: it waits for nothing."""
        if not self.running.interrupted:
            self._tell(self._passed_on)
            self.running.interrupt()
        elif not self._second:
            self._second = True
            self._tell(self._warning)
        elif self._read is not None and self.clock() >= self._read and not self._third:
            self._third = self.running.cut_short = True
            self._tell(self._given_up)
            self.running.give_up()

    @contextmanager
    def caught(self) -> Iterator[None]:
        """Take SIGINT, SIGTERM and SIGHUP while the block runs; only in the main thread, as Python has it.

        SIGHUP counts as the others do, unless somebody saw to it that the run outlasts its terminal.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        numbers = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
            numbers.append(signal.SIGHUP)
        previous = {number: signal.signal(number, lambda *_: self.arrived()) for number in numbers}
        try:
            yield
        finally:
            # Once interrupted the run ends by itself: a further signal must not cut short what it has to say.
            for number, handler in () if self.running.interrupted else previous.items():
                signal.signal(number, handler)

    def _tell(self, words: Callable[[], str]) -> None:
        # The terminal's own thread may hold the progress while it draws: say it from another.
        threading.Thread(target=self._say, args=(words,), daemon=True).start()

    def _say(self, words: Callable[[], str]) -> None:
        self.say(words())
        if self._second and self._read is None:
            self._read = self.clock() + SECONDS_TO_READ

    def _passed_on(self) -> str:
        return "interrupt passed on; terraform ends what is under way and saves its state, please wait"

    def _warning(self) -> str:
        begun = self.running.under_way.all()
        if not begun and not self.running.under_way.made:
            return "nothing was changed so far: a third interrupt ends terraform at once and costs nothing"
        if not begun:
            return (
                "nothing is being made any more, terraform saves its state; a third interrupt ends it at once, and "
                f"what was made may then be in no state until: {self.resume}"
            )
        named = [f"  {one}" for one in begun[:_NAMED]]
        more = [f"  and {len(begun) - _NAMED} more"] if len(begun) > _NAMED else []
        return "\n".join(
            [
                "interrupted again; still being made, and waited for:",
                *named,
                *more,
                f"a third interrupt ends terraform at once; these would be in doubt until: {self.resume}",
            ]
        )

    def _given_up(self) -> str:
        return f"terraform is ended at once; find out what became of what was being made: {self.resume}"
