"""An S3 bucket that only this account can read, and only over TLS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct, IResolvable, TerraformResourceLifecycle
from cdktf_app.bindings.s3 import (
    S3Bucket,
    S3BucketCorsConfiguration,
    S3BucketCorsConfigurationCorsRule,
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
    S3BucketPolicy,
    S3BucketPublicAccessBlock,
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.policy_document import Condition, PolicyDocument, Statement
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class BucketCors:
    """Browsers that may use presigned URLs of the bucket.

    Attributes:
        origins: Origins, with scheme.
        methods: HTTP methods.
    """

    origins: Sequence[str]
    methods: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class PrivateBucketProps:
    """Shape of a bucket.

    Attributes:
        deployment: Names, account and tags.
        name: Part of its name between the deployment's prefix and the account.
        versioned: Condition, as a Terraform expression, under which replaced objects are kept. Default: always.
        expire_after_days: Age at which an object is deleted.
        expire_replaced_after_days: Age at which a replaced or deleted object is deleted for good. Default: 30.
        abort_uploads_after_days: Age at which an unfinished upload is dropped. Default: 7.
        cors: Browser access by presigned URLs. Default: none.
        retain_data: Refuse, at plan, whatever would destroy the bucket. Default: True.
        force_destroy: Delete a bucket that is not empty, with its objects. Default: False.
    """

    deployment: Deployment
    name: str
    expire_after_days: float
    versioned: str = "true"
    expire_replaced_after_days: float = 30
    abort_uploads_after_days: float = 7
    cors: BucketCors | None = None
    retain_data: bool = True
    force_destroy: bool | IResolvable = False


class PrivateBucket(Construct):
    """S3 bucket with public access blocked, AES256 encryption and a TLS-only policy.

    Creates: bucket, public access block, encryption, policy, lifecycle; versioning and CORS where asked for.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: PrivateBucketProps) -> None:
        super().__init__(scope, construct_id)
        name = props.deployment.global_name(props.name)
        self.arn = f"arn:aws:s3:::{name}"
        self.bucket = S3Bucket(
            self,
            "this",
            bucket=name,
            force_destroy=props.force_destroy,
            tags=props.deployment.tags,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if props.retain_data else None,
        )
        self._protect()
        self._keep_versions(props)
        self._expire(props)
        if props.cors:
            S3BucketCorsConfiguration(
                self,
                "cors",
                bucket=self.bucket.id,
                cors_rule=[
                    S3BucketCorsConfigurationCorsRule(
                        allowed_origins=list(props.cors.origins),
                        allowed_methods=list(props.cors.methods),
                        allowed_headers=["content-type"],
                        expose_headers=["ETag"],
                        max_age_seconds=3600,
                    )
                ],
            )

    @property
    def name(self) -> str:
        return self.bucket.bucket

    def grant_read_write(self, function: LambdaFunction) -> None:
        """Let a function list, read, write and delete objects."""
        function.allow(
            Statement(
                sid="ReadWriteObjects",
                actions=["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
                resources=[f"{self.arn}/*"],
            )
        )
        # Without it S3 answers 403, not 404, for an object that is not there.
        function.allow(Statement(sid="ListObjects", actions=["s3:ListBucket"], resources=[self.arn]))

    def _protect(self) -> None:
        block = S3BucketPublicAccessBlock(
            self,
            "public_access",
            bucket=self.bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        S3BucketServerSideEncryptionConfigurationA(
            self,
            "encryption",
            bucket=self.bucket.id,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(
                    apply_server_side_encryption_by_default=(
                        S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
                            sse_algorithm="AES256"
                        )
                    )
                )
            ],
        )
        tls_only = PolicyDocument(
            self,
            "tls_only",
            statements=[
                Statement(
                    sid="RefusePlainHttp",
                    deny=True,
                    actions=["s3:*"],
                    resources=[self.arn, f"{self.arn}/*"],
                    principals={"*": ["*"]},
                    conditions=[Condition(test="Bool", variable="aws:SecureTransport", values=["false"])],
                )
            ],
        )
        S3BucketPolicy(
            self,
            "policy",
            bucket=self.bucket.id,
            policy=tls_only.json,
            # S3 refuses two changes of a bucket's access at the same time.
            depends_on=[block],
        )

    def _keep_versions(self, props: PrivateBucketProps) -> None:
        # Not a status of "Disabled": S3 takes that for a new bucket only, a used one can merely be suspended.
        # Taking the resource away does just that.
        self.versioning = S3BucketVersioningA(
            self,
            "versioning",
            count=expressions.count_if(props.versioned),
            bucket=self.bucket.id,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )

    def _expire(self, props: PrivateBucketProps) -> None:
        S3BucketLifecycleConfiguration(
            self,
            "lifecycle",
            bucket=self.bucket.id,
            rule=[
                S3BucketLifecycleConfigurationRule(
                    id="expire",
                    status="Enabled",
                    filter=[S3BucketLifecycleConfigurationRuleFilter(prefix="")],
                    expiration=[S3BucketLifecycleConfigurationRuleExpiration(days=props.expire_after_days)],
                    # With versioning, expiration only hides an object; this is what deletes it.
                    noncurrent_version_expiration=[
                        S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(
                            noncurrent_days=props.expire_replaced_after_days
                        )
                    ],
                    abort_incomplete_multipart_upload=[
                        S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(
                            days_after_initiation=props.abort_uploads_after_days
                        )
                    ],
                )
            ],
            depends_on=[self.versioning],
        )
