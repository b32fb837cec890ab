"""A ``policies/`` folder, read once: own checks, their examples, severities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tooling.errors import Exit, ToolError
from tooling.gate.addresses import parse_address
from tooling.gate.model import Severity
from tooling.gate.rules import RULES
from tooling.gate.severity import UNRATED, load_severities
from tooling.gate.yamlfile import LOADER

if TYPE_CHECKING:
    from tooling.gate.engine.own import OwnCheck

#: Where the project keeps its own.
DEFAULT = Path(__file__).resolve().parents[2] / "policies"


@dataclass(frozen=True)
class Example:
    """A resource that shows what a check means.

    Attributes:
        address: Its address, in the root module.
        values: Attributes after the apply.
        unknown: Which of them are not known yet.
        expressions: Its arguments in the configuration.
        region: Region of the provider that makes it. Default: the configuration does not say.
    """

    address: str
    values: Mapping[str, Any]
    unknown: Mapping[str, Any]
    expressions: Mapping[str, Any]
    region: str | None = None


@dataclass(frozen=True)
class Examples:
    """What must fail a check, what must pass it, and what both need around them."""

    failing: tuple[Example, ...]
    passing: tuple[Example, ...]
    around: tuple[Example, ...]


@dataclass(frozen=True)
class Policies:
    """The folder's content.

    Attributes:
        folder: The folder.
        own: Its checks.
        examples: Examples by check id.
        severities: Severity by check id.
        builtin: Ids of checkov's checks.
    """

    folder: Path
    own: tuple[OwnCheck, ...]
    examples: Mapping[str, Examples]
    severities: Mapping[str, Severity]
    builtin: frozenset[str]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(sorted({check.id for check in self.own}))

    def severity_of(self, check_id: str) -> Severity:
        return self.severities.get(check_id, UNRATED)

    def file_of(self, check_id: str) -> str | None:
        """``policies/<file>.py`` of an own check, None for checkov's."""
        return next((f"policies/{check.file.name}" for check in self.own if check.id == check_id), None)


def read_policies(folder: Path) -> Policies:
    """Read the folder. Imports checkov, and every check in the folder.

    Raises:
        ToolError: Something in the folder cannot be used as it is (exit code 2).
    """
    from tooling.gate.engine.own import load_own
    from tooling.gate.engine.scan import builtin_ids

    builtin = builtin_ids()
    own = load_own(folder, taken=builtin)
    return Policies(
        folder=folder,
        own=own,
        examples={check.id: _examples(folder / "examples" / f"{check.id}.yaml") for check in own},
        severities=load_severities(folder / "severity.yaml", checks={*builtin, *RULES, *(check.id for check in own)}),
        builtin=builtin,
    )


def signature(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes when a file of the folder does; to know whether what was read still holds."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".yaml"})
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path in files for stat in [path.stat()])


def _examples(path: Path) -> Examples:
    def bad(what: str) -> ToolError:
        hint = "a check is proved by a resource that fails it and one that passes"
        return ToolError(what, where=str(path), hint=hint, exit_code=Exit.USAGE)

    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except OSError as error:
        raise bad(f"cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise bad(f"is not YAML: {error}") from error
    if not isinstance(content, Mapping) or not content.get("fail") or not content.get("pass"):
        raise bad("needs at least one resource under 'fail' and one under 'pass'")
    sections = {}
    for section in ("fail", "pass", "around"):
        examples = []
        for address, given in (content.get(section) or {}).items():
            given = given or {}
            try:
                parse_address(str(address))
            except ValueError as error:
                raise bad(str(error)) from error
            if unknown_keys := set(given) - {"values", "unknown", "expressions", "region"}:
                raise bad(f"{address} has no field '{min(unknown_keys)}'")
            examples.append(
                Example(
                    str(address),
                    given.get("values") or {},
                    given.get("unknown") or {},
                    given.get("expressions") or {},
                    given.get("region"),
                )
            )
        sections[section] = tuple(examples)
    return Examples(sections["fail"], sections["pass"], sections["around"])
