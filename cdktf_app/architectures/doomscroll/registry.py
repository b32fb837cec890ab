"""Where the application's images are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cdktf_app.architectures.doomscroll.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.image_repository import ImageRepository, ImageRepositoryProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class RegistryProps:
    """Shape of the registry.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
    """

    deployment: Deployment
    variables: Variables


class Registry(Construct):
    """The one repository of the account, whichever environment makes it (FD-ECR-01).

    Attributes:
        repository: The repository.
        url: What an image's name begins with.
        arn: ARN of the repository.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: RegistryProps) -> None:
        super().__init__(scope, construct_id)
        self.repository = ImageRepository(
            self,
            "repository",
            props=ImageRepositoryProps(
                deployment=replace(props.deployment, prefix="", suffix=""),
                name=f"{props.deployment.prefix}/app",
                enabled=props.variables.create_ecr.expression,
                force_delete=props.variables.force_destroy.boolean,
            ),
        )
        self.url = self.repository.url
        self.arn = self.repository.arn
