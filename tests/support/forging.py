"""Ways to tamper with receipts and approvals, generated."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from typing import Any

from tests.support.sandbox import STACKS, Sandbox
from tests.support.tampering import Case, Edit, Tamper, edit_file, edit_object, edits
from tooling import digest


def written(content: dict[str, Any]) -> bytes:
    """A receipt or an approval with a digest that fits, as a forger who knows the format makes it."""
    own = {key: value for key, value in content.items() if key != "digest"}
    return (json.dumps({**own, "digest": digest.of_value(own)}, indent=2, sort_keys=True) + "\n").encode()


def receipts() -> Iterator[Case]:
    """Of a changeset that did nothing: only its receipts tell that it was applied."""
    again = ("--changeset", "idle")

    def then_back(tamper: Tamper) -> Tamper:
        def both(box: Sandbox) -> None:
            tamper(box)
            box.go_back()

        return both

    def not_whole(content: bytes, _: random.Random) -> bytes:
        return written({**json.loads(content), "whole": False})

    def of_another(content: bytes, _: random.Random) -> bytes:
        return written({**json.loads(content), "seal": "0" * 64})

    for stack in STACKS:

        def local(box: Sandbox, stack: str = stack) -> str:
            return str(box.local_receipt(stack, box.idle).relative_to(box.project.root))

        def stored(box: Sandbox, stack: str = stack) -> str:
            return box.stored_receipt(stack, box.idle)

        def no_local(box: Sandbox, stack: str = stack) -> None:
            box.local_receipt(stack, box.idle).unlink()

        def no_stored(box: Sandbox, stack: str = stack) -> None:
            box.delete(box.stored_receipt(stack, box.idle))

        def of_first(box: Sandbox, stack: str = stack) -> None:
            shutil.copy(box.local_receipt(stack, box.first), box.local_receipt(stack, box.idle))

        def exchange(box: Sandbox, stack: str = stack) -> None:
            other = next(name for name in STACKS if name != stack)
            shutil.copy(box.local_receipt(other, box.idle), box.local_receipt(stack, box.idle))

        only = (*again, "--stack", stack)
        forged = [("not whole", not_whole, random.Random()), ("of another seal", of_another, random.Random())]
        for how, edit, seed in (*edits(3), *forged):
            yield Case(f"receipt of {stack} here: {how}", then_back(edit_file(local, edit, seed)), only)
            yield Case(f"receipt of {stack} in the bucket: {how}", then_back(edit_object(stored, edit, seed)), only)
        yield Case(f"receipt of {stack} here: removed", then_back(no_local), only)
        yield Case(f"receipt of {stack} in the bucket: removed", then_back(no_stored), only)
        yield Case(f"receipt of {stack} here: that of the first", then_back(of_first), only)
        yield Case(f"receipt of {stack} here: that of the other stack", then_back(exchange), only)


def approvals() -> Iterator[Case]:
    def said(**other: str) -> Edit:
        return lambda content, _: written({**json.loads(content), **other})

    def removed(box: Sandbox) -> None:
        box.delete(box.approval())

    def of_first(box: Sandbox) -> None:
        box.put(box.approval(), box.get(box.approval(box.first)))

    def by_the_planner(box: Sandbox) -> None:
        planner = "arn:aws:sts::123456789012:user/moto"
        key = box.approval()
        approval = written({**json.loads(box.get(key)), "by": planner})
        box.delete(key)
        name = f"user-moto-{digest.of_bytes(planner.encode())[:12]}.json"
        box.put(f"{key.rpartition('/')[0]}/{name}", approval)

    def elsewhere(box: Sandbox) -> None:
        key = box.approval()
        box.put(key.replace(box.seal(), "0" * 64), box.get(key))
        box.delete(key)

    for how, edit, seed in edits(8):
        yield Case(f"approval: {how}", edit_object(lambda box: box.approval(), edit, seed))
    lies = {
        "by": "arn:aws:iam::123456789012:user/bob",
        "seal": "0" * 64,
        "changeset": "another",
        "env": "dev",
        "account_id": "999999999999",
        "target": "aws",
        "format": "2",
    }
    for name, value in lies.items():
        yield Case(
            f"approval: another {name}", edit_object(lambda box: box.approval(), said(**{name: value}), random.Random())
        )
    yield Case("approval: removed", removed)
    yield Case("approval: that of the first changeset", of_first)
    yield Case("approval: forged for the planner", by_the_planner)
    yield Case("approval: of another seal", elsewhere)
