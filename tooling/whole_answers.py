"""Objects of S3 come whole or not at all, and what does not come whole is asked for again.

botocore hands the body of an object on while it still arrives. When the connection ends in the middle, nothing asks
again, and the error body of such a call (``NoSuchKey``) breaks with an exception that is not botocore's.
"""

from __future__ import annotations

import io
from typing import Any


def with_whole_answers(client: Any) -> Any:
    """The same S3 client; what it answers is read to its end, into memory, where botocore still tries again."""
    client.meta.events.register("before-send.s3", lambda request, **_: _read_whole(client, request))
    return client


def _read_whole(client: Any, request: Any) -> Any:
    from botocore.exceptions import ConnectionClosedError
    from urllib3.exceptions import HTTPError

    # An answer that is given here counts as the server's; what is raised here is tried again like a lost connection.
    answer = client._endpoint.http_session.send(request)
    try:
        content = answer.content
    except (HTTPError, OSError) as error:
        raise ConnectionClosedError(error=error, request=request, endpoint_url=request.url) from error
    answer.raw = io.BytesIO(content)
    return answer
