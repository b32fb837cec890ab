"""Terraform JSON as readable HCL.

cdktf's own HCL output drops ``false``, ``nullable = false`` and empty lists and writes some blocks as
attributes; its JSON is right. So the JSON is rendered here, and tests/plan/hcl proves that Terraform plans
the same from both forms.
"""

from cdktf_app.hcl.errors import HclError, UnknownTypeError
from cdktf_app.hcl.module import render_module
from cdktf_app.hcl.schema import BlockSchema

__all__ = ["BlockSchema", "HclError", "UnknownTypeError", "render_module"]
