"""The emulator itself: every request of a client, through our backends or moto, to an answer.

Never 5xx, which clients would try again for minutes, unless an outage was asked for.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from threading import Lock
from typing import Any

from moto.backends import get_backend
from moto.core.exceptions import JsonRESTError, ServiceException
from moto.moto_api._internal.models import moto_api_backend

from tooling.emulator.call import Call
from tooling.emulator.identity import DEFAULT_REGION, Identity, identify
from tooling.emulator.inventory import take_inventory
from tooling.emulator.missing import MissingOperations
from tooling.emulator.moto_gateway import Missing, MotoGateway
from tooling.emulator.outage import Outage
from tooling.emulator.registry import AwsError, Backend, discover
from tooling.emulator.reply import Reply, as_json, refusal, text
from tooling.emulator.services import candidates
from tooling.emulator.store import Stores

log = logging.getLogger(__name__)

NOT_IMPLEMENTED = "NotImplementedByEmulator"
ERROR = "EmulatorError"
UNAVAILABLE = "ServiceUnavailable"

# No bucket can have this name: underscores are not allowed.
_CONTROL = "/_groundplan/"


class Emulator:
    """What answers requests, without the sockets.

    Args:
        health: What ``GET /_groundplan/health`` tells, so that a caller knows whose process answers.
        missing: Where operations that nobody implements are written down.
        moto: What answers where no backend of ours does. Default: moto.
    """

    def __init__(
        self, health: Mapping[str, object], missing: MissingOperations, moto: MotoGateway | None = None
    ) -> None:
        self._health = health
        self._missing = missing
        self._stores = Stores()
        self._backends = discover()
        self._moto = moto or MotoGateway()
        self._one_at_a_time = Lock()
        self._outage = Outage()

    def respond(
        self, environ: Mapping[str, Any], headers: Mapping[str, str], query: Mapping[str, str], body: bytes
    ) -> Reply:
        """Answer one request.

        Args:
            environ: WSGI environment; its input has been read.
            headers: Header values by lower-case name.
            query: Query values by name.
            body: The whole request body, without transfer encoding.
        """
        path: str = environ["PATH_INFO"]
        if path.startswith(_CONTROL):
            return self._control(environ["REQUEST_METHOD"], path.removeprefix(_CONTROL), body)
        identity = identify(headers, query) or _anonymous(path)
        if identity is None:
            return text(404, "this is an AWS emulator: the request is not signed for any AWS service")
        call = Call(environ, body, identity, self._stores)
        if self._outage.hits(identity):
            return _refuse_outage(call)
        try:
            reply = self._ask(call)
            self._stores.trail.record(call, reply)
            return reply
        except Missing as missing:
            return self._refuse_missing(call, str(missing))
        except Exception as error:  # noqa: BLE001
            # Whatever moto broke on: a dropped connection or a 5xx would be tried again for minutes.
            return _refuse_crash(call, error)

    def _control(self, method: str, what: str, body: bytes) -> Reply:
        if (method, what) == ("GET", "health"):
            return as_json(self._health)
        if (method, what) == ("POST", "reset"):
            moto_api_backend.reset()
            self._stores.clear()
            self._outage.region = None
            return as_json({})
        if (method, what) == ("GET", "inventory"):
            return as_json({"holdings": [asdict(holding) for holding in take_inventory(self._stores)]})
        if what == "outage" and method in ("GET", "POST", "DELETE"):
            return self._switch_outage(method, body)
        known = "GET health, GET inventory, POST reset; GET, POST and DELETE outage"
        return text(404, f"below {_CONTROL} the emulator has {known}")

    def _switch_outage(self, method: str, body: bytes) -> Reply:
        if method == "POST":
            try:
                region = json.loads(body)["region"]
            except (ValueError, KeyError, TypeError):
                region = None
            if not isinstance(region, str) or not region:
                return text(400, 'an outage is a JSON object with a region, like {"region": "us-east-1"}')
            self._outage.region = region
        elif method == "DELETE":
            self._outage.region = None
        return as_json({"region": self._outage.region})

    def _ask(self, call: Call) -> Reply:
        backend = self._backend_for(call)
        if backend is None:
            return self._moto.ask(call.environ())
        try:
            return self._ask_backend(backend, call)
        except ServiceException as error:
            # An AwsError of the backend, or what moto's own models raise when the backend asks them.
            return call.write(error)
        except JsonRESTError as error:
            return call.write(AwsError(error.error_type, error.message))

    def _ask_backend(self, backend: Backend, call: Call) -> Reply:
        operation = call.operation.name
        if (answer := backend.answer_for(operation)) and (result := answer(call)) is not None:
            return call.write(result)
        if prepare := backend.preparation_for(operation):
            prepare(call)
        if backend.is_serial(operation):
            with self._one_at_a_time:
                reply = self._moto.ask(call.environ())
        else:
            reply = self._moto.ask(call.environ())
        if reply.status >= 300:
            return reply
        if watch := backend.watch_for(operation):
            watch(call, call.read(reply))
        amend = backend.amendment_for(operation)
        return call.amended(reply, amend) if amend else reply

    def _backend_for(self, call: Call) -> Backend | None:
        # Asking which operation it is costs a model to load; most services have no backend of ours.
        if any(service in self._backends for service in candidates(call.identity.service)):
            return self._backends.get(call.operation.service)
        return None

    def _refuse_missing(self, call: Call, detail: str) -> Reply:
        operation = call.operation
        self._missing.record(operation.service, operation.name, region=call.region, account=call.account)
        message = f"the emulator has no {operation}"
        return refusal(
            operation.service, operation.protocol, NOT_IMPLEMENTED, f"{message} ({detail})" if detail else message
        )


def _refuse_crash(call: Call, error: Exception) -> Reply:
    operation = call.operation
    log.error("%s failed in account %s, %s", operation, call.account, call.region, exc_info=error)
    message = f"the emulator failed in {operation}: {type(error).__name__}: {error}"
    return refusal(operation.service, operation.protocol, ERROR, message)


def _refuse_outage(call: Call) -> Reply:
    """The one answer that clients are meant to try again, as they do when AWS is down."""
    operation = call.operation
    message = f"{call.region} is down: an outage was switched on in the emulator"
    return refusal(operation.service, operation.protocol, UNAVAILABLE, message, status=503)


def _anonymous(path: str) -> Identity | None:
    """The unsigned requests that AWS takes: public keys of a user pool, and objects of a bucket that exists."""
    if path.endswith(("/.well-known/jwks.json", "/.well-known/openid-configuration")):
        return Identity("", DEFAULT_REGION, "cognito-idp")
    bucket = path.strip("/").partition("/")[0]
    s3 = get_backend("s3")
    if owner := s3.bucket_accounts.get(bucket):
        partition, account = owner
        return Identity(account, s3[account][partition].get_bucket(bucket).region_name, "s3")
    return None
