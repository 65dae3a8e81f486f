"""Acts on screen: fixing fields, same or different, splitting, many at once, settings; all taken back."""

import pytest
from lxml import html as parser

from dragoman.concord import Decision
from dragoman.identify import identify_reading, keep_reading
from dragoman.keep import pairs
from dragoman.keep.store import Store
from dragoman.resolve.people import build_profiles, compare_profiles
from tests import factory
from tests.desk.conftest import SECOND, fill, open_client

FIRST = factory.make_reading()
OTHER = factory.make_reading(
    factory.make_document(SECOND, title="Calvaz sees envoy", publisher="Lirgate Herald")
)
MEETING, DOCUMENT = FIRST.engagements[0].id, FIRST.document.id
PERSON, PARTNER, PLACE = (entity.id for entity in FIRST.entities)
SPELLED = "Marwan Shehayyeb met Nadira Vesholt in Quilsand on Friday."
WRITTEN = "Marwan Chehayeb met Tamsin Orrowe in Pellmoor."


@pytest.fixture
def mine(tmp_path):
    path = fill(tmp_path / "record.db")
    with Store.open(path) as store:
        for text, person, other, place in (
            (SPELLED, "Marwan Shehayyeb", "Nadira Vesholt", "Quilsand"),
            (WRITTEN, "Marwan Chehayeb", "Tamsin Orrowe", "Pellmoor"),
        ):
            document = factory.make_document(text, publisher=place)
            reading = factory.make_reading(document, person=person, other=other, place=place)
            store.add(reading)
            identify_reading(store, reading)
    with open_client(path, by="Nour") as client:
        yield client


def post(client, path, **data):
    return client.post(path, data={"token": client.app.state.token, **data}, follow_redirects=False)


def look(client, question):
    with Store.open(client.app.state.store_path, readonly=True) as store:
        return question(store)


def get_last(client):
    return look(client, lambda store: list(store.judgements())[-1])


def find_field(client, target, field, of=""):
    """The hidden fields of the form of one field."""
    tree = parser.document_fromstring(client.get(f"/fix/{target}").text)
    for form in tree.xpath('//form[@action="/fix"]'):
        sent = {i.get("name"): i.get("value") for i in form.xpath('.//input[@type="hidden"]')}
        if (sent["field"], sent["of"]) == (field, of):
            return sent
    raise AssertionError(field)


def fix(client, target, field, of="", **given):
    return client.post(
        "/fix",
        data=find_field(client, target, field, of) | {"choice": "words"} | given,
        follow_redirects=False,
    )


# Fixing ------------------------------------------------------------------------------------------


def test_fixed_place_is_in_every_list_and_is_taken_back(mine):
    assert fix(mine, MEETING, "place", words="Ostrava Republic").status_code == 303
    assert "Ostrava Republic" in mine.get("/engagements?who=" + PERSON).text
    row = get_last(mine)
    assert (row.action, row.by, row.via, row.target) == (Decision.FIXED, "Nour", "desk", MEETING)
    page = mine.get(f"/fix/{MEETING}").text
    assert "the reader found" in page and "Lirgate" in page
    assert "fixed" in mine.get(f"/g/{MEETING}").text
    post(mine, "/undo", number=str(row.id), back="/")
    reading = look(mine, lambda store: store.reading(DOCUMENT))
    assert reading == FIRST


def test_fix_survives_reading_again_and_is_dropped_with_its_fact(mine):
    fix(mine, MEETING, "status", choice="planned")
    newer = factory.make_reading(reader="test-2")
    with Store.open(mine.app.state.store_path) as store:
        keep_reading(store, newer)
        assert store.reading(DOCUMENT).engagements[0].status == "planned"
        assert store.original(DOCUMENT).engagements[0].status == "held"
        keep_reading(store, factory.make_reading(engagements=()))
        assert store.reading(DOCUMENT).engagements == ()
    assert "not found again" in mine.get("/history").text


def test_fix_of_participants_time_and_speaker(mine):
    assert fix(mine, MEETING, "who", PARTNER, choice="-").status_code == 303
    assert fix(mine, MEETING, "who", words="The council", kind="organization").status_code == 303
    assert fix(mine, MEETING, "time", choice="-").status_code == 303
    said, role = FIRST.quotations[0].id, FIRST.roles[0].id
    assert fix(mine, said, "speaker", choice=PARTNER).status_code == 303
    assert fix(mine, role, "to", choice=PLACE).status_code == 303
    reading = look(mine, lambda store: store.reading(DOCUMENT))
    (fact,) = reading.engagements
    names = {entity.id: entity.name for entity in reading.entities}
    assert [names[p.entity] for p in fact.participants] == ["Nadira Vesholt", "The council"]
    assert fact.time is None and reading.quotations[0].speaker == PARTNER and reading.roles[0].to == PLACE


