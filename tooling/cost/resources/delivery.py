"""CodePipeline and CodeBuild."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tooling.cost.component import Component, Pricer, only, unpriced
from tooling.cost.estate import Resource

PIPELINE, BUILD = "AWS CodePipeline", "CodeBuild"
_FAMILIES = {"ARM_CONTAINER": "arm", "LINUX_CONTAINER": "linux"}


def pipeline(item: Resource) -> Iterator[Component]:
    if item.get("pipeline_type", "V1") == "V1":
        yield only(PIPELINE, "pipeline", "codepipeline.v1.pipeline", 1, "active pipeline")
    else:
        minutes = item.assume("pipeline.minutes")
        yield only(PIPELINE, "actions", "codepipeline.v2.minute", minutes, "minutes of its actions")


def build(item: Resource) -> Iterator[Component]:
    environment = item.block("environment")
    family = _FAMILIES.get(str(environment.get("type")))
    size = str(environment.get("compute_type", "")).removeprefix("BUILD_").lower().replace("_", ".")
    if family is None:
        yield unpriced("minutes", BUILD, f"no prices of {environment.get('type')}")
    else:
        price = f"codebuild.minute.{family}.{size}"
        yield only(BUILD, "minutes", price, item.assume("build.minutes"), f"minutes on {family}.{size}")


PRICED: Mapping[str, Pricer] = {"aws_codebuild_project": build, "aws_codepipeline": pipeline}
