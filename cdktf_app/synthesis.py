"""From the name of an architecture to its module as Terraform JSON."""

from __future__ import annotations

import importlib
import pkgutil
import tempfile
from typing import TYPE_CHECKING, Any

from cdktf_app import architectures as _architectures

if TYPE_CHECKING:
    from cdktf_app.bindings.core import Construct
    from cdktf_app.module_stack import ModuleStack


class UnknownArchitectureError(LookupError):
    """No architecture has this name."""


def architectures() -> tuple[str, ...]:
    """Names of the architectures, sorted: each file or folder beside the others is one. Loads none of them."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(_architectures.__path__)))


def build(name: str, scope: Construct, *, retain_data: bool) -> ModuleStack:
    """Build the stack of an architecture below a cdktf app.

    Raises:
        UnknownArchitectureError: There is none of that name.
    """
    if name not in architectures():
        raise UnknownArchitectureError(f"no architecture {name!r}: there are {', '.join(architectures())}")
    module = importlib.import_module(f"{_architectures.__name__}.{name}")
    stack: ModuleStack = module.build(scope, retain_data=retain_data)
    return stack


def synthesize(name: str, *, retain_data: bool) -> dict[str, Any]:
    """The module of an architecture as Terraform JSON; the same at every call, on every machine.

    Loads cdktf (about a second, the first time).

    Args:
        name: One of :func:`architectures`.
        retain_data: Give what holds data ``prevent_destroy``, which Terraform wants as a literal
            (KF-COST-04).

    Raises:
        UnknownArchitectureError: There is none of that name.
    """
    from cdktf_app.bindings.core import App

    # An app makes its output folder at once, where it is told to or else in the current folder.
    with tempfile.TemporaryDirectory(prefix="groundplan-synth-") as unused:
        return build(name, App(outdir=unused), retain_data=retain_data).to_module()
