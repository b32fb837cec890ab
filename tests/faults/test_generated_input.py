"""Two thousand bad files, generated: each is refused, or read, in a sentence; none is a traceback or changes anything.

The same ones in every run; GROUNDPLAN_SEED chooses others. A failure prints the file, cut down to what matters.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.support.bad_input_kinds import KINDS
from tests.support.bad_inputs import Kind
from tests.support.bad_inputs_found import FOUND
from tests.support.spoiled_project import Spoiled, make_spoiled
from tooling.emulator.process import RunningEmulator
from tooling.state import make_bucket
from tooling.target import Target

SEED = int(os.environ.get("GROUNDPLAN_SEED", "20261122"))
ACCOUNT = "123456789012"
EXPECTED = (0, 1, 2, 4)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory, home: Path, emulator: RunningEmulator) -> Spoiled:
    environ = {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "emulator"}
    target = Target("emulator", emulator.endpoint, environ, "us-east-1", ACCOUNT)
    bucket = f"spoiled-{secrets.token_hex(6)}"
    make_bucket(target, bucket, "us-east-1")
    return make_spoiled(tmp_path_factory.mktemp("spoiled"), home, target, bucket)


def read_it(box: Spoiled, kind: Kind, content: bytes, number: int) -> None:
    """Let groundplan read one bad file, and look at what came of it."""
    with kind.put(box, content):
        before, objects = box.files(), box.keys()

        answer = kind.read(box, number)

        assert answer.code in EXPECTED, f"exit {answer.code}: {answer.said[-3000:]}"
        assert "Traceback" not in answer.said
        assert "Usage: " not in answer.err, "the command line itself is wrong: nothing was read"
        assert answer.code in (0, 5) or "error: " in answer.err.lower(), answer.said
        after = box.files()
        changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        assert not [name for name in changed if not kind.may_write(name)], (changed, answer.said)
        assert box.keys() == objects


def test_there_are_two_thousand() -> None:
    assert sum(kind.count for kind in KINDS) >= 2_000
    assert len({kind.name for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_bad_input_is_answered_in_a_sentence_and_changes_nothing(box: Spoiled, kind: Kind) -> None:
    print(f"GROUNDPLAN_SEED={SEED}")
    seen: list[int] = []

    @seed(SEED)
    @settings(
        max_examples=kind.count,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(kind.inputs(box))
    def each(content: bytes) -> None:
        seen.append(len(content))
        # The same file by the same command, however often it is tried.
        read_it(box, kind, content, crc32(content))

    each()

    assert len(seen) >= kind.count


@pytest.mark.parametrize(("name", "content"), FOUND, ids=range(len(FOUND)))
def test_what_was_found_once_stays_answered(box: Spoiled, name: str, content: bytes) -> None:
    (kind,) = [kind for kind in KINDS if kind.name == name]

    # Whichever command stumbled: all that take turns.
    for number in range(10):
        read_it(box, kind, content, number)
