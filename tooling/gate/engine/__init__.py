"""checkov, in this process: the only folder that knows it.

Importing any module below takes a second or two; ``tooling.gate`` does so when first asked.
"""
