"""Every kind of file that groundplan reads: how it is spoiled, where it is put, and which command reads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.support.forging import written
from tests.support.in_process import call_here
from tests.support.project import REPOSITORY, Answer
from tests.support.spoiled_project import Spoiled
from tests.support.spoiling import as_json_text, made_up, spoiled_bytes, spoiled_value, words_of

Inputs = st.SearchStrategy[bytes]
CHECKS = frozenset({"GP_SUPPLY_1", "CKV_AWS_18"})
CHANGESET_FILE = ".groundplan/changesets/local/NEWEST/changeset.json"
TOML_WORDS = "account_id region target confirm artifacts_bucket state bucket gate stacks tiny approval tags".split()
PRICE_WORDS = "sources unit per note source query by_hand us-east-1 usd tiers up_to as_of confirmed read_in why".split()
TFVARS = b'size = 2\nnames = ["a", "b"]\nlimits = { reads = 5, writes = 1.5 }\ntext = <<EOT\nmany\nEOT\n'


@dataclass(frozen=True)
class Kind:
    """One kind of input.

    Attributes:
        name: For the report.
        count: How many inputs of it.
        inputs: Generates them, from the project's own files.
        put: Puts one where it is read, and takes it away again.
        read: Lets groundplan read it; told how many there were before, so that commands take turns.
        plans: Whether that makes a changeset, where the input is good enough.
    """

    name: str
    count: int
    inputs: Callable[[Spoiled], Inputs]
    put: Callable[[Spoiled, bytes], AbstractContextManager[None]]
    read: Callable[[Spoiled, int], Answer]
    plans: bool = False

    def may_write(self, name: str) -> bool:
        """Whether a file is one that the command is there to write: a plan that succeeds makes a changeset."""
        return self.plans and name.startswith(".groundplan/changesets/local/")


def commands(*lines: str) -> Callable[[Spoiled, int], Answer]:
    """These command lines in turn."""
    return lambda box, number: box.run(*lines[number % len(lines)].split())


def at(path: str) -> Callable[[Spoiled, bytes], AbstractContextManager[None]]:
    return lambda box, content: box.instead(path.replace("NEWEST", box.newest).replace("APPLIED", box.applied), content)


def in_bucket(key: Callable[[Spoiled], str]) -> Callable[[Spoiled, bytes], AbstractContextManager[None]]:
    return lambda box, content: box.instead_in_bucket(key(box), content)


def sealed(name: str) -> Callable[[Spoiled, bytes], AbstractContextManager[None]]:
    return lambda box, content: box.sealed_anew(name, content)


# Inputs


def env_toml(box: Spoiled) -> Inputs:
    """As :func:`text_of`, and well-formed TOML of odd values."""
    line = st.tuples(st.sampled_from(TOML_WORDS), made_up(TOML_WORDS).map(as_toml)).map(" = ".join)
    lines = st.lists(line, max_size=8).map(lambda found: "\n".join(found).encode("utf-8", "surrogatepass"))
    original = (box.root / "envs/local/env.toml").read_bytes()
    return st.one_of(*[spoiled_bytes([original])] * 4, lines, lines.map(lambda more: original + b"\n" + more))


def as_toml(value: Any) -> str:
    """A value of JSON as TOML has it: inline."""
    if isinstance(value, dict):
        entries = (f"{json.dumps(key)} = {as_toml(part)}" for key, part in value.items())
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("NaN", "nan").replace("Infinity", "inf")


def text_of(path: str, words: Sequence[str]) -> Callable[[Spoiled], Inputs]:
    """A file that people write: mostly the real one, damaged."""

    def inputs(box: Spoiled) -> Inputs:
        original = (box.root / path).read_bytes()
        return st.one_of(*[spoiled_bytes([original])] * 4, made_up(words).map(as_json_text))

    return inputs


def json_of(
    read: Callable[[Spoiled], bytes], finish: Callable[[Any], bytes] = as_json_text
) -> Callable[[Spoiled], Inputs]:
    """A file that groundplan or Terraform writes: mostly the real one with other parts, so that readers get far."""

    def inputs(box: Spoiled) -> Inputs:
        original = read(box)
        value = json.loads(original)
        return st.one_of(
            *[spoiled_value([value]).map(finish)] * 4,
            spoiled_bytes([original]),
            made_up(words_of(value)).map(as_json_text),
        )

    return inputs


def prices(box: Spoiled) -> Inputs:
    """A few entries of the table: all of it would be the same damage to a longer file."""
    text = (REPOSITORY / "tooling/cost/prices.yaml").read_text()
    entries = text.split("\n\n")
    original = "\n\n".join([*entries[:2], *entries[10:14]]).encode()
    return st.one_of(*[spoiled_bytes([original])] * 4, made_up(PRICE_WORDS).map(as_json_text))


def journals(box: Spoiled) -> Inputs:
    (file,) = box.folder(box.applied).glob("tiny/run-*.jsonl")
    original = file.read_bytes()
    lines = [json.loads(line) for line in original.splitlines()]

    def torn(values: Sequence[Any]) -> bytes:
        return b"\n".join(json.dumps(value).encode() for value in values)

    header = spoiled_value([lines[0]]).map(lambda value: torn([value, *lines[1:]]))
    return st.one_of(
        spoiled_bytes([original]),
        header,
        st.lists(spoiled_value(lines), max_size=8).map(lambda values: torn([lines[0], *values])),
        st.binary(max_size=200).map(lambda tail: original + tail),
        st.binary(max_size=400),
    )


# Where things are


def plan_json(box: Spoiled) -> bytes:
    return (box.folder() / "tiny/plan.json").read_bytes()


def part(name: str) -> Callable[[Spoiled], bytes]:
    return lambda box: (box.folder() / "tiny" / name).read_bytes()


def changeset(box: Spoiled) -> bytes:
    return (box.folder() / "changeset.json").read_bytes()


def resealed(value: Any) -> bytes:
    from tooling import digest

    if not isinstance(value, dict):
        return as_json_text(value)
    own = {key: part for key, part in value.items() if key != "seal"}
    try:
        whole = {**own, "seal": digest.of_value(own)}
        return (json.dumps(whole, indent=2, sort_keys=True) + "\n").encode()
    except (ValueError, RecursionError):
        return as_json_text(value)


def with_digest(value: Any) -> bytes:
    try:
        return written(value)
    except (AttributeError, ValueError, RecursionError):
        return as_json_text(value)


def receipt_key(box: Spoiled) -> str:
    (key,) = box.keys("local/receipts/tiny/")
    return key


def receipt_file(box: Spoiled) -> str:
    (file,) = box.folder(box.applied).glob("tiny/receipt-*.json")
    return str(file.relative_to(box.root))


def state_key(_: Spoiled) -> str:
    return "local/tiny.tfstate"


def lock_key(box: Spoiled) -> str:
    return f"{state_key(box)}.tflock"


def journal_key(box: Spoiled) -> str:
    return "local/journals/tiny/20260101T000000Z-abcdef"


def a_lock(box: Spoiled) -> bytes:
    info = "groundplan apply --env local, run 20260101T000000Z-abcdef, process 999999 (born 1) on nowhere"
    return as_json_text(
        {
            "ID": "6d5b9a3e-0000-4000-8000-000000000001",
            "Operation": "OperationTypeApply",
            "Info": info,
            "Who": "ada@build-7",
            "Version": "1.11.4",
            "Created": "2026-01-02T03:04:05.000000000Z",
            "Path": f"{box.bucket}/{state_key(box)}",
        }
    )


# Readers that are no command of their own


def read_waivers_and_baseline(box: Spoiled, number: int) -> Answer:
    """The readers alone, and every sixteenth time the gate, which takes a second with other waivers."""
    if number % 16 == 0:
        return box.run("gate", "--format", ("json", "markdown", "junit", "sarif", "text")[number // 16 % 5])

    def read() -> None:
        from tooling.gate.baseline import load_baseline
        from tooling.gate.waivers import load_waivers

        load_waivers(box.root / "policies/waivers.yaml", requirements=["TINY-1"], checks=CHECKS, root=box.root)
        load_baseline(box.root / "envs/local/baseline.yaml", checks=CHECKS, root=box.root)

    return call_here(box.project, read)


def read_prices(box: Spoiled, number: int) -> Answer:
    def read() -> None:
        from tooling.cost.prices import load_prices

        table = load_prices(box.root / "prices.yaml")
        table.age_warning(date(2026, 11, 22))
        for identifier in table.ids:
            table.usd(identifier, "us-east-1")

    return call_here(box.project, read)


def read_a_journal(box: Spoiled, number: int) -> Answer:
    def read() -> None:
        from tooling.journal import read_journal

        journal = read_journal((box.root / "journal.jsonl").read_bytes(), "journal.jsonl")
        assert journal.doubts is not None

    return call_here(box.project, read)
