"""AWS's price list on loopback: it plays answers of ``GetProducts`` to a real boto3 client.

One answer is AWS's own recording: the example that botocore carries with the API's description. ``answers/*.json``
were written in the very shape of that one, since no account was asked: attributes, usage types, units and ranges are
those that public copies of the price list show, figures are those of ``prices.yaml``, and every SKU is made up and says
so.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ANSWERS = Path(__file__).with_name("answers")
Json = dict[str, Any]
Respond = Callable[[Json], "Reply"]


@dataclass(frozen=True)
class Reply:
    """What goes back over HTTP."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class PriceList:
    """A price list that answers.

    Attributes:
        endpoint: Its address.
        asked: Every request, as it came.
        targets: Which operation each request named.
        before: Replies that come first, whatever is asked.
        catalogue: All products that it has.
        page_size: How many go on a page.
    """

    endpoint: str
    asked: list[Json] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    before: list[Reply] = field(default_factory=list)
    catalogue: list[Json] = field(default_factory=list)
    page_size: int = 100

    def has(self, *names: str) -> None:
        """Take products of ``answers/`` into the catalogue."""
        for name in names:
            self.catalogue += json.loads((ANSWERS / f"{name}.json").read_text())

    def answer(self, request: Json) -> Reply:
        """As AWS does: products that match every filter, a page at a time, each a text of JSON."""
        if self.before:
            return self.before.pop(0)
        matching = [each for each in self.catalogue if _matches(each, request)]
        begin = int(request.get("NextToken", "0"))
        page: Json = {
            "FormatVersion": "aws_v1",
            "PriceList": [json.dumps(each) for each in matching[begin : begin + self.page_size]],
        }
        if begin + self.page_size < len(matching):
            page["NextToken"] = str(begin + self.page_size)
        return reply(page)


def recorded_by_aws() -> Json:
    """The answer of ``GetProducts`` in botocore's examples: io1 storage in Canada, September 2017."""
    import botocore

    examples = Path(botocore.__file__).parent / "data/pricing/2017-10-15/examples-1.json"
    answer: Json = json.loads(examples.read_text())["examples"]["GetProducts"][0]["output"]
    return answer


def reply(body: Json | bytes, status: int = 200) -> Reply:
    return Reply(status, body if isinstance(body, bytes) else json.dumps(body).encode())


def refusal(code: str, message: str = "no", status: int = 400) -> Reply:
    """An error in the shape of the protocol JSON 1.1."""
    return reply({"__type": f"com.amazonaws.pricing#{code}", "Message": message}, status)


@contextmanager
def price_list() -> Iterator[PriceList]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            served.asked.append(request)
            served.targets.append(self.headers["X-Amz-Target"])
            answer = served.answer(request)
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:
            """Not on the test's output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = PriceList(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


def _matches(product: Json, request: Json) -> bool:
    about = {**product["product"]["attributes"], "productFamily": product["product"].get("productFamily")}
    return product["serviceCode"] == request["ServiceCode"] and all(
        about.get(each["Field"]) == each["Value"] for each in request["Filters"]
    )
