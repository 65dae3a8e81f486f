import time

import pytest

from dragoman.acquire.fetch import fetch_url, is_public
from dragoman.acquire.item import Limits
from dragoman.errors import FetchError

OPEN = Limits(allow_private=True, fetch_seconds=5)
PRIVATE = (
    "http://127.0.0.1/",
    "http://localhost/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0/",
    "http://10.1.2.3/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://224.0.0.1/",
    "http://[64:ff9b::7f00:1]/",
    "http://[fe80::1]/",
)


def test_fetch_url_gives_page_and_type(server: str) -> None:
    payload = fetch_url(f"{server}/page", limits=OPEN)
    assert b"Orla Venn" in payload.raw
    assert (payload.media_type, payload.charset) == ("text/html", "utf-8")


def test_fetch_url_follows_redirect(server: str) -> None:
    assert fetch_url(f"{server}/redirect", limits=OPEN).url == f"{server}/page"


@pytest.mark.parametrize("url", PRIVATE)
def test_fetch_url_refuses_private_address(url: str) -> None:
    with pytest.raises(FetchError, match="private address"):
        fetch_url(url, limits=Limits(fetch_seconds=2))


def test_fetch_url_refuses_redirect_to_a_private_address(server: str) -> None:
    limits = Limits(fetch_seconds=5)
    assert fetch_url(f"{server}/page", limits=limits, allowed=("127.0.0.1",)).raw
    with pytest.raises(FetchError, match=r"private address 127\.0\.0\.2"):
        fetch_url(f"{server}/inward", limits=limits, allowed=("127.0.0.1",))


def test_fetch_url_refuses_redirect_to_a_file(server: str) -> None:
    with pytest.raises(FetchError):
        fetch_url(f"{server}/file", limits=OPEN)


@pytest.mark.parametrize(
    ("path", "words"),
    [("nothing", "404"), ("loop", "redirects"), ("strange", "'br'"), ("bomb", "bytes"), ("endless", "bytes")],
)
def test_fetch_url_says_what_is_wrong(server: str, path: str, words: str) -> None:
    with pytest.raises(FetchError, match=words):
        fetch_url(f"{server}/{path}", limits=Limits(allow_private=True, max_bytes=1_000_000, fetch_seconds=5))


@pytest.mark.parametrize("path", ["drip", "slowhead"])
def test_fetch_url_ends_with_the_time_though_the_server_drips(server: str, path: str) -> None:
    begun = time.monotonic()
    with pytest.raises(FetchError, match=r"within 0\.4 seconds"):
        fetch_url(f"{server}/{path}", limits=Limits(allow_private=True, fetch_seconds=0.4))
    assert time.monotonic() - begun < 2


def test_fetch_url_does_not_use_a_proxy(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert fetch_url(f"{server}/page", limits=OPEN).raw


@pytest.mark.parametrize("url", ["http://", "http://a b/", "http://x.invalid/", "gopher://x/", "http://[::/"])
def test_fetch_url_names_a_bad_address(url: str) -> None:
    with pytest.raises(FetchError):
        fetch_url(url, limits=Limits(fetch_seconds=2))


@pytest.mark.parametrize("address", ["ff02::1", "2002:7f00:1::", "::", "64:ff9b:1::1", "0.0.0.0"])
def test_is_public_refuses_what_leads_inside(address: str) -> None:
    assert not is_public(address)
