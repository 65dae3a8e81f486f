"""The pages: they hold what the record holds, escape it, page it, and help where there is nothing."""

import pytest
from lxml import html as parser
from msgspec.structs import replace

from dragoman.identify import identify_reading
from dragoman.keep.store import Store
from dragoman.record import Timex
from tests import factory
from tests.desk.conftest import SECOND, open_client
from tests.show import samples

MEETING = factory.make_reading().engagements[0].id
SECOND_MEETING = factory.make_reading(factory.make_document(SECOND)).engagements[0].id
PERSON = factory.make_reading().entities[0].id
SECOND_PERSON = factory.make_reading(factory.make_document(SECOND)).entities[0].id
DOCUMENT = factory.make_document().id
REJECTED = samples.make_reading().engagements[-1].id
LISTS = ("/", "/articles", "/engagements", "/entities", "/said", "/claims", "/timeline", "/map", "/history")
QUERIES = ("", "?q=met", "?who=Vesholt", "?kind=meeting&from=2021&to=2021", "?page=99")
QUERIES += ("?sort=oldest&place=Lirgate", "?status=dancing")


def read(client, path, status=200):
    answer = client.get(path, follow_redirects=False)
    assert answer.status_code == status
    return parser.document_fromstring(answer.text)


def get_words(tree):
    return " ".join(tree.text_content().split())


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("path", LISTS)
def test_every_list_answers_every_question(client, path, query):
    tree = read(client, path + query)
    assert tree.xpath("//h1") and tree.xpath("//main")
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_hostile_words_are_only_ever_text(client):
    hostile = samples.make_hostile()
    paths = ["/", "/articles", f"/a/{hostile.document.id}", "/engagements", "/entities", "/search?q=evil"]
    paths += ["/g/e", "/e/x", "/network?who=x", "/map", "/timeline", f"/search?q={samples.HOSTILE}"]
    for path in paths:
        text = client.get(path).text
        assert "<script>alert" not in text and "<img" not in text
        assert 'href="javascript:' not in text
    assert samples.HOSTILE in get_words(read(client, f"/a/{hostile.document.id}"))


def test_article_holds_its_text_exactly_and_opens_on_a_fact(client):
    tree = read(client, f"/a/{DOCUMENT}")
    text = "".join(p.text_content() for p in tree.xpath('//div[starts-with(@class, "para")]/p'))
    assert text == factory.TEXT
    assert tree.xpath(f'//*[@data-card and @data-id="{MEETING}"]')
    assert tree.xpath(f'//a[@href="/g/{MEETING}"]') and tree.xpath(f'//a[@href="/e/{PERSON}"]')


def test_article_without_script_has_its_lights(client):
    tree = read(client, f"/a/{DOCUMENT}")
    (link,) = tree.xpath("//noscript/link/@href")
    answer = client.get(link)
    assert answer.headers["content-type"].startswith("text/css") and ":target" in answer.text


def test_article_goes_by_its_number_too(client):
    answer = client.get("/a/1", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, f"/a/{DOCUMENT}")
    assert answer.headers["cache-control"] == "no-store"


def test_engagement_shows_both_reports_field_by_field(client):
    tree = read(client, f"/g/{MEETING}")
    words = get_words(tree)
    assert "2 reports" in words and "Lirgate Courier" in words and "Lirgate Herald" in words
    fields = {
        row.xpath("string(.//th)").split()[0]: row for row in tree.xpath('//table[@class="slots"]/tbody')
    }
    assert "reports agree" in fields["when"].text_content()
    assert {"what", "status", "who", "where", "when", "about"} <= set(fields)
    assert "not stated" in fields["about"].text_content()
    assert tree.xpath(f'//a[@href="/a/{DOCUMENT}#{MEETING}"]')


@pytest.mark.parametrize(
    ("path", "target"), [(f"/g/{SECOND_MEETING}", f"/g/{MEETING}"), (f"/e/{SECOND_PERSON}", f"/e/{PERSON}")]
)
def test_merged_id_leads_on_for_ever(client, path, target):
    answer = client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, target)
    assert answer.headers["cache-control"] == "no-store"


def test_rejected_id_is_a_tombstone_with_its_history(client):
    words = get_words(read(client, f"/g/{REJECTED}"))
    assert "Rejected" in words and "Ines" in words


@pytest.mark.parametrize(
    "path", ["/a/zzzz", "/g/engagement-0", "/e/Vesholt", "/jobs/7", "/no/thing", "/static/x"]
)
def test_unknown_address_helps(client, path):
    tree = read(client, path, status=404)
    assert "There is nothing here" in get_words(tree)
    assert tree.xpath('//main//a[starts-with(@href, "/search?q=")]')


def test_unknown_address_names_who_is_near(client):
    assert read(client, "/e/Vesholt", status=404).xpath(f'//a[@href="/e/{PERSON}"]')


def test_dossier_tells_offices_partners_and_words(client):
    words = get_words(read(client, f"/e/{PERSON}"))
    assert "2 articles" in words and "ambassador" in words
    assert "Oren Calvaz" in words and "Our ports are open," in words


