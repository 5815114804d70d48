"""Bodies that are no JSON, with a limit."""

from starlette.requests import Request

from hub.api.problems import Problem
from hub.words import worded


async def body_of(request: Request, most: int) -> bytes:
    """Return what a request brings. Raises Problem 413 for more than `most` bytes."""
    told = request.headers.get("content-length", "")
    body = bytearray()
    if not told.isdecimal() or int(told) <= most:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                break
        else:
            return bytes(body)
    raise Problem(
        413,
        "too-large",
        worded("too-large", "At most {megabytes} MB can be sent here.", megabytes=most // 1000000),
    )
