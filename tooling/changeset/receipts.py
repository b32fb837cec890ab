"""Receipts: what an apply did to one stack, beside the changeset and beside the state in the bucket."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from tooling.changeset.document import read_document, written
from tooling.changeset.model import ADOPT, APPLY, DESTROY, REVERT, Changeset, Glass
from tooling.errors import Exit, ToolError
from tooling.typed import read_as
from tooling.workspace import write_private

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tooling.changeset.store import Store
    from tooling.environment.stacks import Stack
    from tooling.journal.model import Header
    from tooling.state import StateVersion
    from tooling.terraform.events import Event

FORMAT = 1
_PATTERN = "receipt-*.json"


@dataclass(frozen=True)
class ResourceResult:
    """What happened to one resource.

    Attributes:
        action: ``create``, ``update`` or ``delete``; a replaced resource has two entries.
        result: ``done``, ``failed``, or ``unfinished`` when nothing more was heard of it.
        id: As the provider names it; empty where it did not say.
        seconds: How long it took.
    """

    address: str
    action: str
    result: str
    id: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Receipt:
    """What an apply did to one stack.

    Attributes:
        changeset, seal: What was applied.
        kind: Of the changeset.
        planned_by, approved_by, by: ARNs of who planned, who approved, who applied.
        whole: Everything that the plan said was done.
        error: What ended it; empty when it is whole.
        counts: Resources added, changed, removed.
        lineage, serial: The state afterwards; ``""`` and -1 when it could not be read.
        started, ended: UTC, ISO 8601.
        sources: What the plan was made from and judged by, as :func:`inputs_of` tells it; less, or nothing, in
            receipts of earlier versions.
        state_tag: S3's ETag of the state afterwards; empty when it was not whole, and in receipts of earlier versions.
    """

    changeset: str
    seal: str
    env: str
    architecture: str
    kind: str
    target: str
    account_id: str
    commit: str
    dirty: bool
    planned_by: str
    approved_by: tuple[str, ...]
    by: str
    glass: tuple[Glass, ...]
    whole: bool
    error: str
    counts: dict[str, int]
    lineage: str
    serial: int
    started: str
    ended: str
    resources: tuple[ResourceResult, ...]
    sources: dict[str, str] = field(default_factory=dict)
    state_tag: str = ""

    @property
    def file_name(self) -> str:
        """Sorts by time, and tells which changeset it is of."""
        return f"{self.started.replace('-', '').replace(':', '').replace('+0000', 'Z')}-{self.seal[:12]}.json"

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self)}


@dataclass
class Results:
    """Gathers what Terraform's event stream says of each resource.

    https://developer.hashicorp.com/terraform/internals/machine-readable-ui#operation-messages
    """

    _found: dict[tuple[str, str], ResourceResult] = field(default_factory=dict)

    def __call__(self, event: Event) -> None:
        ends = {"apply_start": "unfinished", "apply_complete": "done", "apply_errored": "failed"}
        address = event.address
        if address is None or event.kind not in ends or event.action == "read":
            return
        hook = event.body["hook"]
        self._found[address, event.action] = ResourceResult(
            address,
            event.action,
            ends[event.kind],
            str(hook.get("id_value", "")),
            float(hook.get("elapsed_seconds", 0)),
        )

    def all(self) -> tuple[ResourceResult, ...]:
        return tuple(self._found.values())


def receipt_of(
    header: Header,
    *,
    by: str,
    whole: bool,
    error: str,
    counts: dict[str, int],
    state: StateVersion,
    ended: datetime,
    resources: tuple[ResourceResult, ...],
    state_tag: str = "",
) -> Receipt:
    """The receipt of a run, by itself or by whoever found it dead."""
    return Receipt(
        changeset=header.changeset,
        seal=header.seal,
        env=header.env,
        architecture=header.architecture,
        kind=header.kind,
        target=header.target,
        account_id=header.account_id,
        commit=header.commit,
        dirty=header.dirty,
        planned_by=header.planned_by,
        approved_by=header.approved_by,
        by=by,
        glass=tuple(Glass(*pair) for pair in header.glass),
        whole=whole,
        error=error,
        counts=counts,
        lineage=state.lineage,
        serial=state.serial,
        started=header.started,
        ended=ended.isoformat(timespec="seconds"),
        resources=resources,
        sources=header.sources,
        state_tag=state_tag,
    )


def receipts_prefix(stack: Stack) -> str:
    """Where the receipts of a stack are in its state bucket: beside its state."""
    return str(PurePosixPath(stack.state_key).parent / "receipts" / stack.architecture) + "/"


def keep_receipt(receipt: Receipt, stack: Stack, folder: Path | None, store: Store | None) -> str | None:
    """Write a receipt beside the changeset and into the bucket; never raises, for the apply is done by then.

    Args:
        receipt: What happened.
        stack: To which stack.
        folder: The stack's files of the changeset; None: the changeset is on another machine.
        store: The environment's state bucket; None: it is known to be gone.

    Returns:
        What went wrong with it; None when it is in both places.
    """
    data, problems = written(receipt.to_json()), []
    try:
        if folder is not None:
            write_private(folder / f"receipt-{receipt.file_name}", data)
    except OSError as error:
        problems.append(f"it could not be written beside the changeset: {error}")
    if store is None:
        return "; ".join([*problems, "there is no state bucket any more"])
    try:
        store.put(receipts_prefix(stack) + receipt.file_name, data)
    except ToolError as error:
        problems.append(f"it could not be stored: {error}")
    return "; ".join(problems) or None


def read_receipt(data: bytes, where: str) -> Receipt:
    """The receipt in a file.

    Raises:
        ToolError: Exit 4: it was edited, or is no receipt.
    """
    content = read_document(data, "receipt", where)
    try:
        if content.pop("format") != FORMAT:
            raise ValueError("another format")
        return read_as(Receipt, content, may_lack=frozenset({"sources", "state_tag"}))
    except (KeyError, ValueError) as error:
        raise ToolError(f"is no receipt: {error}", where=where, exit_code=Exit.REFUSED) from error


def receipts_of(changeset: Changeset, stack: Stack, folder: Path, store: Store) -> Iterator[tuple[str, Receipt]]:
    """Every receipt of a changeset for one stack, from both places, with where it is.

    Raises:
        ToolError: Exit 4: one was edited.
    """
    for file in sorted(folder.glob(_PATTERN)):
        where = f"{stack.name}/{file.name}"
        yield where, read_receipt(file.read_bytes(), where)
    for key in store.keys(receipts_prefix(stack)):
        if key.endswith(f"-{changeset.seal[:12]}.json"):
            yield store.place(key), read_receipt(store.get(key), store.place(key))


def whole_receipt(changeset: Changeset, stack: Stack, folder: Path, store: Store) -> Receipt | None:
    """The receipt which says that a changeset was applied whole to this stack; None: it was not.

    Raises:
        ToolError: Exit 4: a receipt was edited, or is of another changeset.
    """
    for where, receipt in receipts_of(changeset, stack, folder, store):
        if (receipt.seal, receipt.env, receipt.architecture) != (changeset.seal, stack.env, stack.architecture):
            raise ToolError("the receipt is of another changeset", where=where, exit_code=Exit.REFUSED)
        if receipt.whole:
            return receipt
    return None


def check_not_applied(changeset: Changeset, stack: Stack, folder: Path, store: Store) -> None:
    """Refuse a changeset that was applied whole to this stack, also where that did not move the state.

    Raises:
        ToolError: Exit 4.
    """
    receipt = whole_receipt(changeset, stack, folder, store)
    if receipt is not None:
        raise ToolError(
            f"this changeset was applied at {receipt.ended} by {receipt.by}",
            where=stack.name,
            hint=f"plan again: groundplan plan --env {stack.env}",
            exit_code=Exit.REFUSED,
        )


def first_apply_unfinished(stack: Stack, store: Store) -> bool:
    """Whether every apply since the stack began (or was destroyed last) ended half way, as far as receipts say.

    A stack without any receipt was not begun by this toolkit, or by a run that was killed: that counts as finished.

    Raises:
        ToolError: Exit 4: a receipt was edited. Exit 1: the bucket cannot be read.
    """
    tried = False
    for key in reversed(store.keys(receipts_prefix(stack))):
        receipt = read_receipt(store.get(key), store.place(key))
        if receipt.kind in (ADOPT, REVERT):
            continue
        if receipt.whole:
            return tried and receipt.kind == DESTROY
        tried = tried or receipt.kind == APPLY
    return tried
