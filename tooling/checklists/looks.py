"""What an item of a list can have looked at, by the name of its field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tooling.live import OK, SKIPPED, Finding, failed, manual, ok, skipped
from tooling.promises import ask_promise, promise

if TYPE_CHECKING:
    from tooling.checklists.model import Item
    from tooling.live import LiveStack


@dataclass(frozen=True)
class Given:
    """What the user gave for requests from outside.

    Attributes:
        url: Ask there, and not where the stack says that it is; empty for that.
        owned: They own the target of a load test, which is not on loopback.
    """

    url: str = ""
    owned: bool = False


Look = Callable[["LiveStack", "Item", Given], Iterator[Finding]]


def _promises(live: LiveStack, item: Item, given: Given) -> Iterator[Finding]:
    del given
    for identifier, least in item.promises.items():
        asked = promise(identifier, where=item.row)
        found = [one for one in ask_promise(live, asked) if one.status != SKIPPED]
        good = sum(one.status == OK for one in found)
        bad = [one for one in found if one.status != OK]
        for one in bad:
            yield Finding(one.name, one.status, f"{one.address}: {one.saw}", one.means, one.next, one.address)
        if not bad and good < least:
            yield failed(asked.says, f"{good}, at least {least} are wanted", next="what is applied: groundplan output")
        if not bad and good >= least:
            yield ok(asked.says, f"{good} of {good}")


def _secret_keys(live: LiveStack, item: Item, given: Given) -> Iterator[Finding]:
    from tooling.promises.identities import keys_of

    del given
    secrets = live.of("aws_secretsmanager_secret")
    for ending, wanted in item.secret_keys.items():
        name = f"keys of the secret {ending}"
        secret = next((one for one in secrets if str(one["name"]).rpartition("/")[2] == ending), None)
        if secret is None:
            yield failed(name, "there is no such secret")
            continue
        with live.asking(name):
            missing = sorted(set(wanted) - keys_of(live, secret))
        if missing:
            yield failed(name, f"it lacks {', '.join(missing)}", means="the application does not start")
        else:
            yield ok(name, f"all {len(wanted)}")


def _plan(live: LiveStack, item: Item, given: Given) -> Iterator[Finding]:
    from tooling.verifying import verify_stack

    del item, given
    found = verify_stack(live.session, live.stack)
    if found.sound:
        yield ok("plan", f"{len(found.resources)} resources are there, nothing is left to change")
    else:
        pending = ", ".join(found.pending) or "resources of the state are gone"
        yield failed("plan", pending, next=f"groundplan plan --env {live.stack.env} --stack {live.stack.architecture}")


def _gate(live: LiveStack, item: Item, given: Given) -> Iterator[Finding]:
    from tooling.gating import gate_changeset

    del item, given
    stack = live.stack
    (result,) = gate_changeset(live.session.workspace, stack.env, [stack.architecture]).values()
    if result.passed:
        yield ok("gate", f"{result.checks_evaluated} checks on {result.resources_evaluated} resources pass")
    else:
        yield failed(
            "gate",
            f"{len(result.findings)} findings",
            next=f"groundplan gate --env {stack.env} --stack {stack.architecture}",
        )


def _workflow(live: LiveStack, item: Item, given: Given) -> Iterator[Finding]:
    from tooling.ci.checking import flaws

    del item, given
    folder = live.session.workspace.root / ".github" / "workflows"
    files = sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")])
    if not files:
        yield failed("workflow", "there is none in .github/workflows", next="groundplan ci generate")
        return
    wrong = [flaw for file in files for flaw in flaws(file.name, file.read_text(encoding="utf-8"))]
    if wrong:
        yield failed("workflow", f"{wrong[0].file} {wrong[0].at}: {wrong[0].what}", next="groundplan ci check")
    else:
        yield ok("workflow", ", ".join(file.name for file in files))


def _smoke(live: LiveStack, item: Item, given: Given) -> Iterator[Finding]:
    from tooling.smoke import smoke_requests

    found = smoke_requests(live, url=given.url)
    if item.smoke:
        yield from found
        if not live.session.target.emulated and all(one.status == SKIPPED for one in found):
            yield failed("smoke test", "nothing was asked")
        return
    names = {name for name in ("health", "site") if getattr(item, name)}
    chosen = [one for one in found if one.name in names]
    missing = sorted(names - {one.name for one in chosen})
    yield from chosen
    for name in missing:
        yield failed(name, "the stack has no address to ask")


def _load(live: LiveStack, item: Item, given: Given) -> Iterator[Finding]:
    from tooling.loading import LoadPlan, check_load, run_load
    from tooling.web import is_here

    wanted = item.load
    if wanted is None:
        return
    said = f"p95 under {wanted.p95_ms:g} ms at {wanted.rps} requests a second"
    if not given.url:
        saw, step = f"not tried: {said}", "--url <address>, and --i-own-this-target unless it is on this machine"
        # The emulator has nothing that could be loaded; what is on AWS is not accepted untried.
        yield skipped("load", f"{saw}; {step}") if live.session.target.emulated else manual("load", saw, next=step)
        return
    if not given.owned and not is_here(given.url):
        yield manual("load", f"{given.url} is not on this machine", next="if it is yours: --i-own-this-target")
        return
    plan = LoadPlan(given.url, wanted.rps, wanted.seconds)
    check_load(plan, owned=given.owned)
    result = run_load(plan)
    saw = f"{result.requests} requests, p95 {result.p95_ms:.0f} ms, {result.errors} failed"
    if result.p95_ms < wanted.p95_ms and not result.errors:
        yield ok("load", saw)
    else:
        step = f"groundplan doctor --env {live.stack.env} --stack {live.stack.architecture} --check high-load"
        yield failed("load", saw, means=f"wanted: {said}, none failed", next=step)


def _rows(live: LiveStack, item: Item, given: Given) -> Iterator[Finding]:
    from tooling.requirements.trace import trace

    del given
    # Its own row is proved by this very answer.
    found = [one for one in trace(live.session.workspace, (live.stack.architecture,)) if one.requirement.id != item.row]
    bad = [one for one in found if one.result not in ("passed", "open")]
    recorded = sum(one.result == "open" for one in found)
    if not found:
        yield failed("rows", "no row of the requirements is this architecture's")
    elif bad:
        names = ", ".join(f"{one.requirement.id} {one.result}" for one in bad[:8])
        yield failed("rows", f"{len(bad)} of {len(found)} are not proved: {names}", next="make test, groundplan trace")
    else:
        yield ok("rows", f"{len(found) - recorded} proved by tests, {recorded} recorded as open with a reason")


LOOKS: Mapping[str, Look] = {
    "plan": _plan,
    "promises": _promises,
    "secret_keys": _secret_keys,
    "gate": _gate,
    "workflow": _workflow,
    "smoke": _smoke,
    "health": _smoke,
    "site": _smoke,
    "load": _load,
    "rows": _rows,
}
