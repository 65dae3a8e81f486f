"""Pages from the web, without becoming a way into the reader's own network.

A name is resolved once, every address it has must be public, and the connection goes to that very
address; redirects pass the same gate because each opens a connection. Time and size are limited as a
whole, so that neither a dripping server nor a compressed bomb holds a batch up.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import httpcore2
import httpx2

from dragoman.acquire.item import Limits, Payload
from dragoman.errors import FetchError

MAX_REDIRECTS = 5
AGENT = "dragoman/0.1 (reads news articles)"
NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
ENCODINGS = ("", "identity", "gzip", "deflate")

FAILURES = (
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.UnsupportedProtocol,
    OSError,
    ValueError,
)


class RefusedError(Exception):
    """An address that is not public; becomes a FetchError with the whole address."""


def fetch_url(url: str, *, limits: Limits, allowed: Sequence[str] = ()) -> Payload:
    """What the address answers, decoded; raises FetchError, one line saying why and what to do.

    `limits.allow_private` lets addresses of this machine and its network through, `allowed` single
    ones. Proxies of the
    environment are not used, because they would pass by the gate.
    """
    deadline = time.monotonic() + limits.fetch_seconds
    transport = GuardTransport(deadline, allow_private=limits.allow_private, allowed=allowed)
    headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip, deflate"}
    try:
        with (
            httpx2.Client(
                transport=transport,
                trust_env=False,
                follow_redirects=True,
                max_redirects=MAX_REDIRECTS,
                timeout=limits.fetch_seconds,
                headers=headers,
            ) as client,
            client.stream("GET", url) as response,
        ):
            return _read_response(response, url, limits, deadline)
    except RefusedError as exc:
        raise FetchError(
            f"{url} is not fetched: {exc}; allow private addresses to read it", source=url
        ) from exc
    except (httpx2.TimeoutException, httpcore2.TimeoutException) as exc:
        raise FetchError(_explain_slow(url, limits), source=url) from exc
    except FAILURES as exc:
        raise FetchError(f"{url} cannot be fetched ({_name(exc)}); check the address", source=url) from exc


def _read_response(response: httpx2.Response, url: str, limits: Limits, deadline: float) -> Payload:
    if response.status_code != 200:
        raise FetchError(f"{url} answers {response.status_code}; check the address", source=url)
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ENCODINGS:
        raise FetchError(
            f"{url} is packed as {encoding!r}, which was not asked for; save the page", source=url
        )
    held, size = [], 0
    for chunk in response.iter_bytes():  # without a size: with one it waits until a chunk is full
        size += len(chunk)
        held.append(chunk)
        if size > limits.max_bytes:
            raise FetchError(
                f"{url} has over {limits.max_bytes} bytes; raise the size limit to read it", source=url
            )
        if time.monotonic() > deadline:
            raise FetchError(_explain_slow(url, limits), source=url)
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Payload(
        raw=b"".join(held), media_type=media_type, charset=response.charset_encoding, url=str(response.url)
    )


def _explain_slow(url: str, limits: Limits) -> str:
    return (
        f"{url} did not answer in full within {limits.fetch_seconds:g} seconds; try again or raise the limit"
    )


def _name(exc: Exception) -> str:
    return str(exc).strip().splitlines()[0] if str(exc).strip() else type(exc).__name__


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet.

    Multicast and NAT64 count as global in Python; both can reach the inside of a network.

    >>> is_public("93.184.215.14"), is_public("127.0.0.1"), is_public("64:ff9b::7f00:1")
    (True, False, False)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in NAT64):
            return False
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class GuardBackend(httpcore2.NetworkBackend):
    """Opens connections to public addresses only, each with what is left of the time."""

    def __init__(self, deadline: float, *, allow_private: bool, allowed: Sequence[str] = ()) -> None:
        self.deadline = deadline
        self.allow_private = allow_private
        self.allowed = allowed
        self.sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """A stream to the first address of `host` that answers; raises RefusedError if any is private."""
        failure: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in self._resolve(host, port):
            try:
                stream = self.sockets.connect_tcp(
                    address, port, _left(self.deadline), local_address, socket_options or ()
                )
            except httpcore2.ConnectError as exc:
                failure = exc
                continue
            return TimedStream(stream, self.deadline)
        raise failure

    def _resolve(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as exc:
            raise httpcore2.ConnectError(f"no address is known for {host}") from exc
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        private = [each for each in addresses if not is_public(each) and each not in self.allowed]
        if private and not self.allow_private:
            raise RefusedError(f"{host} is the private address {private[0]}")
        return addresses

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.NetworkStream:
        """Refused: a page is never behind a socket of this machine."""
        raise RefusedError(f"{path} is a socket of this machine")

    def sleep(self, seconds: float) -> None:
        """Wait between two tries; never more than is left of the time."""
        time.sleep(min(seconds, _left(self.deadline)))


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("the time is up")
    return left


class TimedStream(httpcore2.NetworkStream):
    """A connection whose every wait ends at one deadline, so that dripping does not renew it."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self.stream = stream
        self.deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes."""
        return self.stream.read(max_bytes, _left(self.deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send the bytes."""
        self.stream.write(buffer, _left(self.deadline))

    def close(self) -> None:
        """End the connection."""
        self.stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The same connection, encrypted; the certificate is checked against the name, not the address."""
        inner = self.stream.start_tls(ssl_context, server_hostname, _left(self.deadline))
        return TimedStream(inner, self.deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the connection knows of itself."""
        return self.stream.get_extra_info(info)


class _Body(httpx2.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self.stream

    def close(self) -> None:
        with contextlib.suppress(AttributeError):
            self.stream.close()


class GuardTransport(httpx2.BaseTransport):
    """httpx2's way to the network, through the gate above."""

    def __init__(self, deadline: float, *, allow_private: bool, allowed: Sequence[str] = ()) -> None:
        self.pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(trust_env=False),
            network_backend=GuardBackend(deadline, allow_private=allow_private, allowed=allowed),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer to one request; only http and https have a way through."""
        if request.url.scheme not in ("http", "https"):
            raise RefusedError(f"{request.url.scheme}: is not http or https")
        answer = self.pool.handle_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            answer.status, headers=answer.headers, stream=_Body(answer.stream), extensions=answer.extensions
        )

    def close(self) -> None:
        """Close every connection."""
        self.pool.close()
