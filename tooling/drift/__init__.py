"""Whether code, state and reality still agree; where they do not, which of them moved, and who moved it."""
