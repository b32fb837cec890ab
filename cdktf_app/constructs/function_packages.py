"""Where each function's code comes from: the package built here, or one of the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct, TerraformLocal
from cdktf_app.module_stack import Input
from cdktf_app.packages import Package

# Type of the variable ``overrides`` comes from.
OVERRIDES_TYPE = (
    "map(object({ filename = optional(string), s3_bucket = optional(string), "
    "s3_key = optional(string), source_code_hash = optional(string) }))"
)


@dataclass(frozen=True, kw_only=True)
class FunctionPackagesProps:
    """Shape of a module's packages.

    Attributes:
        packages: The packages built from the sources, by function name.
        artifacts_bucket: Bucket that they are uploaded to.
        overrides: Packages of the user's own, by function name (of ``OVERRIDES_TYPE``).
    """

    packages: Mapping[str, Package]
    artifacts_bucket: Input
    overrides: Input


@dataclass(frozen=True, kw_only=True)
class PackageSource:
    """Arguments of ``aws_lambda_function`` that say where the code is; each null where it does not apply."""

    filename: str
    s3_bucket: str
    s3_key: str
    source_code_hash: str


class PackageSources(Protocol):
    """Where functions find their code."""

    def source(self, function: str) -> PackageSource: ...


class FunctionPackages(Construct):
    """Locals that settle the source of every function once, so that a function only picks its own."""

    def __init__(self, scope: Construct, construct_id: str, *, props: FunctionPackagesProps) -> None:
        super().__init__(scope, construct_id)
        self._names = frozenset(props.packages)
        overrides = props.overrides.expression
        built = {
            name: {"s3_key": package.key, "source_code_hash": package.base64sha256}
            for name, package in sorted(props.packages.items())
        }
        TerraformLocal(self, "built_packages", built)
        TerraformLocal(
            self,
            "own_packages",
            expressions.string(
                "{\n"
                "  for name in keys(local.built_packages) : name => lookup(\n"
                f"    {overrides}, name,\n"
                "    { filename = null, s3_bucket = null, s3_key = null, source_code_hash = null }\n"
                "  )\n"
                "}"
            ),
        )
        bucket = props.artifacts_bucket.expression
        TerraformLocal(
            self,
            "packages",
            expressions.string(
                "{\n"
                "  for name, own in local.own_packages : name => {\n"
                "    filename  = own.filename\n"
                f"    s3_bucket = own.filename == null ? coalesce(own.s3_bucket, {bucket}) : null\n"
                "    s3_key = (\n"
                "      own.filename == null ? coalesce(own.s3_key, local.built_packages[name].s3_key) : null\n"
                "    )\n"
                "    source_code_hash = (\n"
                "      own.filename != null ? filebase64sha256(own.filename) :\n"
                "      own.s3_key != null ? own.source_code_hash : local.built_packages[name].source_code_hash\n"
                "    )\n"
                "  }\n"
                "}"
            ),
        )

    def source(self, function: str) -> PackageSource:
        """Where the code of a function comes from.

        Raises:
            ValueError: No package was built for it.
        """
        if function not in self._names:
            known = ", ".join(sorted(self._names))
            raise ValueError(f"no package of a function {function!r}: there are {known}")
        package = f'local.packages["{function}"]'
        return PackageSource(
            filename=expressions.string(f"{package}.filename"),
            s3_bucket=expressions.string(f"{package}.s3_bucket"),
            s3_key=expressions.string(f"{package}.s3_key"),
            source_code_hash=expressions.string(f"{package}.source_code_hash"),
        )

    def in_bucket(self, bucket: Input) -> PackageSources:
        """The same packages for another region, whose functions take them from a bucket there, under the same keys."""
        return _Elsewhere(self, bucket)


@dataclass(frozen=True)
class _Elsewhere:
    packages: FunctionPackages
    bucket: Input

    def source(self, function: str) -> PackageSource:
        at_home = self.packages.source(function)
        filename = f'local.packages["{function}"].filename'
        return replace(at_home, s3_bucket=expressions.string(f"{filename} == null ? {self.bucket.expression} : null"))