@pytest.mark.parametrize(
    ("field", "given", "why"),
    [
        ("place", {"words": "Atlantis"}, "do not stand in the article"),
        ("place", {"choice": PARTNER}, "Choose one of the names"),
        ("place", {"words": "Oren Calvaz"}, "is a person"),
        ("time", {"words": "ports"}, "cannot be read as a time"),
        ("kind", {"choice": "dance"}, "is no kind"),
    ],
)
def test_fix_without_words_changes_nothing(mine, field, given, why):
    n = len(look(mine, lambda store: list(store.judgements())))
    answer = fix(mine, MEETING, field, **given)
    assert answer.status_code == 422 and why in answer.text
    assert len(look(mine, lambda store: list(store.judgements()))) == n


def test_second_to_fix_sees_the_first(mine):
    old = find_field(mine, MEETING, "status")
    fix(mine, MEETING, "status", choice="planned")
    answer = mine.post("/fix", data=old | {"choice": "cancelled"}, follow_redirects=False)
    assert answer.status_code == 409 and "Nour" in answer.text


def test_day_given_by_a_person_is_taken_back(mine):
    undated = look(
        mine, lambda store: next(r.document.id for r in store.readings() if not r.document.published)
    )
    post(mine, "/date", document=undated, published="2020-02-29", back="/")
    assert "given by" in mine.get(f"/a/{undated}").text
    post(mine, "/undo", number=str(get_last(mine).id), back="/")
    assert look(mine, lambda store: store.reading(undated)).document.published is None


# Same, different, split ----------------------------------------------------------------------------


def test_pairs_that_wait_are_near_the_threshold():
    one, two = (
        factory.make_reading(factory.make_document(text), person=name)
        for text, name in ((SPELLED, "Marwan Shehayyeb"), (WRITTEN, "Marwan Chehayeb"))
    )
    assert compare_profiles(build_profiles(one)[0], build_profiles(two)[0]).decision is Decision.UNSURE


def ask_pair(client):
    tree = parser.document_fromstring(client.get("/review?kind=who").text)
    forms = tree.xpath('//form[@action="/same"]')
    return {i.get("name"): i.get("value") for i in forms[0].xpath(".//input")} if forms else None


@pytest.mark.parametrize("action", ["same", "different", "unsure"])
def test_same_or_different_is_asked_once_and_again_when_taken_back(mine, action):
    sent = ask_pair(mine)
    assert "spellings of one name" in mine.get("/review?kind=who").text
    assert mine.post("/same", data=sent | {"action": action}, follow_redirects=False).status_code == 303
    assert ask_pair(mine) is None
    homes = look(mine, lambda store: store.homes([sent["one"], sent["two"]]))
    assert (homes[sent["one"]] == homes[sent["two"]]) is (action == "same")
    if action == "same":
        moved = mine.get(f"/e/{sent['two']}", follow_redirects=False)
        assert (moved.status_code, moved.headers["location"]) == (308, f"/e/{sent['one']}")
    row = get_last(mine)
    assert (row.by, row.via) == ("Nour", "desk")
    post(mine, "/undo", number=str(row.id), back="/")
    assert ask_pair(mine) is not None


def test_second_to_say_same_or_different_sees_the_first(mine):
    sent = ask_pair(mine)
    mine.post("/same", data=sent | {"action": "same"})
    answer = mine.post("/same", data=sent | {"action": "different"}, follow_redirects=False)
    assert answer.status_code == 409 and "Nour" in answer.text


def test_another_answer_takes_the_first_back(mine):
    sent = ask_pair(mine)
    mine.post("/same", data=sent | {"action": "different"})
    tree = parser.document_fromstring(mine.get(f"/same?one={sent['one']}&two={sent['two']}").text)
    again = {i.get("name"): i.get("value") for i in tree.xpath('//form[@action="/same"]//input')}
    assert mine.post("/same", data=again | {"action": "same"}, follow_redirects=False).status_code == 303
    homes = look(mine, lambda store: store.homes([sent["one"], sent["two"]]))
    assert homes[sent["one"]] == homes[sent["two"]]


def test_a_name_leads_to_whom_it_may_mean(mine):
    page = mine.get(f"/same?one={PERSON}&two=Marwan").text
    assert "Chehayeb" in page and "compare" in page
    assert "not in this record" in mine.get("/same?one=person-0&two=Nobody").text


