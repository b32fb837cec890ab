"""Delivery: CodeBuild projects, CodePipeline pipelines and connections to where code is kept, all by name."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.recovery.answers import needs, tags_in
from tooling.recovery.asking import answer, each, fits
from tooling.recovery.lookup import Found, Wanted, finds


@finds("aws_codebuild_project")
@needs("name")
def project(wanted: Wanted) -> Iterator[Found]:
    told = wanted.client("codebuild").batch_get_projects(names=[wanted.values["name"]])
    for item in told["projects"]:
        yield Found(item["arn"], tags=tags_in(item.get("tags")), created=item.get("created"))


@finds("aws_codepipeline")
@needs("name")
def pipeline(wanted: Wanted) -> Iterator[Found]:
    client, name = wanted.client("codepipeline"), wanted.values["name"]
    told = answer(client.get_pipeline, name=name)
    if told:
        metadata = told["metadata"]
        tags = each(client, "list_tags_for_resource", "tags", resourceArn=metadata["pipelineArn"])
        yield Found(name, tags=tags_in(tags), created=metadata.get("created"))


@finds("aws_codestarconnections_connection")
@needs("name")
def connection(wanted: Wanted) -> Iterator[Found]:
    """No time is told of connections."""
    client = wanted.client("codestar-connections")
    for item in each(client, "list_connections", "Connections", token=("NextToken", "NextToken")):
        if fits(wanted.values, {"name": item["ConnectionName"], "provider_type": item.get("ProviderType")}):
            tags = answer(client.list_tags_for_resource, ResourceArn=item["ConnectionArn"]) or {}
            yield Found(item["ConnectionArn"], tags=tags_in(tags.get("Tags")))
