"""kefir made from nothing on the emulator: plan, gate and apply, against a bare ``terraform apply``.

Nearly all of it is the provider waiting. ``bench.applying`` has all five stacks.
"""

from __future__ import annotations

from bench import bare
from bench.place import ENV, Place, a_place
from bench.table import LeftOut, Side, Table, Target, measured
from bench.timing import Sample
from tooling.artifacts import upload_packages

APPLY = "groundplan plan and apply"
BARE = "terraform init and apply"
_STACK = "kefir"
_SCRIPT = f"groundplan plan --env {ENV} --stack {_STACK} && groundplan apply --env {ENV} --stack {_STACK} --yes"


def compare(_place: Place, rounds: int) -> list[Table | LeftOut]:
    """Each run has a place of its own, since an apply leaves nothing to make for the next."""
    by_hand = bare.applied((_STACK,), 1)

    def groundplan() -> Sample:
        with a_place((_STACK,)) as own:
            return own.run(_SCRIPT, own.environ)

    def terraform() -> Sample:
        with a_place((_STACK,)) as own:
            upload_packages(own.session())
            return own.run(by_hand, own.bare())

    table = measured(
        "Apply of kefir from nothing",
        "On an emulator of its own each time. Most of it is the provider's fixed waits, so one round stands for three.",
        [Side(APPLY, _SCRIPT, groundplan), Side(BARE, by_hand, terraform)],
        # One round of this takes minutes.
        max(1, rounds // 3),
        targets=lambda table: (
            Target("plan and apply of kefir", 1 / table.against_first(BARE)[1], 1.15, "x", other=BARE),
        ),
        warm=False,
    )
    return [table]
