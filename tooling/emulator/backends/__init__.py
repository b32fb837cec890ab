"""One file a service: the operations that the architectures need and moto lacks, or answers with something lost.

Each handler says which call of the Terraform provider needs it. How to write one: ``tooling/emulator/registry.py``.
"""
