"""Lists of what a document wants to see before production, as data beside its architecture; looked at item by item."""

from tooling.checklists.confirming import Confirmation, Confirmations
from tooling.checklists.model import ACCEPTANCE, CHECKLIST, Checklist, Item, read_checklist
from tooling.checklists.walking import Given, unticked, walk

__all__ = [
    "ACCEPTANCE",
    "CHECKLIST",
    "Checklist",
    "Confirmation",
    "Confirmations",
    "Given",
    "Item",
    "read_checklist",
    "unticked",
    "walk",
]
