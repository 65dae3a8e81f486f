"""What leaves: lists as tables, every format of a list, pictures, feed and calendar."""

import csv
import io
import json
import re

import pytest
from lxml import etree

from dragoman.give.formats import FORMATS
from tests.desk.test_pages import DOCUMENT, MEETING, PERSON, SECOND_MEETING, get_words, read
from tests.show import samples

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def get_table(client, path):
    answer = client.get(path)
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_leaves_with_its_media_type_and_name(client, name):
    pytest.importorskip("pyarrow", reason="parquet needs pyarrow") if name == "parquet" else None
    answer = client.get(f"/export/{name}?who={PERSON}")
    assert answer.status_code == 200 and answer.content
    assert answer.headers["content-type"].split(";")[0] == FORMATS[name].media_type
    assert f'filename="dragoman-{name}{FORMATS[name].suffix}"' in answer.headers["content-disposition"]


def test_export_holds_the_list_and_no_more(client):
    told = client.get(f"/export/jsonl?who={PERSON}").text
    assert DOCUMENT in told and samples.make_reading().document.id not in told
    one = client.get(f"/export/ics?fact={SECOND_MEETING}").text
    assert one.count("BEGIN:VEVENT") == 1 and MEETING in one
    assert DOCUMENT in client.get(f"/export/jsonl?doc={DOCUMENT}").text


def test_unknown_format_is_said(client):
    answer = client.get("/export/word")
    assert answer.status_code == 409 and "no format" in answer.text
    assert client.get("/nothing.csv").status_code == 404 and client.get("/said.xlsx").status_code == 404


def test_engagements_leave_as_ledger_and_json(client):
    (row,) = get_table(client, f"/engagements.csv?who={PERSON}")
    assert row["engagement"] == MEETING and row["witnesses"] == "2"
    assert "Nadira Vesholt" in row["who"] and "Oren Calvaz" in row["with"]
    (fact,) = json.loads(client.get(f"/engagements.json?who={PERSON}").content)
    assert fact["id"] == MEETING and fact["n_witnesses"] == 2


@pytest.mark.parametrize("name", ["articles", "entities", "said", "claims"])
def test_lists_leave_as_csv_and_json_alike(client, name):
    rows = get_table(client, f"/{name}.csv")
    assert rows and len(rows) == len(json.loads(client.get(f"/{name}.json").content))
    assert not get_table(client, f"/{name}.csv?q=wordthatstandsnowhere")


def test_names_and_sources_stand_in_tables(client):
    rows = get_table(client, "/said.csv?who=Vesholt")
    assert {row["speaker"] for row in rows} == {"Nadira Vesholt"}
    assert "Lirgate Courier" in {row["article_publisher"] for row in rows}


def test_cells_run_nowhere(client):
    for name in ("articles", "entities", "said", "claims", "engagements"):
        for row in get_table(client, f"/{name}.csv?state=all" if name == "engagements" else f"/{name}.csv"):
            assert not any(re.match(r"[=+@]", cell) for cell in row.values())


@pytest.mark.parametrize("name", ["timeline", "network", "ladder"])
def test_picture_leaves_with_its_styles(client, name):
    answer = client.get(f"/{name}.svg?who={PERSON}")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    tree = etree.fromstring(answer.content)
    assert tree.tag.endswith("svg") and tree.findall("{http://www.w3.org/2000/svg}style")


def test_picture_of_nothing_is_said(client):
    assert client.get("/timeline.svg?who=Nobody").status_code == 404


def test_article_leaves_as_one_file(client):
    answer = client.get(f"/a/{DOCUMENT}/report.html")
    assert answer.status_code == 200 and "Content-Security-Policy" in answer.text


def test_feed_tells_of_new_and_changed_engagements(client):
    answer = client.get(f"/feed.atom?who={PERSON}")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    tree = etree.fromstring(answer.content)
    (entry,) = tree.findall("a:entry", ATOM)
    assert entry.findtext("a:id", namespaces=ATOM) == f"urn:dragoman:{MEETING}"
    assert "2 reports" in entry.findtext("a:title", namespaces=ATOM)
    assert "Lirgate Herald" in entry.findtext("a:summary", namespaces=ATOM)
    assert entry.find("a:link", ATOM).get("href").endswith(f"/g/{MEETING}")
    assert tree.findtext("a:updated", namespaces=ATOM) == entry.findtext("a:updated", namespaces=ATOM)


def test_feed_of_everything_is_sound(client):
    tree = etree.fromstring(client.get("/feed.atom").content)
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in tree.findall("a:entry", ATOM)]
    assert len(ids) == len(set(ids)) > 1
    assert not etree.fromstring(client.get("/feed.atom?who=Nobody").content).findall("a:entry", ATOM)


def test_calendar_holds_what_is_planned_unless_asked_otherwise(client):
    planned = client.get("/calendar.ics")
    assert planned.headers["content-type"].startswith("text/calendar")
    assert "X-DRAGOMAN-STATUS:held" not in planned.text
    assert "X-DRAGOMAN-STATUS:held" in client.get(f"/calendar.ics?who={PERSON}").text


def test_pages_offer_what_they_hold(client):
    tree = read(client, f"/timeline?who={PERSON}")
    links = tree.xpath('//details[@class="exports"]//a/@href')
    assert f"/timeline.svg?who={PERSON}" in links and f"/export/graphml?who={PERSON}" in links
    for link in links:
        assert client.get(link).status_code == 200, link
    assert "Save" in get_words(tree)
