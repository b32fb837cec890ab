"""kefir made from nothing on the emulator: plan, gate and apply, against a bare ``terraform apply``.

Nearly all of it is the provider waiting. ``bench.applying`` has all five stacks.
"""

from __future__ import annotations

from bench import bare
from bench.place import ENV, Place, a_place
from bench.table import LeftOut, Side, Table, Target, measured
from bench.timing import Sample
from tooling.artifacts import upload_packages
from tooling.errors import ToolError
from tooling.states.choosing import CURRENT, choose
from tooling.states.content import current

APPLY = "groundplan plan and apply"
BARE = "terraform init and apply"
_STACK = "kefir"
_SCRIPT = f"groundplan plan --env {ENV} --stack {_STACK} && groundplan apply --env {ENV} --stack {_STACK} --yes"


def compare(_place: Place, rounds: int) -> list[Table | LeftOut]:
    """Each run has a place of its own, since an apply leaves nothing to make for the next."""
    by_hand = bare.applied((_STACK,), 1)
    made: set[str] = set()

    def groundplan() -> Sample:
        with a_place((_STACK,)) as own:
            sample = own.run(_SCRIPT, own.environ)
            made.update(_addresses(own))
            return sample

    def terraform() -> Sample:
        with a_place((_STACK,)) as own:
            upload_packages(own.session())
            sample = own.run(by_hand, own.bare())
            reject_another_state(ours=made, theirs=_addresses(own))
            return sample

    table = measured(
        "Apply of kefir from nothing",
        "On an emulator of its own each time. groundplan plans, gates, seals, uploads the functions' packages, applies "
        "exactly what it sealed and notes what it did; for Terraform the packages are there. Both end with the same "
        "resources: that is checked. Most of the time is the provider's fixed waits, so one round stands for three.",
        [Side(APPLY, _SCRIPT, groundplan), Side(BARE, by_hand, terraform)],
        # One round of this takes minutes.
        max(1, rounds // 3),
        targets=lambda table: (
            Target("plan and apply of kefir", 1 / table.against_first(BARE)[1], 1.15, "x", other=BARE),
        ),
        warm=False,
    )
    return [table]


def _addresses(place: Place) -> set[str]:
    session = place.session()
    return set(current(choose(session, session.stack, CURRENT).state))


def reject_another_state(*, ours: set[str], theirs: set[str]) -> None:
    """An apply that made something else is not compared.

    Raises:
        ToolError: The states differ in what they hold, or hold nothing.
    """
    if not ours or ours != theirs:
        raise ToolError(
            f"of {len(ours)} resources that groundplan made and {len(theirs)} that terraform made, "
            f"{len(ours & theirs)} are the same",
            where=_STACK,
        )
