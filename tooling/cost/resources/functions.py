"""Lambda."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tooling.cost.amount import SECONDS
from tooling.cost.component import Component, Pricer, only, unpriced
from tooling.cost.estate import Resource, decimal

LAMBDA, XRAY, BEDROCK = "AWS Lambda", "AWS X-Ray", "Amazon Bedrock"
# How a function is told which model to ask, and the models that have prices.
_MODEL, _MODEL_VARIABLE = "MODEL_ID", "model_id"
_MODELS = {"claude-sonnet-4-5": "claude_sonnet_4_5", "nova-lite": "nova_lite"}
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html: 512 MB are part of the price.
_FREE_DISK_MB = 512


def function(item: Resource) -> Iterator[Component]:
    runs = item.assume("function.requests")
    seconds = runs * item.assume("function.milliseconds") / 1000
    processor, memory = _processor(item), decimal(item.get("memory_size", 128)) / 1024
    yield only(LAMBDA, "requests", "lambda.request", runs, "requests")
    what = f"{memory.normalize():f} GB for as long as it runs, {processor}"
    remark = "runs on provisioned concurrency cost a third less" if _is_provisioned(item) else ""
    yield only(LAMBDA, "duration", f"lambda.{processor}.gb_second", seconds * memory, what, remark)
    disk = max((decimal(block.get("size") or 0) for block in item.blocks("ephemeral_storage")), default=decimal(0))
    if disk > _FREE_DISK_MB:
        extra = seconds * ((disk - _FREE_DISK_MB) / 1024)
        yield only(LAMBDA, "disk", "lambda.ephemeral_gb_second", extra, f"/tmp above {_FREE_DISK_MB} MB")
    if any(block.get("mode") == "Active" for block in item.blocks("tracing_config")):
        traces = runs * item.assume("tracing.share")
        yield only(XRAY, "traces", "xray.trace_recorded", traces, "traces recorded")
    yield from _model(item)


def _model(item: Resource) -> Iterator[Component]:
    """What a function asks of a model of Bedrock, where its environment names one."""
    asked = any(_MODEL in (block.get("variables") or {}) for block in item.blocks("environment"))
    if not asked and f"var.{_MODEL_VARIABLE}" not in item.planned.references("environment"):
        return
    name = str(item.variable(_MODEL_VARIABLE))
    model = next((price for part, price in _MODELS.items() if part in name), None)
    if model is None:
        yield unpriced("model", BEDROCK, f"no prices of the model {name}")
        return
    for part in ("input", "output"):
        tokens = item.assume(f"model.{part}_tokens")
        yield only(BEDROCK, f"{part} tokens", f"bedrock.{model}.{part}_token", tokens, f"{part} tokens of {name}")


def provisioned(item: Resource) -> Iterator[Component]:
    functions = [
        other
        for other in item.estate.of_type("aws_lambda_function")
        if other.planned.values.get("function_name") == item.get("function_name") and other.region == item.region
    ]
    kept = item.number("provisioned_concurrent_executions")
    for other in functions[:1]:
        memory = decimal(other.get("memory_size", 128)) / 1024
        what = f"{memory.normalize():f} GB kept ready, each of {kept.value} at a time"
        price = f"lambda.{_processor(other)}.provisioned_gb_second"
        yield only(LAMBDA, "kept ready", price, kept * SECONDS * memory, what)
    if not functions:
        yield unpriced("kept ready", LAMBDA, f"the function {item.get('function_name')} is not in this plan")


def _processor(item: Resource) -> str:
    return "arm" if item.get("architectures", ["x86_64"]) == ["arm64"] else "x86"


def _is_provisioned(item: Resource) -> bool:
    name = item.planned.values.get("function_name")
    return any(
        other.planned.values.get("function_name") == name
        for other in item.estate.of_type("aws_lambda_provisioned_concurrency_config")
    )


PRICED: Mapping[str, Pricer] = {
    "aws_lambda_function": function,
    "aws_lambda_provisioned_concurrency_config": provisioned,
}
