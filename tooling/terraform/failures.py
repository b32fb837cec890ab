"""From what Terraform says to what its user needs: where it is, what was seen, what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tooling.errors import Exit, ToolError
from tooling.state import missing_bucket

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tooling.terraform.events import Diagnostic


_MISSING_OPERATION = re.compile(r"the emulator has no ([\w-]+):([\w-]+)")


class Unreadable(ToolError):
    """Terraform could not read what its state holds.

    Args:
        error: What is said of it.
        addresses: Every resource that it could not read.
    """

    def __init__(self, error: ToolError, addresses: tuple[str, ...]) -> None:
        super().__init__(error.what, where=error.where, hint=error.hint, exit_code=error.exit_code)
        self.addresses = addresses


def failure(stack: str, command: str, diagnostics: Sequence[Diagnostic], log: str) -> ToolError:
    """One error for a Terraform run that failed.

    Args:
        stack: Name of the stack, as ``dev/kefir``.
        command: ``plan``, ``apply`` ...
        diagnostics: What it reported; the first error leads, the rest is counted.
        log: File with everything, as shown to the user.
    """
    errors = [item for item in diagnostics if item.severity == "error"]
    if not errors:
        return ToolError(f"terraform {command} failed and did not say why", where=stack, hint=f"all it printed: {log}")
    if (unset := _no_value(stack, errors)) is not None:
        return unset
    first = _most_telling(errors)
    for recognise in (
        _stale,
        _no_bucket,
        _not_emulated,
        _refused_value,
        _bad_file,
        _credentials,
        _prevented,
    ):
        error = recognise(stack, first)
        if error is not None:
            return error
    more = f"; {len(errors) - 1} more in {log}" if len(errors) > 1 else ""
    error = ToolError(_sentence(first), where=_place(stack, first), hint=f"all that terraform printed: {log}{more}")
    unread = tuple(item.address for item in errors if item.address and item.summary.startswith("reading "))
    return Unreadable(error, unread) if len(unread) == len(errors) else error


def _most_telling(errors: Sequence[Diagnostic]) -> Diagnostic:
    """A call that the emulator lacks explains the errors around it."""
    return next((item for item in errors if _MISSING_OPERATION.search(item.detail + item.summary)), errors[0])


def _sentence(item: Diagnostic) -> str:
    detail = " ".join(item.detail.split())
    text = f"{item.summary}: {detail}" if detail else item.summary
    if item.values:
        text += f" ({', '.join(item.values)})"
    return text


def _place(stack: str, item: Diagnostic) -> str:
    if item.address:
        return f"{stack} {item.address}"
    if item.file:
        return f"{stack} {item.file}:{item.line}" if item.line else f"{stack} {item.file}"
    return stack


def _stale(stack: str, item: Diagnostic) -> ToolError | None:
    if "plan is stale" not in item.summary:
        return None
    return ToolError(
        "the state was changed by another run after this plan was made",
        where=stack,
        hint=f"plan again: groundplan plan --env {stack.split('/')[0]}",
        exit_code=Exit.REFUSED,
    )


def _no_bucket(stack: str, item: Diagnostic) -> ToolError | None:
    found = re.search(r'S3 bucket "([^"]+)" does not exist', f"{item.summary} {item.detail}")
    return missing_bucket(found[1], stack.split("/")[0]) if found else None


def _not_emulated(stack: str, item: Diagnostic) -> ToolError | None:
    found = _MISSING_OPERATION.search(item.detail) or _MISSING_OPERATION.search(item.summary)
    if not found:
        return None
    return ToolError(
        f"the emulator has no {found[1]}:{found[2]}",
        where=_place(stack, item),
        hint=f"add it in tooling/emulator/backends/{found[1].replace('-', '_')}.py (docs/emulator.md), "
        "or run this stack against AWS",
    )


def _no_value(stack: str, errors: Sequence[Diagnostic]) -> ToolError | None:
    """All variables that lack a value, by name: Terraform tells them in any order."""
    missing = [item.detail for item in errors if item.summary == "No value for required variable"]
    if forgotten := _named(r'ephemeral input variable "([^"]+)" was set during the plan', missing):
        return ToolError(
            f"{_have(forgotten)} no value: no saved plan holds {'it' if len(forgotten) == 1 else 'them'}, "
            "so apply is given what plan was given",
            where=stack,
            hint=f"export {_exported(forgotten)}, then apply again",
            exit_code=Exit.USAGE,
        )
    if unset := _named(r'variable "([^"]+)" is not set', missing):
        return ToolError(
            f"{_have(unset)} no value",
            where=stack,
            hint=f"set {'it' if len(unset) == 1 else 'them'} in envs/{stack}/terraform.tfvars; "
            f"a secret belongs in no file: export {_exported(unset)}",
            exit_code=Exit.USAGE,
        )
    return None


def _named(pattern: str, details: Sequence[str]) -> list[str]:
    return sorted(found[1] for detail in details if (found := re.search(pattern, detail)))


def _have(names: Sequence[str]) -> str:
    return f"{names[0]} has" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} have"


def _exported(names: Sequence[str]) -> str:
    return " ".join(f"TF_VAR_{name}" for name in names)


def _refused_value(stack: str, item: Diagnostic) -> ToolError | None:
    if item.summary != "Invalid value for variable":
        return None
    reason = " ".join(item.detail.split("This was checked by")[0].split())
    seen = f" ({', '.join(item.values)})" if item.values else ""
    return ToolError(
        f"{reason}{seen}",
        where=_place(stack, item),
        hint=f"mend the value in envs/{stack}/terraform.tfvars",
        exit_code=Exit.USAGE,
    )


def _bad_file(stack: str, item: Diagnostic) -> ToolError | None:
    if item.file is None or not item.file.endswith((".tfvars", ".tfvars.json")):
        return None
    return ToolError(
        _sentence(item),
        where=f"envs/{stack}/{item.file}:{item.line}",
        hint="docs/architectures lists every variable",
        exit_code=Exit.USAGE,
    )


def _credentials(stack: str, item: Diagnostic) -> ToolError | None:
    text = f"{item.summary} {item.detail}"
    if "ExpiredToken" in text or "security token included in the request is expired" in text:
        return ToolError("the AWS credentials have expired", where=stack, hint="renew them and run again")
    if "No valid credential sources found" in text:
        return ToolError("there are no AWS credentials", where=stack, hint="set AWS_PROFILE, or run `aws sso login`")
    return None


def _prevented(stack: str, item: Diagnostic) -> ToolError | None:
    if item.summary != "Instance cannot be destroyed":
        return None
    found = re.search(r"Resource (\S+) has", item.detail)
    return ToolError(
        f"{found[1] if found else 'a resource'} holds data and may not be destroyed (prevent_destroy)",
        where=stack,
        hint=f"if it really has to go: retain_data = false below [stacks.{stack.split('/')[1]}] in "
        f"envs/{stack.split('/')[0]}/env.toml, groundplan synth, then plan and apply that change first",
        exit_code=Exit.REFUSED,
    )
