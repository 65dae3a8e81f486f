"""Adding by form, without script: pasted, uploaded, by address; what fails says why."""

import pytest

from tests.desk.conftest import get_token

GOOD = "The ministers of the two countries met in Oslo on Tuesday and signed nothing."


def post(client, kind, data=None, files=None):
    data = {"token": get_token(client), **(data or {})}
    return client.post(f"/add/{kind}", data=data, files=files, follow_redirects=False)


def read_job(client):
    client.app.state.jobs.wait()
    return client.get("/jobs/1").text


def test_pasted_text_is_read_and_kept(own):
    answer = post(own, "text", {"text": GOOD, "title": "Nothing signed", "published": "2021-03-05"})
    assert answer.headers["location"] == "/jobs/1"
    assert "1 read" in read_job(own)
    listed = own.get("/articles").text
    assert "Nothing signed" in listed and "5 March 2021" in listed
    post(own, "text", {"text": GOOD, "title": "Nothing signed", "published": "2021-03-05"})
    own.app.state.jobs.wait()
    assert "in the record already" in own.get("/jobs/2").text


def test_uploads_are_read_and_each_failure_says_why(own):
    files = [
        ("files", ("a.txt", GOOD.encode(), "text/plain")),
        ("files", ("../../b.txt", GOOD.replace("Oslo", "Riga").encode(), "text/plain")),
        ("files", ("empty.txt", b"", "text/plain")),
        ("files", ("c.txt", GOOD.replace("Oslo", "TEST-RAISE").encode(), "text/plain")),
    ]
    post(own, "files", files=files)
    job = read_job(own)
    assert "2 read" in job and "2 failed" in job
    assert "empty.txt" in job and "told to" in job and "/tmp" not in job
    assert own.get("/jobs").status_code == 200


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("text", {"text": "  "}, "Nothing was pasted"),
        ("text", {"text": GOOD, "published": "yesterday"}, "is no day"),
        ("address", {"address": "file:///etc/passwd"}, "no web address"),
        ("address", {"address": "oslo"}, "no web address"),
        ("files", {}, "No file was chosen"),
    ],
)
def test_form_that_makes_no_sense_comes_back_with_what_was_typed(own, kind, data, words):
    answer = post(own, kind, data)
    assert answer.status_code == 422 and words in answer.text
    assert all(value.strip() in answer.text for value in data.values())
    assert own.app.state.jobs.newest() == []


def test_address_of_this_machine_is_not_fetched(own):
    post(own, "address", {"address": "http://127.0.0.1:1/news"})
    job = read_job(own)
    assert "1 failed" in job
