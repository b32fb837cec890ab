"""``policies/severity.yaml``: how bad each check's findings are.

checkov gets severities from a server that wants an account, so they are kept here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from tooling.gate import yamlfile
from tooling.gate.model import Severity

#: A check that nobody has rated is taken for a bad one, so that an upgrade of checkov
#: with new checks cannot pass unnoticed.
UNRATED = Severity.HIGH


def load_severities(path: Path, *, checks: Collection[str]) -> Mapping[str, Severity]:
    """Severity by check id.

    Args:
        path: The file.
        checks: Ids of all checks there are.

    Raises:
        ToolError: The file is missing, or a line of it is wrong (exit code 2, with the line).
    """
    node = yamlfile.compose(path)
    if node is None:
        return {}
    severities: dict[str, Severity] = {}
    for key, value_node in yamlfile.mapping(node, path):
        if key.value not in checks:
            raise yamlfile.bad(f"there is no check '{key.value}'", key.where, "take the line out, or mend the id")
        value = yamlfile.scalar(value_node, path)
        try:
            severities[key.value] = Severity.parse(value.value)
        except ValueError as error:
            raise yamlfile.bad(f"{key.value}: {error}", value.where) from error
    return severities
