"""Who may ask the desk for what: host, origin, token, size, policy."""

import pytest
from lxml import html as parser
from starlette.datastructures import Headers

from dragoman.desk import guard
from tests.desk.conftest import get_token, open_client

PAGES = ("/", "/articles", "/a/1", "/engagements", "/entities", "/said", "/claims", "/timeline", "/network")
PAGES += (
    "/map",
    "/search?q=met",
    "/add",
    "/jobs",
    "/history",
    "/keys",
    "/about",
    "/nothing",
    "/static/desk.css",
)


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_carries_the_policy(client, page):
    headers = client.get(page).headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy and policy.startswith("default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("page", PAGES[:-1])
def test_no_page_has_inline_style_script_or_foreign_resources(client, page):
    tree = parser.document_fromstring(client.get(page).text)
    assert not tree.xpath("//style | //script[not(@src)] | //iframe | //object | //*[@style]")
    assert not tree.xpath('//@*[starts-with(name(), "on")]')
    loaded = tree.xpath("//@src | //link[@rel != 'alternate']/@href")
    assert loaded and all(link.startswith(("/static/", "/a/", "data:,")) for link in loaded)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "169.254.1.1", ""])
def test_foreign_host_is_refused(client, host):
    assert client.get("/articles", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8340", "localhost", "[::1]:1"])
def test_own_host_is_answered(client, host):
    assert client.get("/keys", headers={"host": host}).status_code == 200


def list_post_paths(client):
    routes = [route for route in client.app.routes if hasattr(route, "methods")]
    found = {route.path for route in routes if "POST" in route.methods}
    for included in client.app.routes:
        inner = getattr(included, "original_router", None)
        found |= {r.path for r in getattr(inner, "routes", ()) if "POST" in getattr(r, "methods", ())}
    return sorted(found)


def test_every_post_wants_the_token(own):
    paths = list_post_paths(own)
    assert len(paths) >= 3
    for path in paths:
        for token in ({}, {"token": "guessed"}):
            answer = own.post(path, data={"text": "They met in Oslo.", **token}, follow_redirects=False)
            assert answer.status_code == 403
    assert own.app.state.jobs.newest() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_form_of_another_page_is_refused_even_with_the_token(own, headers):
    data = {"text": "The ministers met in Oslo.", "token": get_token(own)}
    answer = own.post("/add/text", data=data, headers=headers, follow_redirects=False)
    assert answer.status_code == 403
    assert own.app.state.jobs.newest() == []


def test_own_form_is_taken(own):
    data = {"text": "The ministers of the two countries met in Oslo.", "token": get_token(own)}
    headers = {"origin": "http://127.0.0.1", "sec-fetch-site": "same-origin"}
    answer = own.post("/add/text", data=data, headers=headers, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/jobs/1")


def test_other_methods_are_refused(client):
    assert client.delete("/a/1").status_code == 405


def test_large_body_is_refused_by_its_header():
    headers = Headers({"host": "localhost", "content-length": str(guard.MOST_BYTES + 1)})
    assert guard.find_refusal("POST", headers) == (413, guard.TOO_LARGE)


def test_large_body_is_refused_whatever_its_header_says(own):
    body = iter([b"x" * 1_000_000] * (guard.MOST_BYTES // 1_000_000 + 2))
    answer = own.post("/add/files", content=body, headers={"content-type": "multipart/form-data; boundary=b"})
    assert answer.status_code in (400, 413)


def test_readonly_desk_browses_and_says_so(filled):
    with open_client(filled, readonly=True) as client:
        assert "read only" in client.get("/articles").text
        token = client.app.state.token
        answer = client.post("/add/text", data={"text": "They met.", "token": token})
        assert answer.status_code == 403 and "--read-only" in answer.text
