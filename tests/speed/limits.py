"""What the gate on speed allows. Ratios are of CPU seconds in one run, counts are exact; there are no seconds here.

Each limit says where it comes from. A ratio has a margin of a fifth above what was measured, since caches and clocks of
a busy machine are not shared out evenly; a count has none. `make speed` prints each ratio: lower the limit when the
figure has become lower.
"""

from __future__ import annotations

from typing import Final

# groundplan plan of local/kefir, to the sealed report, against terraform plan and show: smallest of the rounds.
PLAN_AGAINST_BARE: Final = 1.6
# groundplan synth from nothing against tests/speed/calibration.py.
SYNTH_AGAINST_CALIBRATION: Final = 9.0
# groundplan --help against a Python that does nothing.
HELP_AGAINST_PYTHON: Final = 8.0

# Modules that are loaded once groundplan --help can be answered.
MODULES_FOR_HELP: Final = 400
# Messages to the Node of jsii in one synth from nothing.
ROUND_TRIPS_OF_SYNTH: Final = 30_000
# Terraform by a plan of one initialised stack, in order; asking for its version is apart.
TERRAFORM_OF_A_PLAN: Final = ("plan", "show")
VERSIONS_OF_A_PLAN: Final = 1
# git by a plan.
GITS_OF_A_PLAN: Final = 4
# Calls of groundplan itself to the cloud in a plan: identity, state, lock, journal.
OWN_CALLS_OF_A_PLAN: Final = 20
# Calls to the cloud in plan --changed of one unchanged stack.
CALLS_OF_CHANGED: Final = 6
