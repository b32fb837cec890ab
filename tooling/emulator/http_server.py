"""HTTP/1.1 with connections that stay open. werkzeug's own server closes every connection after one answer."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Mapping
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from moto.moto_server.werkzeug_app import MotoRequestHandler

from tooling.emulator.reply import Reply

log = logging.getLogger(__name__)

Respond = Callable[[Mapping[str, Any], Mapping[str, str], Mapping[str, str], bytes], Reply]


class HttpServer(ThreadingHTTPServer):
    """A thread for each connection, on a socket that is bound already."""

    daemon_threads = True
    # moto's request handler is werkzeug's and asks its server for these.
    ssl_context = None
    multithread = True
    multiprocess = False
    _server_version = "groundplan-emulator"

    def __init__(self, bound: socket.socket, respond: Respond) -> None:
        super().__init__(bound.getsockname(), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = bound
        self.server_name, self.server_port = bound.getsockname()[:2]
        self.respond = respond

    def log(self, level: str, message: str, *arguments: object) -> None:
        log.log(logging.getLevelName(level.upper()), message, *arguments)


class _Handler(MotoRequestHandler):  # type: ignore[misc]  # moto is untyped here
    """Reads a request to its end before it answers, so that the next one on the connection starts where it should."""

    protocol_version = "HTTP/1.1"
    # Headers and body are two writes; the second would wait for the client's delayed acknowledgement (40 ms).
    disable_nagle_algorithm = True
    wbufsize = -1
    # A client that went away without closing must not keep its thread for ever.
    timeout = 300

    server: HttpServer

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        try:
            body = self._read_body(environ)
        except OSError:
            # Its client died while it sent: what came of it is not what was meant, so nothing is done with it.
            self.close_connection = True
            return
        headers = {key.lower(): value for key, value in self.headers.items()}
        query = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
        self._send(self.server.respond(environ, headers, query, body))

    def _read_body(self, environ: dict[str, Any]) -> bytes:
        if environ.pop("wsgi.input_terminated", False):
            # The body is handed on whole; a second reader must not look for chunks in it.
            environ.pop("HTTP_TRANSFER_ENCODING")
            chunked: bytes = environ["wsgi.input"].read()
            return chunked
        announced = int(environ.get("CONTENT_LENGTH") or 0)
        body: bytes = self.rfile.read(announced)
        if len(body) < announced:
            raise ConnectionAbortedError(f"{len(body)} of {announced} bytes came")
        return body

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        without_body = self.command == "HEAD" or reply.status in (204, 304)
        for key, value in reply.headers.items():
            # The length of a HEAD answer is that of the body it would have; any other is counted here.
            if key.lower() != "content-length" or self.command == "HEAD":
                self.send_header(key, value)
        if not without_body:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if not without_body:
            self.wfile.write(reply.body)

    def handle_expect_100(self) -> bool:
        # The client holds its body back for a second unless this line leaves the buffer now.
        going_on: bool = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Requests are many and tell nothing; what fails is logged where it fails."""
