"""Places resolved by their document, on invented sentences and the gazetteer that ships."""

import re

import pytest

from dragoman.gazetteer import Gazetteer
from dragoman.read.locate import explain_place, resolve_places
from dragoman.record import Document, Entity, EntityKind, Mention, MentionForm


@pytest.fixture(scope="module")
def gazetteer():
    with Gazetteer() as opened:
        yield opened


def resolve(text, gazetteer, *, kind=EntityKind.PLACE, publisher=None):
    """The entities of a text in which `[…]` marks places (or organisations), by name."""
    mentions, plain, at = [], "", 0
    for match in re.finditer(r"\[(.+?)\]", text):
        plain += text[at : match.start()]
        start = len(plain)
        plain += match[1]
        at = match.end()
        mentions.append(
            Mention(start=start, end=len(plain), text=match[1], entity=match[1], form=MentionForm.NAME)
        )
    plain += text[at:]
    names = dict.fromkeys(mention.text for mention in mentions)
    entities = [Entity(id=name, kind=kind, name=name) for name in names]
    document = Document(id="d", text=plain, publisher=publisher)
    found = resolve_places(document, entities, mentions, gazetteer=gazetteer)
    return {entity.id: entity for entity in found}


def test_a_state_has_its_country_and_middle(gazetteer):
    found = resolve("[Azerbaijani] guests came.", gazetteer)["Azerbaijani"]
    assert (found.country, found.geonames) == ("AZ", 587116)
    assert found.lat == pytest.approx(40.5, abs=1)


def test_spellings_of_small_towns_are_found_in_the_country_named(gazetteer):
    found = resolve("[Azerbaijan] has two synagogues in [Quba] and two in [Oghuz].", gazetteer)
    assert (found["Quba"].geonames, found["Oghuz"].geonames) == (585221, 585333)
    assert found["Oghuz"].country == "AZ"


def test_words_beside_a_name_decide(gazetteer):
    assert resolve("They met in [Paris], Texas.", gazetteer)["Paris"].country == "US"
    assert resolve("They met in [Paris].", gazetteer)["Paris"].country == "FR"


def test_countries_named_in_the_text_decide(gazetteer):
    text = "[Birmingham] and [Atlanta] are twinned; the [U.S.] envoy spoke to [American] students."
    assert resolve(text, gazetteer)["Birmingham"].country == "US"
    assert resolve("[Birmingham] and [Leeds] are twinned.", gazetteer)["Birmingham"].country == "GB"


def test_the_publisher_speaks_for_its_country(gazetteer):
    assert resolve("Rain in [Hamilton].", gazetteer, publisher="New Zealand Post")["Hamilton"].country == "NZ"


def test_georgia_is_the_state_its_neighbours_say(gazetteer):
    text = "[Georgia] and [Florida] and [Alabama] of the [United States] signed."
    assert resolve(text, gazetteer)["Georgia"].country == "US"
    assert resolve("[Georgia] and [Armenia] signed in [Tbilisi].", gazetteer)["Georgia"].country == "GE"


def test_a_disputed_place_has_coordinates_and_no_country(gazetteer):
    found = resolve("He spoke in [Sevastopol].", gazetteer)["Sevastopol"]
    assert found.country is None
    assert found.lat is not None


def test_the_report_may_say_whose_a_disputed_place_is(gazetteer):
    assert resolve("He spoke in [Sevastopol], Ukraine.", gazetteer)["Sevastopol"].country == "UA"


def test_a_former_state_has_no_country_code(gazetteer):
    found = resolve("The [Soviet Union] sent a note.", gazetteer)["Soviet Union"]
    assert found.country is None
    assert found.lat is not None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("In [Azerbaijan] the [Baku Airport] reopened.", "Baku Airport"),
        ("In [Azerbaijan] they met at the [Lantern Hotel] in Baku.", "Lantern Hotel"),
        ("In [Azerbaijan] they met at the [Lantern Hall in Baku].", "Lantern Hall in Baku"),
    ],
)
def test_a_site_keeps_its_city(gazetteer, text, name):
    found = resolve(text, gazetteer)[name]
    assert (found.country, found.geonames) == ("AZ", None)
    assert found.lat == pytest.approx(40.4, abs=0.1)


@pytest.mark.parametrize("name", ["Zzyzxgrad", "the valley", "Lantern Hotel"])
def test_unknown_stays_unknown(gazetteer, name):
    found = resolve(f"They met at [{name}].", gazetteer)[name]
    assert (found.country, found.geonames, found.lat, found.lon) == (None, None, None, None)


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Azerbaijani Foreign Ministry", "AZ"),
        ("Embassy of Azerbaijan in Israel", "AZ"),
        ("U.S. Department of State", "US"),
        ("Organization of American States", None),
        ("Lake Chad Basin Commission", None),
        ("Franco-Ruritanian Guild", None),
        ("Jordan Shipping", None),
        ("Chamber of Shipping", None),
    ],
)
def test_an_organisation_takes_the_state_its_name_carries(gazetteer, name, country):
    found = resolve(f"The [{name}] replied.", gazetteer, kind=EntityKind.ORGANIZATION)[name]
    assert (found.country, found.lat) == (country, None)


def test_persons_are_left_alone(gazetteer):
    person = Entity(id="p", kind=EntityKind.PERSON, name="Paris Jordan")
    document = Document(id="d", text="Paris Jordan spoke.")
    assert resolve_places(document, [person], [], gazetteer=gazetteer) == (person,)


def test_explain_place_ranks_and_says_why(gazetteer):
    head, first, *_ = explain_place("Georgia", near="US", gazetteer=gazetteer)
    assert head[:3] == ("place", "kind", "country")
    assert first[:3] == ("Georgia", "admin", "US")
    assert "US named" in first[-1]
    assert explain_place("Georgia", near=None, gazetteer=gazetteer)[1][2] == "GE"
    assert explain_place("Georgia", near="Armenia", gazetteer=gazetteer)[1][2] == "GE"


def test_explain_place_of_nothing_is_a_bare_head(gazetteer):
    assert len(explain_place("Zzyzxgrad", gazetteer=gazetteer)) == 1
