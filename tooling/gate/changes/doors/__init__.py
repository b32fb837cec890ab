"""Ways in from outside of the account, one module a kind. Each yields :class:`~tooling.gate.changes.model.Door`."""
