"""Do the plan tests see it when a row is broken? Mutants of a module's plans, and which test each turns red.

See ``docs/mutation.md``; ``make mutation``, or ``python -m tests.mutation --help``.
"""