def test_names_are_split_off_as_one_step(mine):
    members = look(mine, lambda store: store.identity(PERSON).members)
    assert len(members) == 3
    page = mine.get(f"/split/{PERSON}").text
    assert page.count('name="member"') == 3
    answer = post(mine, "/split", id=PERSON, total="3", member=list(members[1:]))
    assert answer.status_code == 303
    homes = look(mine, lambda store: store.homes(members))
    assert homes[members[0]] not in (homes[members[1]], homes[members[2]])
    batch = get_last(mine).batch
    assert batch and "together" in mine.get("/history").text
    post(mine, "/undo", batch=batch, back="/")
    assert len(set(look(mine, lambda store: store.homes(members)).values())) == 1


def test_reports_are_split_off_and_joined_again(mine):
    reports = [w.engagement for w in look(mine, lambda store: store.attested(MEETING)).witnesses]
    assert len(reports) == 2
    post(mine, "/split", id=MEETING, total="2", member=reports[1])
    assert len(look(mine, lambda store: store.attested(MEETING)).witnesses) == 1
    page = mine.get(f"/same?one={MEETING}&two={reports[1]}").text
    sent = {
        i.get("name"): i.get("value")
        for i in parser.document_fromstring(page).xpath('//form[@action="/same"]//input')
    }
    mine.post("/same", data=sent | {"action": "same"})
    assert len(look(mine, lambda store: store.attested(MEETING)).witnesses) == 2


def test_split_of_nothing_or_of_what_changed_is_refused(mine):
    assert post(mine, "/split", id=PERSON, total="3").status_code == 422
    assert post(mine, "/split", id=PERSON, total="9", member=PERSON).status_code == 409


def test_pairs_are_listed_by_what_hangs_on_them(mine):
    rows, total = look(mine, lambda store: pairs.list_pairs(store, engagements=False))
    assert total == len(rows) == 1 and rows[0].kind == "person"


# Many at once --------------------------------------------------------------------------------------


def test_many_are_accepted_and_taken_back_as_one_step(mine):
    facts = [FIRST.claims[0].id, FIRST.quotations[0].id, MEETING]
    post(mine, "/decide-these", these=[f"{i}:0" for i in facts], action="accepted", back="/")
    row = get_last(mine)
    assert row.batch and "accepted" in mine.get(f"/g/{MEETING}").text
    assert "undo all 3" in mine.get("/history").text
    post(mine, "/undo", batch=row.batch, back="/")
    rows = look(mine, lambda store: list(store.judgements()))[-3:]
    assert [r.action for r in rows] == [Decision.UNDONE] * 3 and len({r.batch for r in rows}) == 1
    assert post(mine, "/undo", batch=row.batch, back="/").status_code == 409
    assert post(mine, "/undo", batch="batch-0", back="/").status_code == 404


def test_many_are_not_accepted_over_a_decision_nobody_saw(mine):
    post(mine, "/decide", target=MEETING, action="rejected", seen="0", back="/")
    n = len(look(mine, lambda store: list(store.judgements())))
    these = [f"{MEETING}:0", f"{FIRST.claims[0].id}:0"]
    assert post(mine, "/decide-these", these=these, action="accepted", back="/").status_code == 409
    assert len(look(mine, lambda store: list(store.judgements()))) == n
    assert post(mine, "/decide-these", action="accepted", back="/").status_code == 422


# Settings ------------------------------------------------------------------------------------------


def test_settings_name_keys_theme_and_layers(mine):
    sent = {"name": " Ines  Marot ", "has_keys": "yes", "key-a": "b", "theme": "dark", "layer": ["person"]}
    assert post(mine, "/settings", **sent).status_code == 303
    page = mine.get(f"/a/{DOCUMENT}").text
    assert 'id="l-person" checked' in page and 'id="l-place" checked' not in page
    assert "theme=dark" in page and "&#34;b&#34;: &#34;a&#34;" in page
    assert "prefers-color-scheme" not in mine.get("/static/paper.css?theme=dark").text
    post(mine, "/decide", target=MEETING, action="accepted", seen="0", back="/")
    assert get_last(mine).by == "Ines Marot"


@pytest.mark.parametrize("key", ["x", "/", "1", "Backspace", "Delete"])
def test_settings_refuse_a_key_that_is_taken_or_none(mine, key):
    answer = post(mine, "/settings", **{"has_keys": "yes", "key-a": key})
    assert answer.status_code == 422 and "set-cookie" not in answer.headers


def test_a_spoiled_cookie_counts_as_none(mine):
    mine.cookies.set("dragoman", "%%%")
    assert mine.get("/settings").status_code == 200


def test_readonly_desk_changes_settings_and_nothing_else(filled):
    with open_client(filled, readonly=True) as client:
        for path in ("/fix", "/same", "/split", "/decide-these"):
            assert post(client, path).status_code == 403
        assert 'action="/fix"' not in client.get(f"/fix/{MEETING}").text
        assert post(client, "/settings", name="Ines").status_code == 303
