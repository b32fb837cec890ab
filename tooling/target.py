"""Where calls go: AWS, or the emulator on loopback. Nothing else in the toolkit tells them apart."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tooling.errors import Exit, ToolError
from tooling.whole_answers import with_whole_answers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tooling.environment.config import EnvironmentConfig
    from tooling.workspace import Workspace

EMULATOR_VARIABLE = "EMULATOR"
USER_VARIABLE = "EMULATOR_USER"
ENDPOINT_VARIABLE = "EMULATOR_ENDPOINT"
# Whatever the user's shell holds for AWS must not leak into a run on the emulator.
_FOREIGN = frozenset(
    {
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_SESSION_TOKEN",
        "AWS_ROLE_ARN",
        "AWS_ROLE_SESSION_NAME",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    }
)

ATTEMPTS_VARIABLE = "AWS_MAX_ATTEMPTS"
MODE_VARIABLE = "AWS_RETRY_MODE"


@dataclass(frozen=True)
class Patience:
    """How long clients go on trying (docs/gotchas.md has the reasons and what was measured).

    Attributes:
        attempts: Tries of one call, the first included: of boto3, and of Terraform's state in S3.
        mode: ``standard``, or ``adaptive``: standard, and once throttled all calls of the client slow down.
        connect, read: Seconds that boto3 waits for a connection and for an answer.
    """

    attempts: int
    mode: str
    connect: float
    read: float


# AWS throttles an account for minutes at a time; the emulator either answers at once or is gone.
ON_AWS = Patience(attempts=10, mode="adaptive", connect=10, read=60)
ON_EMULATOR = Patience(attempts=5, mode="standard", connect=5, read=30)
# boto3 has a third, legacy, which the SDK of Terraform refuses.
_MODES = ("standard", "adaptive")


@dataclass
class _Clients:
    """boto3's clients of one target, each made once: making one takes longer than most calls, and has megabytes."""

    _made: dict[tuple[object, ...], Any] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: tuple[object, ...], make: Callable[[], Any]) -> Any:
        with self._lock:
            if key not in self._made:
                self._made[key] = make()
            return self._made[key]


@dataclass(frozen=True)
class Target:
    """Where an environment's calls go.

    Attributes:
        name: ``aws`` or ``emulator``.
        endpoint: The emulator's address; None for AWS.
        environ: The whole environment for processes and clients.
        region: The environment's region.
        account_id: The environment's account.
    """

    name: str
    endpoint: str | None
    environ: Mapping[str, str]
    region: str
    account_id: str
    _clients: _Clients = field(default_factory=_Clients, init=False, repr=False, compare=False)

    @property
    def emulated(self) -> bool:
        return self.endpoint is not None

    @property
    def patience(self) -> Patience:
        """The target's own, with what the user set for boto3 and Terraform alike."""
        return _asked_for(ON_EMULATOR if self.emulated else ON_AWS, self.environ)

    def client(
        self, service: str, region: str | None = None, *, retries: int | None = None, read: float | None = None
    ) -> Any:
        """A boto3 client of this target (typed loosely: boto3 makes its clients at run time).

        Who asks for the same once more gets the same client: all threads and stacks share it, and its connections.

        Args:
            service: In boto3's spelling.
            region: Default: the target's.
            retries: How often a call is tried again. Default: as the target's patience has it.
            read: Seconds to wait for an answer. Default: likewise.
        """
        where = region or self.region
        return self._clients.get((service, where, retries, read), lambda: self._make(service, where, retries, read))

    def _make(self, service: str, region: str, retries: int | None, read: float | None) -> Any:
        import boto3
        import botocore.session
        from botocore.config import Config

        patience = self.patience
        settings = Config(
            connect_timeout=patience.connect,
            read_timeout=patience.read if read is None else read,
            retries={
                "total_max_attempts": patience.attempts if retries is None else retries + 1,
                "mode": patience.mode,
            },
        )
        options: dict[str, Any] = {"region_name": region, "config": settings}
        if self.endpoint is not None:
            options["endpoint_url"] = self.endpoint
            options["aws_access_key_id"] = self.environ["AWS_ACCESS_KEY_ID"]
            options["aws_secret_access_key"] = self.environ["AWS_SECRET_ACCESS_KEY"]
        session = botocore.session.Session()
        session.register_component("data_loader", _descriptions())
        session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=moment)
        client = boto3.session.Session(botocore_session=session).client(service, **options)
        return with_whole_answers(client) if service == "s3" else client


@cache
def _descriptions() -> Any:
    """Descriptions of AWS's services, read once: else that is most of the time that making a client takes."""
    import botocore.session

    return botocore.session.Session().get_component("data_loader")


def moment(told: Any) -> datetime:
    """A time that a service tells.

    botocore tries every way in which anybody ever wrote one: of a listing that is most of the time it takes to read it.
    """
    from botocore.utils import parse_timestamp

    if isinstance(told, str) and told.endswith("Z"):
        with suppress(ValueError):
            return datetime.fromisoformat(told)
    known: datetime = parse_timestamp(told)
    return known


def wants_emulator(config: EnvironmentConfig, environ: Mapping[str, str] | None = None) -> bool:
    """Whether an environment runs on the emulator: by its own setting, or since EMULATOR=1 is set."""
    own = os.environ if environ is None else environ
    return config.target == "emulator" or own.get(EMULATOR_VARIABLE, "") not in ("", "0", "false")


