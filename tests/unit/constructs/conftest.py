from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cdktf_app.bindings.core import App, Construct
from cdktf_app.constructs.function_packages import FunctionPackages, FunctionPackagesProps
from cdktf_app.constructs.lambda_function import FunctionSettings, LambdaFunction, LambdaFunctionProps
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input, ModuleStack
from cdktf_app.packages import Package
from tests.unit.constructs.synthesized import Synthesized

DEPLOYMENT = Deployment(
    prefix="app-${var.environment}", account_id="${var.account_id}", region="${var.region}", tags={"Owner": "me"}
)


@pytest.fixture
def deployment() -> Deployment:
    return DEPLOYMENT


@pytest.fixture
def stack(tmp_path: Path) -> ModuleStack:
    return ModuleStack(App(outdir=str(tmp_path)), "app")


@pytest.fixture
def part(stack: ModuleStack) -> Construct:
    return Construct(stack, "part")


@pytest.fixture
def synthesize(stack: ModuleStack) -> Callable[[], Synthesized]:
    return lambda: Synthesized(stack.to_module())


@pytest.fixture
def settings(stack: ModuleStack, deployment: Deployment) -> FunctionSettings:
    package = Package(function="job", content=b"zip", sha256="00ff", base64sha256="AP8=", key="app/job/00ff.zip")
    return FunctionSettings(
        deployment=deployment,
        packages=FunctionPackages(
            stack,
            "packages",
            props=FunctionPackagesProps(
                packages={"job": package},
                artifacts_bucket=Input("artifacts_bucket"),
                overrides=Input("function_packages"),
            ),
        ),
        environment={"TABLE_NAME": "t"},
        logs=LogSettings(retention_days=30),
        runtime="nodejs22.x",
        memory_mb=512,
        timeout_seconds=30,
    )


@pytest.fixture
def function(part: Construct, settings: FunctionSettings) -> LambdaFunction:
    return LambdaFunction(part, "job", props=LambdaFunctionProps(name="job", description="Works.", settings=settings))
