"""Is all ready, and if not, why? Checks of machine and environment, and diagnoses of what is applied.

A diagnosis asks one question (does a task start, is the database reached) of every stack that holds what the question
is about; nothing here knows an architecture by name, and nothing changes anything.
"""

from tooling.doctor.catalogue import DIAGNOSES, NAMES, Examined, chosen, examine
from tooling.doctor.examination import Diagnosis, Examination, Part
from tooling.doctor.setup import check_setup

__all__ = [
    "DIAGNOSES",
    "NAMES",
    "Diagnosis",
    "Examination",
    "Examined",
    "Part",
    "check_setup",
    "chosen",
    "examine",
]
