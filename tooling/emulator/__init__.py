"""AWS in a process of its own on this machine: moto, plus what these architectures need and moto lacks.

``process`` starts, finds and stops it; ``server`` is the process; everything else runs inside that process.
Only ``process`` is imported by the rest of the toolkit, so that moto costs nothing until the emulator starts.
"""
