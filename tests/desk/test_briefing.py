"""Briefs, comparisons and counts: put together from the record, every line with its source."""

import re

from lxml import html as parser
from msgspec.structs import replace

from dragoman.identify import identify_reading
from dragoman.keep.store import Store
from dragoman.record import Claim, ClaimKind, make_id
from dragoman.show.report import make_digest
from tests import factory
from tests.desk.conftest import open_client
from tests.desk.test_pages import PERSON, SECOND_PERSON, get_words, read

OTHER = factory.make_reading().entities[1].id


def test_brief_tells_who_met_said_and_where_from(client):
    tree = read(client, f"/e/{PERSON}/brief")
    words = get_words(tree)
    for part in ("Now", "Next", "Last", "Said", "Disputed", "Sources"):
        assert tree.xpath(f'//h2[starts-with(normalize-space(), "{part}")]')
    assert "ambassador" in words and "Oren Calvaz" in words and "Our ports are open," in words
    cited = {link[1:] for link in tree.xpath("//sup/a/@href")}
    assert cited and cited == set(tree.xpath('//section[@class="sources"]//li/@id'))


def test_brief_with_us_keeps_to_ours(client):
    assert "No report tells of an engagement." in get_words(read(client, f"/e/{PERSON}/brief?with=Nobody"))
    assert "2 reports" in get_words(read(client, f"/e/{PERSON}/brief?with=Calvaz"))


def test_brief_goes_by_its_first_id(client):
    answer = client.get(f"/e/{SECOND_PERSON}/brief", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, f"/e/{PERSON}/brief")


def test_saved_brief_asks_for_nothing(client):
    answer = client.get(f"/e/{PERSON}/brief?save=1")
    assert "attachment" in answer.headers["content-disposition"]
    tree = parser.document_fromstring(answer.text)
    (policy,) = tree.xpath("//meta[@http-equiv]/@content")
    assert "default-src 'none'" in policy and make_digest(tree.xpath("string(//style)")) in policy
    assert not tree.xpath("//link | //script | //@src")
    links = re.findall(r'href="([^"]+)"', answer.text)
    assert links and all(link.startswith(("#", "https://")) for link in links)


def test_two_are_compared(client):
    tree = read(client, f"/compare?who={PERSON}&with={OTHER}")
    assert len(tree.xpath("//tr[@data-row]")) == 1 and "Nadira Vesholt" in get_words(tree)
    assert tree.xpath('//figure//*[local-name()="svg"]')


def test_comparing_asks_whom(client):
    assert "Two names" in get_words(read(client, "/compare"))
    assert "names nobody so" in get_words(read(client, f"/compare?who={PERSON}&with=Nobody"))
    assert "one and the same" in get_words(read(client, f"/compare?who={PERSON}&with={PERSON}"))
    assert "Which one?" not in get_words(read(client, "/compare?who=Nadira Vesholt&with=oren calvaz"))


def make_counting(number, publisher):
    text = f"Nadira Vesholt met Oren Calvaz in Lirgate. The port has {number} piers."
    document = factory.make_document(text, title=f"{number} piers", publisher=publisher)
    reading = factory.make_reading(document)
    words = factory.find_words(text, f"The port has {number} piers")
    claim = Claim(
        id=make_id("claim", document.id, "piers"), kind=ClaimKind.COUNT, by="author",
        about=(reading.entities[0].id,), value=number, unit="piers", **words,
    )  # fmt: skip
    return replace(reading, claims=(claim,)), claim


def test_counts_that_differ_are_listed_with_their_words(tmp_path):
    path = tmp_path / "piers.db"
    claims = []
    with Store.open(path) as store:
        for number, publisher in ((7, "Courier"), (6, "Herald")):
            reading, claim = make_counting(number, publisher)
            claims.append(claim)
            store.add(reading)
            identify_reading(store, reading)
    with open_client(path) as client:
        tree = read(client, "/counts")
        rows = {row.xpath("string(td[1])"): row for row in tree.xpath("//section//tbody/tr")}
        assert set(rows) == {"7", "6"} and "Herald" in rows["6"].text_content()
        assert rows["7"].xpath(f'.//a[contains(@href, "#{claims[0].id}")]')
        person = make_counting(7, "Courier")[0].entities[0].id
        assert read(client, f"/counts?who={person}").xpath("//section//tbody/tr")
        assert "piers" in get_words(read(client, f"/e/{person}/brief"))


def test_no_differing_counts_is_said(client):
    assert "No two reports" in get_words(read(client, "/counts"))
