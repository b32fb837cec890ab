"""What is wrong with a workflow: by the published schema, and by rules that a schema cannot say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

# A commit, or an image by its digest.
_DIGEST = re.compile(r"@([0-9a-f]{40}|sha256:[0-9a-f]{64})$")
# Text that somebody outside may choose; in a script it is code. https://docs.github.com/actions/reference/security/secure-use
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
_CHOSEN = re.compile(
    r"\b(github\.(event\b|head_ref|base_ref|ref\b|ref_name)|(inputs|matrix|needs|steps)\.|secrets\.)", re.IGNORECASE
)


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong.

    Attributes:
        file: The workflow.
        at: Where in it, as ``jobs.plan.steps.3``.
        what: What is wrong, and what it should be.
    """

    file: str
    at: str
    what: str


def flaws(name: str, text: str) -> tuple[Flaw, ...]:
    """Everything that is wrong with one workflow."""
    import yaml

    try:
        content = yaml.load(text, Loader=_loader())
    except yaml.YAMLError as error:
        return (Flaw(name, "", f"is no YAML: {' '.join(str(error).split())}"),)
    if not isinstance(content, dict):
        return (Flaw(name, "", "holds no workflow"),)
    by_schema = tuple(
        Flaw(name, ".".join(str(part) for part in error.absolute_path), error.message.partition("\n")[0][:200])
        for error in sorted(_validator().iter_errors(content), key=lambda one: list(map(str, one.absolute_path)))
    )
    # What breaks the schema may have any form.
    return by_schema or tuple(Flaw(name, at, what) for at, what in _own_rules(content))


def _own_rules(workflow: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    jobs = workflow["jobs"]
    if "permissions" not in workflow:
        yield "", "grants its jobs every permission of the repository: say permissions"
    for at, part in (("", workflow), *((f"jobs.{name}", job) for name, job in jobs.items())):
        if part.get("permissions") == "write-all":
            yield at, "grants every permission of the repository: name those that are needed"
    if "pull_request_target" in workflow["on"]:
        yield "on", "pull_request_target runs the code of strangers with the repository's secrets"
    for name, job in jobs.items():
        at = f"jobs.{name}"
        needs = job.get("needs", [])
        for other in [needs] if isinstance(needs, str) else needs:
            if other not in jobs:
                yield at, f"needs '{other}', which is no job here"
        if "uses" in job:
            yield from _pinned(at, job["uses"])
            continue
        if "timeout-minutes" not in job:
            yield at, "may run for six hours: say timeout-minutes"
        for number, step in enumerate(job.get("steps", ())):
            place = f"{at}.steps.{number}"
            yield from _pinned(place, step.get("uses", ""))
            for script in (step.get("run", ""), str(step.get("with", {}).get("script", ""))):
                for found in _EXPRESSION.findall(script):
                    if _CHOSEN.search(found):
                        yield place, f"{found} becomes part of the script: hand it over in env"


def _pinned(at: str, action: str) -> Iterator[tuple[str, str]]:
    if action and not action.startswith("./") and not _DIGEST.search(action):
        yield at, f"{action} is not pinned: name the digest of a commit, with the release as a comment"


@cache
def _validator() -> Any:
    from jsonschema import Draft7Validator

    return Draft7Validator(json.loads((files("tooling.ci") / "schema" / "github-workflow.json").read_text("utf-8")))


@cache
def _loader() -> Any:
    """YAML as GitHub reads it: ``on`` is a word there, not a yes."""
    import yaml

    class Loader(yaml.SafeLoader):
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            """GitHub refuses a workflow that names a key twice; PyYAML takes the last."""
            seen = set()
            for key, _ in node.value:
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, f"'{key.value}' is there twice", key.start_mark)
                seen.add(key.value)
            return super().construct_mapping(node, deep)

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
    return Loader


def read_workflow(text: str) -> dict[str, Any]:
    """A workflow as data, as GitHub reads it."""
    import yaml

    content: dict[str, Any] = yaml.load(text, Loader=_loader())
    return content
