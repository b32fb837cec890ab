"""An S3 bucket that only this account can read, and only over TLS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

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
    S3BucketNotification,
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
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
from cdktf_app.constructs.service_role import ServiceRole
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input


@dataclass(frozen=True, kw_only=True)
class BucketCors:
    """Browsers that may use presigned URLs of the bucket.

    Attributes:
        origins: Origins, with scheme.
        methods: HTTP methods.
        headers: Request headers that they may send. Default: the content type.
    """

    origins: Sequence[str]
    methods: Sequence[str]
    headers: Sequence[str] = ("content-type",)


@dataclass(frozen=True, kw_only=True)
class PrivateBucketProps:
    """Shape of a bucket.

    Attributes:
        deployment: Names, account and tags.
        name: Part of its name between the deployment's prefix and the account.
        generated_name: Let AWS finish the name, which is then known after the apply only. Default: False.
        versioned: Condition, as a Terraform expression, under which replaced objects are kept. Default: always.
        expire_after_days: Age at which an object is deleted. Default: never.
        expire_replaced_after_days: Age at which a replaced or deleted object is deleted for good. Default: 30.
        abort_uploads_after_days: Age at which an unfinished upload is dropped. Default: 7.
        expiry_rule: Id of the lifecycle rule that does all of that. Default: ``expire``.
        owned: Say that everything in it belongs to its owner, which is so in a new bucket anyway, so that a change of
            that is a change of the plan. Default: False.
        cors: Browser access by presigned URLs. Default: none.
        statements: Who else may use it, in the bucket's own policy; resources are paths below it: ``""`` for the
            bucket itself, ``/*`` for its objects. Default: nobody.
        public_read_if: Condition, as a Terraform expression, under which anybody may read. Default: never.
        events: Report changes of objects to EventBridge. Default: False.
        tags: Tags of its own, beside the deployment's. Default: none.
        retain_data: Refuse, at plan, whatever would destroy the bucket. Default: True.
        force_destroy: Delete a bucket that is not empty, with its objects. Default: False.
    """

    deployment: Deployment
    name: str
    generated_name: bool = False
    expire_after_days: float | None = None
    versioned: str = "true"
    expire_replaced_after_days: float = 30
    abort_uploads_after_days: float = 7
    expiry_rule: str = "expire"
    owned: bool = False
    cors: BucketCors | None = None
    statements: Sequence[Statement] = ()
    public_read_if: str | None = None
    events: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
    retain_data: bool = True
    force_destroy: bool | IResolvable = False


class PrivateBucket(Construct):
    """S3 bucket with public access blocked, AES256 encryption and a TLS-only policy.

    Creates: bucket, public access block, encryption, policy, lifecycle; versioning, ownership, CORS and events where
    asked for.

    Attributes:
        arn: Its ARN, known before it exists unless AWS makes up the name.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: PrivateBucketProps) -> None:
        super().__init__(scope, construct_id)
        deployment = props.deployment.tagged(props.tags) if props.tags else props.deployment
        name = None if props.generated_name else deployment.global_name(props.name)
        self.bucket = S3Bucket(
            self,
            "this",
            bucket=name,
            # AWS appends 26 characters of its own.
            bucket_prefix=f"{deployment.name(props.name)}-" if props.generated_name else None,
            force_destroy=props.force_destroy,
            tags=deployment.tags,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if props.retain_data else None,
        )
        self.arn = f"arn:aws:s3:::{name or self.bucket.bucket}"
        self._access = self._policy(props)
        self._protect(props)
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
                        allowed_headers=list(props.cors.headers),
                        expose_headers=["ETag"],
                        max_age_seconds=3600,
                    )
                ],
            )

        if props.events:
            S3BucketNotification(self, "events", bucket=self.bucket.id, eventbridge=True)

    @property
    def name(self) -> str:
        return expressions.string(expressions.attribute(self.bucket, "bucket"))

    def grant_read(self, function: LambdaFunction, *, prefix: str = "") -> None:
        """Let a function read objects."""
        function.allow(Statement(sid="ReadObjects", actions=["s3:GetObject"], resources=[f"{self.arn}/{prefix}*"]))

    def grant_write(self, function: LambdaFunction, *, prefix: str = "") -> None:
        """Let a function write objects, also by presigned URLs that it hands out."""
        function.allow(Statement(sid="WriteObjects", actions=["s3:PutObject"], resources=[f"{self.arn}/{prefix}*"]))

    def grant_list(self, function: LambdaFunction) -> None:
        """Let a function see which objects there are; without it S3 answers 403, not 404, for one that is not."""
        function.allow(Statement(sid="ListObjects", actions=["s3:ListBucket"], resources=[self.arn]))

    def grant_read_write(self, function: LambdaFunction) -> None:
        """Let a function list, read, write and delete objects."""
        function.allow(
            Statement(
                sid="ReadWriteObjects",
                actions=["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
                resources=[f"{self.arn}/*"],
            )
        )
        self.grant_list(function)

    def allow_only(self, principals: Input, *, beside: Sequence[LambdaFunction | ServiceRole]) -> None:
        """If any principals are given, let nobody else read or write objects, whatever IAM allows them.

        Looking after the bucket, emptying it included, stays with whoever IAM lets: else Terraform would be shut out.

        Args:
            principals: ARNs of roles and users.
            beside: Who may in any case.
        """
        roles = [each.role if isinstance(each, LambdaFunction) else each for each in beside]
        own = ", ".join(expressions.attribute(role.role, "arn") for role in roles)
        self.allow(
            Statement(
                sid="RefuseOthers",
                deny=True,
                only_if=f"length({principals.expression}) > 0",
                actions=["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
                resources=["/*"],
                principals={"*": ["*"]},
                conditions=[
                    Condition(
                        test="ArnNotLike",
                        variable="aws:PrincipalArn",
                        values=expressions.strings(f"concat({principals.expression}, [{own}])"),
                    )
                ],
            )
        )

    def _protect(self, props: PrivateBucketProps) -> None:
        public = props.public_read_if
        closed = expressions.boolean(f"!({public})") if public else True
        block = S3BucketPublicAccessBlock(
            self,
            "public_access",
            bucket=self.bucket.id,
            block_public_acls=True,
            block_public_policy=closed,
            ignore_public_acls=True,
            restrict_public_buckets=closed,
        )
        if props.owned:
            S3BucketOwnershipControls(
                self,
                "ownership",
                bucket=self.bucket.id,
                rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
                # S3 refuses two changes of a bucket's access at the same time.
                depends_on=[block],
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
        self.policy = S3BucketPolicy(
            self,
            "policy",
            bucket=self.bucket.id,
            policy=self._access.json,
            # S3 refuses two changes of a bucket's access at the same time.
            depends_on=[block],
        )

    def _policy(self, props: PrivateBucketProps) -> PolicyDocument:
        refuse_plain_http = Statement(
            sid="RefusePlainHttp",
            deny=True,
            actions=["s3:*"],
            resources=["", "/*"],
            principals={"*": ["*"]},
            conditions=[Condition(test="Bool", variable="aws:SecureTransport", values=["false"])],
        )
        read_by_anybody = Statement(
            sid="ReadByAnybody",
            actions=["s3:GetObject"],
            resources=["/*"],
            principals={"*": ["*"]},
            only_if=props.public_read_if,
        )
        public = [read_by_anybody] if props.public_read_if else []
        return PolicyDocument(
            self,
            "tls_only",
            statements=[self._named(each) for each in (refuse_plain_http, *props.statements, *public)],
        )

    def allow(self, statement: Statement) -> None:
        """Add a statement to the bucket's own policy; its resources are paths below the bucket."""
        self._access.add(self._named(statement))

    def _named(self, statement: Statement) -> Statement:
        """A statement whose resources are given below the bucket (``""``, ``/*``), with their ARNs."""
        return replace(statement, resources=[f"{self.arn}{path}" for path in statement.resources])

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
                    id=props.expiry_rule,
                    status="Enabled",
                    filter=[S3BucketLifecycleConfigurationRuleFilter(prefix="")],
                    expiration=(
                        [S3BucketLifecycleConfigurationRuleExpiration(days=props.expire_after_days)]
                        if props.expire_after_days is not None
                        else None
                    ),
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
