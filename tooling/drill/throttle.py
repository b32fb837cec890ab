"""A whole apply while AWS refuses, resets, hangs and answers late; then what is left of it, and what was lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.drill.losses import Whole, losses_after_apply, whole_stack
from tooling.environment.stacks import select_stacks
from tooling.faultproxy import FaultPlan, FaultProxy, Kind, Rule
from tooling.workspace import write_private

if TYPE_CHECKING:
    from tooling.drill.sandbox import Ended, Sandbox
    from tooling.environment.stacks import Stack

RATE = 0.05
# Kinds that leave a call undone or only late: whatever it was, its client may try it again.
_BEFORE = (Kind.DELAY, Kind.ERROR500, Kind.SLOWDOWN503, Kind.THROTTLE, Kind.RESET, Kind.HANG)
# Kinds that lose the answer of a call that was carried out. A creation that AWS does not recognise as a repetition
# (CreateUserPool ...) would be made twice then, whatever the tool; so these hit only what may be repeated.
_AFTER = (Kind.TRUNCATE, Kind.RESET)
_READS = ("Get*", "List*", "Describe*", "Head*")
_STATE = "*.tfstate*"
_HANG_SECONDS = 3.0


def mixture(rate: float, state_bucket: str) -> tuple[Rule, ...]:
    """All kinds but an expired token, in equal parts.

    Args:
        rate: Of all calls, how many meet a fault; of those that change something a little less.
        state_bucket: Where state and lock are.
    """
    each = rate / (len(_BEFORE) + len(_AFTER))
    before = [Rule(kind, probability=each, seconds=_HANG_SECONDS if kind == Kind.HANG else None) for kind in _BEFORE]
    reads = [Rule(kind, operation=reads, probability=each, after=True) for kind in _AFTER for reads in _READS]
    state = [
        Rule(kind, service="s3", bucket=state_bucket, key=_STATE, method=method, probability=each, after=True)
        for kind in _AFTER
        for method in ("PUT", "DELETE")
    ]
    return (*before, *reads, *state)


@dataclass(frozen=True)
class Weathered:
    """How an apply came through.

    Attributes:
        seed: Of the faults.
        rate: That was asked for.
        calls: Of Terraform and boto3 together, repetitions included.
        faults: How many met what.
        answers_lost: Of these, how many were carried out and their answers lost.
        converged: Whether the apply ended well by itself.
        said: What it said otherwise, in a line.
        seconds: Of the apply.
        undisturbed: Seconds of the same apply without faults.
        recovery: Seconds of ``resume`` afterwards, until state and reality were equal; 0 where none was needed.
        rest: Seconds of planning and applying what was left; 0 where nothing was.
        lost: What was lost, left over, or there twice.
    """

    seed: int
    rate: float
    calls: int
    faults: Mapping[str, int]
    answers_lost: int
    converged: bool
    said: str
    seconds: float
    undisturbed: float
    recovery: float
    rest: float
    lost: tuple[str, ...]


@dataclass
class ThrottleDrill:
    """One stack in one sandbox, from nothing.

    Attributes:
        box: The sandbox; nothing of the stack is applied in it.
        architecture: The stack.
        rate: How many of all calls meet a fault, from 0 to 1.
        seed: Decides which.
        note: Told what is done, in a sentence each.
    """

    box: Sandbox
    architecture: str
    rate: float
    seed: int
    note: Callable[[str], None]
    what: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.what = ("--env", self.box.env, "--stack", self.architecture)

    @property
    def stack(self) -> Stack:
        (stack,) = select_stacks(self.box.workspace, self.box.env, self.box.config, [self.architecture])
        return stack

    def run(self) -> Weathered:
        """The stack undisturbed, then from nothing through the proxy.

        Raises:
            ToolError: It cannot even be applied undisturbed.
        """
        whole, undisturbed = self._undisturbed()
        self.note(
            f"{self.architecture}: {len(whole.addresses)} resources applied undisturbed in {undisturbed:.0f} s; "
            f"now from nothing, with faults in {self.rate:.1%} of all calls"
        )
        self.box.start_over()
        self.box.must("plan", *self.what, "--json")
        plan = FaultPlan(self.seed, mixture(self.rate, self.box.config.state.bucket))
        with FaultProxy(self.box.emulator.endpoint, plan) as proxy:
            applied = self.box.run("apply", *self.what, "--yes", environ={"EMULATOR_ENDPOINT": proxy.endpoint})
        write_private(self.box.root / "calls.log", "".join(f"{entry}\n" for entry in proxy.log))
        repaired: list[Ended] = []
        if applied.code != 0:
            self.note(f"{self.architecture}: the apply ended with {applied.code}; resuming without faults")
            # What ended by itself may have left nothing to find out: then what is left is planned like any change.
            for command in (("resume",), ("plan",), ("apply", "--yes")):
                repaired.append(self.box.run(*command, *self.what))
        return Weathered(
            seed=self.seed,
            rate=self.rate,
            calls=len(proxy.log),
            faults={str(kind): count for kind, count in sorted(proxy.counts.items())},
            answers_lost=sum(entry.carried_out and entry.status == 0 for entry in proxy.log if entry.fault),
            converged=applied.code == 0,
            said="" if applied.code == 0 else _sentence(applied),
            seconds=round(applied.seconds, 1),
            undisturbed=round(undisturbed, 1),
            recovery=round(sum(ended.seconds for ended in repaired[:1]), 1),
            rest=round(sum(ended.seconds for ended in repaired[1:]), 1),
            lost=tuple(self._losses(whole, applied, repaired)),
        )

    def _undisturbed(self) -> tuple[Whole, float]:
        planned = self.box.json("plan", *self.what)
        applied = self.box.must("apply", *self.what, "--yes")
        return whole_stack(self.box, self.stack, self.box.root / Path(planned["folder"])), applied.seconds

    def _losses(self, whole: Whole, applied: Ended, repaired: Sequence[Ended]) -> Iterator[str]:
        if applied.code not in (0, 1) or "Traceback" in applied.said:
            yield f"the apply ended with {applied.code}: {_sentence(applied)}"
        for name, ended in zip(("resume", "plan", "apply"), repaired, strict=False):
            if ended.code != 0:
                yield f"{name} without faults ended with {ended.code}: {_sentence(ended)}"
        yield from losses_after_apply(self.box, self.stack, whole)


def _sentence(ended: Ended) -> str:
    """What it failed for, in a line."""
    with suppress(StopIteration):
        return next(line for line in ended.err.splitlines() if line.startswith("error: ")).removeprefix("error: ")
    return " / ".join([line for line in ended.err.splitlines() if line][-3:])
