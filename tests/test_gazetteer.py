"""The gazetteer opens late, stays small, and finds a place under each of its spellings."""

import subprocess
import sys
import tracemalloc

import pytest

from dragoman.errors import ConfigError
from dragoman.gazetteer import Gazetteer, PlaceKind, load_gazetteer, make_place_key


@pytest.fixture
def gazetteer():
    with Gazetteer() as opened:
        yield opened


@pytest.mark.parametrize(
    ("name", "geonames"),
    [
        ("Oghuz", 585333),
        ("Oğuz", 585333),
        ("Огуз", 585333),
        ("Guba", 585221),
        ("Quba", 585221),
        ("Baku", 587084),
        ("Bakı", 587084),
        ("Баку", 587084),
        ("باكو", 587084),
        ("Kyiv", 703448),
        ("Kiev", 703448),
        ("Киев", 703448),
        ("Munich", 2867714),
        ("München", 2867714),
        ("Мюнхен", 2867714),
        ("Jerusalem", 281184),
        ("ירושלים", 281184),
        ("القدس", 281184),
        ("Երևան", 616052),
        ("თბილისი", 611717),
        ("Αθήνα", 264371),
    ],
)
def test_lookup_finds_each_spelling(gazetteer, name, geonames):
    assert gazetteer.lookup(name)[0].geonames == geonames


def test_lookup_finds_one_city_under_two_languages(gazetteer):
    assert gazetteer.lookup("Köln")[0] == gazetteer.lookup("Cologne")[0]


@pytest.mark.parametrize(
    ("name", "kind", "country"),
    [
        ("Azerbaijan", PlaceKind.COUNTRY, "AZ"),
        ("Azerbaijani", PlaceKind.COUNTRY, "AZ"),
        ("Азербайджан", PlaceKind.COUNTRY, "AZ"),
        ("Luxembourg", PlaceKind.COUNTRY, "LU"),
        ("Bavaria", PlaceKind.ADMIN, "DE"),
        ("Fars Province", PlaceKind.ADMIN, "IR"),
        ("South Caucasus", PlaceKind.REGION, None),
        ("the Middle East", PlaceKind.REGION, None),
        ("New York", PlaceKind.CITY, "US"),
    ],
)
def test_lookup_puts_the_likeliest_first(gazetteer, name, kind, country):
    best = gazetteer.lookup(name)[0]
    assert (best.kind, best.country) == (kind, country)


@pytest.mark.parametrize("name", ["Crimea", "Sevastopol", "Nagorno-Karabakh", "Golan Heights", "Kashmir"])
def test_lookup_leaves_the_country_of_a_disputed_place_open(gazetteer, name):
    best = gazetteer.lookup(name)[0]
    assert best.country is None
    assert best.note is not None
    assert "disputed" in best.note


def test_lookup_names_the_division(gazetteer):
    paris = next(place for place in gazetteer.lookup("Paris") if place.country == "US")
    assert paris.admin1_name == "Texas"


@pytest.mark.parametrize("name", ["", " ", "!", "Xyzzyville", "x" * 200, "Baku\tBaku", "%"])
def test_lookup_of_no_name_is_empty(gazetteer, name):
    assert gazetteer.lookup(name) == ()


def test_gazetteer_opens_at_the_first_lookup_and_closes():
    gazetteer = Gazetteer()
    assert not gazetteer.is_open
    gazetteer.lookup("Baku")
    assert gazetteer.is_open
    gazetteer.close()
    assert not gazetteer.is_open
    assert gazetteer.lookup("Baku")
    gazetteer.close()


def test_import_opens_no_file():
    program = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event in "
        "('open', 'sqlite3.connect') else None)\n"
        "from dragoman.gazetteer import load_gazetteer\n"
        "load_gazetteer()\n"
        "assert not [name for name in opened if 'gazetteer.db' in name], opened\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_lookup_stays_small_in_memory(gazetteer):
    tracemalloc.start()
    for letter in "abcdefghijklmnopqrstuvwxyz":
        for other in "aeiou":
            gazetteer.lookup(f"San {letter}{other}")
            gazetteer.lookup(f"{letter}{other}ville")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000


def test_load_gazetteer_is_shared():
    assert load_gazetteer() is load_gazetteer()


def test_attribution_names_source_and_licence(gazetteer):
    assert "GeoNames" in gazetteer.attribution
    assert "CC BY 4.0" in gazetteer.attribution


def test_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(ConfigError, match="missing; install"):
        Gazetteer(tmp_path / "none.db").lookup("Baku")


def test_other_file_is_no_gazetteer(tmp_path):
    path = tmp_path / "other.db"
    path.write_bytes(b"not a database at all, only some words of text" * 30)
    with pytest.raises(ConfigError, match="not a gazetteer"):
        Gazetteer(path).lookup("Baku")


def test_make_place_key_makes_spellings_equal():
    assert make_place_key("St. John's") == make_place_key("Saint John’s")
    assert make_place_key("Mogadishu") == make_place_key("MOGADISHU")
