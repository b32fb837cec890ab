"""``python -m tests.reliability``: every figure of docs/reliability.md, measured. ``make faults``.

All of it takes some hours on two cores; ``--part kills`` goes on where an interrupted run ended.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from tests.reliability import faults, kills, states
from tests.reliability.page import KILLS, STATES, write_page

PARTS = ("kills", "states", "faults")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("--part", choices=[*PARTS, "report"], help="default: all; report: only write the page again")
    parser.add_argument("--rounds", type=int, metavar="N", help="of kills: only the first N sandboxes; nothing is kept")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="of kills: sandboxes at a time")
    parser.add_argument("--fresh", action="store_true", help="of kills: forget what an interrupted run has done")
    options = parser.parse_args(arguments)
    failed = False
    for part in [options.part] if options.part else PARTS:
        if part == "kills":
            found = kills.run_kills(options.seed, options.rounds, options.jobs, fresh=options.fresh)
            failed |= any(one["lost"] for one in found)
            if options.rounds is None:
                KILLS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        elif part == "states":
            cases = states.run_states()
            failed |= any(case["lost"] for case in cases)
            STATES.write_text(json.dumps(cases, indent=1) + "\n", encoding="utf-8")
        elif part == "faults":
            failed |= faults.run_cuts(options.seed, None)
            failed |= faults.run_throttle(faults.ARCHITECTURES, 0.05, options.seed)
        write_page()
        faults.write_report()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
