"""What every request must pass and every answer carries: host, origin, size, token, policy.

The desk listens on the machine itself, but any page open in the same browser can send requests there:
a name that was made to point here (DNS rebinding) is refused by its Host, a foreign form by its Origin
and by the token it cannot know. Nothing here knows what a page shows.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import FormData, Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
MOST_BYTES = 64_000_000  # of a request body: uploads included
MOST_FILES = 50  # of one upload
MOST_FIELDS = 200  # of one form
MOST_PART = 10_000_000  # bytes of one pasted text
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Referrer-Policy is same-origin, not no-referrer: under that a browser sends "Origin: null" with a form.
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
SAFE = frozenset({"GET", "HEAD"})
TOO_LARGE = f"One upload may have {MOST_BYTES // 1_000_000} MB; read more from a terminal: dragoman read FILE"
FOREIGN = "This form was sent by another page. Nothing was changed; open the desk and send it there."
STALE = "This form is from an earlier run of the desk. Go back, load the page again and send it again."
READ_ONLY = "The record is open for reading only. Start the desk without --read-only to change it."


class Guard:
    """The middleware: refuses what must not come in, and marks what goes out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or answer why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-cache")
            await send(message)

        refused = find_refusal(scope["method"], Headers(scope=scope))
        if refused:
            status, reason = refused
            await PlainTextResponse(f"{reason}\n", status_code=status)(scope, receive, send_marked)
            return
        await self.app(scope, limit_body(receive), send_marked)


def find_refusal(method: str, headers: Headers) -> tuple[int, str] | None:
    """Status and reason where a request must not be answered; None where it may.

    >>> find_refusal("GET", Headers({"host": "evil.example"}))[0]
    421
    >>> find_refusal("GET", Headers({"host": "localhost:8340"})) is None
    True
    """
    host = headers.get("host", "")
    if strip_port(host) not in HOSTS:
        return 421, "The desk answers only to 127.0.0.1 and localhost; open it by that address."
    if method in SAFE:
        return None
    if method != "POST":
        return 405, "The desk knows GET and POST only."
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > MOST_BYTES:
        return 413, TOO_LARGE
    site, origin = headers.get("sec-fetch-site", "same-origin"), headers.get("origin")
    if site not in ("same-origin", "none") or (origin is not None and urlsplit(origin).netloc != host):
        return 403, FOREIGN
    return None


def strip_port(host: str) -> str:
    """The name in a Host header.

    >>> strip_port("[::1]:8340"), strip_port("localhost")
    ('[::1]', 'localhost')
    """
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()


def limit_body(receive: Receive) -> Callable[[], Awaitable[MutableMapping[str, Any]]]:
    """A `receive` that ends a body longer than MOST_BYTES, whatever its header said."""
    seen = 0

    async def receive_some() -> MutableMapping[str, Any]:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST_BYTES:
            raise HTTPException(413, TOO_LARGE)
        return message

    return receive_some


def make_token() -> str:
    """A secret of this run of the desk, written into its forms."""
    return secrets.token_urlsafe(32)


@asynccontextmanager
async def read_form(request: Request, *, is_change: bool = True) -> AsyncIterator[FormData]:
    """The fields of a form of ours; 403 without the token, or where it would change what is only read."""
    form = request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=MOST_PART)
    async with form as fields:
        token = fields.get("token")
        if not isinstance(token, str) or not hmac.compare_digest(token, request.app.state.token):
            raise HTTPException(403, STALE)
        if is_change and request.app.state.readonly:
            raise HTTPException(403, READ_ONLY)
        yield fields
