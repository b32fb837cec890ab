"""The last apply of every stack of an environment, from its receipts: few questions, however many stacks there are.

Receipts are told apart by the listing of the bucket, so that one which was read before is not fetched again. What is
remembered of it counts for that very object only: the same bucket, key and ETag.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from tooling import digest
from tooling.changeset.receipts import Receipt, read_receipt, receipts_prefix
from tooling.errors import Exit, ToolError
from tooling.journal.shelf import journals_prefix
from tooling.typed import read_as
from tooling.workspace import private_folder, write_private

if TYPE_CHECKING:
    from tooling.changeset.store import Entry, Store
    from tooling.environment.stacks import Stack
    from tooling.workspace import Workspace

_FORMAT = 2
# Receipts that are fetched side by side; boto3 keeps ten connections.
_AT_ONCE = 8
_LOCK = ".tflock"


@dataclass(frozen=True)
class LastApply:
    """What a receipt says of the apply that came last.

    Attributes:
        key, tag: Which object it was read from.
        env, architecture, changeset, kind, whole, ended, state_tag, sources: As in the receipt.
    """

    key: str
    tag: str
    env: str
    architecture: str
    changeset: str
    kind: str
    whole: bool
    ended: str
    state_tag: str
    sources: dict[str, str]


@dataclass(frozen=True)
class Seen:
    """What the bucket shows of one stack.

    Attributes:
        state_tag: ETag of its state; empty when there is none.
        locked: Whether somebody holds its lock.
        open_run: A run that nobody has closed; empty when there is none.
        last: Its last apply; None: there is no receipt, or none that can be believed.
        doubt: Why none can be believed; empty otherwise.
    """

    state_tag: str
    locked: bool
    open_run: str
    last: LastApply | None
    doubt: str = ""


def last_applies(workspace: Workspace, env: str, stacks: Sequence[Stack], store: Store) -> dict[str, Seen]:
    """What the state bucket shows of some stacks of an environment, by architecture.

    Two listings, a third one while a run is open, and the receipts that are new to this checkout.

    Args:
        workspace: The project.
        env: The environment.
        stacks: Which of its stacks.
        store: Its state bucket.

    Raises:
        ToolError: The bucket is not there, is of another account, or refuses.
    """
    beside = store.listed(f"{env}/", deep=False)
    states = {entry.key: entry for entry in beside.objects}
    newest = _newest(store.listed(f"{env}/receipts/").objects)
    journals = f"{env}/journals/"
    open_runs = _by_folder(store.listed(journals).objects) if journals in beside.folders else {}
    memory = _memory_file(workspace, env)
    place = f"{store.target.name} {store.target.account_id} {store.bucket}"
    known = _recall(memory, place)
    wanted = {stack.architecture: newest[prefix] for stack in stacks if (prefix := receipts_prefix(stack)) in newest}
    found = _read(store, wanted, known)
    _remember(memory, place, known, [last for last in found.values() if isinstance(last, LastApply)])
    seen = {}
    for stack in stacks:
        state = states.get(stack.state_key)
        last = found.get(stack.architecture)
        runs = open_runs.get(journals_prefix(stack), ())
        seen[stack.architecture] = Seen(
            state_tag=state.tag if state else "",
            locked=f"{stack.state_key}{_LOCK}" in states,
            open_run=PurePosixPath(runs[0].key).stem if runs else "",
            last=last if isinstance(last, LastApply) else None,
            doubt=last if isinstance(last, str) else "",
        )
    return seen


def _by_folder(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(f"{entry.key.rpartition('/')[0]}/", []).append(entry)
    return found


def _newest(entries: Iterable[Entry]) -> dict[str, Entry | None]:
    """The last receipt below each prefix; None where its own time and that of the bucket name different ones."""
    newest: dict[str, Entry | None] = {}
    for prefix, those in _by_folder(entries).items():
        last = max(those, key=lambda entry: entry.key)
        newest[prefix] = last if last.written == max(entry.written for entry in those) else None
    return newest


def _read(
    store: Store, wanted: Mapping[str, Entry | None], known: Mapping[str, LastApply]
) -> dict[str, LastApply | str]:
    """The last apply of each architecture, or why nobody can tell."""

    def read(architecture: str, entry: Entry | None) -> LastApply | str:
        if entry is None:
            return "which apply was the last cannot be told: the clocks of two machines differ"
        remembered = known.get(entry.key)
        if remembered is not None and (remembered.tag, remembered.architecture) == (entry.tag, architecture):
            return remembered
        try:
            receipt = read_receipt(store.get(entry.key), store.place(entry.key))
        except ToolError as error:
            if error.exit_code != Exit.REFUSED:
                raise
            return f"of its last apply nothing is known: {error.what}"
        if receipt.architecture != architecture or not entry.key.endswith(receipt.file_name):
            return "its last receipt is of another stack or run"
        return _in_short(receipt, entry)

    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return dict(zip(wanted, pool.map(read, wanted.keys(), wanted.values()), strict=True))


def _in_short(receipt: Receipt, entry: Entry) -> LastApply:
    return LastApply(
        key=entry.key,
        tag=entry.tag,
        env=receipt.env,
        architecture=receipt.architecture,
        changeset=receipt.changeset,
        kind=receipt.kind,
        whole=receipt.whole,
        ended=receipt.ended,
        state_tag=receipt.state_tag,
        sources=receipt.sources,
    )


def _memory_file(workspace: Workspace, env: str) -> Path:
    return workspace.work / "applied" / f"{env}.json"


@dataclass(frozen=True)
class _Memory:
    format: int
    place: str
    receipts: tuple[LastApply, ...]


def _recall(file: Path, place: str) -> dict[str, LastApply]:
    """What was read before, by key; nothing where the file is damaged or is about another bucket."""
    try:
        content: dict[str, Any] = json.loads(file.read_bytes())
        intact = content.pop("digest") == digest.of_value(content)
        memory = read_as(_Memory, content) if intact else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    if memory is None or (memory.format, memory.place) != (_FORMAT, place):
        return {}
    return {one.key: one for one in memory.receipts}


def _remember(file: Path, place: str, known: Mapping[str, LastApply], found: Sequence[LastApply]) -> None:
    """Only saves time: a disk that takes nothing is no reason to plan nothing."""
    if all(known.get(one.key) == one for one in found):
        return
    # Of a stack only the last receipt is ever asked for.
    last = {one.architecture: one for one in (*known.values(), *found)}
    memory = _Memory(_FORMAT, place, tuple(last[name] for name in sorted(last)))
    content = asdict(memory)
    with suppress(OSError):
        private_folder(file.parent)
        write_private(file, json.dumps({**content, "digest": digest.of_value(content)}, sort_keys=True))
