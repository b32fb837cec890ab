"""A private registry of container images that no tag can be moved in."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct, IResolvable
from cdktf_app.bindings.ecr import (
    EcrLifecyclePolicy,
    EcrRepository,
    EcrRepositoryEncryptionConfiguration,
    EcrRepositoryImageScanningConfiguration,
)
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.service_role import ServiceRole
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class ImageRepositoryProps:
    """Shape of a repository.

    Attributes:
        deployment: Names, account, region and tags.
        name: Last part of its name.
        enabled: Condition, as a Terraform expression, under which it is made here; else another stack of the account
            has made it. Default: always.
        kept_images: Number of images that are kept, the newest. Default: 10.
        untagged_days: Days until an image that has lost its tag, or never had one, is deleted. Default: 7.
        force_delete: Delete the repository with the images in it. Default: False.
    """

    deployment: Deployment
    name: str
    enabled: str | None = None
    kept_images: float = 10
    untagged_days: float = 7
    force_delete: bool | IResolvable = False


class ImageRepository(Construct):
    """ECR repository that scans what is pushed and forgets old images.

    Creates: repository, lifecycle policy.

    Attributes:
        name: Its name.
        arn: Its ARN, known before it exists.
        url: What an image's name begins with, known before it exists.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: ImageRepositoryProps) -> None:
        super().__init__(scope, construct_id)
        deployment = props.deployment
        self.name = deployment.name(props.name)
        self.arn = deployment.arn("ecr", f"repository/{self.name}")
        self.registry = f"{deployment.account_id}.dkr.ecr.{deployment.region}.amazonaws.com"
        self.url = f"{self.registry}/{self.name}"
        exists = expressions.Existence(props.enabled)
        repository = EcrRepository(
            self,
            "this",
            count=exists.count,
            name=self.name,
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=EcrRepositoryImageScanningConfiguration(scan_on_push=True),
            encryption_configuration=[EcrRepositoryEncryptionConfiguration(encryption_type="AES256")],
            force_delete=props.force_delete,
            tags=deployment.tags,
        )
        EcrLifecyclePolicy(
            self,
            "lifecycle",
            count=exists.count,
            repository=exists.attribute(repository, "name"),
            policy=expressions.jsonencode(
                {
                    "rules": [
                        {
                            "rulePriority": 1,
                            "description": "Forget images without a tag.",
                            "selection": {
                                "tagStatus": "untagged",
                                "countType": "sinceImagePushed",
                                "countUnit": "days",
                                "countNumber": props.untagged_days,
                            },
                            "action": {"type": "expire"},
                        },
                        # A rule for any image has to be the last.
                        {
                            "rulePriority": 2,
                            "description": "Keep the newest images.",
                            "selection": {
                                "tagStatus": "any",
                                "countType": "imageCountMoreThan",
                                "countNumber": props.kept_images,
                            },
                            "action": {"type": "expire"},
                        },
                    ]
                }
            ),
        )

    def grant_pull(self, role: ServiceRole) -> None:
        """Let a role pull images."""
        role.allow(
            Statement(
                sid="SignInToRegistry",
                actions=["ecr:GetAuthorizationToken"],
                # The token is for the whole registry: ECR has no resource to name.
                resources=["*"],
            )
        )
        role.allow(
            Statement(
                sid="PullImages",
                actions=["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                resources=[self.arn],
            )
        )
