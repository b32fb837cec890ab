from __future__ import annotations

from tests.support.sharing_out import pytest_collection_modifyitems

__all__ = ["pytest_collection_modifyitems"]
