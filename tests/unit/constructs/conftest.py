from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cdktf_app.bindings.core import App, Construct
from cdktf_app.constructs.alert_topic import AlertTopic, AlertTopicProps
from cdktf_app.constructs.api_account import ApiAccount
from cdktf_app.constructs.function_packages import FunctionPackages, FunctionPackagesProps
from cdktf_app.constructs.lambda_function import FunctionSettings, LambdaFunction, LambdaFunctionProps
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.rest_api import RestApi, RestApiProps, RestRoute
from cdktf_app.constructs.service_key import ServiceKey, ServiceKeyProps
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


def function_settings(stack: ModuleStack) -> FunctionSettings:
    package = Package(function="job", content=b"zip", sha256="00ff", base64sha256="AP8=", key="app/job/00ff.zip")
    return FunctionSettings(
        deployment=DEPLOYMENT,
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
def settings(stack: ModuleStack) -> FunctionSettings:
    return function_settings(stack)


@pytest.fixture
def function(part: Construct, settings: FunctionSettings) -> LambdaFunction:
    return LambdaFunction(part, "job", props=LambdaFunctionProps(name="job", description="Works.", settings=settings))


@pytest.fixture
def topic(part: Construct, deployment: Deployment) -> AlertTopic:
    key = ServiceKey(part, "key", props=ServiceKeyProps(deployment=deployment, name="key", description="Key"))
    props = AlertTopicProps(deployment=deployment, name="alerts", kms_key=key, emails=Input("emails"))
    return AlertTopic(part, "alerts", props=props)


@pytest.fixture
def account(part: Construct, deployment: Deployment) -> ApiAccount:
    return ApiAccount(part, "account", deployment=deployment, managed=Input("managed"))


@pytest.fixture
def rest(part: Construct, deployment: Deployment, account: ApiAccount, function: LambdaFunction) -> RestApi:
    """The smallest API that there is."""
    props = RestApiProps(
        deployment=deployment,
        name="api",
        stage="${var.environment}",
        routes=[RestRoute(key="GET /items", function=function)],
        cors_origin="https://app.example.com",
        logs=LogSettings(retention_days=30),
        account=account,
    )
    return RestApi(part, "rest", props=props)
