"""The bindings, imported as their documentation has it."""

from __future__ import annotations

import importlib


def plain_bindings() -> None:
    """Load the package of the bindings with its ``__init__``, before ``cdktf_app.bindings`` could prepare anything."""
    importlib.import_module("cdktf_cdktf_provider_aws")
