"""``cdktf_app/architectures/<architecture>/checklist.yaml`` and ``acceptance.yaml``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from tooling.workspace import Workspace

CHECKLIST: Final = "checklist"
ACCEPTANCE: Final = "acceptance"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LoadWanted(_Strict):
    """What has to come out under load.

    Attributes:
        p95_ms: 95 of 100 requests are answered within so many milliseconds.
        rps: Requests a second.
        seconds: For how long. Default: 30.
    """

    p95_ms: Annotated[float, Field(gt=0)]
    rps: Annotated[int, Field(gt=0)]
    seconds: Annotated[int, Field(gt=0)] = 30


class Item(_Strict):
    """One line of a list.

    Attributes:
        row: Id of the requirement.
        says: What the document says.
        promises: Promise and how many resources at least have to keep it; all that give it have to.
        secret_keys: Last part of a secret's name, and the keys that it holds.
        plan: A new plan is empty.
        gate: The plans last sealed pass today's gate.
        workflow: There are workflows of GitHub's, and nothing is wrong with them.
        health: Health checks answer from outside.
        site: Sites show a page.
        smoke: The whole smoke test passes.
        load: What comes out under load.
        rows: Every row of the architecture has a test that passed, or is listed as open with a reason.
        manual: What a person does before they confirm it; empty: the toolkit looks by itself.
    """

    row: Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z0-9]+(-[0-9]+)?$")]
    says: str
    promises: dict[str, Annotated[int, Field(ge=1)]] = {}
    secret_keys: dict[str, tuple[str, ...]] = {}
    plan: bool = False
    gate: bool = False
    workflow: bool = False
    health: bool = False
    site: bool = False
    smoke: bool = False
    load: LoadWanted | None = None
    rows: bool = False
    manual: str = ""

    @model_validator(mode="after")
    def _asks_something(self) -> Item:
        looks = (
            *(self.promises, self.secret_keys, self.plan, self.gate, self.workflow, self.health),
            *(self.site, self.smoke, self.load, self.rows),
        )
        if any(looks) == bool(self.manual):
            raise ValueError("is either manual or says what to look at")
        return self


class Checklist(_Strict):
    """A whole list.

    Attributes:
        title: As the document calls it.
        items: In the document's order.
    """

    title: str
    items: Annotated[tuple[Item, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_row_once(self) -> Checklist:
        rows = [item.row for item in self.items]
        if twice := sorted({row for row in rows if rows.count(row) > 1}):
            raise ValueError(f"{', '.join(twice)} is there twice")
        return self

    def manual_item(self, row: str) -> Item:
        """The item of this row, which a person may confirm.

        Raises:
            ToolError: Exit 2: there is none, or the toolkit looks at it by itself.
        """
        item = next((item for item in self.items if item.row == row), None)
        if item is None or not item.manual:
            manual = ", ".join(one.row for one in self.items if one.manual) or "none"
            what = "is looked at, not confirmed" if item else "is no item of the list"
            raise ToolError(f"{row} {what}", hint=f"to confirm: {manual}", exit_code=Exit.USAGE)
        return item


def read_checklist(workspace: Workspace, architecture: str, kind: Literal["checklist", "acceptance"]) -> Checklist:
    """The list of an architecture.

    Raises:
        ToolError: Exit 2: it has none, or the file is no such list.
    """
    import yaml

    from tooling.promises import promise

    file = workspace.root / "cdktf_app" / "architectures" / architecture / f"{kind}.yaml"
    where = workspace.relative(file)
    if not file.is_file():
        having = sorted(path.parent.name for path in file.parent.parent.glob(f"*/{kind}.yaml"))
        raise ToolError(
            f"{architecture} has no such list ({where})",
            hint=f"these have one: {', '.join(having) or 'none'}",
            exit_code=Exit.USAGE,
        )
    try:
        found = Checklist.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ToolError(f"is no YAML: {error}", where=where, exit_code=Exit.USAGE) from error
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join(str(part) for part in first["loc"])
        raise ToolError(f"{path or 'the list'}: {first['msg']}", where=where, exit_code=Exit.USAGE) from error
    for item in found.items:
        for identifier in item.promises:
            promise(identifier, where=where)
    return found
