"""A web server on this machine whose paths misbehave in every way a page can."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

PAGE = b"""<html><head><title>Ferry agreed | Reed Post</title>
<meta property="og:site_name" content="Reed Post"><meta property="og:title" content="Ferry agreed">
<meta property="article:published_time" content="2022-09-22T08:00:00+00:00"></head><body>
<nav><a href="/">Home</a> <a href="/p">Politics</a></nav><h1>Ferry agreed</h1><article>
<p>The envoy of Norland, Orla Venn, met the governor of Quba, Tarik Solm, on Tuesday about the ferry.</p>
<p>They agreed that the boat would run twice a week, and the school be opened before winter.</p>
</article></body></html>"""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name = self.path.strip("/").split("?")[0] or "page"
        try:
            getattr(self, f"send_{name}", self.send_missing)()
        except (BrokenPipeError, ConnectionResetError):
            return

    def log_message(self, *args: object) -> None:
        return

    def answer(self, body: bytes, kind: str = "text/html", **headers: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def send_page(self) -> None:
        self.answer(PAGE, "text/html; charset=utf-8")

    def send_missing(self) -> None:
        self.send_error(404)

    def send_redirect(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/page")
        self.end_headers()

    def send_inward(self) -> None:
        self.send_response(302)
        self.send_header("Location", f"http://127.0.0.2:{self.headers['Host'].split(':')[1]}/page")
        self.end_headers()

    def send_loop(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/loop")
        self.end_headers()

    def send_file(self) -> None:
        self.send_response(302)
        self.send_header("Location", "file:///etc/hostname")
        self.end_headers()

    def send_bomb(self) -> None:
        self.answer(gzip.compress(bytes(20_000_000)), Content_Encoding="gzip")

    def send_strange(self) -> None:
        self.answer(b"abc", Content_Encoding="br")

    def send_endless(self) -> None:
        self.answer(b"")
        while True:
            self.wfile.write(b"word " * 20_000)

    def send_drip(self) -> None:
        self.answer(b"")
        for _ in range(100):
            self.wfile.write(b"w")
            self.wfile.flush()
            time.sleep(0.05)

    def send_slowhead(self) -> None:
        for _ in range(100):
            self.wfile.write(b"H")
            self.wfile.flush()
            time.sleep(0.05)

    def send_feed(self) -> None:
        host = self.headers["Host"]
        links = "".join(
            f"<item><title>Entry {n}</title><link>http://{host}/page?{n}</link></item>" for n in range(3)
        )
        self.answer(
            f'<rss version="2.0"><channel><title>F</title>{links}</channel></rss>'.encode(), "text/xml"
        )


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the server, without a slash at its end."""
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()
    thread.join()
