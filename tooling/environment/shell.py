"""Account and region that an ``env.toml`` leaves to the shell, by the names that CI and the CDK give them."""

from __future__ import annotations

from collections.abc import Mapping

# The first that is set counts.
VARIABLES = {
    "account_id": ("AWS_ACCOUNT_ID", "CDK_DEFAULT_ACCOUNT"),
    "region": ("AWS_REGION", "AWS_DEFAULT_REGION", "CDK_DEFAULT_REGION"),
}


def from_shell(data: Mapping[str, object], environ: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Variable and value of each setting that a file leaves out and the shell knows.

    >>> from_shell({"region": "us-east-1"}, {"CDK_DEFAULT_ACCOUNT": "111122223333", "AWS_REGION": "eu-west-1"})
    {'account_id': ('CDK_DEFAULT_ACCOUNT', '111122223333')}
    """
    found = {}
    for setting, variables in VARIABLES.items():
        variable = next((one for one in variables if environ.get(one)), None)
        if setting not in data and variable is not None:
            found[setting] = (variable, environ[variable])
    return found
