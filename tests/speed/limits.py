"""What the gate on speed allows. Ratios are of CPU seconds in one run, counts are exact; there are no seconds here.

Each limit says where it comes from. A ratio has a margin of three tenths above what was measured: so far it comes off
on a machine whose cores others use as well. What takes half as much again exceeds it. A count has no margin.
`make speed` prints each: lower the limit when the figure has become lower.
"""

from __future__ import annotations

from typing import Final

# groundplan plan of local/kefir, to the sealed report, against terraform plan and show: 1.04. Verdicts are made anew.
PLAN_AGAINST_BARE: Final = 1.35
# groundplan synth from nothing against tests/speed/calibration.py: 4.5.
SYNTH_AGAINST_CALIBRATION: Final = 5.8
# groundplan synth once more, with nothing changed, against one from nothing: 0.028 (0.16 s and 5.6 s). The one from
# nothing may become faster; what starts Node takes 0.06 at least.
SYNTH_AGAIN_AGAINST_COLD: Final = 0.05
# groundplan --help against a Python that does nothing: 3.2.
HELP_AGAINST_PYTHON: Final = 4.1

# Modules that are loaded once groundplan --help can be answered: 179, and a tenth for other Pythons.
MODULES_FOR_HELP: Final = 197
# Messages to the Node of jsii in one synth from nothing: 4,420, and 24 for each process beside the first; at most four.
ROUND_TRIPS_OF_SYNTH: Final = 4_492
# Terraform by a plan of one initialised stack, in order; asking for its version is apart.
TERRAFORM_OF_A_PLAN: Final = ("plan", "show")
VERSIONS_OF_A_PLAN: Final = 1
# git by a plan outside of a checkout: the commit, and twice its version by what checkov imports.
GITS_OF_A_PLAN: Final = 3
# Calls of groundplan itself to the cloud in a plan: identity, state, lock, journal.
OWN_CALLS_OF_A_PLAN: Final = 7
# Calls to the cloud in plan --changed where nothing moved, however many stacks: bucket, states, receipts.
CALLS_OF_CHANGED: Final = 3
