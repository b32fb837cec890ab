"""What the gate on speed allows. Ratios are of CPU seconds in one run, counts are exact; there are no seconds here.

Each limit says where it comes from. A ratio has a margin of a fifth above what was measured, since caches and clocks of
a busy machine are not shared out evenly; a count has none. `make speed` prints each ratio: lower the limit when the
figure has become lower.
"""

from __future__ import annotations

from typing import Final

# groundplan plan of local/kefir, to the sealed report, against terraform plan and show: 1.50 (13.7 s and 9.1 s).
PLAN_AGAINST_BARE: Final = 1.8
# groundplan synth from nothing against tests/speed/calibration.py: 11.0 (16.2 s and 1.47 s).
SYNTH_AGAINST_CALIBRATION: Final = 13.2
# groundplan --help against a Python that does nothing: 3.1.
HELP_AGAINST_PYTHON: Final = 3.7

# Modules that are loaded once groundplan --help can be answered: 179, and a tenth for other Pythons.
MODULES_FOR_HELP: Final = 197
# Messages to the Node of jsii in one synth from nothing.
ROUND_TRIPS_OF_SYNTH: Final = 28_672
# Terraform by a plan of one initialised stack, in order; asking for its version is apart.
TERRAFORM_OF_A_PLAN: Final = ("plan", "show")
VERSIONS_OF_A_PLAN: Final = 1
# git by a plan outside of a checkout: the commit, and twice its version by what checkov imports.
GITS_OF_A_PLAN: Final = 3
# Calls of groundplan itself to the cloud in a plan: identity, state, lock, journal.
OWN_CALLS_OF_A_PLAN: Final = 7
# Calls to the cloud in plan --changed of one unchanged stack, all of groundplan itself.
CALLS_OF_CHANGED: Final = 4
