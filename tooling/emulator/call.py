"""One AWS request as backends see it: named parameters in, named answer out, whatever the protocol."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from botocore.parsers import create_parser
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request
from moto.core.serialize import get_serializer_class

from tooling.emulator.identity import Identity, account_of
from tooling.emulator.operations import Operation, resolve
from tooling.emulator.reply import Reply, as_json
from tooling.emulator.store import Stores
from tooling.emulator.trail import Trail


class Call:
    """One request to one operation.

    Attributes:
        identity: Who calls, and for which region and service.
        account: Account that the call acts in.
        operation: What it asks for.
        body: What moto will read; a backend may replace it before moto is asked.
    """

    def __init__(self, environ: Mapping[str, Any], body: bytes, identity: Identity, stores: Stores) -> None:
        self.identity = identity
        self.account = account_of(identity.access_key)
        self.region = identity.region
        self.body = body
        self._environ = environ
        self._received = body
        self._stores = stores

    @cached_property
    def operation(self) -> Operation:
        return resolve(self.identity.service, self.request())

    @cached_property
    def params(self) -> Mapping[str, Any]:
        """What the client asked with, in boto3's names. Times are UTC without a zone."""
        request = self.request()
        parser = PROTOCOL_PARSERS[self.operation.protocol](self._model())
        parsed: Mapping[str, Any] = parser.parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": self._received,
                "url_path": request.path,
                "url_params": dict(self.operation.path_parameters),
            }
        )
        return parsed

    @property
    def method(self) -> str:
        return str(self._environ["REQUEST_METHOD"])

    @property
    def path(self) -> str:
        return str(self._environ["PATH_INFO"])

    @property
    def target(self) -> str:
        """The operation as the JSON protocols name it in a header; empty for the others."""
        return str(self._environ.get("HTTP_X_AMZ_TARGET", ""))

    @property
    def trail(self) -> Trail:
        """What was written in this emulator, in every account."""
        return self._stores.trail

    def to_remember(self) -> Call:
        """The same call without what belongs to its connection, and as it was sent."""
        kept = {key: value for key, value in self._environ.items() if isinstance(value, str)}
        return Call(kept, self._received, self.identity, self._stores)

    def store(self, name: str) -> dict[Any, Any]:
        """What a backend remembers for this account and region; emptied by a reset."""
        return self._stores.of(self.account, self.region, name)

    def account_store(self, name: str) -> dict[Any, Any]:
        """What a backend remembers for this account in every region (S3 and other global services)."""
        return self._stores.of(self.account, "", name)

    def arn(self, resource: str) -> str:
        """The ARN of a resource of this call's account and region."""
        return f"arn:aws:{self.identity.service}:{self.region}:{self.account}:{resource}"

    def environ(self) -> dict[str, Any]:
        """A WSGI environment for moto, told which account acts through the header that moto has for it."""
        return {
            **self._environ,
            "wsgi.input": io.BytesIO(self.body),
            "CONTENT_LENGTH": str(len(self.body)),
            "HTTP_X_MOTO_ACCOUNT_ID": self.account,
        }

    def request(self) -> Request:
        """The request as it came, for moto's router and parsers."""
        received = {"wsgi.input": io.BytesIO(self._received), "CONTENT_LENGTH": str(len(self._received))}
        return Request({**self._environ, **received})

    def named(self, wire: Mapping[str, Any]) -> dict[str, Any]:
        """What moto's models answer in the words of JSON, in boto3's names."""
        return self.read(as_json(wire))

    def write(self, result: Mapping[str, Any] | Exception) -> Reply:
        """Write an answer in boto3's names, or an error, the way the operation's protocol wants it."""
        serializer = get_serializer_class(self.operation.service, self.operation.protocol)
        written = serializer(operation_model=self._model()).serialize(result)
        body = written["body"]
        return Reply(written["status_code"], written["headers"], body.encode() if isinstance(body, str) else body)

    def amended(self, reply: Reply, amend: Callable[[Call, dict[str, Any]], None]) -> Reply:
        """moto's answer with what ``amend`` makes of it."""
        answer = self.read(reply)
        amend(self, answer)
        rewritten = self.write(answer)
        # moto's answer may have another status than the model says (201 for 200) and headers that no model has.
        return Reply(reply.status, {**_without_body(reply.headers), **rewritten.headers}, rewritten.body)

    def read(self, reply: Reply) -> dict[str, Any]:
        """An answer of moto's in boto3's names."""
        parser = create_parser(self.operation.protocol)
        headers = {key.lower(): value for key, value in reply.headers.items()}
        response = {"status_code": reply.status, "headers": headers, "body": reply.body, "context": {}}
        answer: dict[str, Any] = parser.parse(response, self._model().output_shape)
        answer.pop("ResponseMetadata", None)
        return answer

    def _model(self) -> OperationModel:
        # Backends are registered for operations that have a model (registry.Backend checks), so it is there.
        assert self.operation.model is not None
        return self.operation.model


# What a header tells about the body it came with; the checksum is DynamoDB's, and boto3 compares it.
_OF_BODY = ("content-length", "content-type", "x-amz-crc32")


def _without_body(headers: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key.lower() not in _OF_BODY}
