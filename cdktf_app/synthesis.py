"""From the name of an architecture to its module as Terraform JSON."""

from __future__ import annotations

import importlib
import pkgutil
import tempfile
from typing import TYPE_CHECKING, Any

from cdktf_app import architectures as _architectures

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def removable(module: Mapping[str, Any]) -> dict[str, Any]:
    """The shape of a module that lets go of its data, from the one that keeps it: without ``prevent_destroy``.

    Nothing else may differ between the two (ADR 0004), so a second synthesis, which takes as long as the first, would
    only say the same (tests/unit/synth/test_synthesis.py holds it against one).

    Args:
        module: What :func:`synthesize` returns for ``retain_data=True``. It stays as it is; the result shares with it
            what is alike.
    """
    resources = {
        kind: {name: _without_prevent_destroy(body) for name, body in named.items()}
        for kind, named in module.get("resource", {}).items()
    }
    return {section: resources if section == "resource" else content for section, content in module.items()}


def _without_prevent_destroy(body: Mapping[str, Any]) -> Mapping[str, Any]:
    lifecycle = body.get("lifecycle")
    if not lifecycle or "prevent_destroy" not in lifecycle:
        return body
    kept = {key: value for key, value in lifecycle.items() if key != "prevent_destroy"}
    return {key: kept if key == "lifecycle" else value for key, value in body.items() if kept or key != "lifecycle"}
