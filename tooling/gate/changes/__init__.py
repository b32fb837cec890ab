"""What a plan takes away, opens and grants, and which of it is against the limits of the environment.

::

    changes = look_at(plan, view, limits)
    changes.doors        # every way in from outside, with which are new
    changes.findings     # GP_BLAST_*, GP_EXPOSURE_*, GP_PRIVILEGE_*
"""

from tooling.gate.changes.look import look_at
from tooling.gate.changes.model import Changes, Door, GrantChange, Loss

__all__ = ["Changes", "Door", "GrantChange", "Loss", "look_at"]
