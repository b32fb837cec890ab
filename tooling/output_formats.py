"""Outputs in the forms that other programs read: ``.env`` files, Terraform's values, a table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tooling.errors import Exit, ToolError
from tooling.plan.masking import MASK

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.session import Session
    from tooling.workspace import Workspace

# What a client of the architecture calls its settings, beside the architecture itself.
_CLIENT = "client.yaml"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./-]*")
# What means something to a shell between double quotes.
_SPECIAL = re.compile(r'[\\"$`]')
# What HCL knows by one letter; other control characters go by number.
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def client_variables(workspace: Workspace, architecture: str) -> dict[str, str]:
    """Names by which a client of an architecture knows outputs, and the output of each.

    They are in ``cdktf_app/architectures/<architecture>/client.yaml``, below ``variables``; an architecture without
    that file has none.

    Raises:
        ToolError: Exit 2: the file is no YAML, or a name is none.
    """
    file = workspace.root / "cdktf_app" / "architectures" / architecture / _CLIENT
    if not file.is_file():
        return {}
    import yaml

    where = workspace.relative(file)
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ToolError(f"is no YAML: {error}", where=where, exit_code=Exit.USAGE) from error
    found = content.get("variables") if isinstance(content, dict) else None
    for name, output in found.items() if isinstance(found, dict) else [("variables", found)]:
        if not isinstance(output, str) or not _VARIABLE.fullmatch(str(name)):
            raise ToolError(
                f"{name}: {output!r} names no variable and its output",
                where=where,
                hint="below `variables:` write NAME: output",
                exit_code=Exit.USAGE,
            )
    return dict(found or {})


def dotenv(session: Session, stack: Stack, values: Mapping[str, Any]) -> str:
    """The outputs as an ``.env`` file: each in capitals, the region, and what the architecture's clients call them.

    A sensitive output that is masked is left out, with a comment in its place.

    Args:
        session: Run over the stack.
        stack: Whose outputs.
        values: The outputs by name.

    Raises:
        ToolError: A client's variable names no output.
    """
    lines = [f"{name.upper()}={_quoted(value)}" for name, value in values.items() if value not in (MASK, None)]
    lines.insert(0, f"AWS_REGION={session.config.region}")
    for variable, output in client_variables(session.workspace, stack.architecture).items():
        if output == "region":
            lines.append(f"{variable}={session.config.region}")
        elif output not in values:
            raise ToolError(
                f"{variable} is the output {output}, which there is not",
                where=stack.name,
                hint=f"it is named in {_CLIENT} beside the architecture; apply what adds it",
            )
        elif values[output] not in (MASK, None):
            lines.append(f"{variable}={_quoted(values[output])}")
    return "\n".join([*_left_out(values), *lines]) + "\n"


def tfvars(values: Mapping[str, Any]) -> str:
    """The outputs as values of Terraform variables of the same names.

    A sensitive output that is masked is left out, with a comment in its place.
    """
    width = max((len(name) for name, value in values.items() if value != MASK), default=0)
    lines = [f"{name.ljust(width)} = {_hcl(value)}" for name, value in values.items() if value != MASK]
    return "\n".join([*_left_out(values), *lines]) + "\n"


def table_rows(architecture: str, values: Mapping[str, Any] | None) -> Iterator[tuple[str, str, str]]:
    """Stack, output and value; what is in lists and maps has a row of its own, as ``function_names.handleAuth``."""
    if values is None:
        yield architecture, "", "not applied"
        return
    for name, value in values.items():
        for path, leaf in _leaves(name, value):
            yield architecture, path, leaf if isinstance(leaf, str) else json.dumps(leaf)


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(f"{path}.{key}", item)
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            yield from _leaves(f"{path}.{number}", item)
    else:
        yield path, value


def _left_out(values: Mapping[str, Any]) -> list[str]:
    return [f"# {name} is sensitive: --reveal prints it" for name, value in values.items() if value == MASK]


def _quoted(value: Any) -> str:
    """Read alike by shells and by the dotenv libraries of Node and Python; one with an apostrophe by shells only."""
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    if text and _PLAIN.fullmatch(text):
        return text
    if "'" not in text:
        return f"'{text}'"
    return '"' + _SPECIAL.sub(r"\\\g<0>", text) + '"'


def _hcl(value: Any) -> str:
    """JSON, but for what HCL reads differently: templates in texts, and few escapes.

    https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
    """
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_hcl(str(key))} = {_hcl(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_hcl(item) for item in value) + "]"
    if not isinstance(value, str):
        return json.dumps(value)
    text = "".join(_ESCAPED.get(letter) or (letter if letter.isprintable() else _numbered(letter)) for letter in value)
    return '"' + text.replace("${", "$${").replace("%{", "%%{") + '"'


def _numbered(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"
