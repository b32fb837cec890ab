"""The base of the checks in ``policies/``: a checkov check that reads a plan, not a file."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.data.registry import data_registry
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

from tooling.gate.planned import Planned, PlanView

#: Under this key a check is handed its resource and plan instead of checkov's own reading.
SUBJECT = "__groundplan__"


@dataclass(frozen=True)
class Violation:
    """What is wrong on one resource.

    Attributes:
        message: In one line, with the value seen.
        undecided: Whether it is wrong will be known only after the apply.
    """

    message: str
    undecided: bool = False


@dataclass(frozen=True)
class Subject:
    """What a check looks at: the resource, and the plan around it."""

    resource: Planned
    plan: PlanView


class PlanCheck(BaseResourceCheck):  # type: ignore[misc]
    """A check of our own.

    checkov's reading of a plan has no place for values that are not known yet and
    rewrites lists and booleans, so these checks get ``Planned`` instead.

    Args:
        id: ``GP_<TOPIC>_<n>``; a contract, since waivers name it.
        name: The rule, as a sentence.
        resources: Types it looks at; globs are allowed, ``data.`` marks a data source.
    """

    def __init__(self, *, id: str, name: str, resources: Sequence[str]) -> None:
        self.found: tuple[Violation, ...] = ()
        managed = [kind for kind in resources if not kind.startswith("data.")]
        data = [kind.removeprefix("data.") for kind in resources if kind.startswith("data.")]
        super().__init__(name=name, id=id, categories=[CheckCategories.GENERAL_SECURITY], supported_resources=managed)
        if data:
            self.supported_entities = data
            data_registry.register(self)
        self.supported_entities = [*managed, *data]

    @abstractmethod
    def violations(self, subject: Subject) -> Iterator[Violation]:
        """What is wrong on the resource; nothing when it is fine.

        A value that is not known yet must not pass in silence: yield a violation that
        says so with ``undecided=True``.
        """

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        """What checkov calls. Without a plan around (checkov's own command line) it abstains."""
        subject = conf.get(SUBJECT)
        if not isinstance(subject, Subject):
            return CheckResult.UNKNOWN
        self.found = tuple(self.violations(subject))
        return CheckResult.FAILED if self.found else CheckResult.PASSED
