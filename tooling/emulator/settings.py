"""What moto is told through its environment. It reads most of this when it is imported, so it has to be set first."""

from __future__ import annotations

import os
from collections.abc import Mapping

DEFAULT_ACCOUNT = "123456789012"
"""The account of every access key that is not itself an account id; moto's own default."""

SETTINGS: Mapping[str, str] = {
    # aws_iam_role_policy_attachment of arn:aws:iam::aws:policy/*; moto leaves them out unless asked.
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    # aws_acm_certificate_validation would wait 60 s for a certificate that has nothing to prove here.
    "MOTO_ACM_VALIDATION_WAIT": "0",
    # Another account's bucket is refused, as on AWS where no policy grants it.
    "MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS": "false",
    # moto would answer every origin with "*", which hides what a bucket's own CORS rules allow.
    "MOTO_DISABLE_GLOBAL_CORS": "true",
    # Functions do not run here. Where Docker is installed, moto would fetch images and run them in containers.
    "DOCKER_HOST": "unix:///nonexistent/groundplan-emulator-runs-no-functions",
}


def server_environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment of the server process.

    AWS settings of the caller are dropped: a profile that does not exist stops botocore inside moto, an endpoint would
    point the emulator at itself. ``MOTO_ACCOUNT_ID`` would put every account into one.
    """
    kept = {key: value for key, value in inherited.items() if not key.startswith(("AWS_", "MOTO_"))}
    return {**kept, **SETTINGS}


def apply() -> None:
    """Make this process's environment the server's. To be called before moto is imported."""
    wanted = server_environment(os.environ)
    for key in set(os.environ) - set(wanted):
        del os.environ[key]
    os.environ.update(wanted)
