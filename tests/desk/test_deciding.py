"""Deciding by form: kept, shown, taken back; the second to decide sees the first; dates settle times."""

import pytest
from lxml import html as parser

from dragoman.concord import Decision
from dragoman.keep.store import Store
from tests import factory
from tests.desk.conftest import fill, open_client
from tests.show import samples

MEETING = factory.make_reading().engagements[0].id
DOCUMENT = factory.make_document().id


@pytest.fixture
def mine(tmp_path):
    with open_client(fill(tmp_path / "record.db"), by="Nour") as client:
        yield client


def post(client, path, **data):
    data = {"token": client.app.state.token, **data}
    return client.post(path, data=data, follow_redirects=False)


def list_judgements(client):
    with Store.open(client.app.state.store_path, readonly=True) as store:
        return list(store.judgements())


def test_decision_is_kept_shown_and_taken_back(mine):
    answer = post(mine, "/decide", target=MEETING, action="rejected", seen="0", back=f"/a/{DOCUMENT}#x")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/a/{DOCUMENT}#x")
    row = list_judgements(mine)[-1]
    assert (row.by, row.via, row.action, row.target) == ("Nour", "desk", Decision.REJECTED, MEETING)
    assert "Rejected" in mine.get(f"/g/{MEETING}").text
    tree = parser.document_fromstring(mine.get(f"/a/{DOCUMENT}").text)
    assert tree.xpath(f'//*[@data-id="{MEETING}"]//*[@class="state rejected"]')
    post(mine, "/undo", number=str(row.id), back="/history")
    assert "Rejected" not in mine.get(f"/g/{MEETING}").text
    assert [r.action for r in list_judgements(mine)[-2:]] == [Decision.REJECTED, Decision.UNDONE]


def test_second_to_decide_sees_the_first_and_overwrites_nothing(mine):
    post(mine, "/decide", target=MEETING, action="accepted", seen="0", back="/")
    n = len(list_judgements(mine))
    answer = post(mine, "/decide", target=MEETING, action="rejected", seen="0", back="/")
    assert answer.status_code == 409 and "Nour" in answer.text and "accepted" in answer.text
    assert len(list_judgements(mine)) == n
    seen = str(list_judgements(mine)[-1].id)
    assert post(mine, "/decide", target=MEETING, action="rejected", seen=seen, back="/").status_code == 303


def test_undoing_twice_is_refused_in_words(mine):
    post(mine, "/decide", target=MEETING, action="accepted", seen="0", back="/")
    number = str(list_judgements(mine)[-1].id)
    post(mine, "/undo", number=number, back="/")
    answer = post(mine, "/undo", number=number, back="/")
    assert answer.status_code >= 400 and "undone already" in answer.text
    assert post(mine, "/undo", number="999", back="/").status_code == 404


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\\\evil.example", ""])
def test_form_never_leads_away(mine, back):
    answer = post(mine, "/decide", target=MEETING, action="later", seen="0", back=back)
    assert answer.headers["location"] == "/"


def test_form_without_a_decision_changes_nothing(mine):
    n = len(list_judgements(mine))
    assert post(mine, "/decide", target=MEETING, action="maybe", back="/").status_code == 422
    assert post(mine, "/decide", action="accepted", back="/").status_code == 422
    assert len(list_judgements(mine)) == n


def test_review_asks_one_thing_at_a_time_and_goes_on(mine):
    page = mine.get("/review").text
    assert "When was this report published?" in page
    undated = samples.make_empty().document.id
    assert f'value="{undated}"' in page or "hostile" in page or "/date" in page
    seen = set()
    while "Nothing to decide" not in (page := mine.get("/review?kind=date").text):
        (target,) = parser.document_fromstring(page).xpath('//input[@name="target"]/@value')
        assert target not in seen
        seen.add(target)
        post(mine, "/decide", target=target, action="later", seen="0", back="/review?kind=date")
    assert seen


def test_date_given_by_hand_is_kept(mine):
    undated = samples.make_empty().document.id
    answer = post(mine, "/date", document=undated, published="2020-02-29", back=f"/a/{undated}")
    assert answer.headers["location"] == f"/a/{undated}"
    assert "29 February 2020" in mine.get(f"/a/{undated}").text
    assert post(mine, "/date", document=undated, published="29/2/2020", back="/").status_code == 422


def test_readonly_desk_decides_nothing(filled):
    with open_client(filled, readonly=True) as client:
        n = len(list_judgements(client))
        for path in ("/decide", "/undo", "/date"):
            data = {"target": MEETING, "action": "accepted", "number": "1", "document": DOCUMENT}
            assert post(client, path, **data).status_code == 403
        assert len(list_judgements(client)) == n
        assert '<form method="post"' not in client.get("/review").text
