"""Names of states as print writes them, and capitals that stand for governments."""

import tomllib
from pathlib import Path

import pytest

from dragoman.read.places import load_states, stands_for_state
from dragoman.settings import load_lexicon

CASES = tomllib.loads((Path(__file__).parent / "cases" / "metonymy.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize(
    ("surface", "code"),
    [
        ("US", "US"),
        ("U.S.", "US"),
        ("the United States", "US"),
        ("America's", "US"),
        ("us", None),
        ("Us", None),
        ("UK’s", "GB"),
        ("Britons", "GB"),
        ("Azerbaijanis", "AZ"),
        ("Polish", "PL"),
        ("polish", None),
        ("Turkey", "TR"),
        ("turkey", None),
        ("Türkiye", "TR"),
        ("TURKISH", "TR"),
        ("Côte d’Ivoire", "CI"),
        ("Islamic Republic of Iran", "IR"),
        ("Republic of Korea", "KR"),
        ("DPRK", "KP"),
        ("the Emirates", "AE"),
        ("Emirati", "AE"),
        ("Kosovo", "XK"),
        ("Taiwan", "TW"),
        ("Palestinian", "PS"),
        ("Holy See", "VA"),
        ("Soviet", "SU"),
        ("Yugoslav", "YU"),
        ("Ottoman Empire", "ottoman-empire"),
        ("Georgia", "GE"),
        ("European Union", None),
        ("Baku", None),
        ("", None),
    ],
)
def test_state_of(surface, code):
    assert load_states().state_of(surface) == code


def test_country_of_gives_only_codes_in_force():
    states = load_states()
    assert states.country_of("Azerbaijani") == "AZ"
    assert states.country_of("Soviet") is None
    assert states.country_of("Abkhazia") is None


@pytest.mark.parametrize(
    ("surface", "code"),
    [
        ("Baku", "AZ"),
        ("AMMAN", "JO"),
        ("Jerusalem", "IL"),
        ("The Hague", "NL"),
        ("Kiev", "UA"),
        ("Oghuz", None),
    ],
)
def test_capital_state(surface, code):
    assert load_states().capital_state(surface) == code


@pytest.mark.parametrize("surface", ["Georgia", "Jordan", "Chad", "Washington", "Congo"])
def test_is_ambiguous(surface):
    assert load_states().is_ambiguous(surface)


def test_kinds_of_surface_are_told_apart():
    states = load_states()
    assert states.is_adjective("Azerbaijani")
    assert not states.is_adjective("Azerbaijan")
    assert states.is_demonym("Azerbaijanis")
    assert states.is_name("Azerbaijan")
    assert not states.is_name("Azerbaijani")
    assert not states.is_ambiguous("Azerbaijan")


def test_name_of():
    assert load_states().name_of("AZ") == "Azerbaijan"
    assert load_states().name_of("??") == "??"


def test_lexicon_lists_every_member_of_the_united_nations():
    kinds = [row[2] for row in load_lexicon("states")]
    assert kinds.count("state") == 193
    assert kinds.count("observer") == 2


def test_lexicon_rows_are_whole():
    codes = set()
    for code, iso3, kind, name, *_, lat, lon in load_lexicon("states"):
        assert name
        assert code not in codes
        assert (len(code) == 2 and len(iso3) == 3) or kind in {"former", "disputed"}
        assert -90 <= float(lat) <= 90
        assert -180 <= float(lon) <= 180
        codes.add(code)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_stands_for_state(case):
    start = case["text"].index("[")
    end = case["text"].index("]") - 1
    text = case["text"].replace("[", "").replace("]", "")
    score = stands_for_state(text, start, end, load_states())
    assert (score > 0.5) is case["state"], score


def test_stands_for_state_is_zero_for_other_words():
    assert stands_for_state("Oghuz said so.", 0, 5, load_states()) == 0.0
