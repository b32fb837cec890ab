"""moto behind one function: a call in, its answer out, and one exception for what moto does not have."""

from __future__ import annotations

import re
from typing import Any

import flask
from botocore.model import OperationNotFoundError
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import HTTPException

from tooling.emulator.reply import Reply

_UNROUTED = "x-groundplan-unrouted"
_SAYS_NOTHING_MORE = re.compile(r"The \S* ?action has not been implemented")


class Missing(Exception):
    """moto has no such operation. The text says more when moto does, else it is empty."""


class Crashed(Exception):
    """moto answered with a server error, which every SDK would try again. The text is what it answered."""


class MotoGateway:
    """moto's own WSGI application, asked in this process.

    Its Flask applications run in debug mode and let exceptions through; that is what tells an operation that moto
    lacks (``NotImplementedError``) from one that failed.

    Args:
        application: WSGI application to ask. Default: moto's.
    """

    def __init__(self, application: Any = None) -> None:
        self._dispatch = application or DomainDispatcherApplication(_application)

    def ask(self, environ: dict[str, Any]) -> Reply:
        """moto's answer.

        Raises:
            Missing: No service, path or method of moto's takes the request.
            Crashed: moto answered 5xx.
            Exception: Whatever moto broke on.
        """
        try:
            reply = self._call(environ)
        except NotImplementedError as error:
            raise Missing("" if _SAYS_NOTHING_MORE.match(str(error)) else str(error)) from error
        except OperationNotFoundError as error:
            raise Missing("") from error
        if _is_unknown(reply, environ["REQUEST_METHOD"]):
            raise Missing("")
        if reply.status >= 500:
            raise Crashed(reply.body.decode(errors="replace")[:2000])
        return reply

    def _call(self, environ: dict[str, Any]) -> Reply:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            started.append((status, headers))

        chunks = self._dispatch(environ, start_response)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        status, headers = started[-1]
        return Reply(int(status.split()[0]), dict(headers), body)


def _application(service: Any) -> flask.Flask:
    if service is None:
        raise NotImplementedError
    application: flask.Flask = create_backend_app(service)
    application.register_error_handler(HTTPException, _mark_unrouted)
    return application


def _mark_unrouted(error: HTTPException) -> Any:
    """Tell "no such path" from "no such resource": both are 404, and only the first comes from the router."""
    if flask.request.routing_exception is None:
        return error
    return flask.Response("", status=404, headers={_UNROUTED: "1"})


def _is_unknown(reply: Reply, method: str) -> bool:
    # moto answers an address that its models do not know with a bare 404; a resource that is gone has an error to read.
    bare = reply.status == 404 and not reply.body and method != "HEAD"
    return _UNROUTED in reply.headers or reply.status == 501 or bare