def test_lists_answer_by_name_and_by_id(client):
    for who in ("Nadira Vesholt", "vesholt", PERSON):
        assert len(read(client, f"/engagements?who={who}").xpath("//tr[@data-row]")) == 1
    (row,) = read(client, f"/engagements?who={PERSON}&with=Calvaz&place=Lirgate").xpath("//tr[@data-row]")
    assert "2 reports" in row.text_content()
    assert not read(client, f"/engagements?who={PERSON}&from=2022").xpath("//tr[@data-row]")
    assert not read(client, "/engagements?who=Nobody").xpath("//tr[@data-row]")


def test_picture_and_table_have_the_same_keys(client):
    for name in ("timeline", "network"):
        tree = read(client, f"/{name}?who={PERSON}")
        assert tree.xpath('//figure//*[local-name()="svg"]//@href[contains(., "/g/") or contains(., "/e/")]')
        assert [tag.text for tag in tree.xpath('//td[@class="n"]/a')] == ["E1"]


def test_network_is_never_drawn_whole(client):
    tree = read(client, "/network")
    assert not tree.xpath("//figure") and tree.xpath('//ul[@class="picks"]//a[contains(@href, "who=")]')


def test_said_and_claims_lead_to_their_words(client):
    reading = factory.make_reading()
    assert read(client, "/said?who=Vesholt").xpath(f'//a[@href="/a/{DOCUMENT}#{reading.quotations[0].id}"]')
    assert read(client, "/claims").xpath(f'//a[@href="/a/{DOCUMENT}#{reading.claims[0].id}"]')


def test_empty_record_teaches(own):
    assert "dragoman read" in get_words(read(own, "/"))
    for path in LISTS[1:]:
        assert "Add an article" in get_words(read(own, path)) or "dragoman" in get_words(read(own, path))


def test_lists_are_paged(tmp_path):
    path = tmp_path / "many.db"
    with Store.open(path) as store:
        for number in range(120):
            text = f"Report {number}. Nadira Vesholt met Oren Calvaz in Lirgate."
            store.add(factory.make_reading(factory.make_document(text, title=f"Report {number}")))
    with open_client(path) as client:
        seen = []
        link = "/articles?q=lirgate"
        while link:
            tree = read(client, link)
            seen += [a.text for a in tree.xpath('//tr[@data-row]//a[@class="open"]')]
            following = tree.xpath('//a[@rel="next"]/@href')
            link = f"/articles{following[0]}" if following else ""
        assert len(seen) == len(set(seen)) == 120
        assert "101–120 of 120" in get_words(tree)
        assert not read(client, "/engagements?page=9").xpath("//tr[@data-row]")


def test_unusable_record_is_said_and_not_a_traceback(tmp_path):
    path = tmp_path / "record.db"
    with open_client(path) as client:
        path.write_bytes(b"no database at all, but long enough to be read as one" * 40)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        answer = client.get("/articles")
        assert answer.status_code == 503 and "Traceback" not in answer.text


def list_ids(client, path):
    links = read(client, path).xpath('//tr[@data-row]//td[@class="n"]/a/@href')
    return {link.removeprefix("/g/") for link in links}


def test_rejected_facts_are_left_out_unless_asked_for(client):
    usual, everything = list_ids(client, "/engagements"), list_ids(client, "/engagements?state=all")
    assert REJECTED not in usual and everything - usual == {REJECTED}
    assert list_ids(client, "/engagements?state=rejected") == {REJECTED}
    assert REJECTED not in list_ids(client, "/timeline")


def test_words_are_found_in_any_report_of_an_engagement(client):
    assert list_ids(client, "/engagements?q=calvaz") == {MEETING}
    assert not list_ids(client, "/engagements?q=wordthatstandsnowhere")


def test_engagement_leads_from_its_words_to_the_article(client):
    tree = read(client, f"/g/{MEETING}")
    links = tree.xpath('//td//a[contains(@class, "words")]/@href')
    second = factory.make_document(SECOND).id
    assert {f"/a/{DOCUMENT}#{MEETING}", f"/a/{second}#{SECOND_MEETING}"} <= set(links)


def fill_differing(path, *days):
    with Store.open(path) as store:
        for number, day in enumerate(days):
            text = f"Nadira Vesholt met Oren Calvaz in Lirgate, the {'ABCD'[number]} paper says."
            document = factory.make_document(text, title=text, publisher=f"{'ABCD'[number]} paper")
            reading = factory.make_reading(document)
            fact = reading.engagements[0]
            time = Timex(edtf=day, earliest=day, latest=day, **factory.find_words(text, "met"))
            reading = replace(reading, engagements=(replace(fact, time=time),))
            store.add(reading)
            identify_reading(store, reading)


def test_reports_that_differ_are_marked(tmp_path):
    path = tmp_path / "differing.db"
    fill_differing(path, "2021-03-03", "2021-03-04")
    with open_client(path) as client:
        (row,) = read(client, "/engagements?conflict=yes").xpath("//tr[@data-row]")
        assert "2 reports" in row.text_content() and "differ: when" in row.text_content()
        assert not list_ids(client, "/engagements?conflict=no")
        assert "Reports differ" in get_words(read(client, "/"))
        (ref,) = list_ids(client, "/engagements")
        tree = read(client, f"/g/{ref}")
        assert tree.xpath('//tbody[contains(@class, "differ")]//td[contains(., "2021-03-04")]')
        assert "they differ in when" in get_words(tree)
        person = tree.xpath('//a[contains(@class, "person")]/@href')[0]
        brief = get_words(read(client, f"{person}/brief"))
        assert "2021-03-03" in brief and "B paper" in brief
