"""Functions from TypeScript: one bundle and one zip a handler, by esbuild where it is, else the committed sources.

The zips are as reproducible as those of ``cdktf_app.packages``: the same bytes of a bundle make the same zip.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.errors import Exit, ToolError
from tooling.functions.node import find_node

if TYPE_CHECKING:
    from tooling.workspace import Workspace

# Where a handler may be below the folder of TypeScript sources.
_PLACES = ("{name}/index.ts", "{name}.ts", "src/{name}/index.ts", "src/{name}.ts", "src/handlers/{name}.ts")
# Lambda's runtime brings the AWS SDK; so it does in the committed sources.
_FLAGS = (
    "--bundle",
    "--platform=node",
    "--target=node20",
    "--format=esm",
    "--external:@aws-sdk/*",
    # Packages that are CommonJS ask for Node's own modules by require, which an ES module does not have.
    # https://github.com/evanw/esbuild/issues/1921
    "--banner:js=import { createRequire as makeRequire } from 'node:module';"
    " const require = makeRequire(import.meta.url);",
    "--log-level=warning",
)
_SECONDS = 120


@dataclass(frozen=True)
class BuiltFunction:
    """One function, in a zip.

    Attributes:
        name: As the architecture calls it.
        file: The zip.
        source: The TypeScript it was compiled from, or the folder of committed sources.
        compiled: Whether it was compiled.
        base64sha256: As ``source_code_hash`` wants it.
        note: Why it was not compiled though it has TypeScript; empty otherwise.
    """

    name: str
    file: Path
    source: Path
    compiled: bool
    base64sha256: str
    note: str = ""

    @property
    def left_out(self) -> bool:
        """Whether it has TypeScript that its zip is not made of."""
        return bool(self.note)


def find_esbuild(sources: Path, workspace: Workspace, named: Path | None = None) -> Path | None:
    """The one that was named, of the sources' own packages, of the project's, or on the path; None: there is none.

    Raises:
        ToolError: Exit 2: the one that was named is not there.
    """
    if named is not None:
        if not named.is_file():
            raise ToolError("there is no such file", where=str(named), hint="--esbuild names it", exit_code=Exit.USAGE)
        return named.resolve()
    for folder in (sources, *sources.resolve().parents, workspace.functions, workspace.root):
        candidate = folder / "node_modules" / ".bin" / "esbuild"
        if candidate.is_file():
            return candidate.resolve()
    on_path = shutil.which("esbuild")
    return Path(on_path) if on_path else None


def build_functions(
    workspace: Workspace, architecture: str, sources: Path, target: Path, *, esbuild: Path | None
) -> tuple[BuiltFunction, ...]:
    """Write one zip for every function of an architecture.

    Args:
        workspace: The project.
        architecture: Whose functions.
        sources: Folder of TypeScript handlers; one that is not there has none.
        target: Folder for the zips.
        esbuild: What compiles; None: TypeScript is passed over, with a note.

    Raises:
        ToolError: The architecture has no functions, or a handler does not compile; then no zip was changed.
    """
    from cdktf_app.packages import PackageError, build, pack

    try:
        committed = build(architecture, sources=workspace.functions)
    except PackageError as error:
        raise ToolError(
            error.what, where=workspace.relative(error.where), hint=error.hint, exit_code=Exit.USAGE
        ) from error
    made: dict[Path, bytes] = {}
    found = []
    for name, package in committed.items():
        source = next((path for place in _PLACES if (path := sources / place.format(name=name)).is_file()), None)
        file = target / f"{name}.zip"
        if source is not None and esbuild is not None:
            package = pack(architecture, name, _bundle(esbuild, source))
        made[file] = package.content
        found.append(
            BuiltFunction(
                name,
                file,
                source if source is not None and esbuild is not None else workspace.functions / architecture / name,
                source is not None and esbuild is not None,
                package.base64sha256,
                f"{source} was left out: there is no esbuild" if source is not None and esbuild is None else "",
            )
        )
    target.mkdir(parents=True, exist_ok=True)
    for file, content in made.items():
        file.write_bytes(content)
    return tuple(found)


def packages_tfvars(built: tuple[BuiltFunction, ...], root: Path) -> str:
    """``function_packages`` of a root module, for the functions that were compiled."""
    entries = [
        f'  {one.name} = {{ filename = "{Path(os.path.relpath(one.file, root)).as_posix()}" }}'
        for one in built
        if one.compiled
    ]
    return "\n".join(["function_packages = {", *entries, "}"]) + "\n" if entries else "function_packages = {}\n"


def require_compiled(built: tuple[BuiltFunction, ...]) -> None:
    """Refuse to give a stack zips without the TypeScript that there is: it would deploy the committed sources instead.

    Raises:
        ToolError: Some TypeScript was left out.
    """
    left_out = [one.name for one in built if one.left_out]
    if left_out:
        raise ToolError(
            f"there is no esbuild, so the stack would get the committed sources of {', '.join(left_out)}",
            where="build --write",
            hint="npm install esbuild; or name one: --esbuild",
        )


def _bundle(esbuild: Path, source: Path) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="groundplan-build-") as folder:
        bundle = Path(folder, "index.mjs")
        environ = {**os.environ, "PATH": f"{find_node().parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        command = [str(esbuild), str(source.resolve()), *_FLAGS, f"--outfile={bundle}"]
        try:
            done = subprocess.run(
                command, cwd=source.parent, env=environ, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ToolError(f"esbuild did not run: {error}", where=str(source)) from error
        if done.returncode or not bundle.is_file():
            said = next((line for line in done.stderr.splitlines() if "ERROR" in line or "error" in line), done.stderr)
            raise ToolError(
                f"does not compile: {said.strip() or 'esbuild wrote nothing'}", where=str(source), hint="mend it"
            )
        return {"index.mjs": bundle.read_bytes()}
