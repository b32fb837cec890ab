"""What the bindings say of a resource type, read from their source: importing them takes seconds."""

from __future__ import annotations

import ast
import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

from tooling.errors import Exit, ToolError

_PACKAGE = "cdktf_cdktf_provider_aws"
# Every resource has these of Terraform, whatever it is; ``id`` only AWS gives.
_OF_ALL = frozenset("connection count depends_on for_each id lifecycle provider provisioners timeouts".split())
_KINDS = {"builtins.str": "str", "jsii.Number": "float", "builtins.bool": "bool"}


@dataclass(frozen=True)
class Binding:
    """The class of a resource type.

    Attributes:
        type: As ``aws_sqs_queue``.
        module: Module of the bindings, as ``sqs_queue``.
        name: Name of the class, as ``SqsQueue``.
        required: Arguments that must be given, with their Python types.
        optional: Names of those that may be.
        blocks: Names of those that must be given and are blocks or maps.
    """

    type: str
    module: str
    name: str
    required: dict[str, str]
    optional: frozenset[str]
    blocks: tuple[str, ...] = ()

    @property
    def arguments(self) -> frozenset[str]:
        """Names of all that can be set on one."""
        return self.optional | {*self.required, *self.blocks}

    @property
    def service(self) -> str:
        """First word of the type, behind ``aws``."""
        return self.module.partition("_")[0]


def read_binding(kind: str) -> Binding:
    """The class for a resource type.

    Raises:
        ToolError: Exit 2: the bindings have no such type.
    """
    module = kind.removeprefix("aws_")
    folder = _package()
    file = folder / module / "__init__.py"
    if not re.fullmatch(r"aws_[a-z0-9_]+", kind) or not file.is_file():
        near = sorted(path.name for path in folder.glob(f"{module.partition('_')[0]}_*") if path.is_dir())[:8]
        raise ToolError(
            f"the bindings have no resource '{kind}'",
            hint=f"there are: {', '.join(f'aws_{name}' for name in near)} ..."
            if near
            else "a type is like aws_sqs_queue",
            exit_code=Exit.USAGE,
        )
    return _read(kind, module, file)


def _read(kind: str, module: str, file: Path) -> Binding:
    wanted = module.replace("_", "")
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        # Some names are taken in JavaScript and end with an A; its own docstring tells which class is the resource.
        said = (ast.get_docstring(node) or "") if isinstance(node, ast.ClassDef) else ""
        if isinstance(node, ast.ClassDef) and node.name.lower().startswith(wanted) and f"/{module} {kind}}}" in said:
            made = next(one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__")
            break
    else:
        raise ToolError(f"the bindings have no class for '{kind}'", exit_code=Exit.USAGE)
    required, optional, blocks = {}, set(), []
    for argument, default in zip(made.args.kwonlyargs, made.args.kw_defaults, strict=True):
        if argument.arg in _OF_ALL:
            continue
        if default is not None:
            optional.add(argument.arg)
            continue
        written = ast.unparse(argument.annotation) if argument.annotation else ""
        found = next(
            (python for text, python in _KINDS.items() if re.search(rf"(^|\W){re.escape(text)}\b", written)), ""
        )
        if not found or "typing.Dict" in written or "Mapping" in written:
            blocks.append(argument.arg)
        else:
            required[argument.arg] = f"Sequence[{found}]" if "Sequence" in written else found
    return Binding(kind, module, node.name, required, frozenset(optional), tuple(blocks))


def _package() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        return Path(folder)
    raise ToolError(f"{_PACKAGE} is not installed", hint="make setup")