def choose_target(
    workspace: Workspace, env: str, config: EnvironmentConfig, environ: Mapping[str, str] | None = None
) -> Target:
    """The target of an environment: its ``target`` setting, or the emulator when EMULATOR=1 is set.

    Raises:
        ToolError: The emulator is asked for and does not run, or AWS is meant and the shell names
            another region.
    """
    own = dict(os.environ if environ is None else environ)
    if wants_emulator(config, own):
        return _emulator(workspace, config, own)
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        if own.get(variable) and own[variable] != config.region:
            raise ToolError(
                f"{variable} is {own[variable]}, the environment is in {config.region}",
                where=f"envs/{env}/env.toml",
                hint=f"unset {variable}, or choose the environment that you mean",
            )
    own["AWS_REGION"] = config.region
    return Target("aws", None, own | _patience(ON_AWS, own), config.region, config.account_id)


def _emulator(workspace: Workspace, config: EnvironmentConfig, own: dict[str, str]) -> Target:
    from tooling.emulator.process import status

    running = status(workspace.emulator_home)
    if running is None:
        raise ToolError("the emulator is not running", hint="start it: groundplan emulator up")
    endpoint = _loopback(own.get(ENDPOINT_VARIABLE) or running.endpoint)
    environ = {key: value for key, value in own.items() if key not in _FOREIGN}
    environ |= {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": _emulated_key(config.account_id, own.get(USER_VARIABLE, "")),
        "AWS_SECRET_ACCESS_KEY": "emulator",
        "AWS_REGION": config.region,
        "AWS_DEFAULT_REGION": config.region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        **_patience(ON_EMULATOR, own),
    }
    return Target("emulator", endpoint, environ, config.region, config.account_id)


def _patience(own: Patience, environ: Mapping[str, str]) -> dict[str, str]:
    """How Terraform's clients try again."""
    patience = _asked_for(own, environ)
    return {ATTEMPTS_VARIABLE: str(patience.attempts), MODE_VARIABLE: patience.mode}


def _asked_for(own: Patience, environ: Mapping[str, str]) -> Patience:
    """A target's own patience, but for what the user's shell says of attempts and mode."""
    attempts, mode = environ.get(ATTEMPTS_VARIABLE) or str(own.attempts), environ.get(MODE_VARIABLE) or own.mode
    if not attempts.isdecimal() or int(attempts) < 1:
        raise ToolError(
            f"'{attempts}' is no number of attempts", where=ATTEMPTS_VARIABLE, hint="1 or more", exit_code=Exit.USAGE
        )
    if mode not in _MODES:
        raise ToolError(
            f"Terraform knows no retry mode '{mode}'",
            where=MODE_VARIABLE,
            hint=f"use one of {', '.join(_MODES)}, or unset it",
            exit_code=Exit.USAGE,
        )
    return replace(own, attempts=int(attempts), mode=mode)


def _loopback(endpoint: str) -> str:
    """What leads to the emulator by another way, as a proxy that disturbs it, is on this machine too."""
    if not is_loopback(endpoint):
        raise ToolError(
            f"{endpoint} is not on loopback: the emulator's credentials and state go nowhere else",
            where=ENDPOINT_VARIABLE,
            hint="give it like http://127.0.0.1:4566, or unset it",
            exit_code=Exit.USAGE,
        )
    return endpoint.rstrip("/")


def is_loopback(address: str) -> bool:
    """Whether an address is ``http://`` of this machine itself."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
    return here and parts.scheme == "http" and port is not None and parts.path in ("", "/") and not parts.query


def _emulated_key(account: str, user: str) -> str:
    """The emulator takes an access key of twelve digits for the account itself, with a name behind it for a user."""
    from tooling.emulator.identity import user_key

    if not user:
        return account
    try:
        return user_key(account, user)
    except ValueError as error:
        raise ToolError(str(error), where=USER_VARIABLE, hint="choose another", exit_code=Exit.USAGE) from error


def check_identity(target: Target, env: str) -> str:
    """Ask who we are before Terraform starts.

    Returns:
        The caller's ARN.

    Raises:
        ToolError: No credentials, expired or refused ones, no answer, or the credentials of another account.
    """
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    try:
        answer = target.client("sts").get_caller_identity()
    except NoCredentialsError as error:
        raise ToolError(
            "there are no AWS credentials",
            where=env,
            hint="set AWS_PROFILE or run `aws sso login`; without an account: EMULATOR=1",
        ) from error
    except ClientError as error:
        code = error.response["Error"]["Code"]
        expired = code in ("ExpiredToken", "ExpiredTokenException", "RequestExpired")
        raise ToolError(
            "the AWS credentials have expired" if expired else f"AWS refused the credentials ({code})",
            where=env,
            hint="renew them (`aws sso login`, or new keys) and run again",
        ) from error
    except BotoCoreError as error:
        raise ToolError(
            f"no answer from AWS STS: {error}",
            where=env,
            hint="check the network, the profile and AWS_ENDPOINT_URL",
        ) from error
    account = str(answer["Account"])
    if account != target.account_id:
        raise ToolError(
            f"the credentials are of account {account}, the environment is account {target.account_id}",
            where=f"envs/{env}/env.toml",
            hint="choose the right AWS_PROFILE; nothing was started",
        )
    return str(answer["Arn"])
