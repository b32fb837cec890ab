"""Who is killed, and that it is dead."""

from __future__ import annotations

import random
import subprocess
import time

from tooling.drill.family import Relative, descendants, providers_of, terraform_of
from tooling.process import process_birth

VICTIMS = ("groundplan", "terraform", "provider", "all")
ANY = "any"
_PATIENCE = 5.0


def strike(process: subprocess.Popen[str], wanted: str, rng: random.Random) -> str | None:
    """SIGKILL one of the processes of a running command, or all of them.

    Args:
        process: groundplan's own.
        wanted: One of :data:`VICTIMS`, or :data:`ANY`: one that is drawn. A stack of built-in resources has no
            provider, then another is drawn.
        rng: Draws it.

    Returns:
        Who was killed; None when there was nobody to kill.
    """
    # Always drawn, so that the same seed means the same whatever the processes are.
    order = rng.sample(VICTIMS, len(VICTIMS))
    family = descendants(process.pid)
    for victim in order if wanted == ANY else [wanted]:
        if _kill(process, family, victim):
            return victim
    return None


def _kill(process: subprocess.Popen[str], family: list[Relative], victim: str) -> bool:
    terraform, providers = terraform_of(family), providers_of(family)
    chosen = {
        "groundplan": [],
        "terraform": terraform,
        "provider": providers,
        "all": terraform + providers,
    }[victim]
    with_groundplan = victim in ("groundplan", "all")
    if process.poll() is not None or not (chosen or victim == "groundplan"):
        return False
    if with_groundplan:
        process.kill()
    struck = [one.kill() for one in chosen]
    _await_end(chosen)
    return with_groundplan or any(struck)


def _await_end(killed: list[Relative]) -> None:
    ends = time.monotonic() + _PATIENCE
    while any(process_birth(one.pid) == one.birth for one in killed) and time.monotonic() < ends:
        time.sleep(0.01)
