"""The ledger of requirements and how each row is proved."""
